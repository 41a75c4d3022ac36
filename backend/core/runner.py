"""Runs one job in a thread of its own, and says when it does not come round any more."""

import logging
import threading
import time

import psycopg
from flask import Flask
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from backend.core.db import is_deadlock
from backend.core.job import Job
from backend.core.wall_clock import pause

log = logging.getLogger("alongside.worker")

# A job that has not come round for three of its periods is stuck; on a busy machine no period is under 10 s.
PERIODS, SHORTEST_PERIOD_S = 3, 10.0


class Runner(threading.Thread):
    """Runs one job in a thread of its own: when woken, one round at a time, each in its own app context."""

    def __init__(self, job: Job, app: Flask) -> None:
        super().__init__(name=f"job {job.name}", daemon=True)
        self.job = job
        self._app = app
        self._woken = threading.Event()
        self.last_round = time.monotonic()

    def wake(self) -> None:
        """Run as soon as the round that is going on, if any, is over; many wakes are one."""
        self._woken.set()

    def run(self) -> None:
        """For ever."""
        while True:
            self._woken.wait()
            if self.job.settle_s:
                pause(self.job.settle_s)
            self._woken.clear()
            while self._round() > 0 and self.job.drains:
                pass

    def _round(self) -> int:
        try:
            try:
                return self._once()
            except DBAPIError as error:
                if not is_deadlock(error):
                    raise
                log.warning("two waited for each other; once more", extra={"phase": self.job.name})
                return self._once()
        except (OperationalError, InterfaceError, psycopg.OperationalError) as away:
            log.warning("database away", extra={"phase": self.job.name, "error": type(away).__name__})
        except Exception:
            log.exception("job failed", extra={"phase": self.job.name})
        finally:
            self.last_round = time.monotonic()
        return 0

    def _once(self) -> int:
        with self._app.app_context():
            return self.job.run()

    @property
    def overdue(self) -> bool:
        """True when it has not come round for three of its periods, by a clock nobody can set."""
        allowed = PERIODS * max(self.job.every_s, SHORTEST_PERIOD_S)
        return time.monotonic() - self.last_round > allowed
