"""What other slices may ask of conversations: who owes an answer, and to write from a card."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.access import service as access
from backend.access.record import Action, Record
from backend.core.db import fetch
from backend.core.http import Actor
from backend.threads import duty, reading
from backend.threads.door import Asker, find, locked, practice_of
from backend.threads.overdue import RULES
from backend.threads.telling import wake
from backend.threads.writing import Written, add

__all__ = ["RULES", "owed_reply", "write_from_card"]


def owed_reply(record: Record) -> dict[str, Any] | None:
    """Who owes the person an answer and by when, the soonest: {"team", "by", "state"}; None when nobody does.

    `state` is waiting or overdue. None as well for who may not see messages, and of what is private from them.
    """
    if not record.may(Action.READ_MESSAGES):
        return None
    # Mostly nobody owes anything, and this is asked with every first page.
    kinds = [row.kind for row in fetch(_OWED, patient_id=record.patient.id)]
    if not kinds:
        return None
    actor, now = record.actor, access.database_time()
    asker = Asker(actor, record, "self" if actor.patient_id == record.patient.id else "carer")
    owed = []
    for kind in kinds:
        at = reading.stands(find(record, kind), asker, now)
        if at.reply_by is not None:
            owed.append((at.reply_by, kind, at.state))
    if not owed:
        return None
    by, kind, state = min(owed)
    return {"team": _name(record, kind), "by": by, "state": state}


_OWED = text("""select distinct kind from thread where patient_id = :patient_id and reply_by is not null
    order by kind desc""")


def _name(record: Record, kind: str) -> str:
    if kind == "practice":
        practice = practice_of(record)
        return practice.name if practice is not None else ""
    team = access.team_of(record.patient.id)
    return team.name if team is not None else ""


def write_from_card(record: Record, actor: Actor, id_: UUID, words: str, *, answers: bool) -> None:
    """Put the words that a desk sends from a card into the team's conversation, in the caller's transaction.

    `answers`: the card is about a message that waits, so its clock stops; from any other card it runs on, because
    words about a reading answer no question. What came after that card was raised waits on: nobody had it before
    them. The caller tells the person.
    """
    asker = Asker(actor, record, "team")
    thread = locked(record, "team")
    raised = thread.alerted_at if answers else None
    waiting = [one for one in duty.answered_now(thread, None) if raised and one.received_at <= raised]
    made = add(asker, thread, Written(id_, words), private=any(one.private for one in waiting))
    duty.settle(asker, thread, waiting, "reply")
    wake(record.patient.public_id, "team", private=made.private)
