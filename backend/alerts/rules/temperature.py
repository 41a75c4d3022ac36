"""A temperature that speaks of infection or of somebody too cold, because both are treatable while they are small.

SOURCE. 35.0 or less is urgent, 38.1 or more routine, 39.1 or more soon (RCP NEWS2 2017: 3, 1 and 2 points). Somebody
immunosuppressed or on chemotherapy: 38.0 or more, under 36.0, or unwell at any temperature, is an emergency by their
plan (UK oncology practice; Alongside default, for the clinical safety officer to settle). A clinician's upper limit
takes the place of 38.1, and a lower one is one more reason to look (Alongside default). Whether somebody is
immunosuppressed and nobody said is not known, and a fever says so.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.companions import personal_range, range_words
from backend.alerts.history import Facts, Finding, History, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Reading, Special

WATCHES = frozenset({Code.TEMPERATURE, Code.UNWELL})
LOOKBACK = timedelta(minutes=60)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
LIMITS = (Code.TEMPERATURE,)
VITAL = True
REFERENCE = ("temp-high", "temp-fever", "temp-low", "temp-immunosuppressed")
SOURCE = "RCP NEWS2 2017 bands; immunosuppressed: UK oncology practice, Alongside default"

COLD = Decimal("35.0")
FEVER = Decimal("38.1")
HIGH = Decimal("39.1")
IMMUNE_HIGH = Decimal("38.0")
IMMUNE_LOW = Decimal("36.0")
_BEYOND = {Special.LO: Decimal("-Infinity"), Special.HI: Decimal("Infinity")}


def evaluate(history: History) -> Finding | None:
    """Judge the newest temperature, and of somebody immunosuppressed being unwell too, as of `history.as_of`."""
    measured = [one for one in history.of(Code.TEMPERATURE) if _value(one) is not None]
    newest = measured[-1] if measured else None
    value = None if newest is None else _value(newest)
    if history.facts.immunosuppressed:
        return _immunosuppressed(history, newest, value)
    if newest is None or value is None:
        return None
    low, high = personal_range(history, Code.TEMPERATURE)
    level = _level(value, low, high)
    if level is None:
        return None
    own = low is not None or high is not None
    expected = range_words(low, high) if own else "35.1 to 38 expected"
    if value > IMMUNE_HIGH and history.facts.immunosuppressed is None:
        expected += ", not known whether immunosuppressed"
    return _found(level, _words(newest), expected, newest)


def _level(value: Decimal, low: Decimal | None, high: Decimal | None) -> Severity | None:
    if value <= COLD:
        return Severity.URGENT
    if value >= HIGH:
        return Severity.SOON
    over = value >= FEVER if high is None else value > high
    return Severity.ROUTINE if over or (low is not None and value < low) else None


def _immunosuppressed(history: History, newest: Reading | None, value: Decimal | None) -> Finding | None:
    """By their plan, not by everybody's bands: infection can kill within hours and may come without a fever."""
    if newest is not None and value is not None and (value >= IMMUNE_HIGH or value < IMMUNE_LOW):
        return _found(Severity.EMERGENCY, _words(newest), "immunosuppressed, by their plan", newest)
    unwell = [one for one in history.of(Code.UNWELL) if one.value == 1]
    if not unwell:
        return None
    said = "temperature not measured" if newest is None else _words(newest).lower()
    return _found(Severity.EMERGENCY, "Unwell and immunosuppressed", f"{said}, by their plan", unwell[-1])


def _value(reading: Reading) -> Decimal | None:
    """LO and HI are beyond every edge on their side; other special values say nothing."""
    if isinstance(reading.value, Special):
        return _BEYOND.get(reading.value)
    return reading.value if isinstance(reading.value, Decimal) else None


def _words(reading: Reading) -> str:
    if isinstance(reading.value, Decimal):
        return f"Temperature {number(reading.value)}"
    return f"Temperature too {'low' if reading.value is Special.LO else 'high'} to measure"


def _found(level: Severity, title: str, words: str, newest: Reading) -> Finding:
    return Finding(level, title, f"{title}, {words}", (newest,), newest.effective_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_UNWELL = Reading(Code.UNWELL, Decimal(1), "1", _T)
_WELL, _FRAIL = Facts(immunosuppressed=False), Facts(immunosuppressed=True)


def _one(value: str) -> Reading:
    return Reading(Code.TEMPERATURE, Decimal(value), "Cel", _T)


EXAMPLES = (
    (
        History((_one("35.0"),), _T),
        _found(Severity.URGENT, "Temperature 35", "35.1 to 38 expected", _one("35.0")),
    ),
    (History((_one("35.1"),), _T), None),
    (History((_one("38.0"),), _T), None),
    (
        History((_one("38.1"),), _T, facts=_WELL),
        _found(Severity.ROUTINE, "Temperature 38.1", "35.1 to 38 expected", _one("38.1")),
    ),
    (
        History((_one("39.1"),), _T),
        _found(
            Severity.SOON,
            "Temperature 39.1",
            "35.1 to 38 expected, not known whether immunosuppressed",
            _one("39.1"),
        ),
    ),
    (
        History((_one("38.0"),), _T, facts=_FRAIL),
        _found(Severity.EMERGENCY, "Temperature 38", "immunosuppressed, by their plan", _one("38.0")),
    ),
    (History((_one("37.9"),), _T, facts=_FRAIL), None),
    (
        History((_one("37.0"), _UNWELL), _T, facts=_FRAIL),
        _found(Severity.EMERGENCY, "Unwell and immunosuppressed", "temperature 37, by their plan", _UNWELL),
    ),
)
