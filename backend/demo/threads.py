"""What the demo's people have written: an answered question, one that waits for the team, and one for the practice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import select

from backend.access.models import Account, CareTeam, Patient, Practitioner
from backend.core.db import db
from backend.demo import team
from backend.demo.people import PEOPLE
from backend.threads.clock import PRACTICE_DAYS, practice_answers_by, team_answers_by
from backend.threads.models import Thread, ThreadMessage, ThreadSeen


@dataclass(frozen=True, slots=True)
class Said:
    """One message: `ago` before the demo was first prepared, by the person or (a name to sign in with) by staff."""

    ago: timedelta
    words: str
    by: str | None = None


NURSE: Final = team.STAFF[0].username
# By person and kind. A conversation whose last message is the person's waits.
SAID: Final[dict[tuple[int, str], tuple[Said, ...]]] = {
    (1, "team"): (
        Said(timedelta(days=3, hours=2), "The cuff leaves a mark on my arm. Am I putting it on too tight?"),
        Said(
            timedelta(days=3),
            "You should be able to slide two fingers under it. Try that next time, and tell me if it still"
            " leaves a mark.",
            NURSE,
        ),
        Said(timedelta(days=2), "Two fingers works. Thank you."),
        Said(timedelta(days=1, hours=20), "Good to hear. I will look at it on Thursday as well.", NURSE),
    ),
    (1, "practice"): (
        Said(timedelta(hours=5), "Please may I have my blood pressure tablets a week early? We go away."),
    ),
    (2, "team"): (
        Said(timedelta(hours=1), "My new inhaler came without a leaflet. Do I rinse my mouth after it?"),
    ),
}


def ensure(now: datetime) -> None:
    """Write them once; at a later start what waits from before is due from now on, so that the list is not late."""
    for (number, kind), said in SAID.items():
        person = next(one for one in PEOPLE if one.number == number)
        patient = db.session.scalars(select(Patient).where(Patient.nhs_number == person.nhs_number)).one()
        thread = db.session.scalars(
            select(Thread).where(Thread.patient_id == patient.id, Thread.kind == kind)
        ).first()
        if thread is None:
            thread = _written(patient, kind, said, now)
        if thread.waiting_since is not None and (thread.reply_by is None or thread.reply_by <= now):
            thread.reply_by, thread.alerted_at = _due(kind, now), None
    db.session.flush()


def _written(patient: Patient, kind: str, said: tuple[Said, ...], now: datetime) -> Thread:
    practice = patient.gp_practice_id if kind == "practice" else None
    opened = now - said[0].ago
    thread = Thread(
        patient_id=patient.id, kind=kind, organization_id=practice, opened_at=opened, version=len(said)
    )
    db.session.add(thread)
    db.session.flush()
    due = _due(kind, now)
    staff = {one.username: one.display for one in team.STAFF}
    for one in said:
        by = None
        if one.by is not None:
            named = select(Practitioner.id).where(Practitioner.display_name == staff[one.by])
            by = db.session.execute(named).scalar_one()
        row = ThreadMessage(
            public_id=uuid4(), thread_id=thread.id, patient_id=patient.id, practitioner_id=by,
            relation="self" if by is None else "team", words=one.words, received_at=now - one.ago,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        if by is None:
            thread.waiting_since, thread.reply_by = thread.waiting_since or row.received_at, due
        else:
            thread.waiting_since = thread.reply_by = None
            thread.settled_upto, thread.settled_how = row.id, "reply"
            thread.settled_at, thread.settled_by = row.received_at, by
        _opened(thread, row, now)
    return thread


def _opened(thread: Thread, row: ThreadMessage, now: datetime) -> None:
    """Whoever answers has read what came before, and the person reads an answer the same evening."""
    if row.practitioner_id is None:
        return
    before = select(ThreadMessage).where(
        ThreadMessage.thread_id == thread.id, ThreadMessage.id < row.id,
        ThreadMessage.practitioner_id.is_(None),
    )  # fmt: skip
    answered_by = db.session.execute(
        select(Account.id).where(Account.practitioner_id == row.practitioner_id)
    ).scalar_one()
    reader = db.session.execute(
        select(Account.id).where(Account.patient_id == row.patient_id)
    ).scalar_one_or_none()
    read = [(one.id, answered_by, "team", row.received_at) for one in db.session.scalars(before)]
    if reader is not None:
        read.append((row.id, reader, "person", min(now, row.received_at + timedelta(hours=3))))
    for message, account, side, at in read:
        if db.session.get(ThreadSeen, (message, account, "read")) is None:
            db.session.add(ThreadSeen(message_id=message, account_id=account, what="read", side=side, at=at))
    db.session.flush()


def _due(kind: str, now: datetime) -> datetime:
    if kind == "practice":
        return practice_answers_by(PRACTICE_DAYS, now, danger=False)
    mine = db.session.scalars(select(CareTeam).where(CareTeam.name == team.TEAM_NAME)).first()
    assert mine is not None
    return team_answers_by(mine.opens, mine.closes, mine.time_zone, now, danger=False)
