"""Reads one measurement act of the Alongside envelope: whole, or not at all."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from msgspec import UNSET

from backend.observations.codes import Code
from backend.observations.reading import DeviceMessage, Quality, Reading, Source, Special
from device_gateway.clock import TRUSTED, Judged, Said, judge
from device_gateway.contract import Kind, kinds
from device_gateway.envelope import Measured, Obs, moment, read
from device_gateway.plausible import refuse_contradiction, refuse_implausible
from device_gateway.refusal import Undecodable

CHANNEL = "obs"

LONGEST_NUMBER = 24
SPECIALS = {"LO": Special.LO, "HI": Special.HI}
QUALITY = {"ok": Quality.OK, "suspect": Quality.SUSPECT, "motion": Quality.MOTION}
TRUTHS = {b"true": b"1", b"false": b"0"}
KINDS = kinds()


def decode(message: DeviceMessage) -> list[Reading]:
    """The readings of one message, all measured at one time; raises Undecodable, never another exception.

    One entry that cannot be used refuses the message: half a blood pressure would be another measurement.
    """
    body = read(Obs, message.payload)
    judged, taken = Judged(message.received_at, "received"), None
    try:
        said = _said(body, message.received_at)
        taken = said.taken
        judged = judge(said)
        found = [_reading(entry, judged, taken) for entry in body.m]
        if len(found) > 1:
            refuse_contradiction(found)
    except Undecodable as refused:
        refused.message_id = body.id
        refused.readings = _readable(body, judged, taken)
        raise
    return found


def _readable(body: Obs, judged: Judged, taken: datetime | None) -> tuple[Reading, ...]:
    """What of a refused message can be read, also what no living body measures; nothing of a demonstration."""
    found: list[Reading] = []
    for entry in body.m:
        try:
            found.append(_reading(entry, judged, taken, anything=True))
        except Undecodable as refused:
            if refused.reason == "not-a-measurement":
                return ()
    return tuple(found)


def _said(body: Obs, received_at: datetime) -> Said:
    clock = body.clock
    # A good clock's own time needs no second opinion, so `sent` is not even parsed then.
    simple = clock.src in TRUSTED and body.taken is not UNSET
    return Said(
        src=clock.src,
        taken=None if body.taken is UNSET else moment(body.taken, "taken"),
        sent=None if simple or body.sent is UNSET else moment(body.sent, "sent"),
        up_now_ms=None if clock.up_ms is UNSET else clock.up_ms,
        up_then_ms=None if body.up_ms is UNSET else body.up_ms,
        received_at=received_at,
        is_set=clock.synced is not False,
    )


def _reading(entry: Measured, judged: Judged, taken: datetime | None, *, anything: bool = False) -> Reading:
    """One entry as a reading; `anything` also takes a number that cannot be a measurement."""
    kind = KINDS.get(entry.k)
    if kind is None:
        raise Undecodable("unmapped", f"`{entry.k}` is not in kinds.json")
    if entry.q in ("invalid", "demo"):
        raise Undecodable("not-a-measurement", f"`{entry.k}` has q {entry.q}")
    if entry.code is not UNSET and entry.code not in kind.names:
        raise Undecodable("code", f"`{entry.k}` is not {entry.code}")
    quality = Quality.OK if entry.q is UNSET else QUALITY[entry.q]
    if entry.val is UNSET:
        value: Decimal | Special = _special(entry, kind)
    elif entry.u != kind.unit:
        raise Undecodable("unit", f"`{entry.k}` must come in {kind.unit}")
    else:
        value = _number(entry, kind)
        if not anything:
            low, high = kind.hard
            if not low <= value <= high:
                refuse_implausible(entry.k, kind.code, value)
    return Reading(
        kind.code, value, kind.unit, judged.effective_at, Source.DEVICE, quality, taken, judged.method
    )


def _special(entry: Measured, kind: Kind) -> Special:
    special = None if kind.states else SPECIALS.get(str(entry.txt))
    if special is None:
        raise Undecodable(
            "value", f"`{entry.k}` needs a number, or the text LO or HI where a meter shows that"
        )
    return special


def _number(entry: Measured, kind: Kind) -> Decimal:
    assert entry.val is not UNSET
    text = bytes(entry.val)
    if kind.states:
        return _state(entry, kind, text)
    if text in TRUTHS or len(text) > LONGEST_NUMBER:
        raise Undecodable("value", f"`{entry.k}` needs a number of at most {LONGEST_NUMBER} characters")
    try:
        value: Decimal | None = Decimal(text.decode("ascii"))
    except InvalidOperation:
        value = None
    # JSON allows an exponent that no decimal can hold, and ones of a billion digits once they are written out.
    if value is None or abs(value.adjusted()) > LONGEST_NUMBER:
        raise Undecodable("value", f"`{entry.k}` has an exponent out of all bounds")
    return value


def _state(entry: Measured, kind: Kind, text: bytes) -> Decimal:
    """A number that stands for a word: one of the kind's, with true and false for 1 and 0."""
    known = {str(state).encode(): state for state in kind.states}
    state = known.get(TRUTHS.get(text, text))
    if state is None:
        raise Undecodable("value", f"`{entry.k}` is none of {', '.join(sorted(map(str, kind.states)))}")
    return state


