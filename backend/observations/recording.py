"""Puts readings into the record of whoever wore the device then, a batch at a time, and wakes the rules."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import msgspec

from backend.core.db import driver_connection
from backend.core.notices import CHANNEL
from backend.devices.service import Asked, Incoming, Wearer, already_kept, receive, wearers
from backend.observations.reading import Duplicate, Inbound, Reading, Refused, Special, Stored

# Above this many messages in a batch one notice a person is told: a backlog must not flood the streams.
NOTICES_EACH = 500
# Order in which waiting people are judged (Alongside default): danger first, then what is fresh.
DANGEROUS, FRESH, BACKLOG = 10, 5, 0
FRESH_FOR = timedelta(minutes=15)
BOUNDS_KEPT_S = 60.0
# What a device's clock may be before ours (Alongside default, as the device contract has it).
AHEAD = timedelta(minutes=2)

_COPY = """copy observation (effective_at, received_at, device_message_id, patient_id, device_id, code, quality,
    source, special, value) from stdin"""
_LATEST = """insert into latest (patient_id, code, quality, source, special, device_id, effective_at, received_at,
        device_message_id, value)
    select patient_id, code, quality, source, special, device_id, effective_at, received_at, message, value
    from json_to_recordset(%s::json) l (patient_id int, code smallint, quality smallint, source smallint,
        special smallint, device_id int, effective_at timestamptz, received_at timestamptz, message bigint,
        value numeric)
    on conflict (patient_id, code) do update set quality = excluded.quality, source = excluded.source,
        special = excluded.special, device_id = excluded.device_id, effective_at = excluded.effective_at,
        received_at = excluded.received_at, device_message_id = excluded.device_message_id, value = excluded.value
    where latest.effective_at <= excluded.effective_at"""
_WAIT = """insert into evaluation_wait (patient_id, priority, codes, effective_from)
    select patient_id, priority, codes::smallint[], since
    from json_to_recordset(%s::json) w (patient_id int, priority smallint, codes text, since timestamptz)"""
_NOTIFY = "select pg_notify(%s, told::text) from json_array_elements(%s::json) told"

Outcome = Stored | Duplicate | Refused


class _Kept(NamedTuple):
    """A message that is in the record now."""

    message: Inbound
    wearer: Wearer
    stored: Stored


def record_readings(batch: Sequence[Inbound]) -> list[Outcome]:
    """Store each message's readings for who wore the device at the time of measurement; never commits.

    One of the four doors to a person's data: refuses what is bound to nobody, not consented to, or outside
    the months kept open. Answers in the order of `batch`. Raises psycopg.DataError or IntegrityError when the
    database refuses a value, with nothing of the batch stored.
    """
    outcomes: list[Outcome | None] = [None] * len(batch)
    worn = wearers([(one.device, one.readings[0].effective_at, one.slot) for one in batch])
    bounds = _BOUNDS.get()
    open_: list[int] = []
    for n, (one, wearer) in enumerate(zip(batch, worn, strict=True)):
        outcomes[n] = _refusal(one, wearer, bounds)
        if outcomes[n] is None:
            open_.append(n)
    rows = receive([_incoming(batch[n], worn[n]) for n in open_])
    kept: list[_Kept] = []
    again: list[int] = []
    for n, row_id in zip(open_, rows, strict=True):
        device_row_id, patient_id = worn[n].device_row_id, worn[n].patient_id
        assert device_row_id is not None
        assert patient_id is not None
        if row_id is None:
            again.append(n)
        else:
            stored = Stored(device_row_id, patient_id, row_id)
            outcomes[n] = stored
            kept.append(_Kept(batch[n], worn[n], stored))
    for n, outcome in zip(again, _known([batch[n] for n in again], [worn[n] for n in again]), strict=True):
        outcomes[n] = outcome
    if kept:
        _copy(kept)
        # One round trip for the three statements that nobody waits for an answer of.
        with driver_connection().pipeline():
            _update_latest(kept)
            _wake(kept)
    return [outcome for outcome in outcomes if outcome is not None]


def _known(again: Sequence[Inbound], worn: Sequence[Wearer]) -> list[Outcome]:
    """What ids known before mean: a resend, or another message whose id was used already."""
    same = already_kept([Asked(one.device, one.message_id, one.boot, one.seq) for one in again])
    outcomes: list[Outcome] = []
    for is_same, wearer in zip(same, worn, strict=True):
        assert wearer.device_row_id is not None
        outcomes.append(
            Refused("id-reused", "`boot` or `seq` differ from the message stored with this id")
            if is_same is False
            else Duplicate(wearer.device_row_id)
        )
    return outcomes


class _Bounds:
    """The months kept open, asked again each minute: a month that goes in between is refused by the table itself."""

    def __init__(self) -> None:
        self._asked_at = float("-inf")
        self._known: tuple[datetime, datetime] | None = None

    def get(self) -> tuple[datetime, datetime]:
        """[earliest, latest) of what an observation's time may be."""
        if self._known is None or time.monotonic() - self._asked_at > BOUNDS_KEPT_S:
            row = driver_connection().execute("select earliest, latest from partition_bounds()").fetchone()
            assert row is not None
            self._known, self._asked_at = (row[0], row[1]), time.monotonic()
        return self._known


_BOUNDS = _Bounds()


