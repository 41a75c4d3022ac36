"""Brings deadlines nearer when the database's clock was set back, so that nobody waits an hour longer for help."""

from typing import Any

from sqlalchemy import text

from backend.core.db import db

# Less than this is slewed or slept; more is a clock that was set. The job looks more often than this.
SET_BACK = "30 seconds"
NAME = "database-clock"

# By what this job saw last, and by what was written since: while no worker lived, the clock may have gone forward and
# back again, and only the events of that time tell.
_LAST = text(
    """with noted as (
        select cast(detail ->> 'at' as timestamptz) as at, cast(detail ->> 'event' as bigint) as event
        from heartbeat where name = :name for update),
    latest as (
        select greatest(n.at, (select max(e.at) from alert_event e where e.id > n.event)) - db_now() as back
        from noted n)
    select back from latest where back > cast(:least as interval)"""
)
_NOTE = text(
    """insert into heartbeat (name, at, detail) values (:name, clock_timestamp(), jsonb_build_object('at', db_now(),
        'event', (select coalesce(max(id), 0) from alert_event)))
    on conflict (name) do update set at = excluded.at, detail = excluded.detail"""
)
# What was set before the clock went forward comes too early by this, which is the side to err on.
_ALERTS = text(
    """update alert set rung_due_at = case when rung_due_at > now then greatest(now, rung_due_at - :back)
            else rung_due_at end,
        acknowledge_by = least(acknowledge_by, greatest(now, acknowledge_by - :back)),
        contact_by = least(contact_by, greatest(now, contact_by - :back)),
        snoozed_until = least(snoozed_until, greatest(now, snoozed_until - :back))
    from (select db_now() as now) n where closed_at is null and not is_canary"""
)
# Of every level: each of these times was counted from the clock. What was put off to somebody's morning is looked at
# too early by this, and put off again by whoever would send it.
_MESSAGES = text(
    """update communication set not_before = greatest(now, not_before - :back)
    from (select db_now() as now) n where state = 'waiting' and not_before > now"""
)
# What waits to be judged again, as after the time for a repeat.
_JUDGED_AGAIN = text(
    """update evaluation_wait set not_before = greatest(now, not_before - :back)
    from (select db_now() as now) n where not_before > now"""
)
# What is handed over, or promised to be looked at again, of a closed card too.
_WAITS = tuple(
    text(
        f"""update {table} set {column} = greatest(now, {column} - cast(:back as interval))
        from (select db_now() as now) n where {column} > now"""  # noqa: S608 - our own names
    )
    for table, column in (
        ("desk_handover_card", "due_at"),
        ("desk_handover", "due_at"),
        ("alert", "recheck_by"),
    )
)
# Nobody can have been heard in the time to come.
_HEARD = tuple(
    text(f"update {table} set at = now from (select db_now() as now) n where at > now")  # noqa: S608 - our own names
    for table in ("desk_heard", "desk_listening")
)


def mend_deadlines() -> bool:
    """Compare the database's clock with what it was a moment ago; whether it was set back. In the caller's transaction.

    Every open alert, waiting message and second look of the rules waits by so much less. Doing it twice changes
    nothing, because the time it is compared with is written anew.
    """
    row: Any = db.session.execute(_LAST, {"name": NAME, "least": SET_BACK}).one_or_none()
    if row is not None:
        for statement in (_ALERTS, _MESSAGES, _JUDGED_AGAIN, *_WAITS):
            db.session.execute(statement, {"back": row.back})
        for statement in _HEARD:
            db.session.execute(statement)
    db.session.execute(_NOTE, {"name": NAME})
    return row is not None
