"""The door to a draft of somebody who joins: the team that began it, in the words of a record that is not there."""

from uuid import UUID

from sqlalchemy import select

from backend.access import joining as people
from backend.access.record import RecordRefused, Task, TeamRef, allow
from backend.audit import service as audit
from backend.caseload.models import Joining
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict
from backend.core.http import Actor


def own_teams(actor: Actor) -> list[TeamRef]:
    """The teams whose drafts this member of staff may open; raises NotAllowed "no-team", "role"."""
    teams = people.own_teams(actor)
    allow(actor, Task.ADD_PERSON)
    return teams


def open_joining(actor: Actor, joining_id: UUID, *, if_version: int | None = None) -> Joining:
    """Open a draft, for a change at the version seen or to read; audited when it stays shut.

    Raises RecordRefused for one that is not there or another team's, NotAllowed "role", Conflict with the
    version that stands.
    """
    asked = select(Joining).where(Joining.public_id == joining_id).execution_options(populate_existing=True)
    row = db.session.scalars(asked if if_version is None else asked.with_for_update()).one_or_none()
    mine = {team.id for team in people.teams_of(actor)}
    if row is None or row.care_team_id not in mine:
        audit.record_refusal(
            actor, "open-joining", "joining", str(joining_id), patient_id=row.patient_id if row else None,
            detail={"rule": "no-such-record" if row is None else "not-on-caseload"},
        )  # fmt: skip
        raise RecordRefused
    allow(actor, Task.ADD_PERSON)
    if if_version is not None and row.version != if_version:
        raise Conflict(
            "changed-meanwhile",
            "Somebody changed this since you last saw it.",
            current={"version": row.version},
        )
    return row


def changed(actor: Actor, row: Joining, what: str) -> None:
    """Note a change of a draft: its version goes up, and the audit says which step and not what it holds."""
    row.version += 1
    row.changed_at = db.session.execute(select(sql_now())).scalar_one()
    db.session.flush()
    audit.record(
        actor, "change-joining", "joining", str(row.public_id), patient_id=row.patient_id,
        detail={"what": what, "version": row.version},
    )  # fmt: skip
