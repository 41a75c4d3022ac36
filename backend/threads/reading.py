"""Shows conversations as whoever asks may see them: a carer never learns that something private is there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from backend.access import service as access
from backend.access.record import Record
from backend.core.db import db
from backend.core.errors import NotFound
from backend.threads.clock import PRACTICE_DAYS
from backend.threads.door import Asker, Practice, find, practice_of
from backend.threads.ends import answer_by, ends_of
from backend.threads.models import Thread, ThreadMessage

PAGE = 30
LATE_WORDS = "We said we would answer by now and have not. If you cannot wait, call."
_SEEN = text(
    """select s.message_id, s.what, s.side, s.at,
        coalesce(r.display_name, p.display_name, c.given_name || ' ' || c.family_name) as name
    from thread_seen s join account a on a.id = s.account_id
    left join practitioner r on r.id = a.practitioner_id
    left join related_person p on p.id = a.related_person_id
    left join patient c on c.id = a.patient_id
    where s.message_id = any(:ids) order by s.at, s.account_id"""
)
_UNREAD = text(
    """select count(*) from thread_message m where m.thread_id = :thread
        and (m.relation in ('self', 'carer')) <> :person and (:private or not m.private)
        and not exists (select from thread_seen s where s.message_id = m.id and s.account_id = :account
            and s.what = 'read')"""
)
_RELATED = text("select id, display_name from related_person where id = any(:ids)")


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a conversation stands for whoever asks: what waits of what they may see."""

    state: str
    waiting: Sequence[ThreadMessage]
    reply_by: datetime | None


def stands(thread: Thread | None, asker: Asker, now: datetime) -> Stands:
    """Judge the duty clock over what this asker may see."""
    if thread is None:
        return Stands("quiet", (), None)
    every = waiting_messages(thread, private=True)
    waiting = [one for one in every if asker.sees_private or not one.private]
    if waiting and thread.reply_by is not None:
        by = thread.reply_by
        if len(waiting) < len(every):
            # The clock may run for what is hidden from a carer, who then learns when theirs is due and no more.
            ends = ends_of(asker, thread)
            by = min(answer_by(one.received_at, ends, danger=bool(one.danger)) for one in waiting)
        return Stands("overdue" if by <= now else "waiting", waiting, by)
    answered = thread.settled_at is not None and (asker.sees_private or not thread.settled_private)
    return Stands("answered" if answered else "quiet", (), None)


def waiting_messages(thread: Thread, private: bool) -> list[ThreadMessage]:
    """Of the person's messages those that nobody has answered, oldest first."""
    asked = select(ThreadMessage).where(
        ThreadMessage.thread_id == thread.id,
        ThreadMessage.id > thread.settled_upto,
        ThreadMessage.relation.in_(("self", "carer")),
    )
    found = db.session.scalars(asked.order_by(ThreadMessage.id))
    return [one for one in found if private or not one.private]


def conversations(asker: Asker) -> list[dict[str, Any]]:
    """Those that whoever asks may open, the team's first."""
    kinds = ("practice",) if asker.relation == "practice" else ("team", "practice")
    found = [conversation(asker, kind, None) for kind in kinds]
    return [one for one in found if one is not None]


def conversation(asker: Asker, kind: str, before: UUID | None) -> dict[str, Any] | None:
    """One conversation; None where nobody reads it and nothing was ever written."""
    record, now = asker.record, access.database_time()
    thread = find(record, kind)
    with_whom = _team(record) if kind == "team" else _practice(practice_of(record))
    if thread is None and not with_whom["reads"]:
        return None
    page = [] if thread is None else _page(thread, asker, before)
    shown, more = page[-PAGE:], len(page) > PAGE
    at = stands(thread, asker, now)
    views = messages(shown, asker, kind)
    names = {key: value for key, value in with_whom.items() if key != "reads"}
    promise = f"{LATE_WORDS} {names['promise']}" if at.state == "overdue" else names["promise"]
    return names | {
        "kind": kind,
        "promise": promise,
        "unread": 0 if thread is None else _unread(thread, asker),
        "last": views[-1] if views else None,
        "owner": _owner(thread, asker) if at.waiting else None,
        "reply_by": at.reply_by,
        "waiting_since": at.waiting[0].received_at if at.waiting else None,
        "state": at.state,
        "settled": settled(thread, asker),
        "may_write": with_whom["reads"] and asker.writes_in(kind),
        # It counts what is hidden too, and is for staff to send back.
        "version": 0 if thread is None or not asker.sees_private else thread.version,
        "messages": views,
        "more": more,
    }


def one_conversation(asker: Asker, kind: str, before: UUID | None = None) -> dict[str, Any]:
    """One conversation as its page shows it; staff are told with whom, the person's own pages know."""
    found = conversation(asker, kind, before)
    if found is None:
        raise NotFound("no-such-thread", "There is no such conversation.")
    one = asker.record.patient
    with_whom = {
        "id": one.public_id, "display_name": one.display_name, "nhs_number": one.nhs_number,
        "birth_date": one.birth_date, "phone": one.phone,
    }  # fmt: skip
    return {
        "as_of": access.database_time(), "thread": found,
        "patient": None if asker.side == "person" else with_whom,
    }  # fmt: skip


def _team(record: Record) -> dict[str, Any]:
    team = access.team_of(record.patient.id)
    if team is None:
        promise = "No team reads messages for you now. For help call your GP practice, 111 or 999."
        nobody: dict[str, Any] = {"name": "", "hours": None, "watching_now": False, "next_watch_at": None}
        return nobody | {"phone": None, "promise": promise, "reads": False}
    promise = (
        f"The team reads messages in its hours, {team.hours}. It answers by the end of its next working period."
        " Do not use messages for urgent help: call 999 or 111."
    )
    return {
        "name": team.name, "hours": team.hours, "watching_now": team.watch.now,
        "next_watch_at": team.watch.next_at, "phone": team.phone, "promise": promise, "reads": True,
    }  # fmt: skip


