"""Too much oxygen for somebody whose target is 88 to 92, because it makes their breathing fail quietly.

SOURCE. 93 or more on oxygen with a prescribed target of 88 to 92: RCP NEWS2 2017, SpO2 scale 2, where the same value on
air scores nothing. For another target under 93, one point over its upper end, and the 15 minutes within which oxygen
in use must have been said, are Alongside defaults, not national guidance. Where nobody said whether oxygen is in use it
is not known: that is never taken for air and never for oxygen, and this rule says nothing.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.companions import OXYGEN_WITHIN, nearest, oxygen_limit
from backend.alerts.history import Finding, History, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading

WATCHES = frozenset({Code.SPO2, Code.OXYGEN_USE})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
LIMITS = (Code.SPO2,)
VITAL = True
REFERENCE = ("spo2-scale2-high-on-o2",)
SOURCE = "RCP NEWS2 2017 scale 2; other targets: Alongside default"

LOW_TARGET = Decimal(93)
OVER = Decimal(1)


def evaluate(history: History) -> Finding | None:
    """Judge the newest oxygen reading as of `history.as_of`."""
    readings = history.of(Code.SPO2)
    limit = oxygen_limit(history)
    if not readings or limit is None or limit.low is None or limit.high is None or limit.low >= LOW_TARGET:
        return None
    newest = readings[-1]
    if not isinstance(newest.value, Decimal) or newest.value < limit.high + OVER:
        return None
    used = nearest(history, Code.OXYGEN_USE, newest.effective_at, OXYGEN_WITHIN)
    if used is None or not isinstance(used.value, Decimal) or used.value == 0:
        return None
    value = f"Oxygen {number(newest.value)}% on oxygen"
    target = f"target {number(limit.low)} to {number(limit.high)}"
    reason = f"{value}, {number(used.value)} litres a minute, {target}: too much oxygen"
    return Finding(Severity.URGENT, value, reason, (used, newest), newest.effective_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _history(spo2: str, litres: str | None = None, minute: int = 5, target: bool = True) -> History:
    limits = (
        {Code.SPO2: Limit(Decimal(88), Decimal(92), "prescribed target", personal=True)} if target else {}
    )
    used = () if litres is None else (Reading(Code.OXYGEN_USE, Decimal(litres), "L/min", _T),)
    at = _T + timedelta(minutes=minute)
    return History((*used, Reading(Code.SPO2, Decimal(spo2), "%", at)), at, limits=limits)


EXAMPLES = (
    (_history("92", "2"), None),
    (
        _history("93", "2"),
        Finding(
            Severity.URGENT,
            "Oxygen 93% on oxygen",
            "Oxygen 93% on oxygen, 2 litres a minute, target 88 to 92: too much oxygen",
            _history("93", "2").readings,
            _T + timedelta(minutes=5),
        ),
    ),
    # On air it is good news; and what nobody said is not known.
    (_history("97", "0"), None),
    (_history("97"), None),
    (_history("97", "2", minute=16), None),
    (_history("97", "2", target=False), None),
)
