"""Tries the rules on everybody who is waiting, many people in a few queries, and loses nobody on the way."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from backend.alerts.cards import lock_cards
from backend.alerts.cases import Case, Waiting, load_cases
from backend.alerts.episodes import raise_episodes
from backend.alerts.judge import Rule, Verdict, evidence_row, judge
from backend.alerts.levels import Severity
from backend.alerts.occurrence import Occurrence
from backend.alerts.standing import Doubt, doubt, settle
from backend.alerts.subjects import message_ids
from backend.alerts.waking import wake_people
from backend.alerts.watermark import arrived, judged
from backend.core.db import db
from backend.core.outbox import Message, queue_all
from backend.observations import service as observations
from backend.observations.codes import BY_NUMBER, Code

log = logging.getLogger("alongside.alerts")

BATCH = 200
# How long a check that failed waits before it is tried again. Alongside default.
RETRY_AFTER = timedelta(seconds=60)
CHECK_FAILED = "check_failed"
HOME = ZoneInfo("Europe/London")

# Whoever is taken is taken with all that waits for them: after an outage somebody may have hundreds of marks, and one
# look from the earliest answers every one.
_TAKE = text(
    """with first as (
        select id, patient_id from evaluation_wait
        where not_before <= (select db_now()) and (cast(:only as bigint) is null or id = :only)
        order by priority desc, id limit :limit for update skip locked),
    rest as (
        select id from evaluation_wait
        where patient_id in (select patient_id from first) and not_before <= (select db_now())
            and cast(:only as bigint) is null
        for update skip locked)
    delete from evaluation_wait w using (select id from first union select id from rest) taken where w.id = taken.id
    returning w.id, w.patient_id, w.codes, w.effective_from, db_now() as now"""
)

_WAIT_AGAIN = text(
    """insert into evaluation_wait (patient_id, priority, codes, effective_from, not_before)
    select patient_id, 1, array[code], effective_from, coalesce(not_before, db_now() + :retry)
    from unnest(cast(:patient_id as int[]), cast(:code as smallint[]), cast(:effective_from as timestamptz[]),
        cast(:not_before as timestamptz[])) as w (patient_id, code, effective_from, not_before)
    where not exists (select from evaluation_wait q where q.patient_id = w.patient_id and q.codes = array[w.code]
        and q.effective_from = w.effective_from and q.not_before >= w.not_before)
    returning patient_id"""
)


@dataclass(frozen=True, slots=True)
class _Again:
    """A person to look at again: when a repeat is due, or (None) after a failure."""

    patient_id: int
    code: Code
    effective_from: datetime
    not_before: datetime | None


@dataclass(slots=True)
class _Found:
    """What follows from judging a batch."""

    occurrences: list[Occurrence] = field(default_factory=list)
    again: list[_Again] = field(default_factory=list)
    asked: list[Message] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    symptoms: dict[int, datetime] = field(default_factory=dict)


def evaluate_waiting(limit: int = BATCH, only: int | None = None) -> int:
    """Judge up to `limit` people who wait, in the caller's transaction; answers how many rows were taken.

    A crash or rollback leaves the rows waiting. With `only`, the one row of that id.
    """
    rows = db.session.execute(_TAKE, {"limit": limit, "only": only}).all()
    if not rows:
        return 0
    now: datetime = rows[0].now
    waiting = _by_patient(rows)
    arrivals = arrived(waiting)
    found = _Found()
    for case in load_cases(waiting, now):
        for name, (rule, judge_from) in case.to_try().items():
            _try(name, rule, case, judge_from, found)
        if (symptom := _new_symptom(case)) is not None:
            found.symptoms[case.waiting.patient_id] = symptom
    _write(found, now)
    judged(arrivals)
    return len(rows)


def _try(name: str, rule: Rule, case: Case, judge_from: datetime, found: _Found) -> None:
    """Judge one rule on one person, and note what follows."""
    now = case.history.as_of
    # A reading that was waited for may arrive late: what waited for it is judged once more.
    since = judge_from - observations.JUDGED_BEFORE
    try:
        verdict = judge(rule, case.for_rule(name), case.stored, since, now, case.seen.get(name, {}))
    except Exception:
        # One person's surprise must not stop the others, and must not be lost either.
        log.exception("rule %s failed for patient row %s", name, case.person.subject.patient_id)
        found.occurrences.append(_failed(name, case, judge_from, now))
        found.again.append(_Again(case.waiting.patient_id, min(rule.WATCHES, key=_number), judge_from, None))
        return
    if verdict.finding is not None:
        found.occurrences.append(_occurrence(name, rule, case, verdict))
    if verdict.pending is not None:
        pending = verdict.pending
        code = pending.evidence[-1].code
        found.again.append(_Again(case.waiting.patient_id, code, pending.true_at, pending.recheck_at))
        # What some rules wait for is no measurement: somebody who comes back, a bed that is used again.
        if getattr(rule, "ASKS_REPEAT", True):
            found.asked.extend(_ask_repeat(case))
    if (one := doubt(case, name, rule, since, verdict.said)) is not None:
        found.doubts.append(one)


def _new_symptom(case: Case) -> datetime | None:
    """When it arrived that the person is unwell, where that is among what is judged now."""
    since = case.waiting.since.get(Code.UNWELL)
    if since is None:
        return None
    heard = [
        one.received_at
        for one in case.stored
        if one.reading.code is Code.UNWELL and one.reading.value == 1 and one.reading.effective_at >= since
    ]
    return max(heard, default=None)


def _write(found: _Found, now: datetime) -> None:
    """Everything that follows, a few statements for all; the people first, so that nobody else writes about them."""
    lock_cards(
        {o.subject.patient_id for o in found.occurrences if o.subject.patient_id is not None}
        | {one.patient_id for one in found.again}
        | {one.patient_id for one in found.doubts}
        | set(found.symptoms)
    )
    raise_episodes(_caused(found.occurrences))
    settle(found.doubts, now)
    wake_people(found.symptoms, "a new symptom")
    newly = _wait_again(found.again)
    queue_all([message for message in found.asked if message.patient_id in newly])


def _number(code: Code) -> int:
    return code.number


def _by_patient(rows: Sequence[Any]) -> dict[int, Waiting]:
    """Rows of one person together: for each code, the earliest time to judge from."""
    since: dict[int, dict[Code, datetime]] = {}
    for row in rows:
        mine = since.setdefault(row.patient_id, {})
        for number in row.codes:
            code = BY_NUMBER[number]
            mine[code] = min(mine.get(code, row.effective_from), row.effective_from)
    return {id_: Waiting(id_, codes) for id_, codes in since.items()}


def _occurrence(name: str, rule: Rule, case: Case, verdict: Verdict) -> Occurrence:
    finding = verdict.finding
    assert finding is not None
    assert verdict.first_true_at is not None
    assert verdict.known_at is not None
    reason = finding.reason
    if verdict.late:
        reason += f"; measured {finding.true_at.astimezone(HOME):%-d %b %H:%M}, arrived late"
        reason += ", in range since" if verdict.fine_since else ""
    versions = case.versions(name)
    return Occurrence(
        subject=case.person.subject,
        rule=name,
        kind="clinical",
        level=finding.severity,
        title=finding.title,
        reason=reason,
        true_at=verdict.first_true_at,
        known_at=verdict.known_at,
        late=verdict.late,
        judged_by="; ".join([*versions, rule.SOURCE]),
        evidence=[evidence_row(one) for one in verdict.evidence],
        caused_by=str(verdict.evidence[-1].device_message_id or ""),
        call_999=finding.call_999,
        versions=versions,
    )


def _failed(name: str, case: Case, judge_from: datetime, now: datetime) -> Occurrence:
    """Said on the list, because until it is mended nobody watches this value of this person."""
    return Occurrence(
        subject=case.person.subject,
        rule=CHECK_FAILED,
        kind="technical",
        level=Severity.SOON,
        title="A check could not be done",
        reason=f"The check {name} could not be done on this person's readings; tried again each minute.",
        true_at=judge_from,
        known_at=now,
        evidence=[{"at": judge_from.isoformat(), "rule": name}],
        judged_by="Alongside default, not national guidance",
    )


def _caused(occurrences: Sequence[Occurrence]) -> list[Occurrence]:
    """Name the message that caused each by the id its device gave it, so that custody can be followed."""
    numbers = [int(o.caused_by) for o in occurrences if o.caused_by]
    names = message_ids(numbers) if numbers else {}
    return [replace(o, caused_by=names.get(int(o.caused_by)) if o.caused_by else None) for o in occurrences]


def _ask_repeat(case: Case) -> list[Message]:
    """Ask the person to measure again; the words stand in the app, the message only wakes it."""
    subject = case.person.subject
    if subject.is_canary or subject.patient is None:
        return []
    return [Message("patient", str(subject.patient), "please-measure-again", {}, subject.patient_id)]


def _wait_again(again: Sequence[_Again]) -> set[int]:
    """Make these people wait once more; answers who did not wait for just that already."""
    if not again:
        return set()
    rows = db.session.scalars(
        _WAIT_AGAIN,
        {
            "patient_id": [one.patient_id for one in again],
            "code": [one.code.number for one in again],
            "effective_from": [one.effective_from for one in again],
            "not_before": [one.not_before for one in again],
            "retry": RETRY_AFTER,
        },
    )
    return set(rows)
