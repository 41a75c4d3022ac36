"""Oxygen three points under what is usual for this person, because their usual says more than everybody's range.

SOURCE. A fall of 3 percentage points or more asks for a clinical assessment: BTS oxygen guideline. The usual value is
the one a clinician noted for the person; without it nothing is compared. A value that spo2_low already raises is not
raised twice: this rule speaks of what is still inside the range (Alongside default, not national guidance).
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.companions import oxygen_limit, oxygen_words
from backend.alerts.history import Facts, Finding, History, Severity, number
from backend.alerts.rules.spo2_low import band
from backend.observations.codes import Code
from backend.observations.reading import Reading

WATCHES = frozenset({Code.SPO2, Code.OXYGEN_USE})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "pack"
VITAL = True
REFERENCE = ("spo2-drop",)
SOURCE = "BTS oxygen guideline: a fall of 3 points or more"

FALL = Decimal(3)


def evaluate(history: History) -> Finding | None:
    """Judge the newest oxygen reading as of `history.as_of`."""
    readings = history.of(Code.SPO2)
    usual = history.facts.usual_spo2
    if not readings or usual is None:
        return None
    newest = readings[-1]
    if not isinstance(newest.value, Decimal) or usual - newest.value < FALL:
        return None
    if band(newest, oxygen_limit(history)) is not None:
        return None
    value = f"Oxygen {number(newest.value)}%"
    reason = f"{value}, {number(usual - newest.value)} points under the usual {number(usual)}"
    reason += oxygen_words(history, newest.effective_at)
    return Finding(Severity.SOON, f"{value}, usually {number(usual)}", reason, (newest,), newest.effective_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _history(value: str, usual: str | None = "98") -> History:
    facts = Facts(usual_spo2=None if usual is None else Decimal(usual))
    return History((Reading(Code.SPO2, Decimal(value), "%", _T),), _T, facts=facts)


EXAMPLES = (
    (_history("95.1"), None),
    (
        _history("95"),
        Finding(
            Severity.SOON,
            "Oxygen 95%, usually 98",
            "Oxygen 95%, 3 points under the usual 98",
            _history("95").readings,
            _T,
        ),
    ),
    # spo2_low speaks of it already.
    (_history("94"), None),
    (_history("95", None), None),
)
