"""The average of a week's blood pressures at home, because treatment is decided on it and not on single readings.

SOURCE. NICE NG136. Of somebody not treated yet: an average of 150/95 or more (stage 2) is looked at soon, 135/85 or
more (stage 1) as routine. Of somebody treated the team is told, for information, when the average is not under the
target: 135/85 under 80 years, 145/85 from 80 on. Alongside defaults, not national guidance: who is not known
to be treated is judged as not treated; the week runs from Monday to Sunday and is judged
when it has ended, so that it is said once a week at most; where it has too few days the two weeks before count; who
has only begun is judged when four days are there, and a week later the next time; an age not known counts as under 80;
a clinician's limit takes the place of all these. What makes a set valid: backend/scores/home_bp.py.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from backend.alerts.companions import age, personal_range
from backend.alerts.history import Facts, Finding, History, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading
from backend.scores.home_bp import LEAST_A_DAY, LEAST_DAYS, HomeAverage, Taken, average, days_that_count

WATCHES = frozenset({Code.SYSTOLIC, Code.DIASTOLIC})
LOOKBACK = timedelta(days=28)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "pack"
LIMITS = (Code.SYSTOLIC, Code.DIASTOLIC)
VITAL = True
REFERENCE = ("bp-home-avg-1", "bp-home-avg-2", "bp-target-under80", "bp-target-80plus")
SOURCE = "NICE NG136 (home measurement, stages and targets)"

TARGET_UNDER_80 = (Decimal(135), Decimal(85))
TARGET_FROM_80 = (Decimal(145), Decimal(85))
OLD = 80
HOME = ZoneInfo("Europe/London")
WEEK = timedelta(days=7)
# Nothing in the week before that is in sight: then somebody has only begun, or begins again.
BEGUN_WITHIN = timedelta(days=20)
TENTH = Decimal("0.1")
# The pairs that stand on the alert: a whole set, but for somebody who measures all day long.
EVIDENCE = 30

Pair = tuple[Reading, Reading]


def evaluate(history: History) -> Finding | None:
    """Judge the set that has ended last as of `history.as_of`."""
    pairs = _set(history)
    found = average([_taken(pair) for pair in pairs])
    if found.systolic is None or found.diastolic is None:
        return None
    said = _judged(history, found)
    if said is None:
        return None
    level, words = said
    value = " over ".join(number(one.quantize(TENTH)) for one in (found.systolic, found.diastolic))
    first, last = (_day(pair[0]) for pair in (pairs[0], pairs[-1]))
    reason = f"Average of {found.n} home readings, {first:%-d %b} to {last:%-d %b} without the first day: "
    reason += f"{value}, {words}"
    evidence = tuple(reading for pair in pairs[-EVIDENCE:] for reading in pair)
    return Finding(level, f"Home average {value}", reason, evidence, evidence[-1].effective_at)


def _judged(history: History, found: HomeAverage) -> tuple[Severity, str] | None:
    assert found.systolic is not None
    assert found.diastolic is not None
    own = [personal_range(history, code)[1] for code in (Code.SYSTOLIC, Code.DIASTOLIC)]
    if own != [None, None]:
        over = zip((found.systolic, found.diastolic), own, strict=True)
        is_over = any(edge is not None and value > edge for value, edge in over)
        limits = " over ".join("any" if edge is None else number(edge) for edge in own)
        return (Severity.INFO, f"own limit {limits}") if is_over else None
    treated = history.facts.blood_pressure_treated
    # Who is not known to be treated is judged as who is not: the milder level asks for a fact.
    if not treated:
        known = "not treated" if treated is False else "not known whether treated"
        if found.stage == 2:
            return Severity.SOON, f"150 over 95 or more (stage 2), {known}"
        return (Severity.ROUTINE, f"135 over 85 or more (stage 1), {known}") if found.stage else None
    years = age(history.facts, history.as_of.astimezone(HOME).date())
    target = TARGET_FROM_80 if years is not None and years >= OLD else TARGET_UNDER_80
    if not found.reaches(target):
        return None
    return Severity.INFO, f"target under {number(target[0])} over {number(target[1])}, treated"


def _set(history: History) -> Sequence[Pair]:
    """What is judged this week, the same each day of it.

    Of somebody who has only begun, the first four days that count, until a Monday a week later; else last week, or the
    last two where one has too few days.
    """
    pairs = _pairs(history)
    today = history.as_of.astimezone(HOME).date()
    monday = today - timedelta(days=today.weekday())
    first = _first(pairs, today)
    if first and monday - _day(first[-1][0]) < WEEK:
        return first
    for span in (WEEK, 2 * WEEK):
        chosen = [pair for pair in pairs if monday - span <= _day(pair[0]) < monday]
        if len(days_that_count([_taken(pair) for pair in chosen])) >= LEAST_DAYS:
            return chosen
    return ()


def _first(pairs: Sequence[Pair], today: date) -> Sequence[Pair]:
    """The first four days that count of somebody with nothing before them; empty for everybody else."""
    if not pairs or today - _day(pairs[0][0]) > BEGUN_WITHIN:
        return ()
    seen: dict[date, int] = {}
    for place, pair in enumerate(pairs, 1):
        seen[_day(pair[0])] = seen.get(_day(pair[0]), 0) + 1
        if seen[_day(pair[0])] == LEAST_A_DAY and _full(seen) == LEAST_DAYS:
            return pairs[:place]
    return ()


def _full(seen: Mapping[date, int]) -> int:
    return sum(count >= LEAST_A_DAY for count in seen.values())


def _pairs(history: History) -> list[Pair]:
    """Systolic and diastolic of one moment, oldest first; what the cuff could not measure is no part of an average."""
    diastolic = {
        one.effective_at: one for one in history.of(Code.DIASTOLIC) if isinstance(one.value, Decimal)
    }
    return [
        (one, diastolic[one.effective_at])
        for one in history.of(Code.SYSTOLIC)
        if isinstance(one.value, Decimal) and one.effective_at in diastolic
    ]


def _day(reading: Reading) -> date:
    return reading.effective_at.astimezone(HOME).date()


def _taken(pair: Pair) -> Taken:
    systolic, diastolic = (one.value for one in pair)
    assert isinstance(systolic, Decimal)
    assert isinstance(diastolic, Decimal)
    return Taken(_day(pair[0]).toordinal(), systolic, diastolic)


# A Monday.
_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_UNTREATED, _TREATED = Facts(blood_pressure_treated=False), Facts(blood_pressure_treated=True)


def _history(systolic: str, diastolic: str, facts: Facts, days: int = 4, own: str | None = None) -> History:
    """Two readings a day from Monday on, the first day far higher than the others."""
    readings: list[Reading] = []
    for day in range(days):
        for hours in (0, 11):
            at = _T + timedelta(days=day, hours=hours)
            pair = ("199", "119") if day == 0 else (systolic, diastolic)
            readings += [
                Reading(code, Decimal(value), "mm[Hg]", at)
                for code, value in zip((Code.SYSTOLIC, Code.DIASTOLIC), pair, strict=True)
            ]
    limits = {} if own is None else {Code.SYSTOLIC: Limit(None, Decimal(own), "a clinician", personal=True)}
    return History(tuple(readings), readings[-1].effective_at, limits=limits, facts=facts)


def _found(level: Severity, value: str, words: str, history: History) -> Finding:
    reason = f"Average of 6 home readings, 2 Nov to 5 Nov without the first day: {value}, {words}"
    return Finding(level, f"Home average {value}", reason, history.readings, history.as_of)


_STAGE_1, _STAGE_2 = _history("135", "84", _UNTREATED), _history("149", "95", _UNTREATED)
_OVER, _UNKNOWN = _history("135", "84", _TREATED), _history("150", "84", Facts())
EXAMPLES = (
    (_history("134.9", "84.9", _UNTREATED), None),
    (
        _STAGE_1,
        _found(Severity.ROUTINE, "135 over 84", "135 over 85 or more (stage 1), not treated", _STAGE_1),
    ),
    (_STAGE_2, _found(Severity.SOON, "149 over 95", "150 over 95 or more (stage 2), not treated", _STAGE_2)),
    (_OVER, _found(Severity.INFO, "135 over 84", "target under 135 over 85, treated", _OVER)),
    (
        _UNKNOWN,
        _found(
            Severity.SOON, "150 over 84", "150 over 95 or more (stage 2), not known whether treated", _UNKNOWN
        ),
    ),
    (_history("170", "100", _UNTREATED, days=3), None),
    (_history("140", "84", _UNTREATED, own="145"), None),
)
