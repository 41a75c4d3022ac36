"""Devices, who wears them, the raw inbox and what could not be used."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, FetchedValue, ForeignKey
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import BigKeyed, Keyed, Model, PatientRow


class Device(Keyed, Model):
    """A piece of kit; `device_id` is its MQTT user name, client id and topic."""

    __tablename__ = "device"

    device_id: Mapped[str]
    kind: Mapped[str]
    manufacturer: Mapped[str | None]
    model: Mapped[str | None]
    last_known_address: Mapped[str | None]
    expected_every_s: Mapped[int | None]
    hb_s: Mapped[int] = mapped_column(default=3600)
    is_canary: Mapped[bool] = mapped_column(default=False)
    revoked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class DeviceState(Model):
    """What changes with every message: last sign of life, battery, presence, clock."""

    __tablename__ = "device_state"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    firmware: Mapped[str | None]
    boot: Mapped[str | None]
    last_seq: Mapped[int | None] = mapped_column(BigInteger)
    last_seen_at: Mapped[datetime | None]
    last_reading_at: Mapped[datetime | None]
    presence: Mapped[str | None]
    presence_at: Mapped[datetime | None]
    presence_boot: Mapped[str | None]
    battery_pct: Mapped[Decimal | None]
    battery_at: Mapped[datetime | None]
    clock_skew_s: Mapped[int | None]
    hb_s: Mapped[int | None]


class DeviceAssociation(PatientRow, Model):
    """Who wears a device, from when to when; the database refuses two at once in one slot."""

    __tablename__ = "device_association"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    slot: Mapped[int] = mapped_column(default=0)
    valid: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class DeviceMessage(Model):
    """The raw inbox: the bytes as they came, kept as provenance and for replay (partitioned by month)."""

    __tablename__ = "device_message"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    received_at: Mapped[datetime] = mapped_column(primary_key=True)
    device_id: Mapped[int | None]
    channel: Mapped[int]
    device: Mapped[str]
    message_id: Mapped[str | None]
    boot: Mapped[str | None]
    seq: Mapped[int | None] = mapped_column(BigInteger)
    payload: Mapped[bytes]


class MessageKey(Model):
    """That a message was stored: what makes a resend harmless, kept longer than any device buffers."""

    __tablename__ = "message_key"

    device_id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    device_message_id: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime]


class Quarantine(BigKeyed, Model):
    """A message that could not be used, whole, with the reason; the same bytes again only count."""

    __tablename__ = "quarantine"

    received_at: Mapped[datetime]
    last_received_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
    device: Mapped[str]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    channel: Mapped[str]
    topic: Mapped[str]
    reason: Mapped[str]
    detail: Mapped[str]
    message_id: Mapped[str | None]
    payload: Mapped[bytes]
    payload_sha256: Mapped[bytes]
    resolved_at: Mapped[datetime | None]
