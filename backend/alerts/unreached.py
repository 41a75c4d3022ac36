"""Finds alarms that nobody has acknowledged in time, so that the device says so and takes its second path."""

from datetime import datetime
from typing import Any

from sqlalchemy import text

from backend.alerts.device_states import note_told, tell_devices
from backend.alerts.levels import Severity, clock_for
from backend.alerts.telling import record_events
from backend.core.db import db

# Only what a person may be waiting on: nobody dials 999 for a battery. An alarm that could not be read may be a press.
# A claim that is being made holds its row and is let through; the next look finds it claimed.
_OVERDUE = text(
    """select id, patient_id, rule, level, acknowledge_by, db_now() as now from alert
    where closed_at is null and claimed_at is null and unreached_at is null and contacted_at is null
        and (kind = 'alarm' or rule = 'technical') and acknowledge_by < db_now()
        and exists (select from alarm_event e where e.alert_id = alert.id)
    order by acknowledge_by for update skip locked"""
)
_MARK = text("update alert set unreached_at = db_now() where id = :id")
WORDS = "Nobody has acknowledged it in time; the device is told that nobody was reached"


def sweep_unreached() -> int:
    """Tell the devices of alarms whose time to acknowledge has passed and passed once more; answers how many.

    In the caller's transaction, by the database's clock; a second run changes nothing. The alert stays as it is,
    open and as red as before: a claim after it is told to the device as well. "As long again" is an Alongside
    default, not national guidance.
    """
    late = [row for row in db.session.execute(_OVERDUE).all() if _is_unreached(row)]
    for row in late:
        db.session.execute(_MARK, {"id": row.id})
        record_events([(row.id, row.patient_id, "unreached", WORDS, {})])
        tell_devices(row.id)
    note_told([row.id for row in late])
    return len(late)


def _is_unreached(row: Any) -> bool:
    """By the clock of its rule, because a deadline that moved nearer says nothing of when it began."""
    by: datetime = row.acknowledge_by
    return bool(row.now >= by + clock_for(row.rule, Severity(row.level)).acknowledge)
