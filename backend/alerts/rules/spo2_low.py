"""Oxygen below what is right for this person, because falling oxygen is seen before it is felt.

SOURCE. Person without a target of their own: 92 or less is an emergency, 93 to 94 is urgent, 95 or more is expected
(NHS England, COVID Oximetry @home). Person with a prescribed target of 88 to 92: 84 to 87 is urgent, 83 or less an
emergency, whether on air or oxygen (RCP NEWS2 2017, SpO2 scale 2; BTS oxygen guideline). Alongside defaults, not
national guidance: that who is on scale 2 without a target in the record is judged on 88 to 92, the repeat, its 10
minutes, the 30 minutes in which a second one as low confirms, and how other personal targets are read (five points
under the target is an emergency; from a target of 93 upwards 92 or less is), that nobody waits for a repeat at 83 or
less or when the person was said to be unwell within 60 minutes, and that only a sound number calms: one the device
itself doubts, or none, does not. Too much oxygen is another rule: no band of this one depends on oxygen in use, which
is said when somebody said it and is otherwise not known, never air.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.companions import oxygen_limit, oxygen_words, symptoms
from backend.alerts.history import Facts, Finding, History, Limit, Severity, minutes_apart, number
from backend.observations.codes import Code
from backend.observations.reading import Quality, Reading, Special

WATCHES = frozenset({Code.SPO2, Code.OXYGEN_USE, Code.UNWELL})
LOOKBACK = timedelta(minutes=60)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
LIMITS = (Code.SPO2,)
VITAL = True
REFERENCE = ("spo2-red", "spo2-amber", "spo2-scale2-low", "spo2-scale2-emergency")
SOURCE = "NHS England COVID Oximetry @home; RCP NEWS2 2017 scale 2; repeat: Alongside default"

EXPECTED = Decimal(95)
RED = Decimal(92)
SAFE_TARGET = Decimal(93)
RED_BELOW_TARGET = Decimal(5)
FAR_BELOW = Decimal(83)
REPEAT_WITHIN = timedelta(minutes=10)
CONFIRMED_WITHIN = timedelta(minutes=30)


def evaluate(history: History) -> Finding | None:
    """Judge the newest oxygen reading as of `history.as_of`."""
    limit = oxygen_limit(history)
    # What is low counts even if the device doubts it; what would calm counts only if it does not.
    readings = [one for one in history.of(Code.SPO2) if band(one, limit) is not None or _is_sound(one)]
    if not readings:
        return None
    newest = readings[-1]
    level = band(newest, limit)
    if level is None:
        return None
    target = _target(limit) + oxygen_words(history, newest.effective_at)
    if newest.value is Special.LO:
        return _found(level, "Oxygen too low to measure", f"Oxygen too low for the device, {target}", newest)
    assert isinstance(newest.value, Decimal)
    value = f"Oxygen {number(newest.value)}%"
    if not _asks_repeat(newest.value, level, limit):
        return _found(level, value, f"{value}, {target}", newest)
    return _repeated(history, readings, level, value, target)


def _repeated(
    history: History, readings: Sequence[Reading], level: Severity, value: str, target: str
) -> Finding:
    """A level that asks for a second reading: confirmed by it, waiting for it, or raised without it."""
    newest = readings[-1]
    before = readings[-2] if len(readings) > 1 else None
    if before is not None and newest.effective_at - before.effective_at <= CONFIRMED_WITHIN:
        before_level = band(before, oxygen_limit(history))
        if before_level is not None and not level.worse_than(before_level):
            apart = minutes_apart(before.effective_at, newest.effective_at)
            return _found(level, value, f"{value}, two readings {apart}, {target}", before, newest)
    if symptoms(history, newest.effective_at) is not None:
        return _found(level, value, f"{value}, one reading, unwell, unconfirmed, {target}", newest)
    recheck_at = newest.effective_at + REPEAT_WITHIN
    if history.as_of < recheck_at:
        return _found(level, value, f"{value}, waiting for a repeat, {target}", newest, recheck_at=recheck_at)
    return _found(
        level, value, f"{value}, one reading, no repeat in 10 minutes, unconfirmed, {target}", newest
    )


def band(reading: Reading, limit: Limit | None) -> Severity | None:
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


def _is_sound(reading: Reading) -> bool:
    """A number that its device does not doubt."""
    return isinstance(reading.value, Decimal) and reading.quality is Quality.OK


def _asks_repeat(value: Decimal, level: Severity, limit: Limit | None) -> bool:
    """A repeat is asked for 92 or less, and within a target for the urgent band; far below either never."""
    has_target = limit is not None and limit.low is not None and limit.low < SAFE_TARGET
    if has_target:
        return level is Severity.URGENT
    return level is Severity.EMERGENCY and value > FAR_BELOW


def _target(limit: Limit | None) -> str:
    if limit is None or limit.low is None:
        return "95 or more expected"
    high = f" to {number(limit.high)}" if limit.high is not None else " or more"
    return f"target {number(limit.low)}{high}"


def _found(
    level: Severity, title: str, reason: str, *evidence: Reading, recheck_at: datetime | None = None
) -> Finding:
    return Finding(level, title, reason, evidence, evidence[-1].effective_at, recheck_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_COPD = {Code.SPO2: Limit(Decimal(88), Decimal(92), "prescribed target", personal=True)}


def _reading(value: str | Special, minute: int = 0) -> Reading:
    stored = value if isinstance(value, Special) else Decimal(value)
    return Reading(Code.SPO2, stored, "%", _T + timedelta(minutes=minute))


def _beside(code: Code, value: int, minute: int = 0) -> Reading:
    return Reading(code, Decimal(value), code.unit, _T + timedelta(minutes=minute))


def _history(*readings: Reading, minute: int = 0, copd: bool = False) -> History:
    return History(readings, _T + timedelta(minutes=minute), limits=_COPD if copd else {})


_LOW, _LOW_AGAIN = _reading("91"), _reading("90", 5)
_SCALE_2 = Facts(spo2_scale2=True)
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
    (
        _history(_reading("83")),
        _found(Severity.EMERGENCY, "Oxygen 83%", "Oxygen 83%, 95 or more expected", _reading("83")),
    ),
    (
        _history(_LOW, _beside(Code.UNWELL, 1, 2), minute=2),
        _found(
            Severity.EMERGENCY,
            "Oxygen 91%",
            "Oxygen 91%, one reading, unwell, unconfirmed, 95 or more expected",
            _LOW,
        ),
    ),
    (
        _history(_reading("94"), _beside(Code.OXYGEN_USE, 2)),
        _found(
            Severity.URGENT,
            "Oxygen 94%",
            "Oxygen 94%, 95 or more expected, on oxygen 2 litres a minute",
            _reading("94"),
        ),
    ),
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
    # Somebody on scale 2 whose target nobody wrote down is not judged on 95.
    (replace(_history(_reading("90")), facts=_SCALE_2), None),
    (
        replace(_history(_reading("83")), facts=_SCALE_2),
        _found(Severity.EMERGENCY, "Oxygen 83%", "Oxygen 83%, target 88 to 92", _reading("83")),
    ),
)
