"""The outbox as rows: what is to be told, the receipts of having told it, and where people are reached."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import ARRAY, BigInteger, FetchedValue, ForeignKey, Identity, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import BigKeyed, Keyed, Model


class Communication(BigKeyed, Model):
    """Something to tell somebody; `facts` hold ids and no health words."""

    __tablename__ = "communication"

    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id"))
    to_kind: Mapped[str]
    to_ref: Mapped[str]
    channel: Mapped[str] = mapped_column(default="best")
    template: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    not_before: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    attempts: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="waiting")
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    # When escalation took note that it can never arrive.
    reckoned_at: Mapped[datetime | None]


class Receipt(Model):
    """That a channel took a communication, with the provider's own reference."""

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    communication_id: Mapped[int] = mapped_column(ForeignKey("communication.id"))
    channel: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    provider_ref: Mapped[str | None]


class PractitionerContact(Model):
    """Where a member of staff is reached when no desk of theirs is open."""

    __tablename__ = "practitioner_contact"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    channel: Mapped[str]
    address: Mapped[str]


class OrganizationContact(Model):
    """Where a GP practice or an alarm centre is reached."""

    __tablename__ = "organization_contact"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]


class PractitionerReach(Model):
    """In which order a member of staff is reached, whether they still are, and their last test."""

    __tablename__ = "practitioner_reach"

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), primary_key=True)
    channels: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    stopped: Mapped[bool] = mapped_column(default=False)
    test_id: Mapped[int | None] = mapped_column(ForeignKey("communication.id"))
    changed_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class ContactPreference(Model):
    """How a person wants to be told, and when they want no nudges (their own clock on the wall)."""

    __tablename__ = "contact_preference"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    channel: Mapped[str]
    email: Mapped[str | None]
    quiet_from: Mapped[time] = mapped_column(default=time(21))
    quiet_to: Mapped[time] = mapped_column(default=time(8))


class PushSubscription(Keyed, Model):
    """A browser that agreed to be rung, and whose it is; `confirmed_at` is when it last said so."""

    __tablename__ = "push_subscription"

    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    related_person_id: Mapped[int | None] = mapped_column(ForeignKey("related_person.id"))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    endpoint: Mapped[str]
    p256dh: Mapped[str]
    auth: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    confirmed_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
