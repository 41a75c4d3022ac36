"""Blood ketones that say ketoacidosis is on its way, because there are hours and not days to act.

SOURCE. Below 0.6 mmol/L normal, 0.6 to 1.4 raised, 1.5 to 2.9 urgent, 3.0 or more an emergency (sick-day rules of
NHS trusts). That raised ones are a routine task with "test again in 2 hours", and that a meter's HI is an emergency,
are Alongside defaults, not national guidance. Compared before rounding: 2.95 is urgent and not yet 3.0. A clinician's
own high limit takes the place of the edges below 3.0.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.companions import personal_range
from backend.alerts.history import Finding, History, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Reading, Special

WATCHES = frozenset({Code.KETONES})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
VITAL = False
SOURCE = "NHS trusts' sick-day rules; raised ketones and HI: Alongside default"
REFERENCE = ("ketones-mod", "ketones-high")

RAISED = Decimal("0.6")
HIGH = Decimal("1.5")
EMERGENCY = Decimal("3.0")


def evaluate(history: History) -> Finding | None:
    """Judge the newest ketones as of `history.as_of`."""
    readings = history.of(Code.KETONES)
    if not readings:
        return None
    newest = readings[-1]
    if newest.value is Special.HI:
        words = "Ketones too high for the meter: it shows HI"
        return _found(Severity.EMERGENCY, "Ketones too high to measure", words, newest)
    if not isinstance(newest.value, Decimal):
        return None
    judged = _level(newest.value, personal_range(history, Code.KETONES)[1])
    if judged is None:
        return None
    title = f"Ketones {number(newest.value)} mmol/L"
    return _found(judged[0], title, f"{title}, {judged[1]}", newest)


def _level(value: Decimal, own: Decimal | None) -> tuple[Severity, str] | None:
    if value >= EMERGENCY:
        return Severity.EMERGENCY, "3.0 or more"
    if own is not None:
        return (Severity.URGENT, f"over their own limit of {number(own)}") if value > own else None
    if value >= HIGH:
        return Severity.URGENT, "1.5 or more"
    if value >= RAISED:
        return Severity.ROUTINE, "raised, test again in 2 hours"
    return None


def _found(level: Severity, title: str, reason: str, newest: Reading) -> Finding:
    return Finding(level, title, reason, (newest,), newest.effective_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _one(value: str | Special) -> Reading:
    return Reading(Code.KETONES, value if isinstance(value, Special) else Decimal(value), "mmol/L", _T)


def _example(value: str | Special, level: Severity, title: str, words: str) -> tuple[History, Finding | None]:
    return History((_one(value),), _T), _found(level, title, words, _one(value))


EXAMPLES = (
    (History((), _T), None),
    (History((_one("0.5"),), _T), None),
    _example(
        "0.6",
        Severity.ROUTINE,
        "Ketones 0.6 mmol/L",
        "Ketones 0.6 mmol/L, raised, test again in 2 hours",
    ),
    _example("1.5", Severity.URGENT, "Ketones 1.5 mmol/L", "Ketones 1.5 mmol/L, 1.5 or more"),
    _example("2.9", Severity.URGENT, "Ketones 2.9 mmol/L", "Ketones 2.9 mmol/L, 1.5 or more"),
    _example("3.0", Severity.EMERGENCY, "Ketones 3 mmol/L", "Ketones 3 mmol/L, 3.0 or more"),
    _example(
        Special.HI,
        Severity.EMERGENCY,
        "Ketones too high to measure",
        "Ketones too high for the meter: it shows HI",
    ),
    (History((_one(Special.LO),), _T), None),
)
