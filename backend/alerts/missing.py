"""Says once that messages of a device have not come: a trend with a hole in it must not look like a whole one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from backend.alerts.episodes import raise_episodes
from backend.alerts.levels import Severity
from backend.alerts.mended import mend
from backend.alerts.occurrence import Occurrence, Subject
from backend.alerts.subjects import people
from backend.core.db import db

RULE = "readings_missing"
# Alongside default, not national guidance: a device that was out of reach has sent what it kept by then.
GRACE = timedelta(minutes=30)

# Told once a gap; that of kit nobody wears waits for its wearer and stands on the kit's own page meanwhile.
_UNTOLD = text(
    """with told as (
        update device_gap g set told_at = db_now()
        where g.filled_at is null and g.told_at is null and g.since <= db_now() - :grace
          and exists (select 1 from device_association a where a.device_id = g.device_id
              and a.valid @> db_now())
        returning g.device_id, g.boot, g.since, g.told_at, g.holes)
    select told.*, d.device_id as device, d.kind, a.patient_id,
        (select sum(upper(r) - lower(r)) from unnest(told.holes) r) as missing
    from told join device d on d.id = told.device_id
    join device_association a on a.device_id = d.id and a.valid @> db_now()
    order by told.device_id, a.slot"""
)

_FILLED = text(
    """select a.id from alert a where a.rule = :rule and a.closed_at is null
      and not exists (select 1 from jsonb_array_elements(a.evidence) e join device d on d.device_id = e ->> 'device'
          join device_gap g on g.device_id = d.id and g.boot = e ->> 'boot' where g.filled_at is null)"""
)


def sweep_missing() -> int:
    """Raise what has been missing for the grace, and close what has come since; in the caller's transaction."""
    rows: Sequence[Any] = db.session.execute(_UNTOLD, {"grace": GRACE}).all()
    known = people({row.patient_id for row in rows})
    raised = raise_episodes([_occurrence(row, known[row.patient_id].subject) for row in rows]) if rows else []
    filled = db.session.scalars(_FILLED, {"rule": RULE}).all()
    return len(raised) + mend(filled, "What was missing has come")


def _occurrence(row: Any, about: Subject) -> Occurrence:
    what = row.kind.replace("-", " ").replace("_", " ")
    count = int(row.missing)
    messages, keeps = ("1 message", "it") if count == 1 else (f"{count} messages", "them")
    return Occurrence(
        subject=Subject(
            about.patient_id, about.patient, about.care_team_id, about.is_canary, row.device_id, row.device
        ),
        rule=RULE,
        kind="technical",
        level=Severity.INFO,
        title=f"Readings of the {what} are missing",
        reason=f"{messages} of the {what} {'has' if count == 1 else 'have'} not come: lost on the way, or it still"
        f" keeps {keeps}",
        true_at=row.since,
        known_at=row.told_at,
        evidence=[{"at": row.since.isoformat(), "device": row.device, "boot": row.boot}],
        judged_by="Alongside default, not national guidance: told after 30 minutes",
    )
