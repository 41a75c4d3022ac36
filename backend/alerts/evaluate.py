"""Tries the rules on everybody who is waiting, many people in a few queries, and loses nobody on the way."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from backend.alerts.episodes import raise_episodes
from backend.alerts.history import Due, History
from backend.alerts.judge import Rule, Verdict, evidence_row, judge, name_of_row, rules
from backend.alerts.levels import Severity
from backend.alerts.limits import effective_limits, personal_limits
from backend.alerts.occurrence import Occurrence
from backend.alerts.subjects import Person, message_ids, people
from backend.core.db import db
from backend.core.outbox import Message, queue_all
from backend.observations import service as observations
from backend.observations.codes import BY_NUMBER, Code
from backend.observations.reading import StoredReading
from backend.pathways import service as pathways
from backend.pathways.service import EnrolledOn

log = logging.getLogger("alongside.alerts")

BATCH = 200
# How long a check that failed waits before it is tried again. Alongside default.
RETRY_AFTER = timedelta(seconds=60)
CHECK_FAILED = "check_failed"
HOME = ZoneInfo("Europe/London")

_TAKE = text(
    """with taken as (
        select id from evaluation_wait
        where not_before <= clock_timestamp() and (cast(:only as bigint) is null or id = :only)
        order by priority desc, id limit :limit for update skip locked)
    delete from evaluation_wait w using taken where w.id = taken.id
    returning w.id, w.patient_id, w.codes, w.effective_from, clock_timestamp() as now"""
)

_WAIT_AGAIN = text(
    """insert into evaluation_wait (patient_id, priority, codes, effective_from, not_before)
    select patient_id, 1, array[code], effective_from, coalesce(not_before, clock_timestamp() + :retry)
    from unnest(cast(:patient_id as int[]), cast(:code as smallint[]), cast(:effective_from as timestamptz[]),
        cast(:not_before as timestamptz[])) as w (patient_id, code, effective_from, not_before)"""
)

# A closed alert of the last month still knows its evidence: the same reading must not open it anew. A correction
# may have readings of longer ago judged anew, and then alerts closed since those do.
_SEEN = text(
    """select patient_id, rule, evidence from alert
    where patient_id = any(:ids)
      and (closed_at is null or closed_at > least(clock_timestamp() - interval '31 days', :since))"""
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A person waiting: since when, for which codes."""

    patient_id: int
    since: Mapping[Code, datetime]


@dataclass(frozen=True, slots=True)
class _Again:
    """A person to look at again: when a repeat is due, or (None) after a failure."""

    patient_id: int
    code: Code
    effective_from: datetime
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class Case:
    """One person's part of a batch, loaded."""

    person: Person
    waiting: Waiting
    enrolled: Sequence[EnrolledOn]
    history: History
    stored: Sequence[StoredReading]
    seen: Mapping[str, frozenset[str]]


def evaluate_waiting(limit: int = BATCH, only: int | None = None) -> int:
    """Judge up to `limit` people who wait, in the caller's transaction; answers how many rows were taken.

    A crash or rollback leaves the rows waiting. With `only`, the one row of that id.
    """
    rows = db.session.execute(_TAKE, {"limit": limit, "only": only}).all()
    if not rows:
        return 0
    now: datetime = rows[0].now
    occurrences: list[Occurrence] = []
    again: list[_Again] = []
    asked: list[Message] = []
    for case in load_cases(_by_patient(rows), now):
        for name, rule in rules().items():
            since = [at for code, at in case.waiting.since.items() if code in rule.WATCHES]
            if rule.ON != "reading" or not since:
                continue
            try:
                verdict = _judge(name, rule, case, min(since), now)
            except Exception:
                # One person's surprise must not stop the others, and must not be lost either.
                log.exception("rule %s failed for patient row %s", name, case.person.subject.patient_id)
                occurrences.append(_failed(name, case, min(since), now))
                again.append(
                    _Again(case.waiting.patient_id, min(rule.WATCHES, key=_number), min(since), None)
                )
                continue
            if verdict.finding is not None:
                occurrences.append(_occurrence(name, rule, case, verdict))
            if verdict.pending is not None:
                pending = verdict.pending
                code = pending.evidence[-1].code
                again.append(_Again(case.waiting.patient_id, code, pending.true_at, pending.recheck_at))
                asked.extend(_ask_repeat(case))
    raise_episodes(_caused(occurrences))
    _wait_again(again)
    queue_all(asked)
    return len(rows)


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


