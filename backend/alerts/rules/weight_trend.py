"""A weight drifting away from what is usual for this person, because many admissions come without 2 kg in 3 days.

SOURCE. Not the guideline's rule (that is weight_gain) and Alongside default, not national guidance: EWMA and CUSUM
over the person's own baseline (statistics and their sources: backend/alerts/baseline.py; baseline:
backend/alerts/usual.py), rising soon, falling routine. Nothing of it follows the HeartPhone method (moving average,
one standard deviation, consecutive alerts), on which there are patents. Weight alone finds few admissions early.
"""

from decimal import Decimal
from typing import Literal

from backend.alerts import usual
from backend.alerts.history import Finding, History, Severity
from backend.observations.codes import Code

WATCHES = frozenset({Code.WEIGHT})
LOOKBACK = usual.LOOKBACK
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "pack"
VITAL = True
SOURCE = "Alongside default, not national guidance: own baseline, EWMA and CUSUM"
REFERENCE: tuple[str, ...] = ("hf-weight-trend",)

WATCH = usual.Watch(
    "weight_trend",
    Code.WEIGHT,
    "Weight",
    " kg",
    {"above": Severity.SOON, "below": Severity.ROUTINE},
    {},
)


def evaluate(history: History) -> Finding | None:
    """Judge the newest weight as of `history.as_of`."""
    return usual.judge_own(history, WATCH)


EXAMPLES = (
    usual.examples(WATCH, Decimal("80.0"), ["80.2", "79.9", "80.3"]),
    usual.examples(
        WATCH,
        Decimal("80.0"),
        ["80.6", "80.7", "80.9"],
        (
            Severity.SOON,
            "Weight rising over 3 days",
            "Weight rising over 3 days, now 80.9 kg, own range 79.4 to 80.6",
        ),
    ),
    usual.examples(
        WATCH,
        Decimal("80.0"),
        ["79.3", "79.2", "79.0"],
        (
            Severity.ROUTINE,
            "Weight falling over 3 days",
            "Weight falling over 3 days, now 79 kg, own range 79.4 to 80.6",
        ),
    ),
)
