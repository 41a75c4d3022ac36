"""Reads one measurement act of the Alongside envelope: whole, or not at all."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from msgspec import UNSET

from backend.observations.codes import Code
from backend.observations.reading import DeviceMessage, Quality, Reading, Special
from device_gateway.clock import TRUSTED, Said, judge
from device_gateway.contract import Kind, kinds
from device_gateway.envelope import Measured, Obs, moment, read
from device_gateway.refusal import Undecodable

CHANNEL = "obs"

LONGEST_NUMBER = 24
SPECIALS = {"LO": Special.LO, "HI": Special.HI}
QUALITY = {"ok": Quality.OK, "suspect": Quality.SUSPECT, "motion": Quality.MOTION}
KINDS = kinds()


def decode(message: DeviceMessage) -> list[Reading]:
    """The readings of one message, all measured at one time; raises Undecodable, never another exception.

    One entry that cannot be used refuses the message: half a blood pressure would be another measurement.
    """
    body = read(Obs, message.payload)
    try:
        at = judge(_said(body, message.received_at)).effective_at
        return [_reading(entry, at) for entry in body.m]
    except Undecodable as refused:
        refused.message_id = body.id
        raise


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
    )


def _reading(entry: Measured, at: datetime) -> Reading:
    kind = KINDS.get(entry.k)
    if kind is None:
        raise Undecodable("unmapped", f"`{entry.k}` is not in kinds.json")
    if entry.q in ("invalid", "demo"):
        raise Undecodable("not-a-measurement", f"`{entry.k}` has q {entry.q}")
    if entry.code is not UNSET and entry.code not in kind.names:
        raise Undecodable("code", f"`{entry.k}` is not {entry.code}")
    quality = Quality.OK if entry.q is UNSET else QUALITY[entry.q]
    if entry.val is UNSET:
        return Reading(kind.code, _special(entry), kind.unit, at, quality=quality)
    if entry.u != kind.unit:
        raise Undecodable("unit", f"`{entry.k}` must come in {kind.unit}")
    return Reading(kind.code, _number(entry, kind), kind.unit, at, quality=quality)


def _special(entry: Measured) -> Special:
    special = SPECIALS.get(str(entry.txt))
    if special is None:
        raise Undecodable("value", f"`{entry.k}` needs a number, or the text LO or HI")
    return special


def _number(entry: Measured, kind: Kind) -> Decimal:
    assert entry.val is not UNSET
    text = bytes(entry.val)
    if text in (b"true", b"false") or len(text) > LONGEST_NUMBER:
        raise Undecodable("value", f"`{entry.k}` needs a number of at most {LONGEST_NUMBER} characters")
    try:
        value = Decimal(text.decode("ascii"))
    except InvalidOperation:
        # JSON allows an exponent that no decimal can hold.
        raise Undecodable("value", f"`{entry.k}` has an exponent out of all bounds") from None
    low, high = kind.hard
    if not low <= value <= high:
        raise Undecodable("implausible", f"`{entry.k}` is outside {low} to {high} {kind.unit}")
    return value


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
            Reading(Code.SYSTOLIC, Decimal(138), "mm[Hg]", _AT),
            Reading(Code.DIASTOLIC, Decimal(84), "mm[Hg]", _AT),
            Reading(Code.PULSE, Decimal(71), "/min", _AT, quality=Quality.SUSPECT),
        ),
    ),
    (
        _HEAD + b'"clock":{"src":"none","up_ms":61000},"up_ms":1000,"m":[{"k":"spo2","val":93.50,"u":"%"}]}',
        (Reading(Code.SPO2, Decimal("93.50"), "%", _AT + timedelta(seconds=33) - timedelta(minutes=1)),),
    ),
    (
        _HEAD + b'"clock":{"src":"ntp"},"taken":"2026-11-22T08:14:31Z","m":[{"k":"glucose","txt":"LO"}]}',
        (Reading(Code.GLUCOSE, Special.LO, "mmol/L", _AT),),
    ),
)
