"""Jobs that belong to no domain: partitions made ahead of time."""

from sqlalchemy import text

from backend.core.db import db, transaction
from backend.core.job import Job

DAY_S = 86_400


def ensure_partitions() -> int:
    """Make the months ahead, so that no reading ever meets a month that is not there."""
    with transaction():
        db.session.execute(text("select ensure_partitions()"))
    return 0


JOBS = (Job("ensure_partitions", ensure_partitions, every_s=DAY_S),)
