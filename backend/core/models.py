"""Rows that belong to no domain: replays of writes, and the sign of life of each process."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Model


class IdempotencyKey(Model):
    """The first answer to a write, kept 90 days and given again to a repeat."""

    __tablename__ = "idempotency_key"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    key: Mapped[UUID] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    status: Mapped[int]
    body: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    etag: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Change(Model):
    """A change already applied, by the id its maker chose: `Record.save` looks here first."""

    __tablename__ = "change"

    change_id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    entity: Mapped[str]
    entity_id: Mapped[int]
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Heartbeat(Model):
    """When a process, or the canary, was last known to be alive by what it did."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
