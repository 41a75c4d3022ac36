"""Observations by month, the latest of each code, and the marks that wake the rules."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ARRAY, BigInteger, FetchedValue, ForeignKey, Identity, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Keyed, Model


class Observation(Model):
    """One value, immutable; its `code`, `quality`, `source` and `special` are numbers of reading.py, codes.py.

    The unit is the one UCUM unit of its code; what the device wrote stands in its DeviceMessage.
    """

    __tablename__ = "observation"

    patient_id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    effective_at: Mapped[datetime] = mapped_column(primary_key=True)
    device_message_id: Mapped[int | None] = mapped_column(BigInteger, primary_key=True)
    received_at: Mapped[datetime]
    device_id: Mapped[int | None]
    quality: Mapped[int] = mapped_column(SmallInteger, default=0)
    source: Mapped[int] = mapped_column(SmallInteger, default=0)
    special: Mapped[int | None] = mapped_column(SmallInteger)
    value: Mapped[Decimal | None]


class Latest(Model):
    """The newest value of each code by time of measurement: what lists and clock rules read."""

    __tablename__ = "latest"

    patient_id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    quality: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[int] = mapped_column(SmallInteger)
    special: Mapped[int | None] = mapped_column(SmallInteger)
    device_id: Mapped[int | None]
    effective_at: Mapped[datetime]
    received_at: Mapped[datetime]
    device_message_id: Mapped[int | None] = mapped_column(BigInteger)
    value: Mapped[Decimal | None]


class EvaluationWait(Model):
    """A patient waiting for the rules; taken by the worker with SKIP LOCKED, so a crash leaves it waiting."""

    __tablename__ = "evaluation_wait"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    patient_id: Mapped[int]
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    codes: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    effective_from: Mapped[datetime]
    not_before: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Correction(Keyed, Model):
    """What somebody at a desk decided about readings, with who and why; undone, never deleted."""

    __tablename__ = "correction"

    kind: Mapped[str]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    reason: Mapped[str]
    made_by: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    made_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    undone_at: Mapped[datetime | None]
    undone_reason: Mapped[str | None]


class ObservationCorrection(Model):
    """That the readings of one message were given to a person by hand, or are void; until `ended_at`."""

    __tablename__ = "observation_correction"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"))
    kind: Mapped[str]
    device_message_id: Mapped[int] = mapped_column(BigInteger)
    patient_id: Mapped[int]
    device_id: Mapped[int | None]
    codes: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    effective_at: Mapped[datetime]
    received_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
