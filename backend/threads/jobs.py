"""Watches the duty clocks of conversations in the worker."""

from backend.core.db import transaction
from backend.core.job import Job
from backend.threads.overdue import end_answered, raise_unanswered


def watch_unanswered() -> int:
    """Raise what is overdue and end what was answered; twice does no harm. Answers how much was done."""
    with transaction():
        done = raise_unanswered()
    with transaction():
        return done + end_answered()


JOBS = (Job("watch_unanswered", watch_unanswered, every_s=5),)
