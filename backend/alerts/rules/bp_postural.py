"""A blood pressure that falls on standing up, because that is how people fall and how tablets show they are too many.

SOURCE. A fall of the systolic by 20 mmHg or more on standing: NICE NG136. That the sitting reading must be of the 10
minutes before, and that of several the newest counts, is an Alongside default, not national guidance; so is that a
standing systolic of 90 or less (RCP NEWS2 2017, 3 points) or too low for the cuff is looked at soon whatever it was
sitting.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.history import Finding, History, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Reading, Special

WATCHES = frozenset({Code.SYSTOLIC, Code.STANDING_SYSTOLIC})
LOOKBACK = timedelta(minutes=20)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
VITAL = True
REFERENCE = ("bp-postural",)
SOURCE = "NICE NG136 (a fall of 20 mmHg on standing); the 10 minutes: Alongside default"

FALL = Decimal(20)
LOW = Decimal(90)
SITTING_WITHIN = timedelta(minutes=10)


def evaluate(history: History) -> Finding | None:
    """Judge the newest standing systolic as of `history.as_of`."""
    standing = history.of(Code.STANDING_SYSTOLIC)
    if not standing:
        return None
    up = standing[-1]
    if up.value is Special.LO:
        return _low(
            "Standing blood pressure too low to measure", "Standing systolic too low for the cuff", up
        )
    if not isinstance(up.value, Decimal):
        return None
    return _fall(history, up, up.value) or (_low(*_words(up.value), up) if up.value <= LOW else None)


def _low(title: str, reason: str, up: Reading) -> Finding:
    return Finding(Severity.SOON, title, reason, (up,), up.effective_at)


def _words(value: Decimal) -> tuple[str, str]:
    title = f"Blood pressure {number(value)} standing"
    return title, f"Systolic {number(value)} standing, over 90 expected"


def _fall(history: History, up: Reading, after: Decimal) -> Finding | None:
    """How far it fell from the sitting one before."""
    sitting = [
        one
        for one in history.of(Code.SYSTOLIC)
        if isinstance(one.value, Decimal)
        and timedelta(0) <= up.effective_at - one.effective_at <= SITTING_WITHIN
    ]
    if not sitting:
        return None
    before = sitting[-1].value
    assert isinstance(before, Decimal)
    fall = before - after
    if fall < FALL:
        return None
    title = f"Blood pressure falls by {number(fall)} on standing"
    reason = f"Systolic {number(before)} sitting and {number(after)} standing, "
    reason += f"a fall of {number(fall)}, under 20 expected"
    return Finding(Severity.SOON, title, reason, (sitting[-1], up), up.effective_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _history(sitting: str, standing: str, minutes: int = 3) -> History:
    at = _T + timedelta(minutes=minutes)
    readings = (
        Reading(Code.SYSTOLIC, Decimal(sitting), "mm[Hg]", _T),
        Reading(Code.STANDING_SYSTOLIC, Decimal(standing), "mm[Hg]", at),
    )
    return History(readings, at)


EXAMPLES = (
    (_history("140", "121"), None),
    (
        _history("140", "120"),
        Finding(
            Severity.SOON,
            "Blood pressure falls by 20 on standing",
            "Systolic 140 sitting and 120 standing, a fall of 20, under 20 expected",
            _history("140", "120").readings,
            _T + timedelta(minutes=3),
        ),
    ),
    (_history("140", "100", minutes=11), None),
    (
        _history("101", "90"),
        _low(*_words(Decimal(90)), _history("101", "90").readings[-1]),
    ),
)
