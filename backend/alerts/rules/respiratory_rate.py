"""Breathing too slow or too fast, because it changes before most other signs and people seldom notice it.

SOURCE. 8 or less is an emergency, 25 or more urgent (RCP NEWS2 2017, 3 points), 21 to 24 is looked at soon (2 points).
That 8 or less at home is an emergency with 999 first, that a clinician's range takes the place of 21, and of 8 and 25
where it reaches beyond them, and that LO and HI are the worst they can mean, are Alongside defaults, not national
guidance.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.companions import personal_range, range_words
from backend.alerts.history import Finding, History, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading, Special

WATCHES = frozenset({Code.RESPIRATORY_RATE})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
LIMITS = (Code.RESPIRATORY_RATE,)
VITAL = True
REFERENCE = ("rr-high", "rr-low", "rr-mid")
SOURCE = "RCP NEWS2 2017: 8 or less, 25 or more, 21 to 24"

LOW_RED = Decimal(8)
HIGH_RED = Decimal(25)
HIGH_MID = Decimal(21)
_BEYOND = {Special.LO: Decimal("-Infinity"), Special.HI: Decimal("Infinity")}


def evaluate(history: History) -> Finding | None:
    """Judge the newest rate of breathing as of `history.as_of`."""
    readings = history.of(Code.RESPIRATORY_RATE)
    if not readings:
        return None
    newest = readings[-1]
    value = _BEYOND.get(newest.value) if isinstance(newest.value, Special) else newest.value
    if not isinstance(value, Decimal):
        return None
    low, high = personal_range(history, Code.RESPIRATORY_RATE)
    level = _level(value, low, high)
    if level is None:
        return None
    expected = range_words(low, high) if low is not None or high is not None else "9 to 20 expected"
    if isinstance(newest.value, Special):
        title = f"Breathing too {'slow' if newest.value is Special.LO else 'fast'} to measure"
    else:
        title = f"Breathing {number(value)} a minute"
    return _found(level, title, expected, newest)


def _level(value: Decimal, low: Decimal | None, high: Decimal | None) -> Severity | None:
    """Red first; a clinician's edge beyond a red one takes its place."""
    if value < low if low is not None and low <= LOW_RED else value <= LOW_RED:
        return Severity.EMERGENCY
    if value > high if high is not None and high >= HIGH_RED else value >= HIGH_RED:
        return Severity.URGENT
    over = value >= HIGH_MID if high is None else value > high
    return Severity.SOON if over or (low is not None and value < low) else None


def _found(level: Severity, title: str, words: str, newest: Reading) -> Finding:
    first = level is Severity.EMERGENCY
    return Finding(level, title, f"{title}, {words}", (newest,), newest.effective_at, call_999=first)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _one(value: str | Special) -> Reading:
    return Reading(Code.RESPIRATORY_RATE, value if isinstance(value, Special) else Decimal(value), "/min", _T)


def _history(value: str | Special, own: tuple[str, str] | None = None) -> History:
    limits = {}
    if own is not None:
        limits[Code.RESPIRATORY_RATE] = Limit(Decimal(own[0]), Decimal(own[1]), "a clinician", personal=True)
    return History((_one(value),), _T, limits=limits)


EXAMPLES = (
    (_history("8"), _found(Severity.EMERGENCY, "Breathing 8 a minute", "9 to 20 expected", _one("8"))),
    (_history("9"), None),
    (_history("20"), None),
    (_history("21"), _found(Severity.SOON, "Breathing 21 a minute", "9 to 20 expected", _one("21"))),
    (_history("25"), _found(Severity.URGENT, "Breathing 25 a minute", "9 to 20 expected", _one("25"))),
    (_history("24", ("10", "26")), None),
    (
        _history(Special.LO),
        _found(Severity.EMERGENCY, "Breathing too slow to measure", "9 to 20 expected", _one(Special.LO)),
    ),
)
