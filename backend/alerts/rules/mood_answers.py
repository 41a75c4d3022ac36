"""Answers about mood ask for a look by the team, because a total that nobody reads helps nobody.

SOURCE. PHQ-9 of 15 and over is moderately severe, GAD-7 of 15 and over severe (Kroenke 2001, Spitzer 2006); that these
and an amber answer about company are soon, and a red one urgent, is an Alongside default, not national guidance. For
the person alone: no proxy is told. Item 9 is a rule of its own.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.history import Finding, History, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Reading, Source

WATCHES = frozenset({Code.PHQ9_TOTAL, Code.GAD7_TOTAL, Code.MOOD_CHECK_IN_LEVEL})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
VITAL = False
SEEN_BY: Literal["everyone", "person", "team"] = "person"
SOURCE = "PHQ-9 and GAD-7 bands; how soon: Alongside default, not national guidance"

HIGH = {Code.PHQ9_TOTAL: Decimal(15), Code.GAD7_TOTAL: Decimal(15)}
NAMES = {Code.PHQ9_TOTAL: ("low mood", "PHQ-9"), Code.GAD7_TOTAL: ("worry", "GAD-7")}
LEVELS = {Decimal(1): Severity.SOON, Decimal(2): Severity.URGENT}


def evaluate(history: History) -> Finding | None:
    """Judge what was answered last as of `history.as_of`; the worst of what was answered together."""
    newest = [one for one in history.readings if one.effective_at == history.readings[-1].effective_at]
    found = [finding for one in newest if (finding := _of(one)) is not None]
    return max(found, key=lambda finding: finding.severity.rank, default=None)


def _of(one: Reading) -> Finding | None:
    if not isinstance(one.value, Decimal):
        return None
    if one.code is Code.MOOD_CHECK_IN_LEVEL and one.value in LEVELS:
        words = ("Answers about mood ask for a look", "A check-in about mood has answers that ask for a look")
        return Finding(LEVELS[one.value], *words, (one,), one.effective_at)
    if one.code not in HIGH or one.value < HIGH[one.code]:
        return None
    what, name = NAMES[one.code]
    reason = f"{name} {number(one.value)}: many signs of {what}"
    return Finding(Severity.SOON, f"Many signs of {what}", reason, (one,), one.effective_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _scored(code: Code, value: int) -> Reading:
    return Reading(code, Decimal(value), code.unit, _T, Source.PERSON)


def _soon(title: str, reason: str, one: Reading) -> Finding:
    return Finding(Severity.SOON, title, reason, (one,), _T)


_MOOD, _WORRY, _ALONE = (
    _scored(Code.PHQ9_TOTAL, 15),
    _scored(Code.GAD7_TOTAL, 15),
    _scored(Code.MOOD_CHECK_IN_LEVEL, 1),
)
EXAMPLES = (
    (History((), _T), None),
    (History((_scored(Code.PHQ9_TOTAL, 14),), _T), None),
    (History((_scored(Code.GAD7_TOTAL, 14),), _T), None),
    (History((_scored(Code.MOOD_CHECK_IN_LEVEL, 0),), _T), None),
    (
        History((_MOOD,), _T),
        _soon("Many signs of low mood", "PHQ-9 15: many signs of low mood", _MOOD),
    ),
    (History((_WORRY,), _T), _soon("Many signs of worry", "GAD-7 15: many signs of worry", _WORRY)),
    (
        History((_ALONE,), _T),
        _soon(
            "Answers about mood ask for a look",
            "A check-in about mood has answers that ask for a look",
            _ALONE,
        ),
    ),
)
