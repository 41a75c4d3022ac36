"""Somebody answered a check-in with what is amber or red, because symptoms come before numbers.

SOURCE. Amber is soon and red is urgent, whoever answered: Alongside default, not national guidance. Which answers are
amber or red stands in each questionnaire. A milder answer later undoes none before it.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.answered import judged
from backend.alerts.history import Finding, History, Severity
from backend.observations.codes import Code
from backend.observations.reading import Reading, Source

WATCHES = frozenset({Code.CHECK_IN_LEVEL})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
VITAL = False
SOURCE = "Alongside default, not national guidance: an amber answer is soon, a red one urgent"

WORDS = {
    Decimal(1): (Severity.SOON, "Amber answers on a check-in", "A check-in has answers that are amber"),
    Decimal(2): (Severity.URGENT, "Red answers on a check-in", "A check-in has answers that are red"),
}


def evaluate(history: History) -> Finding | None:
    """Judge the newest check-in as of `history.as_of`."""
    return judged(history, Code.CHECK_IN_LEVEL, WORDS)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _answered(value: int) -> Reading:
    return Reading(Code.CHECK_IN_LEVEL, Decimal(value), "1", _T, Source.PERSON)


EXAMPLES = (
    (History((), _T), None),
    (History((_answered(0),), _T), None),
    (
        History((_answered(1),), _T),
        Finding(
            Severity.SOON,
            "Amber answers on a check-in",
            "A check-in has answers that are amber",
            (_answered(1),),
            _T,
        ),
    ),
    (
        History((_answered(2),), _T),
        Finding(
            Severity.URGENT,
            "Red answers on a check-in",
            "A check-in has answers that are red",
            (_answered(2),),
            _T,
        ),
    ),
)
