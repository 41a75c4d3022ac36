"""A blood glucose that can take somebody's consciousness, low or high, whoever they are and whatever they take.

SOURCE. Under 3.0 mmol/L: International Hypoglycaemia Study Group, level 2. A meter that shows LO or HI has measured
what it cannot name, and is taken for the worst it can mean. 30 mmol/L or more: Alongside default, not national
guidance (the usual mark of a hyperosmolar state, to be confirmed by the clinical safety officer). Low values between
3.0 and 4.0, and high ones of people who should check their ketones, depend on treatment and are other rules. No
repeat is waited for: the first answer to a low glucose is sugar, not a second strip. It stays on whatever range a
clinician sets; the bands are those of `alongside score glucose`.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.history import Finding, History, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Reading, Special
from backend.scores import glucose

WATCHES = frozenset({Code.GLUCOSE})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
VITAL = False
SOURCE = "International Hypoglycaemia Study Group, level 2; very high: Alongside default"
REFERENCE = ("glucose-l2", "glucose-very-high")


def evaluate(history: History) -> Finding | None:
    """Judge the newest glucose as of `history.as_of`."""
    readings = history.of(Code.GLUCOSE)
    if not readings:
        return None
    newest = readings[-1]
    if newest.value is Special.LO:
        return _found("Glucose too low to measure", "Glucose too low for the meter: it shows LO", newest)
    if newest.value is Special.HI:
        return _found("Glucose too high to measure", "Glucose too high for the meter: it shows HI", newest)
    if not isinstance(newest.value, Decimal):
        return None
    said = {"level-2-hypo": "under 3.0", "very-high": "30 or more"}.get(glucose.band(newest.value))
    value = f"Glucose {number(newest.value)} mmol/L"
    return _found(value, f"{value}, {said}", newest) if said is not None else None


def _found(title: str, reason: str, newest: Reading) -> Finding:
    return Finding(Severity.EMERGENCY, title, reason, (newest,), newest.effective_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _one(value: str | Special) -> Reading:
    return Reading(Code.GLUCOSE, value if isinstance(value, Special) else Decimal(value), "mmol/L", _T)


EXAMPLES = (
    (History((), _T), None),
    (History((_one("3.0"),), _T), None),
    (History((_one("29.9"),), _T), None),
    (
        History((_one("2.9"),), _T),
        _found("Glucose 2.9 mmol/L", "Glucose 2.9 mmol/L, under 3.0", _one("2.9")),
    ),
    (
        History((_one("30"),), _T),
        _found("Glucose 30 mmol/L", "Glucose 30 mmol/L, 30 or more", _one("30")),
    ),
    (
        History((_one(Special.LO),), _T),
        _found("Glucose too low to measure", "Glucose too low for the meter: it shows LO", _one(Special.LO)),
    ),
    (
        History((_one(Special.HI),), _T),
        _found(
            "Glucose too high to measure", "Glucose too high for the meter: it shows HI", _one(Special.HI)
        ),
    ),
)
