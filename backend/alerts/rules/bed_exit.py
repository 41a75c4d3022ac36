"""Somebody who left the bed at night and has not come back to it, because a fall on the way is found too late.

SOURCE. Alongside default, not national guidance: 30 minutes between 23:00 and 06:00 on the clock of the wall. A
clinician's own limit for this person (in minutes) wins over the pathway's.
"""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from backend.alerts.history import Finding, History, Limit, Severity
from backend.observations.codes import Code
from backend.observations.reading import Reading

WATCHES = frozenset({Code.BED_OCCUPANCY})
# A sensor that sends changes alone says nothing between going to bed and leaving it.
LOOKBACK = timedelta(hours=14)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "pack"
VITAL = False
# What is waited for is a return, so nobody is asked to measure again.
ASKS_REPEAT = False
REFERENCE = ("bed-exit",)
SOURCE = "Alongside default, not national guidance: out of bed for 30 minutes at night"

NIGHT_FROM, NIGHT_UNTIL, MINUTES = "23:00", "06:00", "30"
HOME = ZoneInfo("Europe/London")


def evaluate(history: History) -> Finding | None:
    """Judge since when the bed is empty, as of `history.as_of`."""
    said = history.of(Code.BED_OCCUPANCY)
    if not said or said[-1].value != 0:
        return None
    # A pad that says "empty" every few minutes says one thing: the first of them counts.
    empty = said[-1]
    for one in reversed(said):
        if one.value != 0:
            break
        empty = one
    else:
        # Empty for as long as we look back: nobody was in it, so nobody left it.
        return None
    back_by = empty.effective_at + _allowed(history)
    # Who left just before the night and is not back in it is as absent as who left in it.
    if not _is_night(empty.effective_at, history) and not _is_night(back_by, history):
        return None
    minutes = int((max(history.as_of, back_by) - empty.effective_at).total_seconds() // 60)
    left = empty.effective_at.astimezone(HOME)
    reason = f"Out of bed since {left:%H:%M}, {minutes} minutes, and not back"
    recheck = back_by if history.as_of < back_by else None
    return Finding(Severity.SOON, "Not back in bed", reason, (empty,), empty.effective_at, recheck)


def _allowed(history: History) -> timedelta:
    own = history.limits.get(Code.BED_OCCUPANCY)
    if own is not None and own.personal and own.high is not None:
        return timedelta(minutes=float(own.high))
    return timedelta(minutes=int(history.parameters.get("minutes", MINUTES)))


def _is_night(at: datetime, history: History) -> bool:
    begins = time.fromisoformat(history.parameters.get("night_from", NIGHT_FROM))
    ends = time.fromisoformat(history.parameters.get("night_until", NIGHT_UNTIL))
    clock = at.astimezone(HOME).time()
    return begins <= clock < ends if begins < ends else clock >= begins or clock < ends


_T = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


def _bed(value: int, minute: int) -> Reading:
    return Reading(Code.BED_OCCUPANCY, Decimal(value), "1", _T + timedelta(minutes=minute))


def _history(*readings: Reading, minute: int, own: str | None = None) -> History:
    limits = (
        {Code.BED_OCCUPANCY: Limit(None, Decimal(own), "set by a clinician", personal=True)} if own else {}
    )
    return History(readings, _T + timedelta(minutes=minute), limits=limits)


def _found(minutes: int, recheck_at: datetime | None = None) -> Finding:
    reason = f"Out of bed since 02:00, {minutes} minutes, and not back"
    return Finding(Severity.SOON, "Not back in bed", reason, (_bed(0, 0),), _T, recheck_at)


EXAMPLES = (
    (_history(minute=0), None),
    (_history(_bed(1, -60), _bed(1, 0), minute=40), None),
    (_history(_bed(1, -60), _bed(0, 0), minute=29), _found(30, _T + timedelta(minutes=30))),
    (_history(_bed(1, -60), _bed(0, 0), _bed(0, 10), minute=30), _found(30)),
    (_history(_bed(1, -60), _bed(0, 0), _bed(1, 20), minute=30), None),
    (_history(_bed(1, -60), _bed(0, 0), minute=30, own="90"), _found(90, _T + timedelta(minutes=90))),
    (_history(_bed(1, -300), _bed(0, 0), minute=30), _found(30)),
    # A bed that nobody was in is not left.
    (_history(_bed(0, -60), _bed(0, 0), minute=30), None),
)
