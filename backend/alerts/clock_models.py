"""What is due, what does not come, who is looked at when, and how a home usually is; written by SQL alone."""

from datetime import datetime, time

from sqlalchemy import BigInteger, ForeignKey, Identity, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Model


class ReadingDue(Model):
    """One reading that is due; settled once, when its grace has ended: taken, missed or excused."""

    __tablename__ = "reading_due"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    kind: Mapped[str]
    code: Mapped[int] = mapped_column(SmallInteger)
    due_at: Mapped[datetime]
    early_at: Mapped[datetime]
    grace_until: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="due")
    settled_at: Mapped[datetime | None]


class ReadingSilence(Model):
    """Readings of one kind that do not come: since when, the step that was taken, when the next is due."""

    __tablename__ = "reading_silence"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[int] = mapped_column(SmallInteger)
    since: Mapped[datetime]
    last_due_at: Mapped[datetime]
    rung: Mapped[int] = mapped_column(SmallInteger, default=0)
    next_at: Mapped[datetime | None]


class ClockWatch(Model):
    """When a person is to be looked at by a rule of the clock; `since` they are watched."""

    __tablename__ = "clock_watch"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    check_at: Mapped[datetime]
    looked_to: Mapped[datetime | None]


class HomePattern(Model):
    """How a home usually is, learnt over `days` days; times on the wall."""

    __tablename__ = "home_pattern"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    days: Mapped[int]
    usual_gap_s: Mapped[int | None]
    active_from: Mapped[time | None]
    active_to: Mapped[time | None]
    computed_at: Mapped[datetime]
