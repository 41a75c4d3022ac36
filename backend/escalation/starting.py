"""Begins ladders before their time to acknowledge is up: where nobody sits at the list, or a pathway wants it so."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from backend.core.db import db
from backend.escalation.climbing import ladders_of
from backend.escalation.people import closed_teams

BATCH = 500

_START = text(
    """update alert set rung_due_at = db_now() where id = any(:ids) and closed_at is null
        and owner_id is null and rung = 0 and rung_due_at > db_now() returning id"""
)
# Of the team that looks after them today, as the ladder asks, and not of the one that did as it opened.
_UNWATCHED = text(
    """select a.id from alert a where a.closed_at is null and a.rung = 0 and a.rung_due_at > (select db_now())
        and a.owner_id is null and a.level in ('urgent', 'emergency') and not a.is_canary
        and (a.snoozed_until is null or a.snoozed_until <= (select db_now()) or a.level = 'emergency')
        and coalesce((select c.care_team_id from caseload c where c.patient_id = a.patient_id
            and c.valid @> (select db_now()) order by c.id limit 1), a.care_team_id) = any(:teams)"""
)
# Only what has just opened: later its time to acknowledge is what counts.
_FRESH = text(
    """select id, patient_id, rule, level from alert where closed_at is null and rung = 0 and owner_id is null
        and rung_due_at > db_now() and opened_at > db_now() - interval '30 seconds' and patient_id is not null
        and level in ('urgent', 'emergency') and not is_canary and id > :after order by id limit :limit"""
)
_SOONER = text(
    """update alert a set rung_due_at = least(a.rung_due_at, a.opened_at + m.after)
    from unnest(cast(:ids as int[]), cast(:after as interval[])) as m (id, after)
    where a.id = m.id and a.rung = 0 and a.owner_id is null and a.rung_due_at > a.opened_at + m.after"""
)


def start(alert_ids: Sequence[int]) -> int:
    """Make the ladders of these begin at once, where they have not begun; answers how many began.

    For whoever knows that nobody looks: a desk counts that none listens. What is claimed or closed stays as it is.
    """
    if not alert_ids:
        return 0
    return len(db.session.execute(_START, {"ids": list(alert_ids)}).all())


def start_unwatched() -> int:
    """Red ones of teams outside their staffed hours begin at once: nobody sits at that list."""
    teams = closed_teams()
    return start(db.session.scalars(_UNWATCHED, {"teams": teams}).all()) if teams else 0


def start_by_pathway() -> None:
    """Where a pathway tells somebody sooner than the time to acknowledge, by that time."""
    after = 0
    # All of them, a batch at a time: in a storm the first five hundred must not stand before the rest.
    while rows := list(db.session.execute(_FRESH, {"limit": BATCH, "after": after})):
        _bring_nearer(rows)
        after = rows[-1].id


def _bring_nearer(rows: Sequence[Any]) -> None:
    ladders = ladders_of(rows)
    known = {row.id: found for row in rows if (found := ladders[row.id]) is not None}
    after = [ladder.rungs[1].after for ladder in known.values()]
    db.session.execute(_SOONER, {"ids": list(known), "after": after})
