"""What came sealed from phones: what was stored, what was refused and waits for its author, what was no envelope."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Identity, Integer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Model


class LateChange(Model):
    """A change that was stored after its phone had been signed out; marked when the phone had been shut out."""

    __tablename__ = "late_change"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    change_id: Mapped[UUID] = mapped_column(primary_key=True)
    phone_id: Mapped[int] = mapped_column(ForeignKey("phone.id"))
    received_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    from_shut_out: Mapped[bool]


class HeldChange(Model):
    """A change that came sealed and was refused, with why: nobody but its author reads it."""

    __tablename__ = "held_change"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    change_id: Mapped[UUID] = mapped_column(primary_key=True)
    phone_id: Mapped[int] = mapped_column(ForeignKey("phone.id"))
    patient: Mapped[UUID]
    method: Mapped[str]
    path: Mapped[str]
    body: Mapped[str | None]
    if_match: Mapped[str | None]
    made_at: Mapped[str | None]
    made_offline: Mapped[bool]
    received_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    from_shut_out: Mapped[bool]
    problem: Mapped[dict[str, Any]] = mapped_column(JSONB)
    settled_at: Mapped[datetime | None]
    settled_how: Mapped[str | None]


class OutboxAttempt(Model):
    """Something that could not be opened: `subject` is a hash of the address it came from."""

    __tablename__ = "outbox_attempt"

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    subject: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
