"""A pulse at rest far too slow or too fast, because it can be the first sign that somebody is seriously ill.

SOURCE. 40 or less, or 131 or more, is urgent (RCP NEWS2 2017, 3 points); 111 to 130 is looked at soon (2 points).
Alongside defaults, not national guidance: a clinician's range takes the place of 111, and of 40 and 131 where it
reaches beyond them; and a device that shows LO or HI has measured the worst it can mean.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.companions import personal_range, range_words
from backend.alerts.history import Finding, History, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading, Special

WATCHES = frozenset({Code.PULSE})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
LIMITS = (Code.PULSE,)
VITAL = True
REFERENCE = ("pulse-low", "pulse-high", "pulse-mid")
SOURCE = "RCP NEWS2 2017: 40 or less, 131 or more, 111 to 130"

LOW_RED = Decimal(40)
HIGH_RED = Decimal(131)
HIGH_MID = Decimal(111)


def evaluate(history: History) -> Finding | None:
    """Judge the newest pulse as of `history.as_of`."""
    readings = history.of(Code.PULSE)
    if not readings:
        return None
    newest = readings[-1]
    if newest.value in (Special.LO, Special.HI):
        title = f"Pulse too {'slow' if newest.value is Special.LO else 'fast'} to measure"
        return _found(Severity.URGENT, title, "outside what the device can measure", newest)
    if not isinstance(newest.value, Decimal):
        return None
    low, high = personal_range(history, Code.PULSE)
    level = _level(newest.value, low, high)
    if level is None:
        return None
    own = low is not None or high is not None
    expected = range_words(low, high) if own else "41 to 110 expected"
    return _found(level, f"Pulse {number(newest.value)} a minute", expected, newest)


def _level(value: Decimal, low: Decimal | None, high: Decimal | None) -> Severity | None:
    """Red first; a clinician's edge beyond a red one takes its place."""
    slow = value < low if low is not None and low <= LOW_RED else value <= LOW_RED
    fast = value > high if high is not None and high >= HIGH_RED else value >= HIGH_RED
    if slow or fast:
        return Severity.URGENT
    over = value >= HIGH_MID if high is None else value > high
    return Severity.SOON if over or (low is not None and value < low) else None


def _found(level: Severity, title: str, words: str, newest: Reading) -> Finding:
    return Finding(level, title, f"{title}, {words}", (newest,), newest.effective_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _one(value: str | Special) -> Reading:
    return Reading(Code.PULSE, value if isinstance(value, Special) else Decimal(value), "/min", _T)


def _history(value: str | Special, own: tuple[str, str] | None = None) -> History:
    limits = {}
    if own is not None:
        limits[Code.PULSE] = Limit(Decimal(own[0]), Decimal(own[1]), "a clinician", personal=True)
    return History((_one(value),), _T, limits=limits)


EXAMPLES = (
    (_history("41"), None),
    (_history("40"), _found(Severity.URGENT, "Pulse 40 a minute", "41 to 110 expected", _one("40"))),
    (_history("110"), None),
    (_history("111"), _found(Severity.SOON, "Pulse 111 a minute", "41 to 110 expected", _one("111"))),
    (_history("131"), _found(Severity.URGENT, "Pulse 131 a minute", "41 to 110 expected", _one("131"))),
    (
        _history("101", ("50", "100")),
        _found(Severity.SOON, "Pulse 101 a minute", "own range 50 to 100", _one("101")),
    ),
    (_history("120", ("38", "125")), None),
    (_history("39", ("38", "125")), None),
    (
        _history(Special.HI),
        _found(
            Severity.URGENT,
            "Pulse too fast to measure",
            "outside what the device can measure",
            _one(Special.HI),
        ),
    ),
)
