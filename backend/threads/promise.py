"""Writes down in how many working days a practice has said that it answers, which people are then shown."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.access.record import Task, allow
from backend.audit import service as audit
from backend.core.db import db
from backend.core.errors import NotFound
from backend.core.http import Actor

_KEEP = text(
    """insert into practice_promise (organization_id, working_days, said_on)
    select id, :days, :on from organization where public_id = :id and kind = 'gp-practice'
    on conflict (organization_id) do update
        set working_days = excluded.working_days, said_on = excluded.said_on
    returning organization_id"""
)
_ALL = text(
    """select o.public_id as id, o.name, p.working_days, p.said_on
    from organization o left join practice_promise p on p.organization_id = o.id
    where o.kind = 'gp-practice' order by o.name, o.id"""
)


def promises(actor: Actor) -> list[dict[str, Any]]:
    """Every GP practice with what it said; None where it said nothing and the default counts. For administrators."""
    allow(actor, Task.MANAGE_STAFF)
    return [dict(row) for row in db.session.execute(_ALL).mappings()]


def set_promise(actor: Actor, organization_id: UUID, working_days: int, said_on: date) -> None:
    """By an administrator, from what the practice wrote on that day; raises NotFound. What waits keeps its time."""
    allow(actor, Task.MANAGE_STAFF)
    asked = {"id": organization_id, "days": working_days, "on": said_on}
    if db.session.scalar(_KEEP, asked) is None:
        raise NotFound("no-such-organization", "There is no such practice.")
    detail = {"working_days": working_days, "said_on": said_on.isoformat()}
    audit.record(actor, "set-promise", "organization", str(organization_id), detail=detail)
