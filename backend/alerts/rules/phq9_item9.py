"""Somebody answered that they thought of death or of hurting themselves: never left to wait for a total.

SOURCE. PHQ-9 item 9, any answer but "not at all" (Kroenke 2001; Simon 2013: it tells of risk, and 0 does not tell of
safety). Urgent at once, an emergency on "not safe" or without an answer to "are you safe now?" (care rules of this
project); ten minutes for the answer: Alongside default, not national guidance. For the person alone: no proxy is told.
No limit of anybody and no pathway turns it off.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.history import Finding, History, Severity
from backend.observations.codes import STATES, Code
from backend.observations.reading import Reading, Source

WATCHES = frozenset({Code.PHQ9_ITEM9})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
VITAL = False
REFERENCE = ("phq9-item9",)
SEEN_BY: Literal["everyone", "person", "team"] = "person"
SOURCE = "PHQ-9 item 9 (Kroenke 2001); urgent at once: care rules of this project"

TITLE = "Thoughts of death or self-harm"


def reason(value: Decimal) -> str:
    """What was answered, as the card says it."""
    return f"PHQ-9 item 9 was answered “{STATES[Code.PHQ9_ITEM9][int(value)]}”"


def evaluate(history: History) -> Finding | None:
    """Judge the newest answer as of `history.as_of`; "not at all" undoes none before it."""
    said = [one for one in history.of(Code.PHQ9_ITEM9) if isinstance(one.value, Decimal) and one.value >= 1]
    if not said or said[-1].effective_at != history.readings[-1].effective_at:
        return None
    newest = said[-1]
    assert isinstance(newest.value, Decimal)
    return Finding(Severity.URGENT, TITLE, reason(newest.value), (newest,), newest.effective_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _answered(value: int) -> Reading:
    return Reading(Code.PHQ9_ITEM9, Decimal(value), "1", _T, Source.PERSON)


EXAMPLES = (
    (History((), _T), None),
    (History((_answered(0),), _T), None),
    *(
        (
            History((_answered(value),), _T),
            Finding(
                Severity.URGENT,
                "Thoughts of death or self-harm",
                f"PHQ-9 item 9 was answered “{words}”",
                (_answered(value),),
                _T,
            ),
        )
        for value, words in ((1, "Several days"), (2, "More than half the days"), (3, "Nearly every day"))
    ),
)
