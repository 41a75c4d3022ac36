"""The duty clock: by when whoever was written to has to answer, by the database's time and their own hours."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.access.hours import watch

# Alongside defaults, not national guidance: a deploying organisation's clinical safety officer confirms or changes
# them. Words of danger wait for no hours.
DANGER = timedelta(minutes=60)
# What comes shortly before a team closes is answered in its next working period.
LEAST_LEFT = timedelta(hours=2)
ROUND_THE_CLOCK = timedelta(hours=8)
PRACTICE_DAYS = 3
# Core hours of a practice end then, from Monday to Friday (the standard contract of GP practices in England).
PRACTICE_CLOSES = time(18, 30)
PRACTICE_OPENS = time(8)
PRACTICE_ZONE = "Europe/London"
_SATURDAY = 5


def team_answers_by(opens: time, closes: time, zone: str, at: datetime, *, danger: bool) -> datetime:
    """When a team with these staffed hours owes an answer to what was received `at` (aware UTC)."""
    if danger:
        return at + DANGER
    if opens == closes:
        return at + ROUND_THE_CLOCK
    first = _period_end(opens, closes, zone, at)
    if first - at >= LEAST_LEFT:
        return first
    return _period_end(opens, closes, zone, first + timedelta(seconds=1))


def _period_end(opens: time, closes: time, zone: str, at: datetime) -> datetime:
    """When the staffed period ends that it is in at a moment, or that comes next."""
    now = watch(opens, closes, zone, at)
    begins = at if now.now or now.next_at is None else now.next_at
    place = ZoneInfo(zone)
    local = begins.astimezone(place)
    day = local.date() if local.time() < closes else local.date() + timedelta(days=1)
    return datetime.combine(day, closes, place).astimezone(at.tzinfo)


def practice_answers_by(working_days: int, at: datetime, *, danger: bool) -> datetime:
    """When a practice owes an answer: at the end of so many working days after that of receipt.

    Bank holidays are not known, so they count as working days: the team hears of it too early and never too late.
    """
    if danger:
        return at + DANGER
    place = ZoneInfo(PRACTICE_ZONE)
    day, left = at.astimezone(place).date(), working_days
    while left > 0:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return datetime.combine(day, PRACTICE_CLOSES, place).astimezone(at.tzinfo)
