"""Takes somebody off the rota who is shut out or leaves a team, and says at once what is empty because of it."""

from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import Range

from backend.access.service import database_time
from backend.audit import service as audit
from backend.core.db import db
from backend.core.http import Actor
from backend.escalation.gaps import find_gaps
from backend.escalation.models import RotaShift

# Shifts to come, or going on, that reach beyond the time their holder is of the team.
_BEYOND = text(
    """select s.id, (select upper(m.valid) from care_team_member m where m.care_team_id = s.care_team_id
            and m.practitioner_id = s.practitioner_id and m.valid @> greatest(lower(s.valid), db_now())
            limit 1) as stays_until
    from rota_shift s where s.practitioner_id = :practitioner and upper(s.valid) > db_now()
        and not exists (select from care_team_member m where m.care_team_id = s.care_team_id
            and m.practitioner_id = s.practitioner_id and m.valid @> tstzrange(
                greatest(lower(s.valid), db_now()), upper(s.valid)))"""
)


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


def keep_to_membership(actor: Actor, practitioner_id: int) -> int:
    """End or take out the duties they have in a team beyond their time in it; answers how many.

    For whoever has just changed in which teams they are, until when. In the caller's transaction; each team with a
    gap by it is told at once.
    """
    now = database_time()
    beyond = {
        row.id: row.stays_until for row in db.session.execute(_BEYOND, {"practitioner": practitioner_id})
    }
    mine = select(RotaShift).where(RotaShift.id.in_(list(beyond))).order_by(RotaShift.id).with_for_update()
    shifts = list(db.session.scalars(mine))
    for shift in shifts:
        _end(actor, shift, max(beyond[shift.id] or now, now), why="left-team")
    db.session.flush()
    if shifts:
        find_gaps({shift.care_team_id for shift in shifts})
    return len(shifts)


def _end(actor: Actor, shift: RotaShift, at: datetime, why: str = "shut-out") -> None:
    begins, ends = shift.valid.lower, shift.valid.upper
    detail = {"role": shift.role, "from": str(begins), "to": str(ends), "why": why}
    if begins is not None and begins < at:
        shift.valid = Range(begins, at)
    else:
        db.session.delete(shift)
    audit.record(actor, "delete", "rota-shift", str(shift.public_id), detail=detail)
