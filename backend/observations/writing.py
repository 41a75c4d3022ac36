"""Writes a batch of readings that are somebody's: the rows, the newest of each code, the marks and the notices."""

import struct
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec
from msgspec import Struct

from backend.core.binary import (
    NULL,
    Int4s,
    Int8s,
    Numerics,
    Texts,
    Times,
    blocks,
    micros,
    numeric,
    sized,
)
from backend.core.db import driver_connection
from backend.core.notices import CHANNEL
from backend.devices.service import Wearer
from backend.observations.codes import Code
from backend.observations.reading import Inbound, Quality, Reading, Source, Special, Stored

# Above this many messages in a batch one notice a person is told: a backlog must not flood the streams.
NOTICES_EACH = 500
# Notices told together, as a list: each telling has its price, and a payload at most 8,000 bytes (PostgreSQL's).
TOGETHER = 20
LONGEST_PAYLOAD = 7_500
# Order in which waiting people are judged (Alongside default): danger first, then what is fresh.
DANGEROUS, FRESH, BACKLOG = 10, 5, 0
FRESH_FOR = timedelta(minutes=15)

_COPY = """copy observation (effective_at, received_at, device_message_id, patient_id, device_id, code, quality,
    source, special, value) from stdin (format binary)"""
_ROW = struct.Struct("!hiqiqiqiiiiihihih")
_LATEST = """insert into latest (patient_id, code, quality, source, special, device_id, effective_at, received_at,
        device_message_id, value)
    select * from unnest(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    on conflict (patient_id, code) do update set quality = excluded.quality, source = excluded.source,
        special = excluded.special, device_id = excluded.device_id, effective_at = excluded.effective_at,
        received_at = excluded.received_at, device_message_id = excluded.device_message_id, value = excluded.value
    where latest.effective_at <= excluded.effective_at"""
_WAIT = """insert into evaluation_wait (patient_id, priority, codes, effective_from)
    select patient_id, priority, codes::smallint[], since
    from unnest(%s, %s, %s, %s) w (patient_id, priority, codes, since)"""
_NOTIFY = "select pg_notify(%s, told) from unnest(%s) told"
_ENCODE = msgspec.json.Encoder().encode

# By identity and not by property: these are asked for with every reading.
_NUMBER = {code: code.number for code in Code}
_SOFT = {code: code.info.soft for code in Code}
_QUALITY = {quality: quality.value for quality in Quality}
_SOURCE = {source: source.value for source in Source}


# A message that is in the record now, with whose it is and its keys.
Kept = tuple[Inbound, Wearer, Stored]


class _Mark(Struct, gc=False):
    """That a person waits for the rules."""

    priority: int
    codes: set[int]
    since: datetime


class _Notice(Struct, gc=False):
    """What the streams are told of a message; the names are those of the live stream."""

    t: str
    p: str | None
    c: list[str]
    e: datetime
    r: datetime
    m: str


def write(kept: Sequence[Kept]) -> None:
    """Store the readings of these messages and wake who waits for them; never commits."""
    with driver_connection().cursor() as cursor, cursor.copy(_COPY) as copy:
        for block in blocks(_rows(kept)):
            copy.write(block)
    # One round trip for the three statements that nobody waits for an answer of.
    with driver_connection().pipeline():
        _update_latest(kept)
        _mark(kept)
        _tell(kept)


def _rows(kept: Sequence[Kept]) -> Iterator[bytes]:
    for message, _, stored in kept:
        received, at = micros(message.received_at), micros(message.readings[0].effective_at)
        for reading in message.readings:
            yield _ROW.pack(
                10, 8, at, 8, received, 8, stored.device_message_id, 4, stored.patient_id, 4, stored.device_row_id,
                2, _NUMBER[reading.code], 2, _QUALITY[reading.quality], 2, _SOURCE[reading.source],
            )  # fmt: skip
            special = _special(reading)
            yield NULL if special is None else special
            yield _value(reading)


def _value(reading: Reading) -> bytes:
    """The number of a reading with its length."""
    return sized(numeric(reading.value)) if isinstance(reading.value, Decimal) else NULL


def _special(reading: Reading) -> bytes | None:
    """What stands in a number's place, with its length."""
    return struct.pack("!ih", 2, reading.value.value) if isinstance(reading.value, Special) else None


