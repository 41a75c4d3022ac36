"""Reminds people: rows are opened a day ahead, and each is sent at its own deadline by the database's clock."""

from backend.core.db import transaction
from backend.core.job import Job
from backend.plans import reminders


def open_reminders() -> int:
    """Write what everybody is to be reminded of in the next day; answers 0, for nothing is left waiting."""
    with transaction():
        people = reminders.everybody()
    for begin in range(0, len(people), reminders.PEOPLE_AT_ONCE):
        with transaction():
            reminders.open_for(people[begin : begin + reminders.PEOPLE_AT_ONCE])
    return 0


def send_reminders() -> int:
    """Send what is due; answers how many were settled."""
    with transaction():
        return reminders.send_due()


JOBS = (
    Job("open_reminders", open_reminders, every_s=900),
    Job("send_reminders", send_reminders, every_s=20, drains=True),
)
