"""The raw inbox: what came is kept byte for byte, once, with whose it was, or in quarantine with the reason."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import msgspec
import psycopg
from msgspec import Struct
from psycopg.pq import TransactionStatus

from backend.core.binary import NULL, Int4s, Int8s, Texts, Times, blocks, micros, sized
from backend.core.db import driver_connection
from backend.core.notices import notify_all
from backend.devices.wearing import DEVICE_ID

# What device_message.channel holds; numbers are stored and never change. What a hub captured comes as raw/<format>.
CHANNELS = {"obs": 1, "alarm": 2, "status": 3, "presence": 4, "raw": 5}

LONGEST_TOPIC, LONGEST_NAME = 300, 128

# The sequence goes up by so many, so that one call gives a batch its numbers in a row.
BLOCK = 1_000
_BLOCKS = "select nextval('device_message_id') from generate_series(1, %s)"
_CLAIM = """with fresh as (
        insert into message_key (device_id, message_id, device_message_id, received_at)
        select * from unnest(%s, %s, %s, %s) on conflict do nothing returning device_message_id)
    select coalesce(array_agg(device_message_id), '{}') from fresh"""
# What is there in every message first, so that one call packs it.
_KEEP = """copy device_message (id, received_at, channel, clock_method, seq, taken_at, device_id, device, boot,
    message_id, payload) from stdin (format binary)"""
_ONE = """insert into device_message (id, received_at, channel, seq, device_id, device, boot, message_id, payload)
    values (nextval('device_message_id'), %s, %s, %s, %s, %s, %s, %s, %s)"""
_HEAD = struct.Struct("!hiqiqih")
_WHOLE = struct.Struct("!hiqiqihihiqiqii")

# Where retention has removed the raw message, nobody can tell any more, and the id alone decides.
_KNOWN = """select w.n, m.id is null or (m.boot is not distinct from w.boot and m.seq is not distinct from w.seq
        and coalesce(m.taken_at = w.taken_at, true))
    from json_to_recordset(%s::json) w (n int, device text, message_id text, boot text, seq bigint,
        taken_at timestamptz)
    join device d on d.device_id = w.device
    join message_key k on k.device_id = d.id and k.message_id = w.message_id
    left join device_message m on m.id = k.device_message_id and m.received_at = k.received_at"""

_HOLD = """insert into quarantine (received_at, last_received_at, device, device_id, channel, topic, reason, detail,
        message_id, payload, payload_sha256)
    values (%(at)s, %(at)s, %(device)s, (select id from device where device_id = %(device)s), %(channel)s, %(topic)s,
        %(reason)s, %(detail)s, %(message_id)s, %(payload)s, %(hash)s)
    on conflict (topic, payload_sha256) do update set times = quarantine.times + 1, resolved_at = null,
        last_received_at = excluded.last_received_at, reason = excluded.reason, detail = excluded.detail"""


class Incoming(Struct, frozen=True, gc=False):
    """Bytes of a message to keep. `device_row_id` None: a device we do not know (only alarms come so far).

    `taken_at` is the device's own time of measurement, `clock_method` the number of the clock rule that was used.
    """

    device: str
    device_row_id: int | None
    channel: str
    message_id: str | None
    boot: str | None
    seq: int | None
    received_at: datetime
    payload: bytes
    taken_at: datetime | None = None
    clock_method: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A message that cannot be used, for quarantine."""

    device: str
    channel: str
    topic: str
    reason: str
    detail: str
    message_id: str | None
    received_at: datetime
    payload: bytes


def receive(messages: Sequence[Incoming], *, keyed: bool = True) -> list[int | None]:
    """Keep raw messages; for each, the key of its row, or None when that device sent that id before.

    `keyed` False keeps every one (statuses, alarms of unknown kit). Two with one id in `messages`: the first
    is kept. Raises psycopg.DataError for a text that no database can hold.
    """
    if not messages:
        return []
    found: list[int | None] = list(_numbers(len(messages)))
    if keyed:
        _claim(messages, found)
    if any(row_id is not None for row_id in found):
        with driver_connection().cursor() as cursor, cursor.copy(_KEEP) as copy:
            for block in blocks(_rows(messages, found)):
                copy.write(block)
    return found


def keep_beside(one: Incoming) -> None:
    """Keep one raw message beside what matters more, in one round trip; refused, it leaves the transaction whole.

    Raises the driver's error then, as `receive` with `keyed` False does.
    """
    connection = driver_connection()
    values = (
        one.received_at, CHANNELS[one.channel.partition("/")[0]], one.seq, one.device_row_id, one.device, one.boot,
        one.message_id, one.payload,
    )  # fmt: skip
    try:
        with connection.pipeline():
            connection.execute("savepoint beside")
            connection.execute(_ONE, values)
            connection.execute("release savepoint beside")
    except psycopg.Error:
        if connection.info.transaction_status == TransactionStatus.INERROR:
            connection.execute("rollback to savepoint beside")
        raise


