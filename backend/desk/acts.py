"""Keeps what was done with a card, by whom and when by the database's clock; and what can be undone of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text

from backend.core.clock import sql_now
from backend.core.db import db
from backend.desk.models import DeskAct

# Long enough to notice a slip, too short to change one's mind. From the requirement.
UNDO_FOR = timedelta(seconds=30)
_UNDOABLE = text(
    """select alert_id, kind, at, version from desk_act where alert_id = any(:ids) and by_id = :by and at > :since
        and undone_at is null and before is not null order by id"""
)
_LAST_TRIES = text(
    """select distinct on (alert_id) alert_id, detail from desk_act
    where alert_id = any(:ids) and kind = 'contact' order by alert_id, id desc"""
)


@dataclass(frozen=True, slots=True)
class Tried:
    """The last try to reach somebody that reached nobody, and what comes next."""

    next_what: str | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Undoable:
    """What this practitioner may take back, and until when."""

    what: str
    until: datetime


def write(
    alert_id: int,
    patient_id: int | None,
    kind: str,
    by_id: int | None,
    version: int,
    detail: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
) -> DeskAct:
    """Keep one act in the caller's transaction; `version` is the head's after it."""
    act = DeskAct(
        alert_id=alert_id, patient_id=patient_id, kind=kind, by_id=by_id, version=version,
        detail=dict(detail or {}), before=None if before is None else dict(before),
    )  # fmt: skip
    db.session.add(act)
    db.session.flush()
    return act


def last_tries(alert_ids: Sequence[int]) -> dict[int, Tried]:
    """The last contact of each card, when it did not reach the person."""
    if not alert_ids:
        return {}
    found = {}
    for alert_id, detail in db.session.execute(_LAST_TRIES, {"ids": list(alert_ids)}):
        if detail.get("next_at"):
            found[alert_id] = Tried(detail.get("next_what"), datetime.fromisoformat(detail["next_at"]))
    return found


def tried_since_reached(alert_id: int) -> list[str]:
    """Whom has been tried since somebody was last reached, oldest first."""
    asked = select(DeskAct.detail).where(DeskAct.alert_id == alert_id, DeskAct.kind == "contact")
    tried: list[str] = []
    for detail in db.session.scalars(asked.order_by(DeskAct.id)):
        tried = [] if detail.get("ended") else [*tried, str(detail["to"])]
    return tried


def rested(alert_id: int, now: datetime) -> timedelta:
    """For how long a card has been put aside while it was urgent, since somebody was last reached."""
    asked = select(DeskAct.kind, DeskAct.at, DeskAct.detail).where(
        DeskAct.alert_id == alert_id, DeskAct.kind.in_(("contact", "snooze")), DeskAct.undone_at.is_(None)
    )
    spans: list[tuple[datetime, datetime]] = []
    for kind, at, detail in db.session.execute(asked.order_by(DeskAct.id)):
        if spans and kind == "snooze":
            # A later snooze takes the place of the one that runs.
            spans[-1] = (spans[-1][0], min(spans[-1][1], at))
        if kind == "contact":
            spans = [] if detail.get("ended") else spans
        elif detail["level"] == "urgent":
            spans.append((at, datetime.fromisoformat(detail["until"])))
    return sum((max(min(end, now) - begun, timedelta()) for begun, end in spans), timedelta())


def undoable(
    heads: Sequence[tuple[int, int]], practitioner_id: int | None, now: datetime
) -> dict[int, Undoable]:
    """What this practitioner may take back of these cards (inside key, version): nothing happened since."""
    if practitioner_id is None or not heads:
        return {}
    versions = dict(heads)
    asked = {"by": practitioner_id, "ids": list(versions), "since": now - UNDO_FOR}
    return {
        row.alert_id: Undoable(row.kind, row.at + UNDO_FOR)
        for row in db.session.execute(_UNDOABLE, asked)
        if row.version == versions[row.alert_id]
    }


def last_undoable(alert_id: int, practitioner_id: int | None) -> tuple[DeskAct, datetime] | None:
    """The last act of this practitioner on a card that can be taken back at all, and the database's time."""
    asked = (
        select(DeskAct, sql_now())
        .where(
            DeskAct.alert_id == alert_id, DeskAct.by_id == practitioner_id, DeskAct.before.is_not(None),
            DeskAct.undone_at.is_(None),
        )
        .order_by(DeskAct.id.desc())
        .limit(1)
    )  # fmt: skip
    found = db.session.execute(asked).one_or_none()
    return None if found is None else (found[0], found[1])
