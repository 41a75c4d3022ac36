"""Tables of the life of kit: claim codes, proofs of installation, certified firmware, histories."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Model


class _OfDevice:
    """A line of something that grows with time, about one device."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))


class KitEvent(_OfDevice, Model):
    """What happened to a piece of kit, in words; never edited."""

    __tablename__ = "kit_event"

    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    kind: Mapped[str]
    words: Mapped[str]
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    note: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class KitStep(_OfDevice, Model):
    """One try at one step of an installation's proof; never edited."""

    __tablename__ = "kit_step"

    step: Mapped[str]
    outcome: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    note: Mapped[str] = mapped_column(default="")
    signal_dbm: Mapped[int | None]


class KitFirmware(_OfDevice, Model):
    """That a device was born with another firmware; written by a trigger on device_state."""

    __tablename__ = "kit_firmware"

    firmware: Mapped[str]
    at: Mapped[datetime]


class KitBattery(_OfDevice, Model):
    """A battery's charge, one a day or a step of 5 %; written by the same trigger."""

    __tablename__ = "kit_battery"

    pct: Mapped[Decimal]
    at: Mapped[datetime]


class CertifiedFirmware(Model):
    """A firmware somebody answers for; kit with another is flagged and never refused."""

    __tablename__ = "certified_firmware"

    model: Mapped[str] = mapped_column(primary_key=True)
    firmware: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))


class ClaimCode(_OfDevice, Model):
    """That whoever shows this code within its ten minutes is this device; only a slow hash of it is kept."""

    __tablename__ = "claim_code"

    code_hash: Mapped[bytes]
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ClaimAttempt(Model):
    """A claim that was tried; `subject` is a hash of the address it came from."""

    __tablename__ = "claim_attempt"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    subject: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
