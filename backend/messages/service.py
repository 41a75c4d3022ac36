"""What other slices may ask of messages: what could not be delivered, so that a human learns of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from backend.core.db import db
from backend.messages.models import Communication


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A communication that never arrived: ids, when it was made and why it failed."""

    id: UUID
    patient_id: int | None
    alert_id: int | None
    created_at: datetime
    why: str


def undelivered(limit: int = 50) -> list[Undelivered]:
    """The newest communications that failed for good."""
    failed = select(Communication).where(Communication.state == "failed")
    rows = db.session.scalars(failed.order_by(Communication.id.desc()).limit(limit))
    return [
        Undelivered(row.public_id, row.patient_id, row.alert_id, row.created_at, row.last_error or "")
        for row in rows
    ]


def counts() -> dict[str, int]:
    """How many communications wait, were sent and failed."""
    rows = db.session.execute(
        select(Communication.state, func.count().label("n")).group_by(Communication.state)
    )
    return {"waiting": 0, "sent": 0, "failed": 0} | {row.state: row.n for row in rows}
