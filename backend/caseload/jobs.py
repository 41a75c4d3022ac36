"""Lets pauses begin and end by the database's clock, and asks somebody to look when one has ended."""

from backend.alerts.personal import Check, raise_checks
from backend.core.db import transaction
from backend.core.job import Job
from backend.pathways import pauses

RULE = "pause_ended"
_TITLES = {"pause": "Pause ended: check", "admission": "Home from hospital? Check"}
_REASONS = {
    "pause": "The pause has ended and readings are watched again: check that they come",
    "admission": "The time set for the admission has ended and readings are watched again: check where they are",
}
_DISCHARGED = "Discharged from hospital: readings are watched again and what is usual is learnt anew"


def keep_pauses() -> int:
    """Turn readings off and on as the pauses say, and make a check task of each that has ended.

    Answers how much was done; running it twice does no harm.
    """
    with transaction():
        changed = len(pauses.follow_pauses())
        over = pauses.pauses_over()
        raise_checks(
            [
                Check(
                    one.patient_id, RULE, _TITLES[one.kind],
                    _DISCHARGED if one.discharged else _REASONS[one.kind], one.end, str(one.id),
                )
                for one in over
            ]
        )  # fmt: skip
        return changed + len(over)


JOBS = (Job("keep_pauses", keep_pauses, every_s=5),)
