"""The register of kit: every device with what is known of it, for the slice that looks after its life."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import load_only

from backend.core.db import db
from backend.core.errors import Invalid
from backend.devices.models import Device, DeviceState


@dataclass(frozen=True, slots=True)
class Piece:
    """One device as it stands: facts that people edit, and what it last said of itself. `id` stays inside."""

    id: int
    public_id: UUID
    device_id: str
    kind: str
    manufacturer: str | None
    model: str | None
    last_known_address: str | None
    expected_every_s: int | None
    hb_s: int
    is_canary: bool
    revoked_at: datetime | None
    version: int
    serial: str | None
    batch: str | None
    cuff_size: str | None
    consumables: str | None
    calibration_due: date | None
    line_type: str
    slot_names: Sequence[str]
    kit_state: str
    collected_at: datetime | None
    cleaned_at: datetime | None
    checked_at: datetime | None
    wiped_at: datetime | None
    moved_at: datetime | None
    proved_at: datetime | None
    route_name: str | None
    route_phone: str | None
    route_set_at: datetime | None
    credential_at: datetime | None
    rotated_at: datetime | None
    revoked_reason: str | None
    firmware: str | None
    presence: str | None
    last_seen_at: datetime | None
    battery_pct: Decimal | None
    battery_at: datetime | None
    presence_at: datetime | None
    last_reading_at: datetime | None
    asleep_until: datetime | None
    # The interval the device itself promises; `hb_s` is what staff allow at most.
    said_hb_s: int | None


_STATE = (
    "firmware", "presence", "last_seen_at", "battery_pct", "battery_at", "presence_at", "last_reading_at",
    "asleep_until",
)  # fmt: skip
_DEVICE = tuple(name for name in Piece.__slots__ if name not in (*_STATE, "said_hb_s"))
_COLUMNS = (
    *(getattr(Device, name) for name in _DEVICE),
    *(getattr(DeviceState, name) for name in _STATE),
    DeviceState.hb_s.label("said_hb_s"),
)
_ALL = select(*_COLUMNS).outerjoin(DeviceState, DeviceState.device_id == Device.id)


def piece(public_id: UUID, *, for_change: bool = False) -> Piece | None:
    """One device by its public id, or None. `for_change`: nobody else changes it until this transaction ends."""
    if for_change:
        # Not FOR UPDATE: an alarm notes beside itself what refers to this row, and must wait for nobody.
        held = select(Device).options(load_only(Device.id)).where(Device.public_id == public_id)
        db.session.scalars(held.with_for_update(key_share=True)).one_or_none()
    row = db.session.execute(_ALL.where(Device.public_id == public_id)).one_or_none()
    return None if row is None else _piece(row)


def pieces(*, canary: bool = False, **equal: str | None) -> list[Piece]:
    """Devices, the canary's or everybody's, by device id; with `model="x"` and the like, only those."""
    wanted = _ALL.where(Device.is_canary.is_(canary)).order_by(Device.device_id)
    for name, value in equal.items():
        if value is not None:
            column = DeviceState.firmware if name == "firmware" else getattr(Device, name)
            wanted = wanted.where(column == value)
    return [_piece(row) for row in db.session.execute(wanted)]


def add_piece(device_id: str, kind: str, **facts: Any) -> Piece:
    """Take a new device in; raises Invalid when its id is known already."""
    known = select(Device.id).where(Device.device_id == device_id)
    if db.session.scalar(known) is not None:
        raise Invalid("device-id-taken", "There is a device with this id already.", status=412)
    row = Device(device_id=device_id, kind=kind, **facts)
    db.session.add(row)
    db.session.flush()
    made = piece(row.public_id)
    assert made is not None
    return made


def change_piece(device_row_id: int, **facts: Any) -> None:
    """Write facts of a device whose row the caller holds; its version goes up by one."""
    row = db.session.get_one(Device, device_row_id, populate_existing=True)
    for name, value in facts.items():
        setattr(row, name, value)
    row.version += 1
    db.session.flush()


def known_ids() -> list[str]:
    """Every device that may have an account at the broker."""
    return list(db.session.scalars(select(Device.device_id).where(Device.revoked_at.is_(None))))


def ids_with_account() -> list[str]:
    """Every device that was given a secret and may still use it."""
    has = (Device.revoked_at.is_(None), Device.credential_at.is_not(None))
    return list(db.session.scalars(select(Device.device_id).where(*has)))


def half_revoked() -> list[UUID]:
    """Devices put out here and not yet at the broker, by public id; none is held, because the broker is asked next."""
    half = (Device.revoked_at.is_not(None), Device.credential_at.is_not(None))
    return list(db.session.scalars(select(Device.public_id).where(*half)))


def _piece(row: Row[Any]) -> Piece:
    return Piece(**row._mapping)
