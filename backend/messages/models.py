"""The outbox as rows: what is to be told, and the receipts of having told it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import BigKeyed, Model


class Communication(BigKeyed, Model):
    """Something to tell somebody; `facts` hold ids and no health words."""

    __tablename__ = "communication"

    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id"))
    to_kind: Mapped[str]
    to_ref: Mapped[str]
    channel: Mapped[str] = mapped_column(default="log")
    template: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    not_before: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    attempts: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default="waiting")
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class Receipt(Model):
    """That a channel took a communication, with the provider's own reference."""

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    communication_id: Mapped[int] = mapped_column(ForeignKey("communication.id"))
    channel: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    provider_ref: Mapped[str | None]
