"""Jobs that belong to no domain: partitions made ahead of time, old answers forgotten."""

from sqlalchemy import text

from backend.core.db import db, transaction
from backend.core.job import Job

DAY_S = 86_400


def ensure_partitions() -> int:
    """Make the months ahead, so that no reading ever meets a month that is not there."""
    with transaction():
        db.session.execute(text("select ensure_partitions()"))
    return 0


def forget_old_answers() -> int:
    """Forget the answers kept for repeats after 90 days (Alongside default); answers how many."""
    with transaction():
        return int(db.session.execute(text("select forget_old_answers()")).scalar_one())


JOBS = (
    Job("ensure_partitions", ensure_partitions, every_s=DAY_S),
    Job("forget_old_answers", forget_old_answers, every_s=3_600, drains=True),
)
