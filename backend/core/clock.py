"""The one place that reads the time, so that no naive or local time can enter the system."""

from datetime import UTC, date, datetime

from sqlalchemy import func
from sqlalchemy.sql.functions import Function


def now() -> datetime:
    """The time by this machine's clock, aware, in UTC."""
    return datetime.now(UTC)


def whole_years(born: date, day: date) -> int:
    """Somebody's age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def sql_now() -> Function[datetime]:
    """The time by the database's clock, which every deadline is judged by.

    `db_now()` (migration 0010) is `clock_timestamp()` and not `now()`, because a long transaction must not judge
    by the time it began, plus an offset that is nothing unless a test sets it.
    """
    return func.db_now()
