"""Who of the demo's team is on call and who is duty manager, so that its ladders have somebody on every rung."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.access.models import CareTeam, Practitioner
from backend.core.db import db
from backend.demo.team import STAFF, TEAM_NAME
from backend.escalation.models import RotaShift

# By their place in STAFF. A rota is written some weeks ahead; each start of the demo carries it on.
DUTIES = (("on-call", 1), ("duty-manager", 0))
WEEKS = 4


def write(now: datetime) -> None:
    """Fill the weeks from this one on; a week in which somebody is down for a duty stays as it is."""
    team = db.session.scalars(
        select(CareTeam.id).where(CareTeam.name == TEAM_NAME).order_by(CareTeam.id)
    ).first()
    monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    for role, place in DUTIES:
        named = Practitioner.display_name == STAFF[place].display
        who = db.session.scalars(select(Practitioner.id).where(named).order_by(Practitioner.id)).first()
        if team is None or who is None:
            continue
        for week in range(WEEKS):
            start = monday + timedelta(weeks=week)
            span = Range(start, start + timedelta(weeks=1))
            duty = (RotaShift.care_team_id == team, RotaShift.role == role, RotaShift.valid.overlaps(span))
            if db.session.scalars(select(RotaShift.id).where(*duty)).first() is None:
                db.session.add(RotaShift(care_team_id=team, role=role, practitioner_id=who, valid=span))
                db.session.flush()
