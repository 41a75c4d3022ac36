"""Keeps what a person or a carer said in the app, which no device measured, so that it stands among the readings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from backend.core.db import db
from backend.core.notices import notify
from backend.observations.reading import Reading, Source, Special, StoredReading

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
