"""The ladder's timetable: every 5 seconds what is due climbs, and every hour the rota is looked through."""

from backend.core.db import transaction
from backend.core.job import Job
from backend.escalation.climbing import take_due
from backend.escalation.clock_steps import mend_deadlines
from backend.escalation.gaps import find_gaps
from backend.escalation.outcomes import reckon
from backend.escalation.starting import start_by_pathway, start_unwatched


def climb() -> int:
    """Take the steps that are due; answers how many alerts were looked at."""
    with transaction():
        return take_due()


def begin_early() -> int:
    """Begin the ladders that must not wait for their time to acknowledge."""
    with transaction():
        start_unwatched()
        start_by_pathway()
    return 0


def read_outcomes() -> int:
    """Take note of what became of the messages of steps; a failed one makes its ladder go on."""
    with transaction():
        return reckon()


def look_for_gaps() -> int:
    """Look a day ahead in every rota."""
    with transaction():
        find_gaps()
    return 0


def keep_to_the_clock() -> int:
    """Notice a clock that was set back, before anybody waits for a time that has been."""
    with transaction():
        mend_deadlines()
    return 0


# Three jobs and not one: a fault in reading outcomes must not keep anybody from being told.
JOBS = (
    Job("keep_to_the_clock", keep_to_the_clock, every_s=5),
    Job("climb", climb, every_s=5, drains=True),
    Job("climb_early", begin_early, every_s=5),
    Job("climb_outcomes", read_outcomes, every_s=5, drains=True),
    Job("rota_gaps", look_for_gaps, every_s=3600),
)
