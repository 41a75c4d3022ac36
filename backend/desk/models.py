"""What a desk writes beside the alert: what was done, hand-overs, who listens, changed limits, messages."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import FetchedValue, ForeignKey, Identity, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import BigKeyed, Keyed, Model


class DeskAct(BigKeyed, Model):
    """One thing somebody did with a card. `before` holds what an undo puts back, by the alert's inside key."""

    __tablename__ = "desk_act"

    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    by_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    version: Mapped[int] = mapped_column(default=0)
    undone_at: Mapped[datetime | None]


class DeskMessage(BigKeyed, Model):
    """Plain words from the team to a person, read in the person's own app."""

    __tablename__ = "desk_message"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    words: Mapped[str]
    read_at: Mapped[datetime | None]


class Handover(Keyed, Model):
    """Cards given at the end of a shift to a colleague, or to everybody of a team."""

    __tablename__ = "desk_handover"

    from_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    care_team_id: Mapped[int | None] = mapped_column(ForeignKey("care_team.id"))
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    due_at: Mapped[datetime]


class HandoverCard(Model):
    """One card of a hand-over: accepted, climbed because nobody did, or dropped because it ended otherwise."""

    __tablename__ = "desk_handover_card"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("desk_handover.id"))
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"))
    due_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    climbed_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]


class DeskListening(Model):
    """How many desks listen to one web process, and of which teams; old after half a minute."""

    __tablename__ = "desk_listening"

    instance: Mapped[str] = mapped_column(primary_key=True)
    desks: Mapped[int]
    teams: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class DeskHeard(Model):
    """When a desk of a team last listened."""

    __tablename__ = "desk_heard"

    care_team_id: Mapped[int] = mapped_column(ForeignKey("care_team.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class LimitChange(Keyed, Model):
    """A clinician's limit as it was and as it became, with who, why and what the rehearsal showed."""

    __tablename__ = "desk_limit_change"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    code: Mapped[int] = mapped_column(SmallInteger)
    low: Mapped[Decimal | None]
    high: Mapped[Decimal | None]
    was_low: Mapped[Decimal | None]
    was_high: Mapped[Decimal | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    reason: Mapped[str]
    rehearsal: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
