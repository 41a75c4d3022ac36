"""The timetable of the rules of the clock: who is due is in the database, so a round that is late loses nobody."""

from collections.abc import Callable

from backend.alerts.cover import sweep_cover
from backend.alerts.due import open_due
from backend.alerts.falls import sweep_falls
from backend.alerts.missed import sweep_missed
from backend.alerts.patterns import learn_patterns
from backend.alerts.signs import sweep_inactivity, sweep_no_sign
from backend.core.db import transaction
from backend.core.job import Job


def _each(*work: Callable[[], int]) -> int:
    """One round of each, in a transaction of its own; answers how many were looked at, so that a rest is not left."""
    done = 0
    for one in work:
        with transaction():
            done += one()
    return done


def sweep_readings() -> int:
    """Open what is due, settle what has had its time, climb the ladders."""
    return _each(open_due, sweep_missed)


def sweep_signs() -> int:
    """Look for who gives no sign, and learn what is usual in a home."""
    return _each(sweep_no_sign, sweep_inactivity, learn_patterns)


def sweep_protection() -> int:
    """Look for who cannot call for help, and for who has fallen again."""
    _each(sweep_cover, sweep_falls)
    return 0


# Few jobs, because each has a thread and a connection of its own.
CLOCK_JOBS = (
    Job("sweep_readings", sweep_readings, every_s=15, drains=True),
    Job("sweep_signs", sweep_signs, every_s=30, drains=True),
    Job("sweep_protection", sweep_protection, every_s=60),
)
