"""When a team watches: its staffed hours, in its own time zone, summer and winter."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Watch:
    """Whether somebody watches now and, if not, from when (aware UTC)."""

    now: bool
    next_at: datetime | None


def watch(opens: time, closes: time, zone: str, at: datetime) -> Watch:
    """Judge staffed hours at `at` (aware UTC).

    Equal times mean round the clock; closing before opening means over midnight.
    """
    if opens == closes:
        return Watch(True, None)
    place = ZoneInfo(zone)
    local = at.astimezone(place)
    clock = local.time()
    inside = opens <= clock < closes if opens < closes else clock >= opens or clock < closes
    if inside:
        return Watch(True, None)
    day = local.date() if clock < opens else local.date() + timedelta(days=1)
    return Watch(False, datetime.combine(day, opens, place).astimezone(at.tzinfo))


def in_words(opens: time, closes: time) -> str:
    """The hours as people write them: "8am to 8pm"."""
    return "24 hours a day" if opens == closes else f"{_clock(opens)} to {_clock(closes)}, every day"


def _clock(at: time) -> str:
    hour = at.hour % 12 or 12
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{hour}{minutes}{'am' if at.hour < 12 else 'pm'}"
