"""The rules' timetable: judge who is waiting, and look for silence."""

import logging

from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError

from backend.alerts.clock_jobs import CLOCK_JOBS
from backend.alerts.evaluate import BATCH, RETRY_AFTER, evaluate_waiting
from backend.alerts.first import Queue
from backend.alerts.missing import sweep_missing
from backend.alerts.pace import LEAST, Pace
from backend.alerts.sweep import sweep_silence
from backend.alerts.unreached import sweep_unreached
from backend.alerts.watermark import sweep_unseen
from backend.alerts.way_in import watch_the_way_in
from backend.core.db import db, transaction
from backend.core.job import Job

log = logging.getLogger("alongside.alerts")

_DUE = text(
    """select id from evaluation_wait where not_before <= (select db_now())
    order by priority desc, id limit :n"""
)

_queue = Queue()
_pace = Pace(LEAST, BATCH)


def evaluate_new() -> int:
    """Judge a batch of people who wait; answers how many rows were taken."""
    try:
        with transaction():
            _queue.dangerous_first()
        with transaction():
            return _pace.timed(evaluate_waiting)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("a batch of %s could not be judged; trying one by one", BATCH)
        return _one_by_one()


def _one_by_one() -> int:
    """Find the row that spoils a batch: the others are judged, that one waits and is tried again."""
    with transaction():
        ids = list(db.session.scalars(_DUE, {"n": BATCH}))
    done = 0
    for id_ in ids:
        try:
            with transaction():
                done += evaluate_waiting(1, only=id_)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("evaluation_wait %s could not be judged; it waits", id_)
            with transaction():
                db.session.execute(
                    text("update evaluation_wait set not_before = db_now() + :wait where id = :id"),
                    {"wait": RETRY_AFTER, "id": id_},
                )
    return done


def sweep() -> int:
    """Look for silent devices."""
    with transaction():
        sweep_silence()
    return 0


def tell_unreached() -> int:
    """Say to devices that nobody was reached in time."""
    with transaction():
        sweep_unreached()
    return 0


def look_for_missing() -> int:
    """Say which devices' messages have not come."""
    with transaction():
        sweep_missing()
    return 0


def look_for_unseen() -> int:
    """Make everybody wait whose newest reading was never judged: nobody waits unseen."""
    with transaction():
        found = sweep_unseen()
    if found:
        log.error("readings of %s people had never been judged", found)
    return 0


def watch() -> int:
    """Look at the gateway and the broker by what the gateway's heartbeat says."""
    with transaction():
        watch_the_way_in()
    return 0


JOBS = (
    Job("evaluate_new", evaluate_new, every_s=1, wakes_on="waiting", drains=True, settle_s=0.01, anyone=True),
    Job("sweep_unseen", look_for_unseen, every_s=60),
    Job("sweep_silence", sweep, every_s=15),
    Job("sweep_missing", look_for_missing, every_s=60),
    Job("watch_the_way_in", watch, every_s=15),
    Job("sweep_unreached", tell_unreached, every_s=5),
    *CLOCK_JOBS,
)
