"""A temperature above what is usual for this person, because the old and frail run cool and 37.5 may be a fever.

SOURCE. Alongside default, not national guidance: EWMA and CUSUM over the person's own baseline (statistics and their
sources: backend/alerts/baseline.py; baseline: backend/alerts/usual.py), or two values in a row further out than a
robust z of 3.5; routine. Only rising counts. Fixed limits are another rule and stay on.
"""

from decimal import Decimal
from typing import Literal

from backend.alerts import usual
from backend.alerts.baseline import Side
from backend.alerts.history import Finding, History, Severity
from backend.observations.codes import Code

WATCHES = frozenset({Code.TEMPERATURE})
LOOKBACK = usual.LOOKBACK
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "pack"
VITAL = True
SOURCE = "Alongside default, not national guidance: own baseline, EWMA, CUSUM and robust z"
REFERENCE: tuple[str, ...] = ()

RISING: dict[Side, Severity] = {"above": Severity.ROUTINE}
WATCH = usual.Watch("own_baseline_temperature", Code.TEMPERATURE, "Temperature", "", RISING, RISING)


def evaluate(history: History) -> Finding | None:
    """Judge the newest temperature as of `history.as_of`."""
    return usual.judge_own(history, WATCH)


EXAMPLES = (
    usual.examples(WATCH, Decimal("36.2"), ["36.4", "36.2", "36.5"]),
    usual.examples(
        WATCH,
        Decimal("36.2"),
        ["37.1", "37.2"],
        (
            Severity.ROUTINE,
            "Temperature rising over 2 days",
            "Temperature rising over 2 days, now 37.2, own range 35.8 to 36.6",
        ),
    ),
    usual.examples(WATCH, Decimal("36.2"), ["35.2", "35.0"]),
)
