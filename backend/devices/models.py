"""Devices, who wears them, the raw inbox and what could not be used."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, FetchedValue, ForeignKey, Identity, Text
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE, JSONB, TSTZRANGE, Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange
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
    serial: Mapped[str | None]
    batch: Mapped[str | None]
    cuff_size: Mapped[str | None]
    consumables: Mapped[str | None]
    calibration_due: Mapped[date | None]
    line_type: Mapped[str] = mapped_column(default="unknown")
    slot_names: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    kit_state: Mapped[str] = mapped_column(default="in-stock")
    collected_at: Mapped[datetime | None]
    cleaned_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    wiped_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    route_name: Mapped[str | None]
    route_phone: Mapped[str | None]
    route_set_at: Mapped[datetime | None]
    credential_at: Mapped[datetime | None]
    rotated_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None]


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
    asleep_until: Mapped[datetime | None]


class DeviceGap(Model):
    """Which messages of one boot have not come: `holes` are ranges of seq; `filled_at` once all have."""

    __tablename__ = "device_gap"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    boot: Mapped[str] = mapped_column(primary_key=True)
    holes: Mapped[MultiRange[int]] = mapped_column(INT8MULTIRANGE)
    since: Mapped[datetime]
    filled_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


class DeviceAnchor(Model):
    """When a boot began by our clock, by the message that waited least on its way."""

    __tablename__ = "device_anchor"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    boot: Mapped[str] = mapped_column(primary_key=True)
    booted_at: Mapped[datetime]
    noted_at: Mapped[datetime]
    up_ms: Mapped[int] = mapped_column(BigInteger)


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
    # The device's own time of measurement, and the number of the clock rule that dated it (clock.py METHODS).
    taken_at: Mapped[datetime | None]
    clock_method: Mapped[int | None]


class BindingEpoch(Model):
    """One row, counted up by the database with each change of who wears what or agrees to it."""

    __tablename__ = "binding_epoch"

    one: Mapped[bool] = mapped_column(primary_key=True, default=True)
    epoch: Mapped[int] = mapped_column(BigInteger)


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
    # How it ended: replayed, attributed, stored-since or set-aside; means nothing while it is open.
    resolution: Mapped[str | None]


class Downlink(Model):
    """One thing a device is to be told, kept until the broker has it."""

    __tablename__ = "downlink"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    device: Mapped[str]
    channel: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    retain: Mapped[bool] = mapped_column(default=False)
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    asked: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="waiting")
    sent_at: Mapped[datetime | None]


class DeviceConfig(Model):
    """What staff want a device set to, and the revision it last said it runs."""

    __tablename__ = "device_config"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    rev: Mapped[int] = mapped_column(default=1)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    set_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    set_by: Mapped[UUID | None]
    applied_rev: Mapped[int | None]
    applied_at: Mapped[datetime | None]
