"""Takes somebody off every rota when their account is shut out, and says at once what is empty because of it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range

from backend.access.service import database_time
from backend.audit import service as audit
from backend.core.db import db
from backend.core.http import Actor
from backend.escalation.gaps import find_gaps
from backend.escalation.models import RotaShift


def take_off(actor: Actor, practitioner_id: int) -> int:
    """End the duty they have now and take out those to come; answers how many. In the caller's transaction.

    What they did stays on record. Each team whose rota has a gap by it is told at once and not with the next hour.
    """
    now = database_time()
    mine = select(RotaShift).where(
        RotaShift.practitioner_id == practitioner_id, func.upper(RotaShift.valid) > now
    )
    shifts = list(db.session.scalars(mine.order_by(RotaShift.id).with_for_update()))
    for shift in shifts:
        _end(actor, shift, now)
    db.session.flush()
    if shifts:
        find_gaps({shift.care_team_id for shift in shifts})
    return len(shifts)


def _end(actor: Actor, shift: RotaShift, now: datetime) -> None:
    begins, ends = shift.valid.lower, shift.valid.upper
    detail = {"role": shift.role, "from": str(begins), "to": str(ends), "why": "shut-out"}
    if begins is not None and begins < now:
        shift.valid = Range(begins, now)
    else:
        db.session.delete(shift)
    audit.record(actor, "delete", "rota-shift", str(shift.public_id), detail=detail)
