"""Finds a device by its name, everybody who ever wore it, and the person somebody says a reading is of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text

from backend.core.db import db
from backend.devices.models import Device, DeviceAssociation
from backend.devices.wearing import Wearer

_NAMED = text(
    """select d.id, p.id, p.public_id::text,
        exists (select 1 from consent c where c.patient_id = p.id and c.kind = 'monitoring'
            and c.revoked_at is null and c.valid @> cast(:at as timestamptz))
    from device d, patient p where d.device_id = :device and p.id = :patient_id"""
)


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A registered device; `id` is the inside key."""

    id: int
    device_id: str
    kind: str
    model: str | None


def find_device(device_id: str) -> KnownDevice | None:
    """The device with this MQTT name; None when none is registered, and for the canary's own."""
    row = db.session.scalars(
        select(Device).where(Device.device_id == device_id, Device.is_canary.is_(False))
    ).one_or_none()
    return None if row is None else KnownDevice(row.id, row.device_id, row.kind, row.model)


def device_names(ids: Collection[int]) -> dict[int, str]:
    """MQTT names by inside key."""
    rows = db.session.execute(select(Device.id, Device.device_id).where(Device.id.in_(list(ids))))
    return {row.id: row.device_id for row in rows}


def ever_wore(device_row_id: int) -> set[int]:
    """Inside keys of everybody the device was ever bound to."""
    rows = db.session.scalars(
        select(DeviceAssociation.patient_id).where(DeviceAssociation.device_id == device_row_id)
    )
    return set(rows)


def wearer_named(device: str, patient_id: int, at: datetime) -> Wearer:
    """The person somebody says wore the device at `at`, with whether they agreed to monitoring then.

    Reads patient and consent by SQL as `wearers` does, being part of the same door to a record.
    """
    row = db.session.execute(_NAMED, {"device": device, "patient_id": patient_id, "at": at}).one_or_none()
    return Wearer(None, None, None, False) if row is None else Wearer(*row)
