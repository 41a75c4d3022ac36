"""The one way to a conversation: behind the patient's record, as whoever asks stands to the person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, func, select, text

from backend.access import service as access
from backend.access.policy import PRACTICE
from backend.access.record import Action, Purpose, Record, RecordRefused, open_record
from backend.audit import service as audit
from backend.core.db import db
from backend.core.errors import Conflict, NotAllowed, NotFound
from backend.core.http import Actor
from backend.threads.models import Thread

Kind = Literal["team", "practice"]
Relation = Literal["self", "carer", "team", "practice"]
Side = Literal["person", "team", "practice"]

_OPEN = text(
    """insert into thread (patient_id, kind, organization_id) values (:patient, :kind, :organization)
    on conflict do nothing"""
)
# It reads tables of access and of the directory, and it only reads: one statement says who would see a message.
_PRACTICE = text(
    """select o.id, o.public_id, o.name, o.phone, p.working_days,
        exists (select from practice_member m where m.organization_id = o.id and m.valid @> db_now()) as reads,
        exists (select from organization_contact c where c.organization_id = o.id) as reached
    from organization o left join practice_promise p on p.organization_id = o.id
    where o.id = :id and o.kind = 'gp-practice'"""
)


@dataclass(frozen=True, slots=True)
class Practice:
    """The practice somebody is registered with: whether anybody there reads messages, and in how many days."""

    id: int
    public_id: UUID
    name: str
    phone: str | None
    working_days: int | None
    reads: bool
    reached: bool


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks about whose conversations, and what they are to the person."""

    actor: Actor
    record: Record
    relation: Relation

    @property
    def side(self) -> Side:
        """Which end of a conversation they are at."""
        if self.relation == "self" or self.relation == "carer":
            return "person"
        return self.relation

    @property
    def sees_private(self) -> bool:
        """Everybody but a carer sees what the person keeps from carers."""
        return self.relation != "carer"

    def writes_in(self, kind: str) -> bool:
        """The person writes in each; staff in their own."""
        return self.record.may(Action.WRITE_MESSAGE) and self.side in ("person", kind)


def open_conversations(actor: Actor, patient_id: UUID, action: Action) -> Asker:
    """Open somebody's record for their messages; raises RecordRefused."""
    staff = actor.practitioner_id is not None
    record = open_record(actor, patient_id, Purpose.CAREMGT if staff else Purpose.PATRQT, action)
    if not staff:
        return Asker(actor, record, "self" if actor.patient_id == record.patient.id else "carer")
    return Asker(actor, record, "practice" if access.role_of(actor) == PRACTICE else "team")


def may_open(asker: Asker, kind: str) -> None:
    """Refuse a practice the team's conversation, as if there were none. The team sees the practice's: until somebody
    there has answered, what is to be done is the team's."""
    if asker.relation == "practice" and kind != "practice":
        patient = asker.record.patient
        audit.record_refusal(
            asker.actor, Action.READ_MESSAGES.value, "thread", str(patient.public_id), patient_id=patient.id,
            purpose=asker.record.purpose.value, detail={"rule": "another-side"},
        )  # fmt: skip
        raise RecordRefused


def may_write(asker: Asker, kind: str) -> None:
    """Refuse whoever only looks on."""
    if not asker.writes_in(kind):
        raise NotAllowed("looks-on", "You can see this conversation. The practice answers it.")


def practice_of(record: Record) -> Practice | None:
    """The practice of whoever's record it is."""
    if record.patient.gp_practice_id is None:
        return None
    row = db.session.execute(_PRACTICE, {"id": record.patient.gp_practice_id}).one_or_none()
    return None if row is None else Practice(*row)


def find(record: Record, kind: str) -> Thread | None:
    """The conversation of this kind, which for a practice is that with the practice of now."""
    return db.session.scalars(_mine(record, kind)).one_or_none()


def locked(record: Record, kind: str) -> Thread:
    """The same, locked until this transaction ends, begun where there was none: its messages are then in order."""
    if kind == "practice" and record.patient.gp_practice_id is None:
        raise NotFound("no-practice", "No GP practice is written down for this person.")
    found = find(record, kind)
    if found is None:
        db.session.execute(
            _OPEN, {"patient": record.patient.id, "kind": kind, "organization": _organization(record, kind)}
        )
    asked = _mine(record, kind).with_for_update()
    return db.session.scalars(asked, execution_options={"populate_existing": True}).one()


def _mine(record: Record, kind: str) -> Select[Thread]:
    return select(Thread).where(
        Thread.patient_id == record.patient.id,
        Thread.kind == kind,
        func.coalesce(Thread.organization_id, 0) == (_organization(record, kind) or 0),
    )


def _organization(record: Record, kind: str) -> int | None:
    return record.patient.gp_practice_id if kind == "practice" else None


def at_version(thread: Thread, if_version: int, shown: Callable[[], dict[str, Any]]) -> None:
    """Raise Conflict with what stands unless it is at the version seen."""
    if thread.version != if_version:
        raise Conflict("changed-meanwhile", "Somebody changed this since you last saw it.", current=shown())
