"""Alerts as episodes, what happened to each, alarms as they came, and personal limits."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, FetchedValue, ForeignKey, Identity, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.alerts.clock_models import ClockWatch, HomePattern, ReadingDue, ReadingSilence
from backend.core.db import Keyed, Model, PatientRow

# Written by SQL alone, and named here so that every table of the slice is known from one place.
__all__ = [
    "AlarmEvent",
    "Alert",
    "AlertEvent",
    "AlertLimit",
    "ClockWatch",
    "HomePattern",
    "PatientWatermark",
    "ReadingDue",
    "ReadingSilence",
]


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
    # Of which card it is: the id of the card's first alert, its own for a head. Alerts writes it once, on joining.
    card_id: Mapped[int] = mapped_column(FetchedValue())
    # How far its ladder has climbed, and when the next rung is due: to acknowledge, after a claim to contact, None
    # after a contact. Alerts sets it at opening and on worsening, desk on claim and contact, escalation each step.
    rung: Mapped[int] = mapped_column(SmallInteger, default=0)
    rung_due_at: Mapped[datetime | None]
    # Somebody spoke to the person (desk). A worse level asks for a new contact, so alerts empties it then.
    contacted_at: Mapped[datetime | None]
    # The words about 999 come before all others (alerts, from the rule).
    call_999: Mapped[bool] = mapped_column(default=False)
    # Until when it does not sound; by whom, why, at which level and at which values (desk). Alerts ends it early.
    snoozed_until: Mapped[datetime | None]
    snooze: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # It comes back when the recheck was not done by then (desk).
    recheck_by: Mapped[datetime | None]
    recheck_why: Mapped[str | None]
    # To whom it is being handed, until they accept it (desk).
    handed_to: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    # The versions of the pathways whose rule raised it: "copd 2026.1" (alerts).
    raised_versions: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    # What the facts say by now, where they no longer say what raised it (alerts): {"level": None or a level, "words"}.
    stands: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class PatientWatermark(Model):
    """Up to which arrival a person has been judged; a sweep finds who has something newer and does not wait."""

    __tablename__ = "patient_watermark"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    judged_to: Mapped[datetime]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


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
