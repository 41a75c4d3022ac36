"""Keeps the duty clock of a conversation: what waits for an answer, since when, until when, and how it ended."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from backend.access import service as access
from backend.core.db import db
from backend.core.errors import NotFound
from backend.threads.door import Asker
from backend.threads.ends import Ends, answer_by, ends_of
from backend.threads.models import Thread, ThreadMessage
from backend.threads.reading import waiting_messages


def start(thread: Thread, waiting: Sequence[ThreadMessage], ends: Ends) -> None:
    """Let these messages wait: the earliest time to answer by counts, and words of danger are told anew."""
    for one in waiting:
        danger = bool(one.danger)
        by = answer_by(one.received_at, ends, danger=danger)
        if thread.reply_by is None or by < thread.reply_by:
            thread.reply_by = by
        thread.waiting_since = min(thread.waiting_since or one.received_at, one.received_at)
        if danger and not thread.danger:
            # What was raised for a milder reason says nothing of this.
            thread.danger, thread.alerted_at = True, None


def answered_now(thread: Thread, seen: UUID | None) -> list[ThreadMessage]:
    """Of what waits, what its reader had on the screen: all of it when they did not say."""
    waiting = waiting_messages(thread, private=True)
    if seen is None:
        return waiting
    place = db.session.scalar(
        select(ThreadMessage.id).where(ThreadMessage.public_id == seen, ThreadMessage.thread_id == thread.id)
    )
    if place is None:
        raise NotFound("no-such-message", "There is no such message in this conversation.")
    return [one for one in waiting if one.id <= place]


def settle(
    asker: Asker, thread: Thread, answered: Sequence[ThreadMessage], how: str, why: str | None = None
) -> None:
    """Stop the clock for what was answered; what came since then waits on, from its own time."""
    if not answered:
        return
    last = answered[-1].id
    left = [one for one in waiting_messages(thread, private=True) if one.id > last]
    thread.settled_upto = last
    thread.settled_at, thread.settled_by = access.database_time(), asker.actor.practitioner_id
    thread.settled_how, thread.settled_why = how, why
    thread.settled_private = any(one.private for one in answered)
    thread.waiting_since = thread.reply_by = thread.alerted_at = None
    thread.danger = False
    if left:
        start(thread, left, ends_of(asker, thread))
    else:
        thread.owner_id = thread.owned_at = None
