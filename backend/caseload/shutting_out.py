"""Shuts a member of staff out of everything at once: their account, their browsers, their numbers, the rota."""

from datetime import datetime
from typing import Any
from uuid import UUID

from backend.access import reaching, staff
from backend.core.http import Actor
from backend.escalation import service as escalation
from backend.messages import service as messages


def shut_out(actor: Actor, staff_id: UUID, why: str, if_version: int) -> dict[str, Any]:
    """End their sessions, ring them by nothing any more, and take them off the rota; a gap by it is told at once."""
    row = staff.disable(actor, staff_id, why, if_version)
    person = reaching.key_of(staff_id)
    messages.end_reach(person)
    escalation.take_off(actor, person)
    return row


def set_team(
    actor: Actor,
    staff_id: UUID,
    team_id: UUID,
    since: datetime | None,
    until: datetime | None,
    if_version: int,
) -> dict[str, Any]:
    """Put somebody in a team or end it; a duty on its rota ends with it, and a gap by that is told at once."""
    row = staff.set_team(actor, staff_id, team_id, since, until, if_version)
    escalation.keep_to_membership(actor, reaching.key_of(staff_id))
    return row


def let_in(actor: Actor, staff_id: UUID, if_version: int) -> dict[str, Any]:
    """Let them in again, by the numbers they had; the rota and the browsers begin anew."""
    row = staff.enable(actor, staff_id, if_version)
    messages.resume_reach(reaching.key_of(staff_id))
    return row
