"""A weight far from the one that was agreed as dry, because fluid builds up, and treatment can take off too much.

SOURCE. More than 2.0 kg above or below the agreed dry weight, soon: Alongside default, not national guidance. A pack
may set `kg`. Where a clinician has set this person's own range of weight, that range is judged instead. Without an
agreed dry weight there is nothing to say.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.companions import personal_range
from backend.alerts.history import Facts, Finding, History, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading

WATCHES = frozenset({Code.WEIGHT})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
LIMITS = (Code.WEIGHT,)
VITAL = True
SOURCE = "Alongside default, not national guidance"
REFERENCE = ("dry-weight",)
PARAMETERS = {"kg": "2.0"}


def evaluate(history: History) -> Finding | None:
    """Judge the newest weight as of `history.as_of`."""
    readings = history.of(Code.WEIGHT)
    if not readings or not isinstance(readings[-1].value, Decimal):
        return None
    newest, value = readings[-1], readings[-1].value
    low, high = personal_range(history, Code.WEIGHT)
    dry = history.facts.dry_weight
    if low is not None or high is not None:
        words = _outside(value, low, high)
    elif dry is not None:
        words = _away(value, dry, Decimal(history.parameters.get("kg", PARAMETERS["kg"])))
    else:
        words = None
    if words is None:
        return None
    title = f"Weight {number(value)} kg"
    return Finding(Severity.SOON, title, f"{title}, {words}", (newest,), newest.effective_at)


def _away(value: Decimal, dry: Decimal, kg: Decimal) -> str | None:
    if abs(value - dry) <= kg:
        return None
    side = "above" if value > dry else "below"
    return f"{number(abs(value - dry))} kg {side} the agreed dry weight of {number(dry)} kg"


def _outside(value: Decimal, low: Decimal | None, high: Decimal | None) -> str | None:
    if low is not None and value < low:
        return f"under their own limit of {number(low)} kg"
    if high is not None and value > high:
        return f"over their own limit of {number(high)} kg"
    return None


_T = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def _history(value: str, dry: str | None = "70", own: tuple[str, str] | None = None) -> History:
    limits = (
        {Code.WEIGHT: Limit(Decimal(own[0]), Decimal(own[1]), "set by a clinician", personal=True)}
        if own
        else {}
    )
    facts = Facts(dry_weight=Decimal(dry) if dry else None)
    return History((_kg(value),), _T, limits=limits, facts=facts)


def _kg(value: str) -> Reading:
    return Reading(Code.WEIGHT, Decimal(value), "kg", _T)


def _found(value: str, words: str) -> Finding:
    return Finding(Severity.SOON, f"Weight {value} kg", f"Weight {value} kg, {words}", (_kg(value),), _T)


EXAMPLES = (
    (_history("90", dry=None), None),
    (_history("72.0"), None),
    (_history("68.0"), None),
    (_history("72.1"), _found("72.1", "2.1 kg above the agreed dry weight of 70 kg")),
    (_history("67.9"), _found("67.9", "2.1 kg below the agreed dry weight of 70 kg")),
    (_history("72.5", own=("68", "73")), None),
    (_history("73.1", own=("68", "73")), _found("73.1", "over their own limit of 73 kg")),
)
