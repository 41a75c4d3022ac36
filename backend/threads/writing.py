"""Stores what somebody writes, once, and starts or stops the duty clock in the same transaction."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.access import service as access
from backend.audit import service as audit
from backend.core.db import db
from backend.core.errors import Conflict, Invalid
from backend.core.http import came_sealed, made_at, made_offline
from backend.threads import duty, reading
from backend.threads.danger import danger_in
from backend.threads.door import Asker, at_version, locked, may_write
from backend.threads.ends import ends_of
from backend.threads.models import Thread, ThreadMessage
from backend.threads.telling import tell_person, tell_staff, wake

NOBODY = "Nobody reads messages here now. For help call your GP practice, 111 or 999."


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote: `seen` is the newest message a member of staff had before them."""

    id: UUID
    words: str
    private: bool | None = None
    seen: UUID | None = None


def write(asker: Asker, kind: str, written: Written) -> dict[str, Any]:
    """Store a message; the same id again is success and changes nothing.

    Raises Invalid for an id or words that cannot be used, Conflict "nobody-reads" where nobody would see it.
    """
    may_write(asker, kind)
    before = _stored(asker, kind, written.id)
    if before is not None:
        return _answer(asker, kind, before)
    if not written.words.strip():
        raise Invalid("no-words", "Write something first.", errors={"words": ["Write something first."]})
    thread = locked(asker.record, kind)
    # Two copies of one message at the same moment: the second waited for the lock.
    before = _stored(asker, kind, written.id)
    if before is not None:
        return _answer(asker, kind, before)
    made = (_from_person if asker.side == "person" else _from_staff)(asker, thread, written)
    audit.record(
        asker.actor, "create", "thread-message", str(made.public_id), patient_id=made.patient_id,
        purpose=asker.record.purpose.value, detail={"thread": kind},
    )  # fmt: skip
    wake(asker.record.patient.public_id, kind, private=made.private)
    return _answer(asker, kind, made)


def _stored(asker: Asker, kind: str, id_: UUID) -> ThreadMessage | None:
    """What this writer has stored under this id; raises Invalid when it is anything else's."""
    found = db.session.scalars(select(ThreadMessage).where(ThreadMessage.public_id == id_)).one_or_none()
    if found is None:
        return None
    actor, thread = asker.actor, db.session.get_one(Thread, found.thread_id)
    stored = (
        found.patient_id, found.relation, found.practitioner_id, found.related_person_id, thread.kind,
    )  # fmt: skip
    asked = (
        asker.record.patient.id, asker.relation, actor.practitioner_id, actor.related_person_id, kind,
    )  # fmt: skip
    if stored != asked:
        raise Invalid("message-id", "This id was used for another message.")
    return found


def add(asker: Asker, thread: Thread, written: Written, *, private: bool) -> ThreadMessage:
    """The row of a message in a locked conversation, with the time it was received."""
    words = written.words.strip()
    row = ThreadMessage(
        public_id=written.id, thread_id=thread.id, patient_id=thread.patient_id, relation=asker.relation,
        related_person_id=asker.actor.related_person_id, practitioner_id=asker.actor.practitioner_id,
        words=words, private=private, danger=danger_in(words) if asker.side == "person" else [],
        made_at=made_at(), made_offline=made_offline(), late=came_sealed(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    db.session.refresh(row)
    thread.version += 1
    return row


def _from_person(asker: Asker, thread: Thread, written: Written) -> ThreadMessage:
    ends = ends_of(asker, thread)
    if not ends.is_read:
        raise Conflict("nobody-reads", NOBODY, status=409)
    # Only the person keeps something from those who help them.
    made = add(asker, thread, written, private=bool(written.private) and asker.relation == "self")
    tells = thread.waiting_since is None or (bool(made.danger) and not thread.danger)
    duty.start(thread, [made], ends)
    if tells:
        tell_staff(thread, ends)
    return made


def _from_staff(asker: Asker, thread: Thread, written: Written) -> ThreadMessage:
    answered = duty.answered_now(thread, written.seen)
    # Whatever answers something private is private, unless who writes says otherwise.
    private = any(one.private for one in answered) if written.private is None else written.private
    made = add(asker, thread, written, private=private)
    duty.settle(asker, thread, answered, "reply")
    tell_person(asker.record.patient, thread.kind, made, answered)
    return made


def _answer(asker: Asker, kind: str, made: ThreadMessage) -> dict[str, Any]:
    thread = db.session.get_one(Thread, made.thread_id)
    db.session.flush()
    at = reading.stands(thread, asker, access.database_time())
    return {
        "message": reading.messages([made], asker, kind)[0],
        "state": at.state,
        "reply_by": at.reply_by,
        "danger": list(made.danger),
    }


def take(asker: Asker, kind: str, if_version: int) -> None:
    """Make whoever asks the owner of what waits, at the version they saw; also from a colleague."""
    thread = _for_staff(asker, kind, if_version)
    if thread.reply_by is None:
        raise Conflict("nothing-waits", "Nothing waits here any more.", current=_shown(asker, kind))
    thread.owner_id, thread.owned_at = asker.actor.practitioner_id, access.database_time()
    thread.version += 1
    _done(asker, thread, "take-thread")


def no_reply_needed(asker: Asker, kind: str, why: str, seen: UUID, if_version: int) -> None:
    """Stop the clock without an answer; the reason is shown to the person."""
    thread = _for_staff(asker, kind, if_version)
    duty.settle(asker, thread, duty.answered_now(thread, seen), "no-reply-needed", why.strip())
    thread.version += 1
    _done(asker, thread, "no-reply-needed")


def _for_staff(asker: Asker, kind: str, if_version: int) -> Thread:
    may_write(asker, kind)
    thread = locked(asker.record, kind)
    at_version(thread, if_version, lambda: _shown(asker, kind))
    return thread


def _shown(asker: Asker, kind: str) -> dict[str, Any]:
    return reading.conversation(asker, kind, None) or {}


def _done(asker: Asker, thread: Thread, what: str) -> None:
    db.session.flush()
    audit.record(
        asker.actor, what, "thread", str(thread.public_id), patient_id=thread.patient_id,
        purpose=asker.record.purpose.value, detail={"version": thread.version, "thread": thread.kind},
    )  # fmt: skip
    wake(asker.record.patient.public_id, thread.kind, private=False)
