"""Says whose ways of being reached somebody may see and set: their own, and as a lead or administrator others'."""

from uuid import UUID

from sqlalchemy import Select, exists, select

from backend.access.facts import PractitionerRef, of_actor, teams_of
from backend.access.models import Account, CareTeamMember, Practitioner
from backend.access.policy import ADMINISTRATOR, CANARY_WATCHER, INSTALLER, Task, may_do
from backend.access.record import allow
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import NotAllowed, NotFound
from backend.core.http import Actor

# Nobody is called out for these, so nobody has to say how.
_NEVER_CALLED = (CANARY_WATCHER, INSTALLER, ADMINISTRATOR)


def myself(actor: Actor) -> PractitionerRef:
    """The member of staff who asks; raises NotAllowed for anybody else."""
    if actor.practitioner_id is None:
        raise NotAllowed("staff-only", "This page is for staff.")
    return _ref(db.session.get_one(Practitioner, actor.practitioner_id))


def somebody(actor: Actor, staff_id: UUID) -> PractitionerRef:
    """A colleague by public id, for an administrator or a lead of a team of theirs.

    Raises NotAllowed "role", audited; NotFound in the same words for nobody and for another team's.
    """
    allow(actor, Task.SET_REACH)
    asked = _open_to(actor).where(Practitioner.public_id == staff_id)
    person = db.session.scalars(asked.with_for_update(key_share=True)).one_or_none()
    if person is None:
        raise NotFound("no-such-staff", "There is nobody of that name on the list of staff.")
    return _ref(person)


def others(actor: Actor) -> list[PractitionerRef]:
    """Who may be called out and whose ways this actor may set, by name, themselves left out; else nobody."""
    if not may_do(of_actor(actor), Task.SET_REACH).allowed:
        return []
    shut_out = exists().where(Account.practitioner_id == Practitioner.id, Account.disabled_at.is_not(None))
    asked = _open_to(actor).where(
        Practitioner.role.not_in(_NEVER_CALLED), Practitioner.id != actor.practitioner_id, ~shut_out
    )
    rows = db.session.scalars(asked.order_by(Practitioner.display_name, Practitioner.id))
    return [_ref(row) for row in rows]


def key_of(staff_id: UUID) -> int:
    """The inside key of a member of staff; raises NotFound."""
    found = db.session.scalar(select(Practitioner.id).where(Practitioner.public_id == staff_id))
    if found is None:
        raise NotFound("no-such-staff", "There is nobody of that name on the list of staff.")
    return found


def _open_to(actor: Actor) -> Select[Practitioner]:
    asked = select(Practitioner).where(Practitioner.role != CANARY_WATCHER)
    if of_actor(actor).role == ADMINISTRATOR:
        return asked
    teams = [team.id for team in teams_of(actor)]
    in_mine = exists().where(
        CareTeamMember.practitioner_id == Practitioner.id,
        CareTeamMember.care_team_id.in_(teams),
        CareTeamMember.valid.contains(sql_now()),
    )
    return asked.where(in_mine)


def _ref(row: Practitioner) -> PractitionerRef:
    return PractitionerRef(row.id, row.public_id, row.display_name, row.role)
