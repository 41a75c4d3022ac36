"""Which devices a patient wears now and when each was last heard, for the screens."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from backend.core.clock import sql_now
from backend.core.db import db
from backend.devices.models import Device, DeviceAssociation, DeviceState


@dataclass(frozen=True, slots=True)
class WornDevice:
    """A device bound to a patient now; `every_s` is how often a sign of it is expected, in seconds."""

    public_id: UUID
    device_id: str
    kind: str
    model: str | None
    firmware: str | None
    battery_pct: int | None
    last_seen_at: datetime | None
    every_s: int
    bound_at: datetime
    # Until when it said that it sleeps, bounded by its interval; since when the broker has lost it.
    asleep_until: datetime | None = None
    lost_at: datetime | None = None


def devices_of(patient_id: int) -> list[WornDevice]:
    """The devices bound to this patient now, oldest binding first; `patient_id` is the inside key."""
    rows = db.session.execute(
        select(
            Device,
            DeviceState,
            func.lower(DeviceAssociation.valid).label("bound_at"),
            # The interval staff set is a ceiling: a device may speak more often, never less.
            func.coalesce(Device.expected_every_s, func.least(DeviceState.hb_s, Device.hb_s)).label(
                "every_s"
            ),
        )
        .join(DeviceAssociation, DeviceAssociation.device_id == Device.id)
        .outerjoin(DeviceState, DeviceState.device_id == Device.id)
        .where(DeviceAssociation.patient_id == patient_id, DeviceAssociation.valid.contains(sql_now()))
        .order_by(DeviceAssociation.id)
    ).all()
    return [
        WornDevice(
            device.public_id,
            device.device_id,
            device.kind,
            device.model,
            state.firmware if state else None,
            round(state.battery_pct) if state and state.battery_pct is not None else None,
            state.last_seen_at if state else None,
            every_s,
            bound_at or device.created_at,
            state.asleep_until if state else None,
            state.presence_at if state and state.presence == "lost" else None,
        )
        for device, state, bound_at, every_s in rows
    ]
