"""Says which value alone would reach which level for one person, so that a phone without a network can say it too."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from backend.alerts.history import Facts, History, Limit, Severity
from backend.alerts.judge import is_vital, rules_watching, runs_for
from backend.alerts.limits import effective_limits, parameters_of, personal_limits
from backend.alerts.subjects import people
from backend.observations.codes import Code
from backend.observations.reading import Reading
from backend.pathways import service as pathways
from backend.pathways.service import EnrolledOn

# What a person reads off a display: the finest step of each code, and how far apart values are tried first. Between
# two that differ every edge is found by halving; a band narrower than the wider step would be missed, and no rule
# has one (a test tries every value).
STEPS: Mapping[Code, tuple[Decimal, int]] = {
    Code.SYSTOLIC: (Decimal(1), 5),
    Code.DIASTOLIC: (Decimal(1), 5),
    Code.SPO2: (Decimal(1), 1),
    Code.PULSE: (Decimal(1), 5),
    Code.WEIGHT: (Decimal("0.1"), 10),
    Code.TEMPERATURE: (Decimal("0.1"), 5),
    Code.GLUCOSE: (Decimal("0.1"), 5),
    Code.PEAK_FLOW: (Decimal(1), 10),
}
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_TOLD = (Severity.SOON, Severity.URGENT, Severity.EMERGENCY)
_Level = Callable[[int], Severity | None]


@dataclass(frozen=True, slots=True)
class Band:
    """From `low` to `high`, both included, one value alone reaches `level`."""

    low: Decimal
    high: Decimal
    level: str


@dataclass(frozen=True, slots=True)
class _Judged:
    """All that a level depends on, as a key: the same for two people is worked out once."""

    facts: Facts
    limits: tuple[tuple[Code, Limit], ...]
    rules: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def rules_about(codes: Iterable[Code]) -> tuple[str, ...]:
    """The names of the rules that judge one of these codes by a reading."""
    return tuple(dict.fromkeys(name for code in codes for name, _ in rules_watching(code)))


def bands_of(patient_id: int, codes: Iterable[Code], now: datetime) -> dict[Code, tuple[Band, ...]]:
    """The bands of each code that reach "soon" or worse for this person, lowest first.

    A level for which a repeat is awaited counts as reached: whoever holds the phone is told at once. Somebody who is
    not live is judged as well, because the number means the same; who looks at it is another question.
    """
    person = people([patient_id]).get(patient_id)
    if person is None:
        return {}
    enrolled = pathways.enrolments_for([patient_id]).get(patient_id, [])
    limits = effective_limits(personal_limits([patient_id]).get(patient_id, {}), enrolled, person.age(now))
    # The birthday changes daily what is no part of any band.
    facts = replace(person.facts, birth_date=None)
    found = {}
    for code in codes:
        judged = _Judged(facts, tuple(sorted(limits.items(), key=_by_name)), _rules(code, facts, enrolled))
        found[code] = _bands(code, judged)
    return found


def _by_name(item: tuple[Code, Limit]) -> str:
    return item[0].value


def _rules(
    code: Code, facts: Facts, enrolled: Sequence[EnrolledOn]
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    named = {name for one in enrolled if one.is_live for name in one.pack.rules}
    return tuple(
        (name, tuple(sorted(parameters_of(name, enrolled).items())))
        for name, rule in rules_watching(code)
        if runs_for(name, rule, named) and not (facts.end_of_life and is_vital(rule))
    )


@lru_cache(maxsize=4096)
def _bands(code: Code, judged: _Judged) -> tuple[Band, ...]:
    step, coarse = STEPS[code]
    last = int((code.info.hard[1] - code.info.hard[0]) / step)
    low = code.info.hard[0]

    def level(index: int) -> Severity | None:
        return _level(code, low + step * index, judged)

    tried = {index: level(index) for index in sorted({*range(0, last, coarse), last})}
    places = sorted(tried)
    for before, after in pairwise(places):
        _halve(before, after, tried, level)
    return tuple(_together(sorted(tried.items()), low, step))


def _halve(before: int, after: int, tried: dict[int, Severity | None], level: _Level) -> None:
    """Find every edge between two places whose levels differ."""
    if after - before < 2 or tried[before] == tried[after]:
        return
    middle = (before + after) // 2
    tried[middle] = level(middle)
    _halve(before, middle, tried, level)
    _halve(middle, after, tried, level)


def _together(tried: list[tuple[int, Severity | None]], low: Decimal, step: Decimal) -> list[Band]:
    found: list[Band] = []
    start = 0
    for place, (index, level) in enumerate(tried):
        is_last = place + 1 == len(tried) or tried[place + 1][1] != level
        if not is_last:
            continue
        if level in _TOLD:
            assert level is not None
            found.append(Band(low + step * tried[start][0], low + step * index, level.value))
        start = place + 1
    return found


def _level(code: Code, value: Decimal, judged: _Judged) -> Severity | None:
    history = History(
        (Reading(code, value, code.unit, _AT),), _AT, limits=dict(judged.limits), facts=judged.facts
    )
    named = dict(judged.rules)
    said = [
        finding.severity
        for name, rule in rules_watching(code)
        if name in named
        and (finding := rule.evaluate(replace(history, parameters=dict(named[name])))) is not None
    ]
    return max(said, key=lambda one: one.rank, default=None)
