"""Reads what became of the messages of steps; one that can never arrive makes the ladder go on at once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from backend.access.service import database_time
from backend.alerts.cards import lock_cards
from backend.alerts.episodes import raise_episodes
from backend.alerts.levels import Severity
from backend.alerts.occurrence import Occurrence
from backend.alerts.subjects import people
from backend.alerts.telling import record_events
from backend.core.db import db
from backend.messages.outgoing import NO_WAY

BATCH = 500
RULE = "communication_failed"

_OUTCOMES = text(
    """update escalation_step s set outcome = case c.state when 'sent' then 'told' else 'failed' end,
        channel = case when c.state = 'sent' then c.channel else s.channel end,
        words = coalesce(c.last_error, '')
    from communication c
    where s.communication_id = c.id and s.outcome = 'queued' and c.state in ('sent', 'failed', 'stopped')"""
)
_FAILED = text(
    """with failed as (
        select id from communication where state = 'failed' and reckoned_at is null
        order by id limit :limit for update skip locked)
    update communication c set reckoned_at = db_now() from failed where c.id = failed.id
    returning c.id, c.patient_id, c.alert_id, c.to_kind, c.template, c.last_error"""
)
# Each alert that a failed message was about: of its steps, and of its opening.
_ABOUT = text(
    """select distinct a.id, a.patient_id, a.rule, a.level, a.closed_at, c.id as communication_id
    from unnest(cast(:ids as bigint[])) as f (id) join communication c on c.id = f.id
    left join escalation_step s on s.communication_id = c.id
    join alert a on a.id = coalesce(s.alert_id, c.alert_id)"""
)
# On, where nothing else on the same rung is under way or has arrived; the last rung keeps its own time, or a
# provider that is down would be asked every few seconds.
_ON = text(
    """update alert a set rung_due_at = db_now()
    where a.id = any(:ids) and a.closed_at is null and a.rung_due_at > db_now()
        and a.level in ('urgent', 'emergency')
        and not exists (select from escalation_step s where s.alert_id = a.id and s.rung = a.rung
            and (s.place = 'alarm-centre' or s.outcome in ('queued', 'told')))
    returning a.id"""
)
_WORDS = {
    "patient": "A message to the person could not be delivered",
    "related-person": "A message to a relative or carer could not be delivered",
    "practitioner": "A message to a member of staff could not be delivered",
    "care-team": "A message to the team could not be delivered",
    "duty": "A message to the alarm centre or duty line could not be delivered",
    "organization": "A message to the GP practice or the alarm centre could not be delivered",
    "device": "A message to a device could not be delivered",
}


def reckon() -> int:
    """Write the outcomes of steps, and take note of every message that failed for good; answers how many failed.

    In the caller's transaction; each failure is taken note of once. It stands on the card of what it was about; one
    about nothing urgent raises a technical alert of its own, so that a human learns of it.
    """
    db.session.execute(_OUTCOMES)
    failed = list(db.session.execute(_FAILED, {"limit": BATCH}))
    if not failed:
        return 0
    by_id = {row.id: row for row in failed}
    about = list(db.session.execute(_ABOUT, {"ids": list(by_id)}))
    # Before any row of an alert, an event's included: as with everybody who opens, joins or closes.
    lock_cards({row.patient_id for row in [*about, *failed] if row.patient_id is not None})
    record_events(
        (row.id, row.patient_id, "message-failed", _words(by_id[row.communication_id]), {})
        for row in about
        if row.closed_at is None
    )
    db.session.execute(_ON, {"ids": sorted({row.id for row in about if _is_to_staff(by_id, row)})})
    on_a_red_card = {row.communication_id for row in about if _stands_on_card(row)}
    _raise([row for row in failed if row.id not in on_a_red_card and not _was_said(row)])
    return len(failed)


def _is_to_staff(by_id: dict[int, Any], row: Any) -> bool:
    """A person's own message that fails does not mean that the team was not told."""
    return by_id[row.communication_id].to_kind in ("care-team", "practitioner", "duty", "organization")


def _stands_on_card(row: Any) -> bool:
    """Told on the card already, or about a failure itself, which would go round for ever."""
    return row.rule == RULE or (row.closed_at is None and row.level in ("urgent", "emergency"))


def _was_said(row: Any) -> bool:
    """Whoever ended the monitoring was told there and then, and of who is on no list no desk could look it up."""
    return bool(row.template == "not-watched-from" and row.last_error == NO_WAY)


def _words(row: Any) -> str:
    return f"{_WORDS[row.to_kind]}: {row.last_error or 'no reason given'}"


def _raise(failed: Sequence[Any]) -> None:
    """One open technical alert a person; a failure about nobody is in the log and the counts alone."""
    found = people({row.patient_id for row in failed if row.patient_id is not None})
    now = database_time()
    raise_episodes([
        Occurrence(
            subject=found[row.patient_id].subject,
            rule=RULE,
            kind="technical",
            level=Severity.SOON,
            title="Message not delivered",
            reason=f"{_words(row)}. Check the telephone number or address, and tell them another way",
            true_at=now,
            known_at=now,
            evidence=[{"at": now.isoformat(), "communication": row.id}],
        )
        for row in failed
        if row.patient_id in found and not found[row.patient_id].subject.is_canary
    ])  # fmt: skip