def _refusal(one: Inbound, wearer: Wearer, bounds: tuple[datetime, datetime]) -> Refused | None:
    if wearer.device_row_id is None:
        return Refused("unknown-device", "no device is registered with the id in the topic")
    at = one.readings[0].effective_at
    # A month that nobody has opened yet is our own fault and no fault of the reading: the table says so then.
    if at < bounds[0] or (at >= bounds[1] and at > one.received_at + AHEAD):
        return Refused(
            "time-out-of-range", f"measured at {at.isoformat()}; open from {bounds[0].isoformat()}"
        )
    if wearer.patient_id is None:
        return Refused("not-bound", f"at {at.isoformat()} in slot {one.slot}")
    if not wearer.consented:
        return Refused("no-consent", f"at {at.isoformat()}")
    return None


def _incoming(one: Inbound, wearer: Wearer) -> Incoming:
    return Incoming(
        one.device,
        wearer.device_row_id,
        "obs",
        one.message_id,
        one.boot,
        one.seq,
        one.received_at,
        one.payload,
    )


def _copy(kept: Sequence[_Kept]) -> None:
    # Only numbers and times are written here, so the text form of COPY needs no quoting.
    lines: list[str] = []
    for one in kept:
        received, stored = one.message.received_at.isoformat(), one.stored
        at = one.message.readings[0].effective_at.isoformat()
        ids = f"{received}\t{stored.device_message_id}\t{stored.patient_id}\t{stored.device_row_id}"
        for reading in one.message.readings:
            value, special = _columns(reading)
            lines.append(
                f"{at}\t{ids}\t{reading.code.number}\t{reading.quality.value}"
                f"\t{reading.source.value}\t{_text(special)}\t{_text(value)}\n"
            )
    with driver_connection().cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.write("".join(lines))


def _text(value: object) -> str:
    return "\\N" if value is None else str(value)


def _columns(reading: Reading) -> tuple[Decimal | None, int | None]:
    if isinstance(reading.value, Decimal):
        return reading.value, None
    return None, reading.value.value if isinstance(reading.value, Special) else None


def _update_latest(kept: Sequence[_Kept]) -> None:
    newest: dict[tuple[int, int], tuple[_Kept, Reading]] = {}
    for one in kept:
        for reading in one.message.readings:
            key = (one.stored.patient_id, reading.code.number)
            before = newest.get(key)
            if before is None or reading.effective_at >= before[1].effective_at:
                newest[key] = (one, reading)
    rows = []
    # In one order everywhere, so that two writers of the same people wait for each other and never deadlock.
    for (patient_id, code), (one, reading) in sorted(newest.items(), key=lambda item: item[0]):
        value, special = _columns(reading)
        rows.append(
            {
                "patient_id": patient_id, "code": code, "quality": reading.quality.value,
                "source": reading.source.value, "special": special, "device_id": one.stored.device_row_id,
                "effective_at": reading.effective_at, "received_at": one.message.received_at,
                "message": one.stored.device_message_id, "value": value,
            }
        )  # fmt: skip
    driver_connection().execute(_LATEST, (_json(rows),))


def _json(rows: object) -> str:
    # One JSON text and not ten arrays: a thousand rows are written ten times as fast.
    return msgspec.json.encode(rows).decode()


def _wake(kept: Sequence[_Kept]) -> None:
    """One mark a person for the rules, and what the streams are told when this commits."""
    marks: dict[int, tuple[int, set[int], datetime]] = {}
    told: dict[int, _Kept] = {}
    each = len(kept) <= NOTICES_EACH
    for n, one in enumerate(kept):
        message, patient_id = one.message, one.stored.patient_id
        at = message.readings[0].effective_at
        before = marks.get(patient_id)
        codes = {reading.code.number for reading in message.readings}
        priority = _priority(message, at)
        if before is not None:
            priority, codes, at = max(priority, before[0]), codes | before[1], min(at, before[2])
        marks[patient_id] = (priority, codes, at)
        key = n if each else patient_id
        newest = told.get(key)
        if newest is None or message.readings[0].effective_at >= newest.message.readings[0].effective_at:
            told[key] = one
    waits = [
        {"patient_id": patient_id, "priority": priority, "since": since,
         "codes": "{" + ",".join(map(str, sorted(codes))) + "}"}
        for patient_id, (priority, codes, since) in sorted(marks.items())
    ]  # fmt: skip
    connection = driver_connection()
    connection.execute(_WAIT, (_json(waits),))
    connection.execute(
        _NOTIFY,
        (
            CHANNEL,
            _json([*map(_notice, told.values()), {"t": "waiting"}]),
        ),
    )


def _notice(one: _Kept) -> dict[str, object]:
    message = one.message
    return {
        "t": "observation", "p": one.wearer.patient, "c": [reading.code.value for reading in message.readings],
        "e": message.readings[0].effective_at, "r": message.received_at, "m": message.message_id,
    }  # fmt: skip


def _priority(message: Inbound, at: datetime) -> int:
    for reading in message.readings:
        if isinstance(reading.value, Special):
            return DANGEROUS
        low, high = reading.code.info.soft
        if isinstance(reading.value, Decimal) and not low <= reading.value <= high:
            return DANGEROUS
    return FRESH if message.received_at - at <= FRESH_FOR else BACKLOG
