"""The raw inbox: what came is kept byte for byte, once, with whose it was, or in quarantine with the reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import msgspec

from backend.core.db import driver_connection
from backend.core.notices import notify_all

# What device_message.channel holds; numbers are stored and never change.
CHANNELS = {"obs": 1, "alarm": 2, "status": 3, "presence": 4}

# The database holds no device id of another shape, and nothing else may reach a query's text.
DEVICE_ID = re.compile(r"[a-z0-9][a-z0-9-]{7,63}")

LONGEST_TOPIC, LONGEST_NAME = 300, 128

# One round trip; a batch that was split writes in two parts of one transaction, hence the delete.
_STAGING = """create temporary table if not exists arriving (n int, id bigint default nextval('device_message_id'),
    device_id int, received_at timestamptz, channel smallint, device text, message_id text, boot text,
    seq bigint, payload bytea) on commit delete rows; delete from arriving"""
_COPY = """copy arriving (n, device_id, received_at, channel, device, message_id, boot, seq, payload)
    from stdin (format binary)"""
_TYPES = ["int4", "int4", "timestamptz", "int2", "text", "text", "text", "int8", "bytea"]
_KEEP = """with fresh as (
        insert into message_key (device_id, message_id, device_message_id, received_at)
        select device_id, message_id, id, received_at from arriving where %(keyed)s
        on conflict do nothing returning device_message_id),
    mine as (select a.* from arriving a where not %(keyed)s or a.id in (select device_message_id from fresh)),
    kept as (
        insert into device_message (id, received_at, device_id, channel, device, message_id, boot, seq, payload)
        select id, received_at, device_id, channel, device, message_id, boot, seq, payload from mine)
    select n, id from mine"""

_WEARERS = """select w.n, d.id, a.patient_id, p.public_id::text,
        exists (select from consent c where c.patient_id = a.patient_id and c.kind = 'monitoring'
            and c.revoked_at is null and c.valid @> w.at)
    from json_to_recordset(%s::json) w (n int, device text, at timestamptz, slot int)
    left join device d on d.device_id = w.device
    left join device_association a on a.device_id = d.id and a.slot = w.slot and a.valid @> w.at
    left join patient p on p.id = a.patient_id"""

_ANY_SLOT = """select d.id, a.patient_id, p.public_id::text,
        exists (select from consent c where c.patient_id = a.patient_id and c.kind = 'monitoring'
            and c.revoked_at is null and c.valid @> %(at)s::timestamptz)
    from device d
    left join device_association a on a.device_id = d.id and a.valid @> %(at)s::timestamptz
    left join patient p on p.id = a.patient_id
    where d.device_id = %(device)s order by a.slot"""

# Where retention has removed the raw message, nobody can tell any more, and the id alone decides.
_KNOWN = """select w.n, m.id is null or (m.boot is not distinct from w.boot and m.seq is not distinct from w.seq)
    from json_to_recordset(%s::json) w (n int, device text, message_id text, boot text, seq bigint)
    join device d on d.device_id = w.device
    join message_key k on k.device_id = d.id and k.message_id = w.message_id
    left join device_message m on m.id = k.device_message_id and m.received_at = k.received_at"""

_HOLD = """insert into quarantine (received_at, last_received_at, device, device_id, channel, topic, reason, detail,
        message_id, payload, payload_sha256)
    values (%(at)s, %(at)s, %(device)s, (select id from device where device_id = %(device)s), %(channel)s, %(topic)s,
        %(reason)s, %(detail)s, %(message_id)s, %(payload)s, %(hash)s)
    on conflict (topic, payload_sha256) do update set times = quarantine.times + 1, resolved_at = null,
        last_received_at = excluded.last_received_at, reason = excluded.reason, detail = excluded.detail"""


class Wearer(NamedTuple):
    """Who wore a device at one moment; None where nobody did. `patient` is the public id, as text."""

    device_row_id: int | None
    patient_id: int | None
    patient: str | None
    consented: bool


class Incoming(NamedTuple):
    """Bytes of a message to keep. `device_row_id` None: a device we do not know (only alarms come so far)."""

    device: str
    device_row_id: int | None
    channel: str
    message_id: str | None
    boot: str | None
    seq: int | None
    received_at: datetime
    payload: bytes


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


def wearers(asked: Sequence[tuple[str, datetime, int]]) -> list[Wearer]:
    """For each (device id, moment, slot), in order: who wore it then and agreed to monitoring; one query.

    Reads patient and consent by SQL: it is part of the gateway's door to a record (`record_readings`), and a
    query a reading for the record's own door would cost a hundred times as much.
    """
    found = [Wearer(None, None, None, False)] * len(asked)
    questions = [
        {"n": n, "device": device, "at": at, "slot": slot}
        for n, (device, at, slot) in enumerate(asked)
        if DEVICE_ID.fullmatch(device)
    ]
    if not questions:
        return found
    with driver_connection().cursor() as cursor:
        # One JSON text and not four arrays: a thousand rows are written ten times as fast.
        cursor.execute(_WEARERS, (msgspec.json.encode(questions).decode(),))
        for n, device_row_id, patient_id, patient, consented in cursor:
            found[n] = Wearer(device_row_id, patient_id, patient, consented)
    return found


def wearers_in_any_slot(device: str, at: datetime) -> list[Wearer]:
    """Everybody a device was bound to then, lowest slot first; one without a patient when it was nobody."""
    if not DEVICE_ID.fullmatch(device):
        return [Wearer(None, None, None, False)]
    rows = driver_connection().execute(_ANY_SLOT, {"device": device, "at": at}).fetchall()
    return [Wearer(*row) for row in rows] or [Wearer(None, None, None, False)]


def receive(messages: Sequence[Incoming], *, keyed: bool = True) -> list[int | None]:
    """Keep raw messages; for each, the key of its row, or None when that device sent that id before.

    `keyed` False keeps every one (statuses, alarms of unknown kit). Two with one id in `messages`: the first
    is kept.
    """
    found: list[int | None] = [None] * len(messages)
    if not messages:
        return found
    seen: set[tuple[int | None, str | None]] = set()
    with driver_connection().cursor() as cursor:
        cursor.execute(_STAGING)
        with cursor.copy(_COPY) as copy:
            copy.set_types(_TYPES)
            for n, one in enumerate(messages):
                key = (one.device_row_id, one.message_id)
                if keyed and key in seen:
                    continue
                seen.add(key)
                copy.write_row(
                    (n, one.device_row_id, one.received_at, CHANNELS[one.channel], one.device, one.message_id,
                     one.boot, one.seq, one.payload)
                )  # fmt: skip
        cursor.execute(_KEEP, {"keyed": keyed})
        for n, row_id in cursor:
            found[n] = row_id
    return found


class Asked(NamedTuple):
    """By what a resend is known: it keeps all four."""

    device: str
    message_id: str
    boot: str | None
    seq: int | None


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
