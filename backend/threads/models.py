"""Conversations as rows: the duty clock of each, its messages, and who had which on a screen."""

from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, FetchedValue, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import BigKeyed, Keyed, Model


class Thread(Keyed, Model):
    """One conversation. `reply_by` is null while nobody waits; what is after `settled_upto` waits."""

    __tablename__ = "thread"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    kind: Mapped[str]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    opened_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    waiting_since: Mapped[datetime | None]
    reply_by: Mapped[datetime | None]
    danger: Mapped[bool] = mapped_column(default=False)
    alerted_at: Mapped[datetime | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    owned_at: Mapped[datetime | None]
    settled_upto: Mapped[int] = mapped_column(BigInteger, default=0)
    settled_at: Mapped[datetime | None]
    settled_how: Mapped[str | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    settled_why: Mapped[str | None]
    settled_private: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class ThreadMessage(BigKeyed, Model):
    """One message, never changed; `public_id` was minted by the writer's device."""

    __tablename__ = "thread_message"

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    relation: Mapped[str]
    related_person_id: Mapped[int | None] = mapped_column(ForeignKey("related_person.id"))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    words: Mapped[str]
    private: Mapped[bool] = mapped_column(default=False)
    danger: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    made_at: Mapped[datetime | None]
    made_offline: Mapped[bool] = mapped_column(default=False)
    late: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())

    @property
    def is_of_the_person(self) -> bool:
        """Written by the person or by somebody who helps them."""
        return self.relation in ("self", "carer")


class ThreadSeen(Model):
    """That an account had a message on a screen (received) or opened it (read)."""

    __tablename__ = "thread_seen"

    message_id: Mapped[int] = mapped_column(ForeignKey("thread_message.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class PracticePromise(Model):
    """In how many working days a practice has said in writing that it answers."""

    __tablename__ = "practice_promise"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    working_days: Mapped[int]
    said_on: Mapped[date]
