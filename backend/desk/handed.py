"""Reads which cards are being handed over: from whom, to whom, and by when somebody must accept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, text

from backend.access import service as access
from backend.access import teams
from backend.core.db import db
from backend.desk.models import HandoverCard

_HANDED = text(
    """select i.alert_id, i.due_at, h.from_id, h.to_id, h.care_team_id
    from desk_handover_card i join desk_handover h on h.id = i.handover_id
    where i.alert_id = any(:ids) and i.accepted_at is null and i.climbed_at is null and i.dropped_at is null"""
)


@dataclass(frozen=True, slots=True)
class Handed:
    """A card on its way from one shift to the next, as the page shows it."""

    from_: str
    to: str
    to_me: bool
    due_at: datetime


def handed(alert_ids: Sequence[int], practitioner_id: int | None) -> dict[int, Handed]:
    """The hand-overs of these cards (inside keys of heads) that wait to be accepted."""
    if not alert_ids:
        return {}
    found = db.session.execute(_HANDED, {"ids": list(alert_ids)}).all()
    if not found:
        return {}
    names = access.practitioner_names(
        [*{one.from_id for one in found}, *{one.to_id for one in found if one.to_id}]
    )
    mine = set(teams.team_ids(practitioner_id)) if practitioner_id is not None else set()
    named = teams.team_names([one.care_team_id for one in found if one.care_team_id])
    return {
        one.alert_id: Handed(
            names[one.from_id][1],
            names[one.to_id][1] if one.to_id else named[one.care_team_id],
            one.to_id == practitioner_id if one.to_id else one.care_team_id in mine,
            one.due_at,
        )
        for one in found
    }


def waiting() -> tuple[ColumnElement[bool], ...]:
    """That a card of a hand-over has neither been accepted nor climbed nor been dropped."""
    return (
        HandoverCard.accepted_at.is_(None),
        HandoverCard.climbed_at.is_(None),
        HandoverCard.dropped_at.is_(None),
    )
