"""When a reading is due, by the person's own clock on the wall, so that "morning" stays morning in summer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.pathways.pack import ExpectedReading
from backend.pathways.vocabulary import DAYS, MEASURED_BY

# Alongside default, not national guidance: a reading this long before its time counts for it, and one not
# taken is still asked for until this long after.
EARLY = timedelta(hours=3)
STILL_ASKED = timedelta(hours=6)
# Alongside default, not national guidance: two pathways that want one kind of reading this close want one reading.
ONE_SITTING = timedelta(hours=2)
HOME = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Slot:
    """One time on the wall at which a kind of reading is due; `until` is how long after it is on time."""

    kind: str
    at: time
    grace: timedelta
    days: frozenset[str]


@dataclass(frozen=True, slots=True)
class DueReading:
    """A reading at one moment (aware UTC): from when it counts, and until when it is on time."""

    kind: str
    code: str
    due_at: datetime
    early_at: datetime
    grace_until: datetime


@dataclass(frozen=True, slots=True)
class NextReading:
    """The one next thing to measure: `kind` as the screens name it, `due_at` aware UTC."""

    kind: str
    due_at: datetime
    is_due: bool


def combined(expected: Iterable[ExpectedReading]) -> list[Slot]:
    """One schedule for somebody on several pathways: the same kind within two hours is asked for once a day.

    It is due at the earliest of its times, and on time no longer than the strictest pathway says.
    """
    wanted = [(one.kind, at, one.grace, one.days or DAYS) for one in expected for at in one.times]
    days_of: dict[tuple[str, time, timedelta], set[str]] = {}
    for day in DAYS:
        today = sorted((kind, at, grace) for kind, at, grace, days in wanted if day in days)
        for sitting in _sittings(today):
            days_of.setdefault(sitting, set()).add(day)
    return sorted(
        (Slot(*sitting, frozenset(days)) for sitting, days in days_of.items()),
        key=lambda slot: (slot.kind, slot.at),
    )


def _sittings(wanted: Sequence[tuple[str, time, timedelta]]) -> list[tuple[str, time, timedelta]]:
    """One day's wanted readings in order of kind and time, those within two hours of the first as one."""
    found: list[tuple[str, time, timedelta]] = []
    for kind, at, grace in wanted:
        if found and found[-1][0] == kind and _apart(found[-1][1], at) <= ONE_SITTING:
            _, first, least = found[-1]
            found[-1] = (kind, first, min(least, _apart(first, at) + grace))
        else:
            found.append((kind, at, grace))
    return found


def _apart(earlier: time, later: time) -> timedelta:
    day = date(2000, 1, 1)
    return datetime.combine(day, later) - datetime.combine(day, earlier)


def due_between(slots: Sequence[Slot], since: datetime, until: datetime) -> list[DueReading]:
    """Every reading due after `since` and not after `until` (aware), in order."""
    found = []
    day = since.astimezone(HOME).date()
    while day <= until.astimezone(HOME).date():
        for slot in slots:
            due = on(day, slot.at)
            if DAYS[day.weekday()] in slot.days and since < due <= until:
                found.append(
                    DueReading(
                        slot.kind, MEASURED_BY.get(slot.kind, slot.kind), due, due - EARLY, due + slot.grace
                    )
                )
        day += timedelta(days=1)
    return sorted(found, key=lambda one: (one.due_at, one.kind))


def on(day: date, at: time) -> datetime:
    """A time on the wall of a day, in UTC. One the clocks skip comes an hour later, one that comes twice the first."""
    return datetime.combine(day, at, tzinfo=HOME).astimezone(UTC)


def next_reading(
    expected: Iterable[ExpectedReading], last_taken: Mapping[str, datetime], now: datetime
) -> NextReading | None:
    """The earliest reading still open now, or the next to come; None when nothing is expected.

    `last_taken` is code -> time of the newest reading; a blood pressure is known by its systolic.
    """
    slots = combined(expected)
    # A week and a day ahead, because some readings are asked for on one day of the week.
    coming = due_between(slots, now - STILL_ASKED, now + timedelta(days=8))
    for one in coming:
        taken = last_taken.get(one.code)
        if taken is None or taken < one.early_at:
            return NextReading(one.kind, one.due_at, one.early_at <= now)
    return None