_AT = datetime(2026, 11, 22, 8, 14, 31, tzinfo=UTC)
_HEAD = b'{"v":1,"id":"01JD8Z0M3Y6T2Q4R8S1V5W7X9A","boot":"b17","seq":4211,'
# Samples are decoded as if received at 2026-11-22T08:15:04Z.
SAMPLES: Sequence[tuple[bytes, Sequence[Reading]]] = (
    (
        _HEAD + b'"sent":"2026-11-22T08:15:03+00:00","clock":{"src":"gateway","acc_ms":400,"up_ms":99120333},'
        b'"taken":"2026-11-22T09:14:31+01:00","up_ms":99088211,"sensor":"cuff-1","m":['
        b'{"k":"bp.systolic","val":138,"u":"mm[Hg]","code":"loinc:8480-6"},'
        b'{"k":"bp.diastolic","val":84,"u":"mm[Hg]","code":"mdc:150022"},'
        b'{"k":"pulse","val":71,"u":"/min","q":"suspect"}]}',
        (
            Reading(Code.SYSTOLIC, Decimal(138), "mm[Hg]", _AT, taken_at=_AT),
            Reading(Code.DIASTOLIC, Decimal(84), "mm[Hg]", _AT, taken_at=_AT),
            Reading(Code.PULSE, Decimal(71), "/min", _AT, quality=Quality.SUSPECT, taken_at=_AT),
        ),
    ),
    (
        _HEAD + b'"clock":{"src":"none","up_ms":61000},"up_ms":1000,"m":[{"k":"spo2","val":93.50,"u":"%"}]}',
        (
            Reading(
                Code.SPO2,
                Decimal("93.50"),
                "%",
                _AT + timedelta(seconds=33) - timedelta(minutes=1),
                method="uptime",
            ),
        ),
    ),
    (
        _HEAD + b'"clock":{"src":"ntp"},"taken":"2026-11-22T08:14:31Z","m":[{"k":"glucose","txt":"LO"}]}',
        (Reading(Code.GLUCOSE, Special.LO, "mmol/L", _AT, taken_at=_AT),),
    ),
    (
        _HEAD + b'"clock":{"src":"ntp"},"taken":"2026-11-22T08:14:31Z","m":['
        b'{"k":"occupancy.bed","val":true,"u":"1"},{"k":"ketones","val":0.4,"u":"mmol/L"}]}',
        (
            Reading(Code.BED_OCCUPANCY, Decimal(1), "1", _AT, taken_at=_AT),
            Reading(Code.KETONES, Decimal("0.4"), "mmol/L", _AT, taken_at=_AT),
        ),
    ),
)
