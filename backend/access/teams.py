"""Says who works in which team, for hand-over, for counting desks, and for whether a team watches now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from sqlalchemy import func, select

from backend.access.hours import watch
from backend.access.models import CareTeam, CareTeamMember, Caseload, Practitioner
from backend.access.policy import CLINICIAN, DUTY_MANAGER, NURSE, TEAM_LEAD
from backend.audit import service as audit
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict
from backend.core.http import SYSTEM

# Who may be given a card: whoever may act on an alert.
_ON_A_DESK = (NURSE, TEAM_LEAD, CLINICIAN, DUTY_MANAGER)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of one's own teams, by inside key and as lists name them."""

    key: int
    id: UUID
    name: str
    role: str


def team_ids(practitioner_id: int) -> list[int]:
    """Inside keys of the teams somebody is in now."""
    mine = select(CareTeamMember.care_team_id).where(
        CareTeamMember.practitioner_id == practitioner_id, CareTeamMember.valid.contains(sql_now())
    )
    return sorted(set(db.session.scalars(mine)))


def looking_after(patient_id: int) -> list[int]:
    """Inside keys of the teams that have the patient on their caseload now; none for who is on no team's list."""
    theirs = select(Caseload.care_team_id).where(
        Caseload.patient_id == patient_id, Caseload.valid.contains(sql_now())
    )
    return sorted(set(db.session.scalars(theirs)))


def add_team(organization_id: int, name: str, phone: str, opens: time, closes: time, zone: str) -> UUID:
    """Make a team, by whoever runs the service; `opens` and `closes` are by the clock of `zone`. Audited.

    Raises Conflict "team-there" for a name that a team has.
    """
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("add-team", 0))))
    if db.session.scalars(select(CareTeam.id).where(func.lower(CareTeam.name) == name.lower())).first():
        raise Conflict("team-there", f"There is a team called {name} already.")
    row = CareTeam(
        organization_id=organization_id, name=name, phone=phone, opens=opens, closes=closes, time_zone=zone
    )
    db.session.add(row)
    db.session.flush()
    audit.record(SYSTEM, "add-team", "care-team", str(row.public_id))
    return row.public_id


def team_names(ids: Collection[int]) -> Mapping[int, str]:
    """The name of each team by inside key."""
    rows = db.session.execute(select(CareTeam.id, CareTeam.name).where(CareTeam.id.in_(list(ids))))
    return {row.id: row.name for row in rows}


def colleagues(practitioner_id: int) -> list[Colleague]:
    """Everybody of somebody's teams who works on a desk now, themselves among them, by name."""
    rows = db.session.execute(
        select(Practitioner.id, Practitioner.public_id, Practitioner.display_name, Practitioner.role)
        .join(CareTeamMember, CareTeamMember.practitioner_id == Practitioner.id)
        .where(
            CareTeamMember.care_team_id.in_(team_ids(practitioner_id)),
            CareTeamMember.valid.contains(sql_now()),
            Practitioner.role.in_(_ON_A_DESK),
        )
        .distinct()
        .order_by(Practitioner.display_name, Practitioner.id)
    )
    return [Colleague(row.id, row.public_id, row.display_name, row.role) for row in rows]


def watching_now() -> list[int]:
    """Inside keys of the teams in whose staffed hours it is now, by the database's clock."""
    rows = db.session.execute(
        select(CareTeam.id, CareTeam.opens, CareTeam.closes, CareTeam.time_zone, sql_now().label("now"))
    )
    return [row.id for row in rows if watch(row.opens, row.closes, row.time_zone, row.now).now]
