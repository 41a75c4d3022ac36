"""The timetable of check-ins: who did not answer "are you safe now?" is looked for every few seconds."""

import logging

from backend.check_ins import reminding, safety
from backend.core.db import transaction
from backend.core.job import Job

log = logging.getLogger("alongside.check_ins")


def look_for_unanswered() -> int:
    """Make each whose time is up an emergency; answers how many were settled."""
    with transaction():
        waiting = safety.due()
    done = 0
    for one in waiting:
        try:
            with transaction():
                done += safety.settle(one)
        except Exception:
            # One person's surprise must not stop the others; this one is tried again, and is not lost.
            log.exception("check_in_safety %s could not be settled", one.id)
            with transaction():
                safety.postpone(one)
    return done


reminding.register()
JOBS = (Job("check_in_safety", look_for_unanswered, every_s=5),)
