"""A blood pressure so low that somebody may faint or be ill, judged against what is usual for this person.

SOURCE. Systolic 90 or less is urgent: RCP NEWS2 2017, 3 points. 91 to 100 is looked at soon when it is under the
person's usual range: NEWS2, 2 points. Under 90/60 with symptoms is looked at soon: NHS, low blood pressure. Alongside
defaults, not national guidance: symptoms are those said within 60 minutes; where the usual range is not known, 91 to
100 without symptoms raises nothing; a clinician's lower limit of 90 or less takes the place of the 90, and a higher one
is one more reason to look soon. What the cuff could not measure is bp_severe's.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.companions import personal_range, symptoms
from backend.alerts.history import Facts, Finding, History, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading

WATCHES = frozenset({Code.SYSTOLIC, Code.DIASTOLIC, Code.UNWELL})
LOOKBACK = timedelta(minutes=60)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
LIMITS = (Code.SYSTOLIC,)
VITAL = True
REFERENCE = ("bp-low", "bp-lowish")
SOURCE = "RCP NEWS2 2017 (90 and 100); NHS low blood pressure (90/60 with symptoms)"

RED = Decimal(90)
LOWISH = Decimal(100)
FAINT_SYSTOLIC = Decimal(90)
FAINT_DIASTOLIC = Decimal(60)


def evaluate(history: History) -> Finding | None:
    """Judge the newest systolic, with the diastolic of the same moment, as of `history.as_of`."""
    readings = history.of(Code.SYSTOLIC)
    if not readings or not isinstance(readings[-1].value, Decimal):
        return None
    newest, value = readings[-1], readings[-1].value
    beside = [one for one in history.of(Code.DIASTOLIC) if one.effective_at == newest.effective_at]
    diastolic = beside[-1].value if beside and isinstance(beside[-1].value, Decimal) else None
    title = (
        f"Blood pressure {number(value)} over {'not measured' if diastolic is None else number(diastolic)}"
    )
    low = personal_range(history, Code.SYSTOLIC)[0]
    evidence = (newest, *beside[-1:])
    if low is not None and low <= RED:
        if value < low:
            return _found(Severity.URGENT, title, f"own limit {number(low)} or more", evidence)
    elif value <= RED:
        return _found(Severity.URGENT, title, "over 90 expected", evidence)
    if symptoms(history, newest.effective_at) is not None and (
        value < FAINT_SYSTOLIC or (diastolic is not None and diastolic < FAINT_DIASTOLIC)
    ):
        return _found(Severity.SOON, title, "unwell, and under 90 over 60", evidence)
    return _below_usual(history, value, low, title, evidence)


def _below_usual(
    history: History, value: Decimal, low: Decimal | None, title: str, evidence: tuple[Reading, ...]
) -> Finding | None:
    """A clinician's limit first; then the usual range, and only of 100 or less."""
    if low is not None:
        words = f"own limit {number(low)} or more"
        return _found(Severity.SOON, title, words, evidence) if value < low else None
    usual = history.facts.usual_systolic_low
    if usual is None or value > LOWISH or value >= usual:
        return None
    return _found(Severity.SOON, title, f"usually {number(usual)} or more", evidence)


def _found(level: Severity, title: str, words: str, evidence: tuple[Reading, ...]) -> Finding:
    return Finding(level, title, f"{title}, {words}", evidence, evidence[-1].effective_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _pair(systolic: str, diastolic: str) -> tuple[Reading, ...]:
    return (
        Reading(Code.SYSTOLIC, Decimal(systolic), "mm[Hg]", _T),
        Reading(Code.DIASTOLIC, Decimal(diastolic), "mm[Hg]", _T),
    )


def _history(
    systolic: str, diastolic: str, *, usual: str | None = None, unwell: bool = False, own: str | None = None
) -> History:
    facts = Facts(usual_systolic_low=None if usual is None else Decimal(usual))
    said = (Reading(Code.UNWELL, Decimal(1), "1", _T),) if unwell else ()
    limits = {} if own is None else {Code.SYSTOLIC: Limit(Decimal(own), None, "a clinician", personal=True)}
    return History(_pair(systolic, diastolic) + said, _T, limits=limits, facts=facts)


EXAMPLES = (
    (
        _history("90", "62"),
        _found(Severity.URGENT, "Blood pressure 90 over 62", "over 90 expected", _pair("90", "62")),
    ),
    (_history("91", "62"), None),
    (
        _history("96", "62", usual="110"),
        _found(Severity.SOON, "Blood pressure 96 over 62", "usually 110 or more", _pair("96", "62")),
    ),
    (_history("101", "62", usual="110"), None),
    (
        _history("104", "58", unwell=True),
        _found(
            Severity.SOON, "Blood pressure 104 over 58", "unwell, and under 90 over 60", _pair("104", "58")
        ),
    ),
    (_history("104", "58"), None),
    (_history("88", "62", own="85"), None),
    (
        _history("84", "62", own="85"),
        _found(Severity.URGENT, "Blood pressure 84 over 62", "own limit 85 or more", _pair("84", "62")),
    ),
)
