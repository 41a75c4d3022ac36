"""Messages asked to be tried again, and what became of each."""

from datetime import datetime

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Keyed, Model


class ReplayRequest(Keyed, Model):
    """Somebody's wish to have kept messages tried again; with a reason when they are given to a person."""

    __tablename__ = "replay_request"

    asked_by: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    asked_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    reason: Mapped[str | None]
    total: Mapped[int]


class Replay(Model):
    """One kept message to be tried again, as of who wore the device then or for the person named."""

    __tablename__ = "replay"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    replay_request_id: Mapped[int] = mapped_column(ForeignKey("replay_request.id"))
    quarantine_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("quarantine.id"))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    state: Mapped[str] = mapped_column(default="waiting")
    reason: Mapped[str | None]
    detail: Mapped[str | None]
    done_at: Mapped[datetime | None]
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("correction.id"))
