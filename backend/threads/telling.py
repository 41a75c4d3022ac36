"""Says that a message is there: to the team, the practice, the person and who helps them, and to open pages."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from backend.access.record import OpenPatient
from backend.core.db import db
from backend.core.notices import notify
from backend.core.outbox import Message, queue_all
from backend.threads.ends import Ends
from backend.threads.models import Thread, ThreadMessage

# It reads a table of access and only reads: of those who asked, whoever may still read the answer.
_HELPERS = text(
    """select r.public_id from related_person r where r.id = any(:ids) and exists (
        select from consent c where c.patient_id = :patient and c.related_person_id = r.id and c.kind = 'proxy'
            and 'messages' = any(c.scopes) and c.valid @> db_now() and c.revoked_at is null)"""
)


def tell_staff(thread: Thread, ends: Ends) -> None:
    """The team, or the practice by the ways that are written down; with none somebody opens its inbox by themselves.

    Of danger the team is told whomever it was written to: until somebody has answered, it is the team's.
    """
    facts = {"thread": str(thread.public_id)} | ({"level": "urgent"} if thread.danger else {})
    practice = ends.practice
    told = []
    if practice is not None and practice.reached:
        to = str(practice.public_id)
        told.append(Message("organization", to, "message-for-practice", facts, thread.patient_id))
    if ends.team_id is not None and (practice is None or thread.danger):
        told.append(Message("care-team", str(ends.team_id), "message-for-team", facts, thread.patient_id))
    queue_all(told)


def tell_person(
    patient: OpenPatient, kind: str, made: ThreadMessage, answered: Sequence[ThreadMessage]
) -> None:
    """The person, and whoever helps them and had asked; what is private never goes to a carer."""
    facts = {"message": str(made.public_id)}
    template = "message-from-team" if kind == "team" else "message-from-practice"
    told = [Message("patient", str(patient.public_id), template, facts, patient.id)]
    asked = {one.related_person_id for one in answered if one.related_person_id is not None}
    if asked and not made.private:
        helpers = db.session.scalars(_HELPERS, {"ids": sorted(asked), "patient": patient.id})
        told += [Message("related-person", str(one), template, facts, patient.id) for one in helpers]
    queue_all(told)


def wake(patient: UUID, kind: str, *, private: bool) -> None:
    """Wake the open pages: ids and no words. A private one is told to no carer's page."""
    notify({"t": "message", "p": patient, "k": kind, "v": private})