def _numbers(count: int) -> list[int]:
    """So many numbers for rows, rising, that no other writer has."""
    blocks = driver_connection().execute(_BLOCKS, (-(-count // BLOCK),), prepare=True).fetchall()
    return [first + n for (first,) in blocks for n in range(BLOCK)][:count]


def _claim(messages: Sequence[Incoming], found: list[int | None]) -> None:
    """Claim each message's id for the number in its place; None is put where it was claimed before."""
    first: dict[tuple[int | None, str | None], int] = {}
    for n, one in enumerate(messages):
        if first.setdefault((one.device_row_id, one.message_id), n) != n:
            found[n] = None
    mine = [messages[n] for n in first.values()]
    numbers = [number for number in found if number is not None]
    asked = (
        Int4s.of_numbers([one.device_row_id or 0 for one in mine]),
        Texts.of([_text(one.message_id) for one in mine]),
        Int8s.of_numbers(numbers),
        Times.of_numbers([micros(one.received_at) for one in mine]),
    )
    answer = driver_connection().execute(_CLAIM, asked, binary=True, prepare=True).fetchone()
    assert answer is not None
    if len(answer[0]) < len(mine):
        fresh = set(answer[0])
        for n, number in enumerate(found):
            if number not in fresh:
                found[n] = None


def _rows(messages: Sequence[Incoming], found: Sequence[int | None]) -> Iterator[bytes]:
    named: dict[tuple[str, str | None], bytes] = {}
    for one, row_id in zip(messages, found, strict=True):
        if row_id is None:
            continue
        received, channel = micros(one.received_at), CHANNELS[one.channel.partition("/")[0]]
        row, seq, taken, method = one.device_row_id, one.seq, one.taken_at, one.clock_method
        if row is None or seq is None or taken is None or method is None:
            yield _HEAD.pack(11, 8, row_id, 8, received, 2, channel)
            yield NULL if method is None else struct.pack("!ih", 2, method)
            yield NULL if seq is None else struct.pack("!iq", 8, seq)
            yield NULL if taken is None else struct.pack("!iq", 8, micros(taken))
            yield NULL if row is None else struct.pack("!ii", 4, row)
        else:
            yield _WHOLE.pack(
                11, 8, row_id, 8, received, 2, channel, 2, method, 8, seq, 8, micros(taken), 4, row
            )
        who = (one.device, one.boot)
        names = named.get(who)
        if names is None:
            names = named[who] = sized(_text(one.device)) + sized(_text(one.boot))
        yield names
        yield sized(_text(one.message_id))
        yield sized(one.payload)


def _text(value: str | None) -> bytes | None:
    try:
        return None if value is None else value.encode()
    except UnicodeEncodeError:
        raise psycopg.DataError("a text that is no Unicode") from None


class Asked(NamedTuple):
    """By what a resend is known: it keeps all of it. Where either says no time of measurement, the rest decides."""

    device: str
    message_id: str
    boot: str | None
    seq: int | None
    taken_at: datetime | None = None


def already_kept(asked: Sequence[Asked]) -> list[bool | None]:
    """For each, in order: True when stored before, False when its id is that of another message, else None."""
    found: list[bool | None] = [None] * len(asked)
    # A NUL, as text, cannot be asked for, so it was never stored.
    questions = [
        {"n": n, **one._asdict()}
        for n, one in enumerate(asked)
        if DEVICE_ID.fullmatch(one.device) and "\0" not in (one.boot or "")
    ]
    if questions:
        rows = driver_connection().execute(_KNOWN, (msgspec.json.encode(questions).decode(),))
        for n, is_same in rows:
            found[n] = is_same
    return found


def hold(refusals: Sequence[Held]) -> None:
    """Put messages in quarantine; the same bytes on the same topic again only count."""
    if not refusals:
        return
    with driver_connection().cursor() as cursor:
        cursor.executemany(
            _HOLD,
            [
                {
                    "at": one.received_at, "device": one.device[:LONGEST_NAME], "channel": one.channel[:LONGEST_NAME],
                    "topic": _short(one.topic),
                    "reason": one.reason, "detail": one.detail.replace("\0", "\\0"), "message_id": one.message_id,
                    "payload": one.payload, "hash": sha256(one.payload).digest(),
                }
                for one in sorted(refusals, key=lambda held: held.topic)
            ],
        )  # fmt: skip
    notify_all(
        {"t": "quarantine", "p": None, "r": reason} for reason in sorted({one.reason for one in refusals})
    )


def _short(topic: str) -> str:
    # An index entry has its bounds; the hash keeps two long topics apart.
    if len(topic) <= LONGEST_TOPIC:
        return topic
    return f"{topic[: LONGEST_TOPIC - 65]}#{sha256(topic.encode()).hexdigest()}"
