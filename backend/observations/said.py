"""Keeps what a person or a carer said in the app, which no device measured, so that it stands among the readings."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text

from backend.core.clock import now
from backend.core.db import db
from backend.core.notices import notify
from backend.observations.reading import Reading, Source, Special, StoredReading
from backend.observations.writing import BACKLOG, DANGEROUS, FRESH, FRESH_FOR

_KEEP = text(
    """with kept as (
        insert into observation (effective_at, received_at, patient_id, code, source, special, value)
        values (:at, db_now(), :patient_id, :code, :source, :special, :value) returning received_at),
    newest as (
        insert into latest (patient_id, code, quality, source, special, effective_at, received_at, value)
        select :patient_id, :code, 0, :source, :special, :at, received_at, :value from kept
        on conflict (patient_id, code) do update set quality = 0, source = excluded.source,
            special = excluded.special, device_id = null, device_message_id = null,
            effective_at = excluded.effective_at, received_at = excluded.received_at, value = excluded.value
        where latest.effective_at <= excluded.effective_at)
    insert into evaluation_wait (patient_id, priority, codes, effective_from)
    select :patient_id, 10, array[cast(:code as smallint)], :at from kept
    returning (select received_at from kept)"""
)


_KEEP_TYPED = text(
    """with number as (select nextval('device_message_id') as id, db_now() as received_at),
    said as (select code, special, value from unnest(cast(:codes as smallint[]), cast(:specials as smallint[]),
        cast(:values as numeric[])) s (code, special, value)),
    kept as (
        insert into observation (effective_at, received_at, patient_id, code, source, special, value, device_message_id)
        select :at, n.received_at, :patient_id, s.code, :source, s.special, s.value, n.id
        from said s cross join number n),
    newest as (
        insert into latest (patient_id, code, quality, source, special, effective_at, received_at, device_message_id,
            value)
        select :patient_id, s.code, 0, :source, s.special, :at, n.received_at, n.id, s.value
        from said s cross join number n order by s.code
        on conflict (patient_id, code) do update set quality = 0, source = excluded.source, special = excluded.special,
            device_id = null, device_message_id = excluded.device_message_id, effective_at = excluded.effective_at,
            received_at = excluded.received_at, value = excluded.value
        where latest.effective_at <= excluded.effective_at),
    waits as (
        insert into evaluation_wait (patient_id, priority, codes, effective_from)
        values (:patient_id, :priority, :codes, :at))
    select id, received_at from number"""
)


def record_typed(patient_id: int, patient: UUID, readings: Sequence[Reading]) -> tuple[int, datetime]:
    """Store values that somebody read off a display and typed, all of one moment; answers their number and when.

    The number is that of a message, so that they stand together as those of a device do. They wait for the rules as
    a device's would. In the caller's transaction, with the record opened by the caller.
    """
    at, source = readings[0].effective_at, readings[0].source
    if source is Source.DEVICE:
        raise ValueError("what a device measured comes in through the gateway")
    asked = {
        "at": at,
        "patient_id": patient_id,
        "source": source.value,
        "codes": [one.code.number for one in readings],
        "specials": [one.value.value if isinstance(one.value, Special) else None for one in readings],
        "values": [one.value if isinstance(one.value, Decimal) else None for one in readings],
        "priority": _priority(readings, at),
    }
    row = db.session.execute(_KEEP_TYPED, asked).one()
    codes = [one.code.value for one in readings]
    told = {"c": codes, "e": at.isoformat(), "r": row.received_at.isoformat()}
    notify({"t": "observation", "p": patient, **told, "m": None}, {"t": "waiting"})
    return row.id, row.received_at


def _priority(readings: Sequence[Reading], at: datetime) -> int:
    """The lane of these readings, by the same limits as a device's."""
    for one in readings:
        low, high = one.code.info.soft
        if isinstance(one.value, Decimal) and not low <= one.value <= high:
            return DANGEROUS
    return FRESH if now() - at <= FRESH_FOR else BACKLOG


def record_said(patient_id: int, patient: UUID, reading: Reading) -> StoredReading:
    """Store one value that somebody said and wake who waits for it; in the caller's transaction.

    The caller has opened the record. `reading.source` is never a device.
    """
    if reading.source is Source.DEVICE:
        raise ValueError("what a device measured comes in through the gateway")
    value = reading.value
    asked = {
        "at": reading.effective_at,
        "patient_id": patient_id,
        "code": reading.code.number,
        "source": reading.source.value,
        "special": value.value if isinstance(value, Special) else None,
        "value": None if isinstance(value, Special) else value,
    }
    received_at: datetime = db.session.execute(_KEEP, asked).scalar_one()
    told = {"c": [reading.code.value], "e": reading.effective_at.isoformat(), "r": received_at.isoformat()}
    notify({"t": "observation", "p": patient, **told, "m": None}, {"t": "waiting"})
    return StoredReading(reading, received_at, None, None)
