"""Says at which GP practice somebody works: its staff write with the people registered there."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.access.models import PracticeMember
from backend.core.clock import sql_now
from backend.core.db import db


def of_practitioners(ids: Sequence[int]) -> Mapping[int, int]:
    """The practice (inside key of the organisation) each of them works at now."""
    rows = db.session.execute(
        select(PracticeMember.practitioner_id, PracticeMember.organization_id).where(
            PracticeMember.practitioner_id.in_(list(ids)), PracticeMember.valid.contains(sql_now())
        )
    )
    return {row.practitioner_id: row.organization_id for row in rows}


def join(practitioner_id: int, organization_id: int) -> None:
    """Somebody works at this practice from now on."""
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    db.session.add(
        PracticeMember(
            practitioner_id=practitioner_id, organization_id=organization_id, valid=Range(now, None)
        )
    )
    db.session.flush()
