"""A carer says that they cannot go on, because who is cared for by them is then in danger too.

SOURCE. Amber is soon and red is urgent: Alongside default, not national guidance. The answers are the carer's own: the
team sees them and the person they help does not.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.answered import judged
from backend.alerts.history import Finding, History, Severity
from backend.observations.codes import Code
from backend.observations.reading import Reading, Source

WATCHES = frozenset({Code.CARER_CHECK_IN_LEVEL})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
VITAL = False
SEEN_BY: Literal["everyone", "person", "team"] = "team"
SOURCE = "Alongside default, not national guidance: a carer under strain is soon, one who cannot go on urgent"

WORDS = {
    Decimal(1): (
        Severity.SOON,
        "A carer is under strain",
        "A carer's own check-in has answers that are amber",
    ),
    Decimal(2): (Severity.URGENT, "A carer cannot go on", "A carer's own check-in has answers that are red"),
}


def evaluate(history: History) -> Finding | None:
    """Judge a carer's newest answers about themselves as of `history.as_of`."""
    return judged(history, Code.CARER_CHECK_IN_LEVEL, WORDS)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _answered(value: int) -> Reading:
    return Reading(Code.CARER_CHECK_IN_LEVEL, Decimal(value), "1", _T, Source.FORM)


EXAMPLES = (
    (History((), _T), None),
    (History((_answered(0),), _T), None),
    (
        History((_answered(1),), _T),
        Finding(
            Severity.SOON,
            "A carer is under strain",
            "A carer's own check-in has answers that are amber",
            (_answered(1),),
            _T,
        ),
    ),
    (
        History((_answered(2),), _T),
        Finding(
            Severity.URGENT,
            "A carer cannot go on",
            "A carer's own check-in has answers that are red",
            (_answered(2),),
            _T,
        ),
    ),
)
