"""Forgets old wrong passwords: they are kept to slow guessing down, not to know who mistyped."""

from sqlalchemy import text

from backend.core.db import db, transaction
from backend.core.job import Job


def forget_old_sign_ins() -> int:
    """Forget wrong passwords of over 90 days ago (Alongside default); answers how many.

    By a function of the database, because the worker may not read who signed in.
    """
    with transaction():
        return int(db.session.execute(text("select forget_old_sign_ins()")).scalar_one())


JOBS = (Job("forget_old_sign_ins", forget_old_sign_ins, every_s=3_600, drains=True),)
