"""Somebody says that they are worried, because who knows a person sees it before any number does.

SOURCE. Carer concern alone must be able to escalate (soft signs, as in RESTORE2); the person's own worry counts the
same. Urgent, at once, and no limit of any person or pathway turns it off: Alongside default, not national guidance.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.history import Finding, History, Severity
from backend.observations.codes import Code
from backend.observations.reading import Reading, Source

WATCHES = frozenset({Code.CONCERN})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
VITAL = False
REFERENCE = ("carer-concern",)
SOURCE = "Alongside default, not national guidance: a worry is urgent (soft signs, carer concern)"

WORDS = {Decimal(1): ("The person is worried", "The person says: I'm worried"),
         Decimal(2): ("A carer is worried", "A carer says: I'm worried about this person")}  # fmt: skip


def evaluate(history: History) -> Finding | None:
    """Judge the newest worry as of `history.as_of`; an answer of "not worried" undoes none that was said."""
    said = [one for one in history.of(Code.CONCERN) if one.value in WORDS]
    if not said or said[-1].effective_at != history.readings[-1].effective_at:
        return None
    newest = said[-1]
    assert isinstance(newest.value, Decimal)
    title, reason = WORDS[newest.value]
    return Finding(Severity.URGENT, title, reason, (newest,), newest.effective_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _said(value: int, minute: int = 0) -> Reading:
    return Reading(Code.CONCERN, Decimal(value), "1", _T + timedelta(minutes=minute), Source.PERSON)


EXAMPLES = (
    (History((), _T), None),
    (History((_said(0),), _T), None),
    (
        History((_said(1),), _T),
        Finding(Severity.URGENT, "The person is worried", "The person says: I'm worried", (_said(1),), _T),
    ),
    (
        History((_said(2),), _T),
        Finding(
            Severity.URGENT,
            "A carer is worried",
            "A carer says: I'm worried about this person",
            (_said(2),),
            _T,
        ),
    ),
)
