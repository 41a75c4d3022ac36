"""Reviews: when somebody was last looked at as a whole, and by when it is due again."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from backend.access import service as access
from backend.access.record import Record
from backend.caseload.models import Review
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Invalid

SHOWN = 10


def done(record: Record, note: str, next_due: date) -> None:
    """Write that somebody was reviewed; raises Invalid when the next one is not in the future."""
    today = db.session.execute(select(sql_now())).scalar_one().date()
    if next_due <= today:
        raise Invalid("next-due", "The next review has to lie ahead.", errors={"next_due": ["Too early."]})
    db.session.add(
        Review(
            patient_id=record.patient.id, practitioner_id=record.actor.practitioner_id, note=note,
            next_due=next_due,
        )
    )  # fmt: skip
    db.session.flush()


def due(patient_ids: Collection[int]) -> dict[int, date]:
    """When each is due next; who never had a date is absent."""
    rows = db.session.execute(
        select(Review.patient_id, Review.next_due)
        .ext(distinct_on(Review.patient_id))
        .where(Review.patient_id.in_(list(patient_ids)))
        .order_by(Review.patient_id, Review.id.desc())
    )
    return {row.patient_id: row.next_due for row in rows}


def of(patient_id: int) -> dict[str, Any]:
    """Reviews of one person, newest first, and the date of the next. Setting a date is no review."""
    mine = select(Review).where(Review.patient_id == patient_id).order_by(Review.id.desc()).limit(SHOWN)
    rows = db.session.scalars(mine).all()
    names = access.practitioner_names(
        [row.practitioner_id for row in rows if row.practitioner_id is not None]
    )
    return {
        "review_due": rows[0].next_due if rows else None,
        "reviews": [
            {"at": row.at, "by": names[row.practitioner_id][1], "note": row.note}
            for row in rows
            if row.practitioner_id is not None
        ],
    }