def _practice(practice: Practice | None) -> dict[str, Any]:
    unwatched: dict[str, Any] = {"hours": None, "watching_now": False, "next_watch_at": None}
    if practice is None or not practice.reads:
        promise = "Your practice does not read messages here now. Call it, or write to your team."
        name, phone = (practice.name, practice.phone) if practice else ("", None)
        return unwatched | {"name": name, "phone": phone, "promise": promise, "reads": False}
    days = practice.working_days or PRACTICE_DAYS
    promise = (
        f"Your practice answers within {days} working {'day' if days == 1 else 'days'}."
        " It does not watch messages for urgent help: call 999 or 111."
    )
    return unwatched | {"name": practice.name, "phone": practice.phone, "promise": promise, "reads": True}


def _page(thread: Thread, asker: Asker, before: UUID | None) -> list[ThreadMessage]:
    """A page and one more, oldest first."""
    asked = select(ThreadMessage).where(ThreadMessage.thread_id == thread.id)
    if not asker.sees_private:
        asked = asked.where(ThreadMessage.private.is_(False))
    if before is not None:
        place = db.session.scalar(
            select(ThreadMessage.id).where(
                ThreadMessage.public_id == before, ThreadMessage.thread_id == thread.id
            )
        )
        if place is None:
            raise NotFound("no-such-message", "There is no such message in this conversation.")
        asked = asked.where(ThreadMessage.id < place)
    newest = db.session.scalars(asked.order_by(ThreadMessage.id.desc()).limit(PAGE + 1)).all()
    return list(reversed(newest))


def _unread(thread: Thread, asker: Asker) -> int:
    account = asker.actor.account_id
    if account is None:
        return 0
    asked = {
        "thread": thread.id, "person": asker.side == "person", "private": asker.sees_private,
        "account": account,
    }  # fmt: skip
    return int(db.session.execute(_UNREAD, asked).scalar_one())


def _owner(thread: Thread | None, asker: Asker) -> dict[str, Any] | None:
    if thread is None or thread.owner_id is None:
        return None
    return owner(thread, access.practitioner_names([thread.owner_id]), asker.actor.practitioner_id)


def owner(
    thread: Thread, names: Mapping[int, tuple[UUID, str]], practitioner_id: int | None
) -> dict[str, Any] | None:
    """Who has taken it."""
    if thread.owner_id is None:
        return None
    return {"name": names[thread.owner_id][1], "me": thread.owner_id == practitioner_id}


def settled(thread: Thread | None, asker: Asker) -> dict[str, Any] | None:
    """How the last wait ended; a carer learns nothing of one about something private."""
    if thread is None or thread.settled_by is None:
        return None
    if thread.settled_private and not asker.sees_private:
        return None
    name = access.practitioner_names([thread.settled_by])[thread.settled_by][1]
    return {"how": thread.settled_how, "at": thread.settled_at, "by": name, "why": thread.settled_why}


def messages(found: Sequence[ThreadMessage], asker: Asker, kind: str) -> list[dict[str, Any]]:
    """Messages of a conversation as whoever asks sees them, with who of the other side had each on a screen."""
    if not found:
        return []
    writers = Writers(found, asker)
    seen: dict[int, list[Any]] = {}
    for row in db.session.execute(_SEEN, {"ids": [one.id for one in found]}):
        seen.setdefault(row.message_id, []).append(row)
    views = []
    for one in found:
        # The team that looks on at a practice's conversation is not the practice.
        theirs = kind if one.is_of_the_person else "person"
        views.append(_message(one, writers, [r for r in seen.get(one.id, ()) if r.side == theirs], asker))
    return views


class Writers:
    """The names of who wrote, looked up once."""

    def __init__(self, found: Iterable[ThreadMessage], asker: Asker) -> None:
        self._asker = asker
        staff = {one.practitioner_id for one in found if one.practitioner_id is not None}
        related = {one.related_person_id for one in found if one.related_person_id is not None}
        self._staff = access.practitioner_names(sorted(staff)) if staff else {}
        asked = db.session.execute(_RELATED, {"ids": sorted(related)}) if related else ()
        self._related = {row.id: row.display_name for row in asked}

    def of(self, one: ThreadMessage) -> dict[str, Any]:
        """Who wrote a message."""
        actor = self._asker.actor
        if one.practitioner_id is not None:
            name, me = self._staff[one.practitioner_id][1], one.practitioner_id == actor.practitioner_id
        elif one.related_person_id is not None:
            name, me = self._related[one.related_person_id], one.related_person_id == actor.related_person_id
        else:
            name, me = self._asker.record.patient.display_name, actor.patient_id == one.patient_id
        return {"relation": one.relation, "name": name, "me": me}


def _message(one: ThreadMessage, writers: Writers, theirs: Sequence[Any], asker: Asker) -> dict[str, Any]:
    reads = [row for row in theirs if row.what == "read"]
    return {
        "id": one.public_id,
        "by": writers.of(one),
        "words": one.words,
        "made_at": one.made_at,
        "received_at": one.received_at,
        "sent_late": one.made_offline or one.late,
        "private": one.private,
        "received_by_them_at": theirs[0].at if theirs else None,
        "read_at": reads[0].at if reads else None,
        "read_by": list(dict.fromkeys(row.name for row in reads)),
        "danger": list(one.danger) if asker.side != "person" else [],
    }
