"""Writes the past in one go, messages and observations, as the gateway would have left them."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import Connection
from tqdm import tqdm

from backend.core.db import driver_connection
from backend.demo.history import PastReading
from backend.devices.service import CHANNELS
from backend.observations.codes import Code
from backend.observations.reading import Quality, Source

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_K: Final = {Code.SYSTOLIC: "bp.systolic", Code.DIASTOLIC: "bp.diastolic"}

_MESSAGES: Final = (
    "copy device_message (id, received_at, device_id, channel, device, message_id, boot, seq, payload)"
    " from stdin"
)
_KEYS: Final = "copy message_key (device_id, message_id, device_message_id, received_at) from stdin"
_OBSERVATIONS: Final = (
    "copy observation (effective_at, received_at, device_message_id, patient_id, device_id, code, quality,"
    " source, value) from stdin"
)
_LATEST: Final = """
insert into latest (patient_id, code, quality, source, special, device_id, effective_at, received_at,
                    device_message_id, value)
select distinct on (patient_id, code) patient_id, code, quality, source, special, device_id, effective_at,
       received_at, device_message_id, value
from observation where patient_id = any(%s) and effective_at >= %s
order by patient_id, code, effective_at desc
on conflict (patient_id, code) do update set quality = excluded.quality, source = excluded.source,
    special = excluded.special, device_id = excluded.device_id, effective_at = excluded.effective_at,
    received_at = excluded.received_at, device_message_id = excluded.device_message_id, value = excluded.value
where latest.effective_at < excluded.effective_at
"""
# The past is shown and not judged: the rules begin with what is measured from now on.
_JUDGED: Final = """
insert into patient_watermark (patient_id, judged_to)
select patient_id, max(received_at) from latest where patient_id = any(%s) group by patient_id
on conflict (patient_id) do update set judged_to = greatest(patient_watermark.judged_to, excluded.judged_to)
"""
_STATE: Final = """
insert into device_state (device_id, firmware, boot, last_seq, last_seen_at, last_reading_at, battery_pct,
                          battery_at)
values (%s, '1.0.0', %s, %s, %s, %s, %s, %s)
on conflict (device_id) do update set last_seen_at = excluded.last_seen_at,
    last_reading_at = excluded.last_reading_at
where device_state.last_seen_at < excluded.last_seen_at
"""


_ALIVE: Final = """
insert into device_state (device_id, last_seen_at) select unnest(%s::int[]), %s
on conflict (device_id) do update set last_seen_at = excluded.last_seen_at
where device_state.last_seen_at is null or device_state.last_seen_at < excluded.last_seen_at
"""


@dataclass(frozen=True, slots=True)
class Bound:
    """The database's keys of a device and of who wears it."""

    device_id: int
    patient_id: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A reading with the names its message had."""

    reading: PastReading
    bound: Bound
    key: int
    message_id: str
    boot: str
    seq: int


def write(readings: Sequence[PastReading], bound: Mapping[str, Bound]) -> int:
    """Store `readings` (any order) and return how many; progress on stderr when it takes over two seconds."""
    if not readings:
        return 0
    connection = driver_connection()
    rows = _rows(connection, sorted(readings, key=lambda one: one.received), bound)
    _copy(connection, _MESSAGES, (_message(row) for row in rows), len(rows), "Messages")
    _copy(connection, _KEYS, (_key(row) for row in rows), len(rows), "Keys")
    observations = [one for row in rows for one in _observations(row)]
    _copy(connection, _OBSERVATIONS, observations, len(observations), "Observations")
    patients = sorted({row.bound.patient_id for row in rows})
    connection.execute(_LATEST, (patients, min(row.reading.taken for row in rows)))
    connection.execute(_JUDGED, (patients,))
    _note_devices(connection, rows)
    return len(rows)


def note_signs_of_life(bound: Sequence[Bound], now: datetime) -> None:
    """That these devices were heard just now, or the first look of the rules would find them silent."""
    driver_connection().execute(_ALIVE, ([one.device_id for one in bound], now))


def _rows(
    connection: Connection[Any], readings: Sequence[PastReading], bound: Mapping[str, Bound]
) -> list[_Row]:
    taken = connection.execute(
        "select nextval('device_message_id') from generate_series(1, %s)", (len(readings),)
    ).fetchall()
    rows = []
    for (key,), reading in zip(taken, readings, strict=True):
        device_id = reading.device.device_id
        # One message a half hour at most, so the half hours since 1970 count them, with the gaps of the past.
        seq = int(reading.taken.timestamp()) // 1800
        rows.append(_Row(reading, bound[device_id], key, _message_id(reading), f"bdemo-{device_id[5:]}", seq))
    return rows


def _message_id(reading: PastReading) -> str:
    """A ULID of the time of measurement whose chance part is the device's, so that a rerun finds the same."""
    chance = random.Random(f"{reading.device.device_id}:{reading.taken.isoformat()}").getrandbits(80)
    number = int(reading.taken.timestamp() * 1000) << 80 | chance
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def _message(row: _Row) -> tuple[object, ...]:
    reading = row.reading
    payload = {
        "v": 1,
        "id": row.message_id,
        "boot": row.boot,
        "seq": row.seq,
        "clock": {"src": "ntp", "acc_ms": 50},
        "sent": reading.received.isoformat(timespec="milliseconds"),
        "taken": reading.taken.isoformat(timespec="milliseconds"),
        "m": [
            {
                "k": _K.get(code, code.value),
                "val": float(value),
                "u": code.unit,
                "code": f"loinc:{code.info.loinc}",
                "q": "ok",
            }
            for code, value in reading.values
        ],
    }
    body = json.dumps(payload, separators=(",", ":")).encode()
    device = reading.device.device_id
    key = row.bound.device_id
    return row.key, reading.received, key, CHANNELS["obs"], device, row.message_id, row.boot, row.seq, body


def _key(row: _Row) -> tuple[object, ...]:
    return row.bound.device_id, row.message_id, row.key, row.reading.received


def _observations(row: _Row) -> list[tuple[object, ...]]:
    reading, bound = row.reading, row.bound
    return [
        (
            reading.taken,
            reading.received,
            row.key,
            bound.patient_id,
            bound.device_id,
            code.number,
            Quality.OK.value,
            Source.DEVICE.value,
            value,
        )
        for code, value in reading.values
    ]


def _note_devices(connection: Connection[Any], rows: Sequence[_Row]) -> None:
    last: dict[int, _Row] = {}
    for row in rows:
        last[row.bound.device_id] = row
    for key, row in last.items():
        received: datetime = row.reading.received
        battery = 45 + random.Random(row.boot).randrange(50)
        connection.execute(_STATE, (key, row.boot, row.seq, received, row.reading.taken, battery, received))


def _copy(
    connection: Connection[Any], statement: str, rows: Iterable[tuple[object, ...]], total: int, words: str
) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
        tqdm(rows, total=total, desc=f"  {words}", delay=2.0, file=sys.stderr, leave=False) as shown,
    ):
        for row in shown:
            copy.write_row(row)
