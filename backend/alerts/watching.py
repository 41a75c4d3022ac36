"""Who has to be looked at by a rule of the clock: a deadline a person, so that a sweep reads only who is due."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from backend.alerts.history import Finding, Pause
from backend.alerts.levels import Severity
from backend.alerts.occurrence import Occurrence
from backend.alerts.subjects import Person
from backend.core.db import db
from backend.pathways import service as pathways
from backend.pathways.service import EnrolledOn

BATCH = 1_000
# How soon somebody is looked at again of whom a check could not be done. Alongside default.
SOON = timedelta(minutes=15)
CHECK_FAILED = "check_failed"
DEFAULT = "Alongside default, not national guidance"

# Whoever else looks takes others; a crash gives them back, because the new deadline rolls back with the work.
_TAKE = text(
    """with taken as (
        select patient_id from clock_watch where rule = :rule and check_at <= (select db_now())
        order by check_at limit :limit for update skip locked)
    update clock_watch w set check_at = (select db_now()) + interval '1 hour' from taken t
    where w.patient_id = t.patient_id and w.rule = :rule
    returning w.patient_id, w.since, w.looked_to, (select db_now()) as now"""
)
_LATER = text(
    """update clock_watch w set check_at = n.at, looked_to = coalesce(n.looked_to, w.looked_to)
    from unnest(cast(:ids as int[]), cast(:at as timestamptz[]), cast(:looked_to as timestamptz[]))
        as n (patient_id, at, looked_to)
    where w.patient_id = n.patient_id and w.rule = :rule"""
)
_DROP = text("delete from clock_watch where rule = :rule and patient_id = any(:ids)")


@dataclass(frozen=True, slots=True)
class Watched:
    """Somebody whose deadline has come: watched since when, looked at up to when, and the database's time."""

    patient_id: int
    since: datetime
    looked_to: datetime | None
    now: datetime


def take(rule: str, limit: int = BATCH) -> list[Watched]:
    """Up to `limit` people whose deadline has come, locked for this transaction."""
    rows = db.session.execute(_TAKE, {"rule": rule, "limit": limit})
    return [Watched(row.patient_id, row.since, row.looked_to, row.now) for row in rows]


def look_again(
    rule: str, at: Mapping[int, datetime], looked_to: Mapping[int, datetime] | None = None
) -> None:
    """Set the next deadline of these people."""
    if at:
        to = looked_to or {}
        asked = {"ids": list(at), "at": list(at.values()), "looked_to": [to.get(id_) for id_ in at]}
        db.session.execute(_LATER, asked | {"rule": rule})


def drop(rule: str, patient_ids: Collection[int]) -> None:
    """Look at these people no more; the database puts them back when their enrolment changes."""
    if patient_ids:
        db.session.execute(_DROP, {"rule": rule, "ids": list(patient_ids)})


def live_with(rule: str, enrolled: Sequence[EnrolledOn]) -> list[EnrolledOn]:
    """The live pathways of somebody that name the rule."""
    return [one for one in enrolled if one.is_live and rule in one.pack.rules]


def pauses_of(patient_ids: Collection[int]) -> dict[int, tuple[Pause, ...]]:
    """Pauses and admissions as the rules see them."""
    return {
        id_: tuple(Pause(one.start, one.end) for one in spans)
        for id_, spans in pathways.pauses_for(patient_ids).items()
    }


def occurrence(
    person: Person, rule: str, source: str, finding: Finding, now: datetime, *,
    evidence: Sequence[Mapping[str, Any]], enrolled: Sequence[EnrolledOn] = (),
) -> Occurrence:  # fmt: skip
    """A finding of the clock as it is raised; each row of `evidence` has `at`."""
    versions = [one.names_version for one in enrolled]
    return Occurrence(
        subject=person.subject,
        rule=rule,
        kind="clinical",
        level=finding.severity,
        title=finding.title,
        reason=finding.reason,
        true_at=finding.true_at,
        known_at=now,
        judged_by="; ".join([*versions, source]),
        evidence=evidence,
        versions=versions,
    )


def check_failed(person: Person, rule: str, since: datetime, now: datetime) -> Occurrence:
    """Said on the list, because until it is mended nobody looks at this of this person; log it where it is caught."""
    finding = Finding(
        Severity.SOON, "A check could not be done",
        f"The check {rule} could not be done on this person; tried again every 15 minutes.", (), since,
    )  # fmt: skip
    evidence = [{"at": since.isoformat(), "rule": rule}]
    made = occurrence(person, CHECK_FAILED, DEFAULT, finding, now, evidence=evidence)
    return replace(made, kind="technical")
