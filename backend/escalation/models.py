"""The rota, and every step of every ladder as it was taken."""

from datetime import datetime

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Identity, SmallInteger
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Keyed, Model


class RotaShift(Keyed, Model):
    """Who of a team is on call or duty manager, from when to when."""

    __tablename__ = "rota_shift"

    care_team_id: Mapped[int] = mapped_column(ForeignKey("care_team.id"))
    role: Mapped[str]
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    valid: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class EscalationStep(Model):
    """One try on one rung: who, by which channel, when it was due and taken, and what came of it."""

    __tablename__ = "escalation_step"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"))
    rung: Mapped[int] = mapped_column(SmallInteger)
    place: Mapped[str]
    phase: Mapped[str]
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    # Of the last rung: which alarm centre.
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    channel: Mapped[str]
    communication_id: Mapped[int | None] = mapped_column(ForeignKey("communication.id"))
    due_at: Mapped[datetime | None]
    at: Mapped[datetime]
    outcome: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
