"""A pulse leaving what is usual for this person, because it often rises days before somebody falls ill.

SOURCE. Alongside default, not national guidance: EWMA and CUSUM over the person's own baseline (statistics and their
sources: backend/alerts/baseline.py; baseline: backend/alerts/usual.py), rising soon and falling routine; two values in
a row further out than a robust z of 3.5, routine. Fixed limits are another rule and stay on.
"""

from decimal import Decimal
from typing import Literal

from backend.alerts import usual
from backend.alerts.history import Finding, History, Severity
from backend.observations.codes import Code

WATCHES = frozenset({Code.PULSE})
LOOKBACK = usual.LOOKBACK
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "pack"
VITAL = True
SOURCE = "Alongside default, not national guidance: own baseline, EWMA, CUSUM and robust z"
REFERENCE: tuple[str, ...] = ()

WATCH = usual.Watch(
    "own_baseline_pulse",
    Code.PULSE,
    "Pulse",
    "",
    {"above": Severity.SOON, "below": Severity.ROUTINE},
    {"above": Severity.ROUTINE, "below": Severity.ROUTINE},
)


def evaluate(history: History) -> Finding | None:
    """Judge the newest pulse as of `history.as_of`."""
    return usual.judge_own(history, WATCH)


EXAMPLES = (
    usual.examples(WATCH, Decimal(72), ["74", "70", "76"]),
    usual.examples(WATCH, Decimal(72), ["87"]),
    usual.examples(
        WATCH,
        Decimal(72),
        ["80", "82", "84"],
        (Severity.SOON, "Pulse rising over 3 days", "Pulse rising over 3 days, now 84, own range 64 to 80"),
    ),
    usual.examples(
        WATCH,
        Decimal(72),
        ["62", "62", "60"],
        (
            Severity.ROUTINE,
            "Pulse falling over 3 days",
            "Pulse falling over 3 days, now 60, own range 64 to 80",
        ),
    ),
)
