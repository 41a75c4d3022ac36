"""Two falls in a year, or one with harm, because that is when a whole assessment is offered.

SOURCE. NICE NG249 (2025), how people are found: two or more falls in 12 months, or a fall with injury or loss of
consciousness. NG249 1.1.1: no falls-risk prediction tool is used, and none is computed here. That a fall which ended
with 999 or in hospital counts as one with harm is an Alongside default, not national guidance.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.history import Finding, History, Severity
from backend.observations.codes import Code
from backend.observations.reading import Reading

WATCHES = frozenset({Code.FALL})
LOOKBACK = timedelta(days=365)
# Its sweep gives it the falls of a year; nothing else of a reading looks back so far.
ON: Literal["reading", "clock"] = "clock"
RUNS: Literal["always", "pack"] = "always"
REFERENCE = ("fall-recurrent",)
SOURCE = "NICE NG249 (2025): two falls in 12 months, or one with harm; no risk score"

FALLS = 2
# What the sweep puts beside a fall whose card was closed with 999, an admission or a hospital.
HARM = ("harm", "999 or hospital")


def evaluate(history: History) -> Finding | None:
    """Judge the falls in `history.readings`, each with value 1, as of `history.as_of`."""
    falls = tuple(
        one
        for one in history.of(Code.FALL)
        if one.value == 1 and history.as_of - LOOKBACK < one.effective_at <= history.as_of
    )
    harmed = [one for one in falls if HARM in one.beside]
    if len(falls) < FALLS and not harmed:
        return None
    count = "A fall with harm" if len(falls) < FALLS else f"{len(falls)} falls in 12 months"
    reason = f"{count}: offer a comprehensive falls assessment"
    return Finding(Severity.ROUTINE, "Falls assessment due", reason, falls, falls[-1].effective_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _fall(days: int, *, harm: bool = False) -> Reading:
    at = _T - timedelta(days=days)
    return Reading(Code.FALL, Decimal(1), "1", at, beside=(HARM,) if harm else ())


def _found(reason: str, *falls: Reading) -> Finding:
    return Finding(Severity.ROUTINE, "Falls assessment due", reason, falls, falls[-1].effective_at)


EXAMPLES = (
    (History((), _T), None),
    (History((_fall(1),), _T), None),
    (History((_fall(365), _fall(1)), _T), None),
    (
        History((_fall(364), _fall(1)), _T),
        _found("2 falls in 12 months: offer a comprehensive falls assessment", _fall(364), _fall(1)),
    ),
    (
        History((_fall(1, harm=True),), _T),
        _found("A fall with harm: offer a comprehensive falls assessment", _fall(1, harm=True)),
    ),
)
