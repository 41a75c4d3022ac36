"""Loads what the rules need of people who wait, many people in a few queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from backend.alerts.history import Due, History, Pause, Span
from backend.alerts.judge import Rule, is_vital, name_of_row, rules, rules_watching, runs_for
from backend.alerts.levels import Severity
from backend.alerts.limits import effective_limits, parameters_of, personal_limits
from backend.alerts.subjects import Person, people
from backend.core.db import db
from backend.observations import service as observations
from backend.observations.codes import Code
from backend.observations.reading import StoredReading
from backend.pathways import service as pathways
from backend.pathways.service import EnrolledOn, PauseSpan

# A closed alert of the last month still knows its evidence: the same reading must not open it anew. A correction
# may have readings of longer ago judged anew, and then alerts closed since those do.
_ALERTS = text(
    """select id, patient_id, rule, kind, level, evidence, true_at, closed_at, stands from alert
    where patient_id = any(:ids)
      and (closed_at is null or closed_at > least(db_now() - interval '31 days', :since))
    order by id"""
)
KINDS = {"blood-pressure": Code.SYSTOLIC, "oxygen": Code.SPO2}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A person waiting: since when, for which codes."""

    patient_id: int
    since: Mapping[Code, datetime]


@dataclass(frozen=True, slots=True)
class Standing:
    """An open alert of the person: what it rests on, how bad it is, and what was said of it since."""

    alert_id: int
    level: Severity
    evidence: Sequence[Mapping[str, Any]]
    stands: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Case:
    """One person's part of a batch, loaded. `seen` is, by rule, how bad the alert was that a reading stands on."""

    person: Person
    waiting: Waiting
    enrolled: Sequence[EnrolledOn]
    history: History
    stored: Sequence[StoredReading] = ()
    seen: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    standing: Mapping[str, Standing] = field(default_factory=dict)

    def for_rule(self, name: str) -> History:
        """The history with what this person's pathways set for a rule."""
        parameters = parameters_of(name, self.enrolled)
        return replace(self.history, parameters=parameters) if parameters else self.history

    def to_try(self) -> dict[str, tuple[Rule, datetime]]:
        """The rules to try on this person, each with the moment to judge from; with a signed end-of-life plan none
        on vital signs, which it ends (care rules of this project)."""
        tried = to_try(self.waiting, self.enrolled)
        if not self.person.facts.end_of_life:
            return tried
        return {name: one for name, one in tried.items() if not is_vital(one[0])}

    def versions(self, name: str) -> list[str]:
        """The versions of the live pathways that run a rule."""
        return [one.names_version for one in self.enrolled if one.is_live and name in one.pack.rules]


def to_try(waiting: Waiting, enrolled: Sequence[EnrolledOn]) -> dict[str, tuple[Rule, datetime]]:
    """The rules to try on somebody who waits, each with the moment to judge from.

    Who is not live is judged by the rules that are alarms and by no others.
    """
    named = {name for one in enrolled if one.is_live for name in one.pack.rules}
    is_live = any(one.is_live for one in enrolled)
    found: dict[str, tuple[Rule, datetime]] = {}
    for code, since in waiting.since.items():
        for name, rule in rules_watching(code):
            if name in found:
                found[name] = rule, min(since, found[name][1])
            elif (is_live or _is_alarm(rule)) and runs_for(name, rule, named):
                found[name] = rule, since
    return found


def load_cases(waiting: Mapping[int, Waiting], now: datetime, even: Collection[int] = ()) -> list[Case]:
    """Everything the rules need of those who are monitored, or were when something of theirs was measured.

    Who is in a pause is judged by what was measured before it; who is not live by an alarm alone, which is judged
    in a pause as well. Readings are those of the codes and times that the rules to be tried look at, and no others.
    Void readings are left out, but for those of the messages named in `even`.
    """
    enrolled = pathways.enrolments_for(list(waiting))
    pauses = pathways.pauses_for(list(waiting))
    paused = {
        id_: found for id_ in waiting if (found := _paused_since(enrolled.get(id_, ()), pauses.get(id_, ())))
    }
    enrolled = {
        id_: _as_before(enrolled.get(id_, ())) if id_ in paused else enrolled.get(id_, []) for id_ in waiting
    }
    live = [
        id_ for id_ in waiting if to_try(waiting[id_], enrolled[id_]) or any(e.is_live for e in enrolled[id_])
    ]
    if not live:
        return []
    since = {id_: _needed(waiting[id_], enrolled[id_]) for id_ in live}
    readings = observations.recent(
        {(id_, code): at for id_, codes in since.items() for code, at in codes.items()}, even=even
    )
    known, personal = people(live), personal_limits(live)
    earliest = min((at for codes in since.values() for at in codes.values()), default=now)
    alerts = _alerts(live, earliest)
    return [
        _case(
            person, waiting[id_], enrolled[id_], now, personal.get(id_, {}), pauses.get(id_, ()),
            alerts.get(id_, ()), _watched(readings.get(id_, ()), paused.get(id_)),
        )
        for id_, person in known.items()
    ]  # fmt: skip


