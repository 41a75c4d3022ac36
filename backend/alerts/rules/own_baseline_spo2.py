"""Oxygen falling away from what is usual for this person, because a fall inside the normal range is a fall too.

SOURCE. Alongside default, not national guidance: EWMA and CUSUM over the person's own baseline (statistics and their
sources: backend/alerts/baseline.py; baseline: backend/alerts/usual.py), soon. Only falling counts. A sudden fall of
3 points or more, and every fixed limit, are other rules and stay on.
"""

from decimal import Decimal
from typing import Literal

from backend.alerts import usual
from backend.alerts.history import Finding, History, Severity
from backend.observations.codes import Code

WATCHES = frozenset({Code.SPO2})
LOOKBACK = usual.LOOKBACK
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "pack"
VITAL = True
SOURCE = "Alongside default, not national guidance: own baseline, EWMA and CUSUM"
REFERENCE: tuple[str, ...] = ()

WATCH = usual.Watch("own_baseline_spo2", Code.SPO2, "Oxygen", "%", {"below": Severity.SOON}, {})


def evaluate(history: History) -> Finding | None:
    """Judge the newest oxygen day as of `history.as_of`."""
    return usual.judge_own(history, WATCH)


EXAMPLES = (
    usual.examples(WATCH, Decimal(96), ["96", "95", "96"]),
    usual.examples(WATCH, Decimal(96), ["95", "95", "95"]),
    usual.examples(
        WATCH,
        Decimal(96),
        ["94", "94", "93", "93"],
        (
            Severity.SOON,
            "Oxygen falling over 4 days",
            "Oxygen falling over 4 days, now 93%, own range 94 to 98",
        ),
    ),
    usual.examples(WATCH, Decimal(94), ["96", "98", "98", "98", "98"]),
)
