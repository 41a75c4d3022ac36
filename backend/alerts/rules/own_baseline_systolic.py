"""A blood pressure leaving what is usual for this person, because a new 150 means more after years of 120.

SOURCE. Alongside default, not national guidance: EWMA and CUSUM over the person's own baseline (statistics and their
sources: backend/alerts/baseline.py; baseline: backend/alerts/usual.py), routine both ways; two values in a row further
out than a robust z of 3.5, routine. Fixed limits and the average NICE asks for are other rules and stay on.
"""

from decimal import Decimal
from typing import Literal

from backend.alerts import usual
from backend.alerts.baseline import Side
from backend.alerts.history import Finding, History, Severity
from backend.observations.codes import Code

WATCHES = frozenset({Code.SYSTOLIC})
LOOKBACK = usual.LOOKBACK
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "pack"
VITAL = True
SOURCE = "Alongside default, not national guidance: own baseline, EWMA, CUSUM and robust z"
REFERENCE: tuple[str, ...] = ()

BOTH: dict[Side, Severity] = {"above": Severity.ROUTINE, "below": Severity.ROUTINE}
WATCH = usual.Watch("own_baseline_systolic", Code.SYSTOLIC, "Upper blood pressure", "", BOTH, BOTH)


def evaluate(history: History) -> Finding | None:
    """Judge the newest systolic pressure as of `history.as_of`."""
    return usual.judge_own(history, WATCH)


EXAMPLES = (
    usual.examples(WATCH, Decimal(124), ["130", "118", "126"]),
    usual.examples(
        WATCH,
        Decimal(124),
        ["138", "138", "140"],
        (
            Severity.ROUTINE,
            "Upper blood pressure rising over 3 days",
            "Upper blood pressure rising over 3 days, now 140, own range 112 to 136",
        ),
    ),
)
