"""The audit chain as rows; written only by the database function `audit_append`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Model


class AuditEvent(Model):
    """One event, mappable to FHIR AuditEvent; `purpose` is a purpose of use (PATRQT, CAREMGT, TREAT, BTG)."""

    __tablename__ = "audit_event"

    shard: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    patient_id: Mapped[int | None]
    purpose: Mapped[str | None]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[str | None]
    outcome: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
    prev_hash: Mapped[bytes]
    hash: Mapped[bytes]
