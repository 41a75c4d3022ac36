"""Judges a person's readings, each as of the time it was measured; pure, so that any history can be tried."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, Protocol, cast

from backend.alerts.history import Finding, History
from backend.observations.codes import Code
from backend.observations.reading import Special, StoredReading
from backend.plugs import discover

# Alongside default, not national guidance: later than this from measuring to arriving is said on the alert.
LATE_AFTER = timedelta(minutes=15)


class Rule(Protocol):
    """What a file in rules/ offers."""

    WATCHES: frozenset[Code]
    LOOKBACK: timedelta
    ON: Literal["reading", "clock"]
    SOURCE: str
    # A file without RUNS is "always": an absolute limit, for everybody who is live. "pack": only for people one of
    # whose live pathways names the rule.
    RUNS: Literal["always", "pack"]
    # Two more that a file may have. LIMITS: the codes whose range, set by a clinician, changes what the rule says of a
    # person; without it none does. VITAL: whether it judges vital signs, which are not judged once an end-of-life plan
    # is signed (care rules of this project); alarms, worries and what a home tells go on, and so does glucose, because
    # a hypo is treated to the last day (Alongside default, not national guidance).
    EXAMPLES: Sequence[tuple[History, Finding | None]]

    def evaluate(self, history: History) -> Finding | None:
        """Judge as of `history.as_of`."""


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by name."""
    return {name: cast(Rule, module) for name, module in discover("backend.alerts.rules").items()}


@cache
def rules_watching(code: Code) -> Sequence[tuple[str, Rule]]:
    """The rules that a new reading of a code may change, by name."""
    return tuple(
        (name, rule) for name, rule in rules().items() if rule.ON == "reading" and code in rule.WATCHES
    )


def runs_for(name: str, rule: Rule, named: Collection[str]) -> bool:
    """Whether a rule is tried on somebody whose live pathways name these rules."""
    return getattr(rule, "RUNS", "always") == "always" or name in named


def limits_of(name: str) -> tuple[Code, ...]:
    """The codes of which a clinician's range changes this rule; none of a rule that is gone."""
    return tuple(getattr(rules().get(name), "LIMITS", ()))


def is_vital(rule: Rule) -> bool:
    """Whether a rule judges vital signs; every rule that is asked by a reading says so or says no."""
    return bool(getattr(rule, "VITAL", False))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule found in one person's new readings: what to raise now, what to judge again later.

    `said` names every reading that stands behind a finding, old news or not.
    """

    finding: Finding | None
    evidence: tuple[StoredReading, ...] = ()
    first_true_at: datetime | None = None
    known_at: datetime | None = None
    late: bool = False
    fine_since: bool = False
    pending: Finding | None = None
    said: frozenset[str] = frozenset()


def judge(
    rule: Rule,
    base: History,
    stored: Sequence[StoredReading],
    judge_from: datetime,
    now: datetime,
    seen: Mapping[str, int] = MappingProxyType({}),
) -> Verdict:
    """Judge every moment measured from `judge_from` on, each with only what had been measured by then.

    `stored` is oldest first and reaches back over the rule's LOOKBACK. `seen` names readings that already stand on
    an alert (by `name_of`) and the rank of its level: a finding whose newest evidence was seen, and is no worse than
    that, is old news. A repeat whose time has passed by `now` is judged as of that time. Of several findings the
    worst is raised, the newest of equals.
    """
    watched = _watched(rule, stored)
    found: list[Finding] = []
    last: Finding | None = None
    pending: Finding | None = None
    for last in _moments(rule, base, watched, judge_from, now):
        pending = last if last is not None and last.recheck_at is not None else None
        if last is not None and pending is None:
            found.append(last)
    if not found:
        return Verdict(None, pending=pending)
    by_reading = {one.reading: one for one in watched}
    said = frozenset(name_of(by_reading[reading]) for finding in found for reading in finding.evidence)
    new = [f for f in found if not f.evidence or _is_news(f, name_of(by_reading[f.evidence[-1]]), seen)]
    if not new:
        return Verdict(None, pending=pending, said=said)
    worst = max(new, key=lambda finding: (finding.severity.rank, finding.true_at))
    evidence = {reading: by_reading[reading] for finding in new for reading in finding.evidence}
    proof = by_reading[worst.evidence[-1]]
    late = proof.received_at - proof.reading.effective_at > LATE_AFTER
    return Verdict(
        worst,
        tuple(sorted(evidence.values(), key=lambda one: one.reading.effective_at)),
        min(reading.effective_at for reading in evidence),
        proof.received_at,
        late,
        fine_since=late and last is None,
        pending=pending,
        said=said,
    )


def _is_news(finding: Finding, newest: str, seen: Mapping[str, int]) -> bool:
    return finding.severity.rank > seen.get(newest, -1)


def findings(
    rule: Rule, base: History, stored: Sequence[StoredReading], judge_from: datetime, now: datetime
) -> list[Finding]:
    """Everything the rule finds from `judge_from` on and does not wait to see repeated, oldest first."""
    moments = _moments(rule, base, _watched(rule, stored), judge_from, now)
    return [one for one in moments if one is not None and one.recheck_at is None]


def _watched(rule: Rule, stored: Sequence[StoredReading]) -> list[StoredReading]:
    return [one for one in stored if one.reading.code in rule.WATCHES]


def _moments(
    rule: Rule, base: History, watched: Sequence[StoredReading], judge_from: datetime, now: datetime
) -> Iterator[Finding | None]:
    """What the rule says as of each time of measurement; of a repeat whose time has passed, as of that time."""
    times = [one.reading.effective_at for one in watched]
    for at in sorted({time for time in times if time >= judge_from}):
        said = _judge_at(rule, base, watched, times, at)
        if said is not None and said.recheck_at is not None and said.recheck_at <= now:
            said = _judge_at(rule, base, watched, times, said.recheck_at)
        yield said


def _judge_at(
    rule: Rule, base: History, watched: Sequence[StoredReading], times: Sequence[datetime], at: datetime
) -> Finding | None:
    start, end = bisect_left(times, at - rule.LOOKBACK), bisect_right(times, at)
    readings = tuple(one.reading for one in watched[start:end])
    return rule.evaluate(replace(base, readings=readings, as_of=at))


def name_of(one: StoredReading) -> str:
    """What tells one reading from another within a person: its code, time and value."""
    return name_of_row(evidence_row(one))


def name_of_row(row: Mapping[str, Any]) -> str:
    """The same of a reading that stands on an alert."""
    return f"{row.get('code')} {row.get('at')} {row.get('value')}"


def evidence_row(one: StoredReading) -> dict[str, Any]:
    """A reading as it stands on an alert."""
    value = one.reading.value
    return {
        "at": one.reading.effective_at.isoformat(),
        "code": one.reading.code.value,
        "value": value.name if isinstance(value, Special) else str(value),
        "received": one.received_at.isoformat(),
    }
