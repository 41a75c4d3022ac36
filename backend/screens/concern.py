""" "I'm worried": one tap of the person or of a carer, and who answers, by name."""

from typing import Any

from marshmallow import Schema, fields

from backend.access import service as access
from backend.access.record import Record
from backend.alerts import service as alerts
from backend.core.routes import Instant


class ConcernSchema(Schema):
    """That a worry has reached the team, and when somebody looks."""

    alert = fields.UUID(
        required=True, metadata={"description": "What the team sees; it is followed by this id."}
    )
    said_at = Instant(required=True, metadata={"description": "When it was said."})
    answered_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The team that answers; null when there is none."},
    )
    phone = fields.String(required=True, allow_none=True, metadata={"description": "Its telephone."})
    watching_now = fields.Boolean(
        required=True, metadata={"description": "Somebody of the team watches now."}
    )
    watching_from = Instant(
        required=True, allow_none=True, metadata={"description": "When nobody does: from when somebody will."}
    )


class HomeWorrySchema(Schema):
    """A helper's own worry, and whether it was seen."""

    said_at = Instant(required=True, metadata={"description": "When it was said."})
    seen_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "When a member of staff saw it; null: nobody has yet."},
    )
    by = fields.String(required=True, allow_none=True, metadata={"description": "Who has it."})


def say(record: Record) -> dict[str, Any]:
    """Raise the worry of whoever opened the record; in the caller's transaction."""
    by_carer = record.actor.related_person_id is not None
    episode, said_at = alerts.raise_concern(record.patient, "carer" if by_carer else "person")
    team = access.team_of(record.patient.id)
    return {
        "alert": episode.alert,
        "said_at": said_at,
        "answered_by": team.name if team else None,
        "phone": team.phone if team else None,
        "watching_now": bool(team and team.watch.now),
        "watching_from": team.watch.next_at if team else None,
    }
