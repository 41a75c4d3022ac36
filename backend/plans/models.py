"""A person's plan as rows: sections, goals and things to do, every version of each, signatures, and reminders."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, FetchedValue, ForeignKey, Identity, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Model, PatientRow


class CarePlanSection(PatientRow, Model):
    """A section as it stands; `agreed_version` is the one that the person and a clinician have both signed."""

    __tablename__ = "care_plan_section"

    key: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    clinical: Mapped[bool]
    private: Mapped[bool] = mapped_column(default=False)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    agreed_version: Mapped[int | None]


class PlanGoal(PatientRow, Model):
    """A goal with its small steps."""

    __tablename__ = "plan_goal"

    text: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    by_date: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="open")
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    private: Mapped[bool] = mapped_column(default=False)


class PlanTask(PatientRow, Model):
    """Something to do on these days at these times (the person's own clock on the wall)."""

    __tablename__ = "plan_task"

    kind: Mapped[str]
    text: Mapped[str]
    how: Mapped[str] = mapped_column(default="")
    days: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    times: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    remind: Mapped[bool] = mapped_column(default=False)
    stopped: Mapped[bool] = mapped_column(default=False)
    private: Mapped[bool] = mapped_column(default=False)


class Written:
    """Who wrote something, when it reached us, and what their phone said of when and how it was made."""

    by_account: Mapped[UUID | None]
    by_name: Mapped[str]
    relation: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    made_at: Mapped[datetime | None]
    offline: Mapped[bool] = mapped_column(default=False)


class PlanVersion(Written, Model):
    """One version of a section, a goal or a thing to do: never changed, never removed."""

    __tablename__ = "plan_version"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    entity: Mapped[str]
    entity_id: Mapped[int]
    version: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    private: Mapped[bool]


class PlanSignature(Model):
    """That the person, or a clinician, agreed to one version of a section."""

    __tablename__ = "plan_signature"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("care_plan_section.id"))
    version: Mapped[int]
    role: Mapped[str]
    by_name: Mapped[str]
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class PlanProposal(PatientRow, Written, Model):
    """What the person or a carer would change of a section that a clinician signed; it changes nothing by itself."""

    __tablename__ = "plan_proposal"

    section_id: Mapped[int] = mapped_column(ForeignKey("care_plan_section.id"))
    on_version: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(default="open")
    words: Mapped[str] = mapped_column(default="")
    settled_by: Mapped[str | None]
    settled_at: Mapped[datetime | None]


class PlanTick(Written, Model):
    """What somebody said of one time of a thing to do; of several the last counts."""

    __tablename__ = "plan_tick"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    task_id: Mapped[int] = mapped_column(ForeignKey("plan_task.id"))
    due_on: Mapped[date]
    due_at: Mapped[str | None]
    done: Mapped[bool]
    why: Mapped[str | None]


class ReminderSetting(Model):
    """What a person chose to be reminded of, and at which times of their own."""

    __tablename__ = "reminder_setting"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    readings: Mapped[bool]
    check_ins: Mapped[bool]
    medicines: Mapped[bool]
    times: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    tell_seen: Mapped[bool] = mapped_column(default=False)


class Reminder(Model):
    """One reminder at one time: waiting, sent, or stopped and why."""

    __tablename__ = "reminder"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    kind: Mapped[str]
    subject: Mapped[str]
    due_at: Mapped[datetime]
    early_at: Mapped[datetime]
    until: Mapped[datetime]
    send_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    why: Mapped[str | None]
    settled_at: Mapped[datetime | None]