def load_cases(waiting: Mapping[int, Waiting], now: datetime) -> list[Case]:
    """Everything the rules need of those who are monitored now; who is paused or not live is not judged."""
    enrolled = pathways.enrolments_for(list(waiting))
    live = [id_ for id_ in waiting if any(one.is_live for one in enrolled.get(id_, ()))]
    watched = {code for rule in rules().values() for code in rule.WATCHES}
    since = {id_: min(waiting[id_].since.values()) - reach() for id_ in live}
    if not live:
        return []
    known, personal, seen = people(live), personal_limits(live), _seen(live, min(since.values()))
    readings = observations.recent(since, watched)
    cases = []
    for id_, person in known.items():
        on = enrolled[id_]
        history = History(
            (),
            now,
            limits=effective_limits(personal.get(id_, {}), on, person.age(now)),
            expected=tuple(_due(one) for one in on if one.pack.expected),
            facts=person.facts,
        )
        cases.append(Case(person, waiting[id_], on, history, readings.get(id_, ()), seen.get(id_, {})))
    return cases


def reach() -> timedelta:
    """How far back any rule looks."""
    return max(rule.LOOKBACK for rule in rules().values())


def _due(one: EnrolledOn) -> Due:
    """The densest expectation of a pathway, as a rule about missed readings will want it."""
    kinds = {"blood-pressure": Code.SYSTOLIC}
    first = one.pack.expected[0]
    return Due(kinds.get(first.kind) or Code(first.kind), 86_400 // len(first.times))


def _seen(patient_ids: Sequence[int], since: datetime) -> dict[int, dict[str, frozenset[str]]]:
    """Names of readings that already stand on an alert, by person and rule."""
    found: dict[int, dict[str, frozenset[str]]] = {}
    for row in db.session.execute(_SEEN, {"ids": list(patient_ids), "since": since}):
        names = frozenset(name_of_row(entry) for entry in row.evidence)
        mine = found.setdefault(row.patient_id, {})
        mine[row.rule] = mine.get(row.rule, frozenset()) | names
    return found


def _judge(name: str, rule: Rule, case: Case, judge_from: datetime, now: datetime) -> Verdict:
    return judge(rule, case.history, case.stored, judge_from, now, case.seen.get(name, frozenset()))


def _occurrence(name: str, rule: Rule, case: Case, verdict: Verdict) -> Occurrence:
    finding = verdict.finding
    assert finding is not None
    assert verdict.first_true_at is not None
    assert verdict.known_at is not None
    reason = finding.reason
    if verdict.late:
        reason += f"; measured {finding.true_at.astimezone(HOME):%-d %b %H:%M}, arrived late"
        reason += ", in range since" if verdict.fine_since else ""
    ran_by = [one.names_version for one in case.enrolled if name in one.pack.rules]
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
        judged_by="; ".join([*ran_by, rule.SOURCE]),
        evidence=[evidence_row(one) for one in verdict.evidence],
        caused_by=str(verdict.evidence[-1].device_message_id or ""),
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


def _wait_again(again: Sequence[_Again]) -> None:
    if again:
        db.session.execute(
            _WAIT_AGAIN,
            {
                "patient_id": [one.patient_id for one in again],
                "code": [one.code.number for one in again],
                "effective_from": [one.effective_from for one in again],
                "not_before": [one.not_before for one in again],
                "retry": RETRY_AFTER,
            },
        )
