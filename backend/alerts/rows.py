"""Reads alerts as the person sees them, and what happened to them, every list in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select, text

from backend.access import service as access
from backend.alerts.levels import Severity
from backend.alerts.models import Alert, AlertEvent
from backend.alerts.withdrawn import withdrawn
from backend.core.db import db, fetch

# Events whose words are the finding's reason.
_SAID = ("raised", "worse", "repeated")

State = Literal["open", "claimed", "closed"]


def state_of(alert: Alert) -> State:
    """Where an episode stands."""
    if alert.closed_at is not None:
        return "closed"
    return "claimed" if alert.claimed_at is not None else "open"


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert as the person sees it; the owner is a name, never an id."""

    id: UUID
    level: str
    kind: str
    rule: str
    title: str
    reason: str
    true_at: datetime
    opened_at: datetime
    state: State
    seen_at: datetime | None
    owner: str | None


def open_alerts(patient_id: int) -> list[AlertView]:
    """A person's open alerts for them to see, worst and newest first; `patient_id` is an opened record's inside key."""
    # Information is the team's: it asks nothing of the person.
    rows: list[Any] = list(fetch(_OPEN, patient_id=patient_id, info=Severity.INFO.value))
    return _views(sorted(rows, key=_order))


# What a view needs, and not the fifty columns of an alert: every first page asks it.
_OPEN = text("""select id, public_id, patient_id, level, kind, rule, title, reason, true_at, opened_at, contact_by,
        claimed_at, closed_at, seen_at, owner_id, evidence
    from alert where patient_id = :patient_id and closed_at is null and level <> :info""")


def owed_rechecks(patient_id: int) -> list[AlertView]:
    """A person's closed alerts that somebody promised to look at again, soonest first."""
    mine = select(Alert).where(
        Alert.patient_id == patient_id, Alert.closed_at.is_not(None), Alert.recheck_by.is_not(None)
    )
    return _views(db.session.scalars(mine.order_by(Alert.recheck_by, Alert.id)).all())


def _views(rows: Sequence[Alert]) -> list[AlertView]:
    names = _owners(rows)
    void = withdrawn(rows)
    return [
        AlertView(
            row.public_id,
            row.level,
            row.kind,
            row.rule,
            row.title,
            f"{row.reason}. {void[row.id]}" if row.id in void else row.reason,
            row.true_at,
            row.opened_at,
            state_of(row),
            row.seen_at,
            names[row.owner_id][1] if row.owner_id is not None else None,
        )
        for row in rows
    ]


def events_of(patient_id: int, since: datetime) -> list[dict[str, Any]]:
    """What happened to a person's alerts from `since` on, newest first: {"at", "kind", "words"}.

    `kind` is alert, claim, close or device, as the time line names them. What was said because of readings that were
    withdrawn since stays, and says so.
    """
    asked = (
        select(AlertEvent, Alert)
        .join(Alert, Alert.id == AlertEvent.alert_id)
        .where(AlertEvent.patient_id == patient_id, AlertEvent.at >= since)
        .order_by(AlertEvent.at.desc())
    )
    kinds = {"claimed": "claim", "closed": "close"}
    rows = db.session.execute(asked).all()
    void = withdrawn({alert for _, alert in rows})
    return [
        {
            "at": event.at,
            "kind": kinds.get(event.kind, "device" if alert.kind == "technical" else "alert"),
            "words": f"{event.words}. {void[alert.id]}"
            if alert.id in void and event.kind in _SAID
            else event.words,
        }
        for event, alert in rows
    ]


def _order(alert: Alert) -> tuple[int, datetime, int]:
    """Emergency, then urgent, each by deadline; then people without cover, then soon, routine and info."""
    ranks = {"emergency": 0, "urgent": 1, "soon": 3, "routine": 4, "info": 5}
    rank = ranks[alert.level]
    if alert.rule == "device_silent" and rank > 2:
        rank = 2
    return rank, alert.contact_by or alert.opened_at, alert.id


def _owners(alerts: Sequence[Alert]) -> Mapping[int, tuple[UUID, str]]:
    ids = {alert.owner_id for alert in alerts if alert.owner_id is not None}
    return access.practitioner_names(list(ids)) if ids else {}
