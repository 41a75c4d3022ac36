"""Which version of which pathway a patient is on."""

from datetime import datetime
from typing import Any

from sqlalchemy import FetchedValue, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Keyed, Model, PatientRow


class PathwayVersion(Keyed, Model):
    """A pathway pack as it stood when it was loaded, with why and by whom."""

    __tablename__ = "pathway_version"

    pathway: Mapped[str]
    version: Mapped[str]
    locality: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str]
    author: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Enrolment(PatientRow, Model):
    """A patient on a pathway. Only status "live" counts as monitored."""

    __tablename__ = "enrolment"

    pathway_version_id: Mapped[int] = mapped_column(ForeignKey("pathway_version.id"))
    status: Mapped[str]
    valid: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class PauseRow(PatientRow, Model):
    """One person's readings are off for a time that always ends; household alarms go on."""

    __tablename__ = "pause"

    span: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    kind: Mapped[str]
    reason: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    made_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    discharged: Mapped[bool] = mapped_column(default=False)
    checked_at: Mapped[datetime | None]


class RuleChoice(PatientRow, Model):
    """What a clinician chose for one person where two packs set a rule differently."""

    __tablename__ = "rule_choice"

    rule: Mapped[str]
    name: Mapped[str]
    value: Mapped[str]
    chosen_by: Mapped[str]
    chosen_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    reason: Mapped[str]
