"""Puts a message that nobody answered in time on the team's list, and takes it off when somebody has."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from backend.access.service import database_time
from backend.alerts.cards import lock_cards
from backend.alerts.episodes import raise_episodes
from backend.alerts.levels import Severity
from backend.alerts.mended import mend
from backend.alerts.occurrence import Occurrence, Subject
from backend.alerts.subjects import people
from backend.core.db import db

# A rule for each, because each has an end of its own.
RULES = {"team": "message_unanswered", "practice": "practice_message_unanswered"}
SOURCE = "Care rules of this project"
ANSWERED = "Somebody has answered the message"

# Of what still waits a day after it was raised, the list is told anew: closing the card answers nobody. Somebody
# who has died waits for nothing.
_WHOSE = text(
    """select distinct t.patient_id from thread t join patient p on p.id = t.patient_id and not p.is_canary
    where t.reply_by <= db_now() and (t.alerted_at is null or t.alerted_at <= db_now() - interval '24 hours')
        and not exists (select from leaving l
            where l.patient_id = t.patient_id and l.kind = 'died' and l.undone_at is null)
    order by 1 limit 100"""
)
_TAKE = text(
    """update thread t set alerted_at = db_now() from (
        select id from thread where patient_id = any(:patients) and reply_by <= db_now()
            and (alerted_at is null or alerted_at <= db_now() - interval '24 hours')
        order by id for update skip locked) due
    where t.id = due.id
    returning t.id, t.public_id, t.patient_id, t.kind, t.danger, t.waiting_since, t.reply_by"""
)
_OVER = text(
    """select a.id from alert a where a.closed_at is null and a.rule = any(:rules) and not exists (
        select from thread t where t.patient_id = a.patient_id and t.reply_by is not null
            and t.kind = case a.rule when :team then 'team' else 'practice' end)
    and not exists (select from alert_event e where e.alert_id = a.id and e.kind = 'mended'
        and e.at > a.claimed_at) order by a.id limit 100"""
)


def raise_unanswered() -> int:
    """Raise what is overdue by the database's clock; answers how many. In the caller's transaction.

    The cards of these people are locked first, as whoever writes from a card does.
    """
    ids = list(db.session.scalars(_WHOSE))
    if not ids:
        return 0
    lock_cards(ids)
    rows: Sequence[Any] = db.session.execute(_TAKE, {"patients": ids}).all()
    known, now = people({row.patient_id for row in rows}), database_time()
    raise_episodes([_occurrence(row, known[row.patient_id].subject, now) for row in rows])
    return len(rows)


def _occurrence(row: Any, subject: Subject, now: datetime) -> Occurrence:
    # No word of the message: the card may be read by who may not read the conversation.
    who = "Nobody has" if row.kind == "team" else "The practice has not"
    what = "a message with words that may mean danger" if row.danger else "a message"
    return Occurrence(
        subject=subject,
        rule=RULES[row.kind],
        # Of the service and not of the person's health: it says nothing of how they are.
        kind="technical",
        level=Severity.URGENT if row.danger else Severity.SOON,
        title="Message not answered" if row.kind == "team" else "Practice has not answered",
        reason=f"{who} answered {what} in the time promised. Read it under Messages, and answer or call",
        true_at=row.reply_by,
        known_at=now,
        judged_by=SOURCE,
        evidence=[{"at": row.waiting_since.isoformat(), "thread": str(row.public_id)}],
    )


def end_answered() -> int:
    """Close the cards of what was answered, or say on one that somebody has claimed that it was; answers how many."""
    asked = {"rules": list(RULES.values()), "team": RULES["team"]}
    return mend(list(db.session.scalars(_OVER, asked)), ANSWERED)
