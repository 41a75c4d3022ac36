"""When a reading is due, by the person's own clock on the wall, so that "morning" stays morning in summer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from backend.pathways.pack import ExpectedReading

# Alongside default, not national guidance: a reading this long before its time counts for it, and one not
# taken is still asked for until this long after.
EARLY = timedelta(hours=3)
STILL_ASKED = timedelta(hours=6)
HOME = ZoneInfo("Europe/London")

MEASURES: Mapping[str, str] = {"blood-pressure": "systolic", "peak-flow": "peak-flow"}


@dataclass(frozen=True, slots=True)
class NextReading:
    """The one next thing to measure: `kind` as the screens name it, `due_at` aware UTC."""

    kind: str
    due_at: datetime
    is_due: bool


def next_reading(
    expected: Iterable[ExpectedReading], last_taken: Mapping[str, datetime], now: datetime
) -> NextReading | None:
    """The earliest reading still open now, or the next to come; None when nothing is expected.

    `last_taken` is code -> time of the newest reading; a blood pressure is known by its systolic.
    """
    found: list[NextReading] = []
    for reading in expected:
        taken = last_taken.get(MEASURES.get(reading.kind, reading.kind))
        for due in _slots(reading, now):
            if now - due < STILL_ASKED and (taken is None or taken < due - EARLY):
                found.append(NextReading(reading.kind, due, due - EARLY <= now))
                break
    return min(found, key=lambda one: one.due_at, default=None)


def _slots(reading: ExpectedReading, now: datetime) -> list[datetime]:
    """Its times of yesterday, today and tomorrow, in UTC, in order."""
    today = now.astimezone(HOME).date()
    days = [today + timedelta(days=offset) for offset in (-1, 0, 1)]
    local = [datetime.combine(day, at, tzinfo=HOME) for day in days for at in reading.times]
    return [moment.astimezone(now.tzinfo) for moment in local]
