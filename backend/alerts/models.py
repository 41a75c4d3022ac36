"""Alerts as episodes, what happened to each, alarms as they came, and personal limits."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Identity, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Keyed, Model, PatientRow


class AlertLimit(PatientRow, Model):
    """A clinician's personal limit; it wins over every pack (care.md 3)."""

    __tablename__ = "alert_limit"

    code: Mapped[int] = mapped_column(SmallInteger)
    low: Mapped[Decimal | None]
    high: Mapped[Decimal | None]
    set_by: Mapped[str]
    set_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    reason: Mapped[str] = mapped_column(default="")


class Alert(Keyed, Model):
    """One episode: from first true to closed. `true_at` is when it was true, `known_at` when we knew."""

    __tablename__ = "alert"

    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    device: Mapped[str | None]
    care_team_id: Mapped[int | None] = mapped_column(ForeignKey("care_team.id"))
    version: Mapped[int] = mapped_column(default=1)
    rule: Mapped[str]
    kind: Mapped[str]
    level: Mapped[str]
    title: Mapped[str]
    reason: Mapped[str]
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    judged_by: Mapped[str] = mapped_column(default="")
    true_at: Mapped[datetime]
    known_at: Mapped[datetime]
    late: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    acknowledge_by: Mapped[datetime | None]
    contact_by: Mapped[datetime | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    claimed_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    note: Mapped[str | None]
    repeats: Mapped[int] = mapped_column(default=0)
    is_canary: Mapped[bool] = mapped_column(default=False)
    # A named responder has set off; nobody acknowledged it in time. What the device is told follows from them.
    help_coming_at: Mapped[datetime | None]
    unreached_at: Mapped[datetime | None]


class AlarmEvent(Model):
    """Every press, repeat and cancel as it came, by the device's own alarm id."""

    __tablename__ = "alarm_event"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    device: Mapped[str]
    alarm_id: Mapped[str]
    phase: Mapped[str]
    kind: Mapped[str]
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id"))
    patient_id: Mapped[int | None]
    raised_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    message_id: Mapped[str | None]
    scaip: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))


class AlertEvent(Model):
    """What happened to an alert: raised, repeated, worsened, claimed, told, closed."""

    __tablename__ = "alert_event"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"))
    patient_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    kind: Mapped[str]
    actor_kind: Mapped[str] = mapped_column(default="system")
    actor_id: Mapped[UUID | None]
    words: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