def _is_alarm(rule: Rule) -> bool:
    return bool(getattr(rule, "ALARM", False))


def _paused_since(enrolled: Sequence[EnrolledOn], pauses: Sequence[PauseSpan]) -> datetime | None:
    """Since when everything somebody is on is off; None for who is live, or was never."""
    if any(one.is_live for one in enrolled) or all(one.status != "paused" for one in enrolled):
        return None
    return min((one.start for one in pauses if one.is_now), default=None)


def _as_before(enrolled: Sequence[EnrolledOn]) -> list[EnrolledOn]:
    """What a person in a pause was on before it."""
    return [replace(one, status="live") if one.status == "paused" else one for one in enrolled]


def _watched(stored: Sequence[StoredReading], paused_since: datetime | None) -> Sequence[StoredReading]:
    """Without what was measured in the pause, but for what is an alarm."""
    if paused_since is None:
        return stored
    alarms = {code for rule in rules().values() if _is_alarm(rule) for code in rule.WATCHES}
    return [one for one in stored if one.reading.effective_at < paused_since or one.reading.code in alarms]


def _needed(waiting: Waiting, enrolled: Sequence[EnrolledOn]) -> dict[Code, datetime]:
    """From when on each code is needed."""
    found = {code: at - observations.JUDGED_BEFORE for code, at in waiting.since.items()}
    for rule, judge_from in to_try(waiting, enrolled).values():
        at = judge_from - observations.JUDGED_BEFORE - rule.LOOKBACK
        for code in rule.WATCHES:
            found[code] = min(found.get(code, at), at)
    return found


def _case(
    person: Person,
    waiting: Waiting,
    enrolled: Sequence[EnrolledOn],
    now: datetime,
    personal: Mapping[Code, Any],
    pauses: Sequence[PauseSpan],
    alerts: Sequence[Any],
    stored: Sequence[StoredReading],
) -> Case:
    history = History(
        (),
        now,
        limits=effective_limits(personal, enrolled, person.age(now)),
        expected=tuple(due for one in enrolled if one.is_live for due in _due(one)),
        facts=person.facts,
        pauses=tuple(Pause(one.start, one.end) for one in pauses),
        closed_spans=_spans(pauses, alerts),
    )
    seen: dict[str, dict[str, int]] = defaultdict(dict)
    standing: dict[str, Standing] = {}
    for row in alerts:
        level = Severity(row.level)
        for entry in row.evidence:
            name = name_of_row(entry)
            seen[row.rule][name] = max(level.rank, seen[row.rule].get(name, 0))
        if row.closed_at is None:
            standing[row.rule] = Standing(row.id, level, row.evidence, row.stands)
    return Case(person, waiting, enrolled, history, stored, seen, standing)


def _spans(pauses: Sequence[PauseSpan], alerts: Sequence[Any]) -> tuple[Span, ...]:
    """What says nothing of how the person usually is: episodes of theirs and stays in hospital."""
    stays = [Span(one.start, one.end, "admission") for one in pauses if one.kind == "admission"]
    episodes = [
        Span(row.true_at, row.closed_at, "episode", row.rule) for row in alerts if row.kind == "clinical"
    ]
    return tuple(sorted(stays + episodes, key=lambda span: span.start))


def _due(one: EnrolledOn) -> list[Due]:
    """What a pathway expects of somebody, each kind with how often."""
    return [
        Due(KINDS.get(entry.kind) or Code(entry.kind), 86_400 // len(entry.times))
        for entry in one.pack.expected
        if entry.times
    ]


def _alerts(patient_ids: Sequence[int], since: datetime) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(_ALERTS, {"ids": list(patient_ids), "since": since}):
        found[row.patient_id].append(row)
    return found


def reach() -> timedelta:
    """How far back any rule looks."""
    return max(rule.LOOKBACK for rule in rules().values())
