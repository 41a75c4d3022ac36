"""Oxygen below what is right for this person, because falling oxygen is seen before it is felt.

SOURCE. Person without a target of their own: 92 or less is an emergency, 93 to 94 is urgent, 95 or more is
expected (NHS England, COVID Oximetry @home). Person with a prescribed target of 88 to 92: 84 to 87 is urgent,
83 or less an emergency, whether on air or oxygen (RCP NEWS2 2017, SpO2 scale 2; BTS oxygen guideline).
Alongside defaults, not national guidance: the repeat, its 10 minutes, the 30 minutes in which a second one as
low confirms, and how other personal targets are read (five points under the target is an emergency; from a
target of 93 upwards 92 or less is). Too much oxygen is another rule: whether oxygen is in use is unknown
here, and unknown is never taken for air, so no band of this rule depends on it.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.history import Facts, Finding, History, Limit, Severity, minutes_apart, number
from backend.observations.codes import Code
from backend.observations.reading import Reading, Special

WATCHES = frozenset({Code.SPO2})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
SOURCE = "NHS England COVID Oximetry @home; RCP NEWS2 2017 scale 2; repeat: Alongside default"

EXPECTED = Decimal(95)
RED = Decimal(92)
SAFE_TARGET = Decimal(93)
RED_BELOW_TARGET = Decimal(5)
REPEAT_WITHIN = timedelta(minutes=10)


def evaluate(history: History) -> Finding | None:
    """Judge the newest oxygen reading as of `history.as_of`."""
    readings = history.of(Code.SPO2)
    if not readings:
        return None
    newest = readings[-1]
    limit = history.limits.get(Code.SPO2)
    level = _level(newest, limit)
    if level is None:
        return None
    target = _target(limit) + _oxygen(history.facts)
    if newest.value is Special.LO:
        return _found(level, "Oxygen too low to measure", f"Oxygen too low for the device, {target}", newest)
    assert isinstance(newest.value, Decimal)
    value = f"Oxygen {number(newest.value)}%"
    if not _asks_repeat(level, limit):
        return _found(level, value, f"{value}, {target}", newest)
    before = readings[-2] if len(readings) > 1 else None
    before_level = _level(before, limit) if before is not None else None
    if before is not None and before_level is not None and not level.worse_than(before_level):
        apart = minutes_apart(before.effective_at, newest.effective_at)
        return _found(level, value, f"{value}, two readings {apart}, {target}", before, newest)
    recheck_at = newest.effective_at + REPEAT_WITHIN
    if history.as_of < recheck_at:
        return _found(level, value, f"{value}, waiting for a repeat, {target}", newest, recheck_at=recheck_at)
    return _found(
        level, value, f"{value}, one reading, no repeat in 10 minutes, unconfirmed, {target}", newest
    )


def _level(reading: Reading, limit: Limit | None) -> Severity | None:
    """The band of one reading; a device's LO is the worst band, and no other special value says anything."""
    if reading.value is Special.LO:
        return Severity.EMERGENCY
    if not isinstance(reading.value, Decimal):
        return None
    low = limit.low if limit is not None and limit.low is not None else None
    expected = low if low is not None else EXPECTED
    red = RED if low is None or low >= SAFE_TARGET else low - RED_BELOW_TARGET
    if reading.value <= red:
        return Severity.EMERGENCY
    return Severity.URGENT if reading.value < expected else None


def _asks_repeat(level: Severity, limit: Limit | None) -> bool:
    """A repeat is asked for 92 or less, and within a target for the urgent band; far below a target never."""
    has_target = limit is not None and limit.low is not None and limit.low < SAFE_TARGET
    return level is (Severity.URGENT if has_target else Severity.EMERGENCY)


def _target(limit: Limit | None) -> str:
    if limit is None or limit.low is None:
        return "95 or more expected"
    high = f" to {number(limit.high)}" if limit.high is not None else " or more"
    return f"target {number(limit.low)}{high}"


def _oxygen(facts: Facts) -> str:
    return ", home oxygen prescribed, use now not known" if facts.home_oxygen else ""


def _found(
    level: Severity, title: str, reason: str, *evidence: Reading, recheck_at: datetime | None = None
) -> Finding:
    return Finding(level, title, reason, evidence, evidence[-1].effective_at, recheck_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_COPD = {Code.SPO2: Limit(Decimal(88), Decimal(92), "prescribed target", personal=True)}


def _reading(value: str | Special, minute: int = 0) -> Reading:
    stored = value if isinstance(value, Special) else Decimal(value)
    return Reading(Code.SPO2, stored, "%", _T + timedelta(minutes=minute))


def _history(*readings: Reading, minute: int = 0, copd: bool = False) -> History:
    return History(readings, _T + timedelta(minutes=minute), limits=_COPD if copd else {})


_LOW, _LOW_AGAIN = _reading("91"), _reading("90", 5)
_COPD_LOW, _COPD_LOW_AGAIN = _reading("86"), _reading("86", 5)
EXAMPLES = (
    (_history(_reading("95")), None),
    (
        _history(_reading("94")),
        _found(Severity.URGENT, "Oxygen 94%", "Oxygen 94%, 95 or more expected", _reading("94")),
    ),
    (
        _history(_LOW),
        _found(
            Severity.EMERGENCY,
            "Oxygen 91%",
            "Oxygen 91%, waiting for a repeat, 95 or more expected",
            _LOW,
            recheck_at=_T + timedelta(minutes=10),
        ),
    ),
    (
        _history(_LOW, minute=10),
        _found(
            Severity.EMERGENCY,
            "Oxygen 91%",
            "Oxygen 91%, one reading, no repeat in 10 minutes, unconfirmed, 95 or more expected",
            _LOW,
        ),
    ),
    (
        _history(_LOW, _LOW_AGAIN, minute=5),
        _found(
            Severity.EMERGENCY,
            "Oxygen 90%",
            "Oxygen 90%, two readings in 5 minutes, 95 or more expected",
            _LOW,
            _LOW_AGAIN,
        ),
    ),
    (_history(_LOW, _reading("96", 5), minute=10), None),
    (_history(_reading("90"), copd=True), None),
    (
        _history(_COPD_LOW, _COPD_LOW_AGAIN, minute=5, copd=True),
        _found(
            Severity.URGENT,
            "Oxygen 86%",
            "Oxygen 86%, two readings in 5 minutes, target 88 to 92",
            _COPD_LOW,
            _COPD_LOW_AGAIN,
        ),
    ),
    (
        _history(_reading("83"), copd=True),
        _found(Severity.EMERGENCY, "Oxygen 83%", "Oxygen 83%, target 88 to 92", _reading("83")),
    ),
    (
        _history(_reading(Special.LO), copd=True),
        _found(
            Severity.EMERGENCY,
            "Oxygen too low to measure",
            "Oxygen too low for the device, target 88 to 92",
            _reading(Special.LO),
        ),
    ),
    (_history(_reading(Special.HI)), None),
)
