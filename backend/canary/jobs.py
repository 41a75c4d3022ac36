"""The half of the dead-man's switch that does not need the canary's process: it looks at what should have come."""

import time

from sqlalchemy import text

from backend.access.service import database_time
from backend.alerts.episodes import raise_episodes
from backend.alerts.levels import Severity
from backend.alerts.mended import mend
from backend.alerts.occurrence import Occurrence, Subject
from backend.canary import runs
from backend.canary.deadman import OTHER_HALF
from backend.core.db import db, transaction
from backend.core.heartbeat import beat
from backend.core.job import Job

RULE = "canary_late"
# About no person and no kit: on every duty desk, and told to the duty line at once.
DEVICE = "canary"
WORDS = {
    "normal": "a test reading",
    "red": "a dangerous test reading",
    "silent": "a test device that went silent",
    "fall": "a test fall",
}
# Closed by somebody and still broken, it comes back after an hour. Alongside default, not national guidance.
_ALERTS = text(
    """select id, closed_at is null as is_open from alert where rule = :rule and device = :device
        and patient_id is null and (closed_at is null or closed_at > db_now() - interval '1 hour'
            and not exists (select from alert_event e where e.alert_id = alert.id and e.kind = 'mended'))"""
)
_first_look: list[float] = []


def watch_canaries() -> int:
    """Tell every duty desk and the duty line when a canary did not arrive; and take it back when all arrive again."""
    if not _first_look:
        _first_look.append(time.monotonic())
    looked_s = time.monotonic() - _first_look[0]
    with transaction():
        found = runs.standing()
        if not found:
            return 0
        runs.forget()
        beat(OTHER_HALF, runs.told(found))
        # What was under way as everything stopped is not late before it had its time again.
        late = [one for one in found if one.is_late and looked_s >= one.within_s]
        known = list(db.session.execute(_ALERTS, {"rule": RULE, "device": DEVICE}))
        if late and not known:
            raise_episodes([_occurrence(late)])
        if not any(one.is_late for one in found):
            mend([row.id for row in known if row.is_open], "Every test arrives at a desk again")
    return 0


def _occurrence(late: list[runs.Standing]) -> Occurrence:
    at = database_time()
    missing = " and ".join(WORDS[one.kind] for one in late)
    return Occurrence(
        subject=Subject(None, None, None, False, None, DEVICE),
        rule=RULE,
        kind="technical",
        level=Severity.URGENT,
        title="Alongside may not be working",
        reason=f"{missing[0].upper()}{missing[1:]} did not reach a desk in time. Readings and alarms of people may"
        " not arrive either: look after them another way until this is mended",
        true_at=at,
        known_at=at,
        evidence=[
            {
                "at": at.isoformat(),
                "canary": one.kind,
                "seen": one.seen_at.isoformat() if one.seen_at else None,
            }
            for one in late
        ],
        judged_by="Alongside default, not national guidance",
    )


JOBS = (Job("watch_canaries", watch_canaries, every_s=10),)
