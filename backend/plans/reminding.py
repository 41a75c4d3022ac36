"""When somebody is reminded of what: pure, from what is due, their own times and their own list of things to do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from uuid import UUID

from backend.pathways.schedule import HOME, DueReading, on
from backend.pathways.vocabulary import DAYS

# Alongside default: a reminder of something on the list that could not be sent, in the person's night or because
# nothing could be sent, is of use for so long.
TASK_USEFUL = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reminder at a moment (aware UTC). It is stopped by what was done from `early_at` on, and useless at `until`."""

    kind: str
    subject: str
    due_at: datetime
    early_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """Something on the person's list that they want to be reminded of."""

    id: UUID
    days: Sequence[str]
    times: Sequence[str]


def of_readings(due: Iterable[DueReading], own: Mapping[str, str]) -> list[Wanted]:
    """A reminder at each due time, or at the person's own time where that is still in time for the reading.

    Where a kind is due several times in a day, its own time stands for the nearest of them.
    """
    found = [Wanted("reading", one.kind, one.due_at, one.early_at, one.grace_until) for one in due]
    for kind, said in own.items():
        found = _moved(found, kind, clock(said))
    return found


def _moved(found: Sequence[Wanted], kind: str, at: time) -> list[Wanted]:
    nearest: dict[object, Wanted] = {}
    for one in found:
        if one.subject != kind:
            continue
        day = one.due_at.astimezone(HOME).date()
        if day not in nearest or _far(one, at) < _far(nearest[day], at):
            nearest[day] = one
    return [
        replace(one, due_at=_own(one, at)) if one in nearest.values() and in_time(one, _own(one, at)) else one
        for one in found
    ]


def _own(one: Wanted, at: time) -> datetime:
    return on(one.due_at.astimezone(HOME).date(), at)


def _far(one: Wanted, at: time) -> timedelta:
    return abs(one.due_at - _own(one, at))


def in_time(one: Wanted, at: datetime) -> bool:
    """Whether a reading taken when reminded at this moment would still count for this time."""
    return one.early_at <= at < one.until


def of_tasks(listed: Iterable[Listed], since: datetime, until: datetime) -> list[Wanted]:
    """A reminder at each time of each day, after `since` and not after `until` (aware)."""
    found = []
    day, last = since.astimezone(HOME).date(), until.astimezone(HOME).date()
    chosen = list(listed)
    while day <= last:
        for one in chosen:
            if one.days and DAYS[day.weekday()] not in one.days:
                continue
            for said in one.times:
                at = on(day, clock(said))
                if since < at <= until:
                    subject = f"{one.id} {day.isoformat()} {said}"
                    found.append(Wanted("task", subject, at, on(day, time(0)), at + TASK_USEFUL))
        day += timedelta(days=1)
    return found


def clock(said: str) -> time:
    """A time as the page writes it, 08:30."""
    return time.fromisoformat(said)
