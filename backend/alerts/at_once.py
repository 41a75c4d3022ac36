"""Judges one person now, for a page that waits to be told: the worker would do the very same a moment later."""

import logging
import time

from sqlalchemy import text

from backend.alerts.evaluate import evaluate_waiting
from backend.core.db import db, transaction

log = logging.getLogger("alongside.alerts")

# A worker that took the person first is waited for, so long: the page is told later then, and nobody is unjudged.
WAIT_S, LOOK_EVERY_S = 1.5, 0.1

_WAITING = text(
    "select id from evaluation_wait where patient_id = :patient and not_before <= (select db_now()) order by id"
)


def judge_now(patient_id: int) -> bool:
    """Try the rules on whatever waits of a person, in transactions of its own; whether nothing waits any more.

    Harmless beside the worker: each mark is taken by one of them. A rule that fails says so on the team's list, as
    ever; anything else that fails leaves the marks waiting.
    """
    until = time.monotonic() + WAIT_S
    while True:
        with transaction():
            waiting = list(db.session.scalars(_WAITING, {"patient": patient_id}))
        if not waiting:
            return True
        try:
            for id_ in waiting:
                with transaction():
                    evaluate_waiting(1, only=id_)
        except Exception:
            log.exception("patient row %s could not be judged at once; it waits", patient_id)
            return False
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_EVERY_S)
