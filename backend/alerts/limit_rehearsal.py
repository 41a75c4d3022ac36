"""Tries a limit on what a person measured lately, before anybody saves it: what would have alerted, and what not."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from backend.access import service as access
from backend.alerts.cases import Case, Waiting, load_cases
from backend.alerts.history import Finding
from backend.alerts.judge import findings
from backend.observations.codes import Code
from backend.observations.reading import Limit

# As far back as a limit is tried. From the hazard log.
REHEARSED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One time a rule was true."""

    rule: str
    title: str
    reason: str
    level: str
    true_at: datetime


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the limits of now find, and what those in question would; nothing is raised by asking.

    `added` and `dropped` are the difference, newest first; `readings` how many values it was tried on.
    """

    readings: int
    now: Mapping[str, int]
    then: Mapping[str, int]
    added: tuple[Rehearsed, ...]
    dropped: tuple[Rehearsed, ...]


def rehearse_limit(patient_id: int, code: Code, low: Decimal | None, high: Decimal | None) -> Rehearsal:
    """Judge the last REHEARSED of one person with a range of `code` instead of what counts now.

    Somebody who is not live is judged by nobody, so it shows nothing.
    """
    now = access.database_time()
    cases = load_cases({patient_id: Waiting(patient_id, {code: now - REHEARSED})}, now)
    if not cases:
        return Rehearsal(0, {}, {}, (), ())
    case = cases[0]
    changed = Limit(low, high, "tried", personal=True)
    other = replace(case, history=replace(case.history, limits={**case.history.limits, code: changed}))
    stand, would = _found(case), _found(other)
    measured = sum(
        one.reading.code is code and one.reading.effective_at >= now - REHEARSED for one in case.stored
    )
    return Rehearsal(
        measured,
        Counter(one.level for one in stand),
        Counter(one.level for one in would),
        _only(would, stand),
        _only(stand, would),
    )


def _found(case: Case) -> list[Rehearsed]:
    found: list[Rehearsed] = []
    for name, (rule, judge_from) in case.to_try().items():
        history = case.for_rule(name)
        found += [_said(name, one) for one in findings(rule, history, case.stored, judge_from, history.as_of)]
    return found


def _said(rule: str, finding: Finding) -> Rehearsed:
    return Rehearsed(rule, finding.title, finding.reason, finding.severity.value, finding.true_at)


def _only(these: list[Rehearsed], those: list[Rehearsed]) -> tuple[Rehearsed, ...]:
    """By rule, level and time: another wording of the same is no difference."""
    known = {(one.rule, one.level, one.true_at) for one in those}
    left = [one for one in these if (one.rule, one.level, one.true_at) not in known]
    return tuple(sorted(left, key=lambda one: one.true_at, reverse=True))
