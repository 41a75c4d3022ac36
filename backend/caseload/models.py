"""Drafts of people who join, what the board asks, reviews, and how somebody's being watched ended."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import FetchedValue, ForeignKey, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Keyed, Model, PatientRow


class Joining(Keyed, Model):
    """Somebody is being added: a draft until `register`, then the way to going live. `draft` is step -> body."""

    __tablename__ = "joining"

    version: Mapped[int] = mapped_column(default=1)
    care_team_id: Mapped[int] = mapped_column(ForeignKey("care_team.id"))
    started_by: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    started_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    changed_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    state: Mapped[str] = mapped_column(default="draft")
    draft: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    registered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class SensorReason(Model):
    """Why a door or location sensor is the least restrictive way for one person."""

    __tablename__ = "sensor_reason"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    why: Mapped[str]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class BoardRecord(Model):
    """What an evaluation asks of one offer, apart from the clinical record; "not-stated" is an answer."""

    __tablename__ = "board_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    joining_id: Mapped[int] = mapped_column(ForeignKey("joining.id"))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    care_team_id: Mapped[int] = mapped_column(ForeignKey("care_team.id"))
    offered_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(default="offered")
    outcome_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    ethnicity: Mapped[str | None]
    language: Mapped[str | None]
    disability: Mapped[str | None]
    digital_access: Mapped[str | None]
    deprivation_decile: Mapped[int | None] = mapped_column(SmallInteger)
    channel: Mapped[str | None]


class Review(Model):
    """That somebody was reviewed, and when next; the newest counts."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    note: Mapped[str] = mapped_column(default="")
    next_due: Mapped[date]


class Leaving(PatientRow, Model):
    """That somebody's being watched ended, or that they died; `before` holds what an undo needs, by ids."""

    __tablename__ = "leaving"

    kind: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    died_on: Mapped[date | None]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    made_by: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    undone_why: Mapped[str | None]
