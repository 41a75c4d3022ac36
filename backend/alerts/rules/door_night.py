"""Somebody who went out at night and has not come back, because who lives with dementia may not find the way.

SOURCE. Alongside default, not national guidance: 23:00 to 06:00 on the clock of the wall, and 15 minutes; who left
before the night began counts when it has begun by the time they should be back. The pathway or a locality sets other
hours. A return is a sensor that says so, or any movement inside after the door; a door that
was closed again says nothing, because it is closed from outside too. Watching a door is a restriction: the pathway
asks why it is the least restrictive way before it goes live.
"""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from backend.alerts.history import Finding, History, Severity
from backend.observations.codes import Code
from backend.observations.reading import Reading

LEAVES = (Code.PROPERTY_EXIT, Code.DOOR)
INSIDE = (Code.MOVEMENT, Code.BED_OCCUPANCY, Code.CHAIR_OCCUPANCY)
WATCHES = frozenset({*LEAVES, *INSIDE})
LOOKBACK = timedelta(hours=2)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "pack"
VITAL = False
# What is waited for is a return, so nobody is asked to measure again.
ASKS_REPEAT = False
SOURCE = "Alongside default, not national guidance: out at night for 15 minutes"

NIGHT_FROM, NIGHT_UNTIL, MINUTES = "23:00", "06:00", "15"
HOME = ZoneInfo("Europe/London")
WORDS = {Code.PROPERTY_EXIT: "left the home", Code.DOOR: "opened the door"}


def evaluate(history: History) -> Finding | None:
    """Judge the newest time somebody went out as of `history.as_of`."""
    away = timedelta(minutes=int(history.parameters.get("minutes", MINUTES)))
    out = [
        one for one in history.of(*LEAVES) if one.value == 1 and _at_night(one.effective_at, away, history)
    ]
    if not out or _is_back(history, out[-1].effective_at):
        return None
    # Several openings one after another are one going out; its time is that of the first since the last sign inside.
    first = next(one for one in out if not _is_back(history, one.effective_at))
    local = first.effective_at.astimezone(HOME)
    back_by = first.effective_at + away
    reason = f"Somebody {WORDS[first.code]} at {local:%H:%M} and has not come back"
    recheck = back_by if history.as_of < back_by else None
    return Finding(Severity.URGENT, "Out at night", reason, (first,), first.effective_at, recheck)


def _at_night(at: datetime, away: timedelta, history: History) -> bool:
    return _is_night(at, history) or _is_night(at + away, history)


def _is_night(at: datetime, history: History) -> bool:
    begins = time.fromisoformat(history.parameters.get("night_from", NIGHT_FROM))
    ends = time.fromisoformat(history.parameters.get("night_until", NIGHT_UNTIL))
    clock = at.astimezone(HOME).time()
    return begins <= clock < ends if begins < ends else clock >= begins or clock < ends


def _is_back(history: History, since: datetime) -> bool:
    return any(
        one.effective_at > since
        and ((one.code is Code.PROPERTY_EXIT and one.value == 0) or (one.code in INSIDE and one.value == 1))
        for one in history.readings
    )


_T = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


def _one(code: Code, value: int, minute: int = 0, at: datetime = _T) -> Reading:
    return Reading(code, Decimal(value), "1", at + timedelta(minutes=minute))


def _history(*readings: Reading, minute: int = 15) -> History:
    return History(readings, _T + timedelta(minutes=minute))


_OUT, _OPENED = _one(Code.PROPERTY_EXIT, 1), _one(Code.DOOR, 1)
_FOUND = Finding(
    Severity.URGENT, "Out at night", "Somebody left the home at 02:00 and has not come back", (_OUT,), _T
)
EXAMPLES = (
    (_history(), None),
    (
        _history(_OUT, minute=14),
        Finding(
            Severity.URGENT,
            "Out at night",
            "Somebody left the home at 02:00 and has not come back",
            (_OUT,),
            _T,
            _T + timedelta(minutes=15),
        ),
    ),
    (_history(_OUT), _FOUND),
    (_history(_OUT, _one(Code.PROPERTY_EXIT, 0, 10)), None),
    (_history(_OUT, _one(Code.MOVEMENT, 1, 10)), None),
    (
        _history(_OPENED, _one(Code.DOOR, 0, 1)),
        Finding(
            Severity.URGENT,
            "Out at night",
            "Somebody opened the door at 02:00 and has not come back",
            (_OPENED,),
            _T,
        ),
    ),
    # Out two minutes before the night, and fifteen and a half before it.
    (
        History((_one(Code.PROPERTY_EXIT, 1, -182),), _T + timedelta(minutes=-167)),
        Finding(
            Severity.URGENT,
            "Out at night",
            "Somebody left the home at 22:58 and has not come back",
            (_one(Code.PROPERTY_EXIT, 1, -182),),
            _T + timedelta(minutes=-182),
        ),
    ),
    (History((_one(Code.PROPERTY_EXIT, 1, -196),), _T + timedelta(minutes=-181)), None),
    # By day people go out.
    (
        History(
            (_one(Code.PROPERTY_EXIT, 1, at=_T + timedelta(hours=7)),), _T + timedelta(hours=7, minutes=15)
        ),
        None,
    ),
)
