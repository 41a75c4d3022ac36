"""The desk's timetable: snoozes that end, rechecks and hand-overs that nobody did, and a room without ears."""

from sqlalchemy import text

from backend.access import teams
from backend.alerts import service as alerts
from backend.core.db import db, transaction
from backend.core.job import Job
from backend.desk.handover import climb_unaccepted
from backend.desk.listening import nobody_at_all, unheard
from backend.desk.snoozing import reopen_unchecked, wake_snoozed
from backend.escalation.service import start_now

# Of the team that looks after them today, as the ladder asks, and not of the one that did as it opened.
_UNHEARD_REDS = text(
    """with red as (
        select a.id, coalesce((select c.care_team_id from caseload c where c.patient_id = a.patient_id
            and c.valid @> (select db_now()) order by c.id limit 1), a.care_team_id) as team
        from alert a where a.closed_at is null and a.claimed_at is null and not a.is_canary
            and a.level in ('emergency', 'urgent') and a.rung = 0 and a.rung_due_at > (select db_now())
            and coalesce(a.snoozed_until, '-infinity') <= (select db_now()))
    select a.id from alert a join red on red.id = a.id
    where red.team = any(:teams) or (:all and red.team is null)
    order by a.id limit 500 for update of a skip locked"""
)
_EVENTS = text(
    """insert into alert_event (alert_id, patient_id, kind, words)
    select id, patient_id, 'unheard', 'No desk was listening: the next step was taken at once'
    from alert where id = any(:ids)"""
)


def end_snoozes() -> int:
    """Start the owner's clock again."""
    with transaction():
        return wake_snoozed()


def ask_for_rechecks() -> int:
    """Bring back what nobody looked at again."""
    with transaction():
        return reopen_unchecked()


def climb_handovers() -> int:
    """Let a card climb that nobody accepted."""
    with transaction():
        return climb_unaccepted()


def hear_for_the_room() -> int:
    """In staffed hours without a listening desk, unclaimed reds do not wait for somebody to see them."""
    with transaction():
        watching = teams.watching_now()
        deaf = unheard(watching)
        ids = list(
            db.session.scalars(_UNHEARD_REDS, {"teams": deaf, "all": bool(watching) and nobody_at_all()})
        )
        if ids:
            start_now(ids)
            db.session.execute(_EVENTS, {"ids": ids})
            alerts.note_told(ids)
    return 0


JOBS = (
    Job("end_snoozes", end_snoozes, every_s=5, drains=True),
    Job("ask_for_rechecks", ask_for_rechecks, every_s=5, drains=True),
    Job("climb_handovers", climb_handovers, every_s=5, drains=True),
    Job("hear_for_the_room", hear_for_the_room, every_s=10),
)