def _update_latest(kept: Sequence[Kept]) -> None:
    newest: dict[tuple[int, int], tuple[Reading, Inbound, Stored]] = {}
    for message, _, stored in kept:
        patient_id = stored.patient_id
        for reading in message.readings:
            key = (patient_id, _NUMBER[reading.code])
            before = newest.get(key)
            if before is None or reading.effective_at >= before[0].effective_at:
                newest[key] = (reading, message, stored)
    # In one order everywhere, so that two writers of the same people wait for each other and never deadlock.
    keys = sorted(newest)
    found = [newest[key] for key in keys]
    driver_connection().execute(
        _LATEST,
        (
            Int4s.of_numbers([patient_id for patient_id, _ in keys]),
            Int4s.of_numbers([code for _, code in keys]),
            Int4s.of_numbers([_QUALITY[reading.quality] for reading, _, _ in found]),
            Int4s.of_numbers([_SOURCE[reading.source] for reading, _, _ in found]),
            _specials([reading for reading, _, _ in found]),
            Int4s.of_numbers([stored.device_row_id for _, _, stored in found]),
            Times.of_numbers([micros(reading.effective_at) for reading, _, _ in found]),
            Times.of_numbers([micros(message.received_at) for _, message, _ in found]),
            Int8s.of_numbers([stored.device_message_id for _, _, stored in found]),
            Numerics.of(
                [
                    numeric(reading.value) if isinstance(reading.value, Decimal) else None
                    for reading, _, _ in found
                ]
            ),
        ),
        prepare=True,
    )


def _specials(readings: Sequence[Reading]) -> Int4s:
    values = [reading.value.value if isinstance(reading.value, Special) else None for reading in readings]
    if not any(values):
        return Int4s.nulls(len(values))
    return Int4s.of([None if value is None else struct.pack("!i", value) for value in values])


def _mark(kept: Sequence[Kept]) -> None:
    """One mark a person for the rules."""
    marks: dict[int, _Mark] = {}
    for message, _, stored in kept:
        at = message.readings[0].effective_at
        priority = _priority(message, at)
        codes = [_NUMBER[reading.code] for reading in message.readings]
        mark = marks.get(stored.patient_id)
        if mark is None:
            marks[stored.patient_id] = _Mark(priority, set(codes), at)
            continue
        mark.priority = max(mark.priority, priority)
        mark.since = min(mark.since, at)
        mark.codes.update(codes)
    people = sorted(marks)
    found = [marks[patient_id] for patient_id in people]
    driver_connection().execute(
        _WAIT,
        (
            Int4s.of_numbers(people),
            Int4s.of_numbers([mark.priority for mark in found]),
            Texts.of([_numbers(mark.codes) for mark in found]),
            Times.of_numbers([micros(mark.since) for mark in found]),
        ),
        prepare=True,
    )


def _numbers(codes: set[int]) -> bytes:
    """The text form of an array."""
    return b"{%s}" % ",".join(map(str, sorted(codes))).encode()


def _tell(kept: Sequence[Kept]) -> None:
    """What the streams are told when this commits."""
    told: Sequence[Kept] = kept
    if len(kept) > NOTICES_EACH:
        newest: dict[int, Kept] = {}
        for one in kept:
            patient_id = one[2].patient_id
            before = newest.get(patient_id)
            if before is None or _at(one) >= _at(before):
                newest[patient_id] = one
        told = list(newest.values())
    notices = [_notice(one) for one in told]
    payloads = notices if len(notices) <= TOGETHER else list(_together(notices))
    driver_connection().execute(_NOTIFY, (CHANNEL, Texts.of([*payloads, b'{"t":"waiting"}'])), prepare=True)


def _at(one: Kept) -> datetime:
    return one[0].readings[0].effective_at


def _notice(one: Kept) -> bytes:
    message, wearer, _ = one
    codes = [reading.code.value for reading in message.readings]
    at = message.readings[0].effective_at
    return _ENCODE(_Notice("observation", wearer.patient, codes, at, message.received_at, message.message_id))


def _together(notices: Sequence[bytes]) -> Iterator[bytes]:
    """Notices as lists, each short enough for one payload."""
    some: list[bytes] = []
    size = 2
    for notice in notices:
        if some and size + len(notice) + 1 > LONGEST_PAYLOAD:
            yield b"[" + b",".join(some) + b"]"
            some, size = [], 2
        some.append(notice)
        size += len(notice) + 1
    yield b"[" + b",".join(some) + b"]"


def _priority(message: Inbound, at: datetime) -> int:
    for reading in message.readings:
        value = reading.value
        if isinstance(value, Special):
            return DANGEROUS
        low, high = _SOFT[reading.code]
        if isinstance(value, Decimal) and not low <= value <= high:
            return DANGEROUS
    return FRESH if message.received_at - at <= FRESH_FOR else BACKLOG
