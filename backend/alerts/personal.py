"""Writes the limit a clinician set for one person, which wins over every pack, and the tasks a date asks for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from backend.access import service as access
from backend.alerts.episodes import raise_episodes
from backend.alerts.levels import Severity
from backend.alerts.models import Alert, AlertLimit
from backend.alerts.occurrence import Occurrence
from backend.alerts.subjects import people
from backend.core.clock import sql_now
from backend.core.db import db
from backend.observations.codes import Code


def set_limit(
    patient_id: int, code: Code, low: Decimal | None, high: Decimal | None, *, set_by: str, reason: str
) -> None:
    """Set it for somebody who joins and has nothing to rehearse it on; the caller has opened the record."""
    said = {"low": low, "high": high, "set_by": set_by, "reason": reason, "set_at": sql_now()}
    row = insert(AlertLimit).values(patient_id=patient_id, code=code.number, **said)
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["patient_id", "code"], set_=said | {"version": AlertLimit.version + 1}
        )
    )


@dataclass(frozen=True, slots=True)
class Check:
    """Something a date asks a human to look at; `key` names what, so that asking twice makes one task."""

    patient_id: int
    rule: str
    title: str
    reason: str
    at: datetime
    key: str


def raise_checks(checks: Sequence[Check]) -> int:
    """Make a routine task of each; answers how many are new. A person nobody knows any more is passed over."""
    known, now = people([one.patient_id for one in checks]), access.database_time()
    occurrences = [
        Occurrence(
            subject=known[one.patient_id].subject, rule=one.rule, kind="clinical", level=Severity.ROUTINE,
            title=one.title, reason=one.reason, true_at=one.at, known_at=now,
            evidence=[{"at": one.at.isoformat(), "key": one.key}], judged_by="Care rules of this project",
        )
        for one in checks
        if one.patient_id in known
    ]  # fmt: skip
    return sum(episode.created for episode in raise_episodes(occurrences))


def open_counts(patient_ids: Collection[int]) -> dict[int, int]:
    """How many alerts are open about each; who has none is absent."""
    rows = db.session.execute(
        select(Alert.patient_id, func.count())
        .where(Alert.patient_id.in_(list(patient_ids)), Alert.closed_at.is_(None))
        .group_by(Alert.patient_id)
    )
    return {id_: count for id_, count in rows if id_ is not None}
