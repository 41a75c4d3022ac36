"""Somebody newly confused or hard to wake, because nothing else they measure matters more then.

SOURCE. New confusion, or responding only to voice, to pain or not at all, scores 3 in RCP NEWS2 2017. That at home new
confusion is urgent, and the others an emergency with 999 first, is an Alongside default, not national guidance. It is
what another person recorded who knows them, and is never worked out from how somebody uses the app.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.history import Finding, History, Severity
from backend.observations.codes import STATES, Code
from backend.observations.reading import Reading

WATCHES = frozenset({Code.ACVPU})
LOOKBACK = timedelta(minutes=60)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
VITAL = True
REFERENCE: tuple[str, ...] = ()
SOURCE = "RCP NEWS2 2017 (3 points); what follows at home: Alongside default, not national guidance"

ALERT, CONFUSED = Decimal(0), Decimal(1)


def evaluate(history: History) -> Finding | None:
    """Judge the newest record as of `history.as_of`."""
    said = history.of(Code.ACVPU)
    if not said or not isinstance(said[-1].value, Decimal) or said[-1].value <= ALERT:
        return None
    newest, value = said[-1], said[-1].value
    words = STATES[Code.ACVPU][int(value)]
    is_worse = value > CONFUSED
    level = Severity.EMERGENCY if is_worse else Severity.URGENT
    return Finding(
        level, words, f"{words}, alert expected", (newest,), newest.effective_at, call_999=is_worse
    )


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _history(value: int) -> History:
    return History((Reading(Code.ACVPU, Decimal(value), "1", _T),), _T)


EXAMPLES = (
    (_history(0), None),
    (
        _history(1),
        Finding(Severity.URGENT, "New confusion", "New confusion, alert expected", _history(1).readings, _T),
    ),
    (
        _history(4),
        Finding(
            Severity.EMERGENCY,
            "Unresponsive",
            "Unresponsive, alert expected",
            _history(4).readings,
            _T,
            call_999=True,
        ),
    ),
)
