"""Changes what is known of a person besides readings: needs, contacts, facts that drive rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from backend.access.models import Patient, PatientContact, PatientNeeds, RelatedPerson
from backend.access.record import Record
from backend.audit import service as audit
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict

Values = Mapping[str, Any]
# The locked row of a person, for whoever writes several parts of one change.
PatientOf = Patient


def touch(record: Record, if_version: int, what: str) -> Patient:
    """Begin a change of what is known of a person, at the version its writer saw; answers the row, locked.

    Raises Conflict with the version that stands when somebody was first. `what` is the audit's word for it.
    """
    row = db.session.scalars(
        select(Patient)
        .where(Patient.id == record.patient.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    if row.version != if_version:
        raise Conflict(
            "changed-meanwhile",
            "Somebody changed this since you last saw it.",
            current={"version": row.version},
        )
    row.version += 1
    db.session.flush()
    audit.record(
        record.actor, what, "patient", str(row.public_id), patient_id=row.id, purpose=record.purpose.value,
        detail={"version": row.version},
    )  # fmt: skip
    return row


def version_of(patient_id: int) -> int:
    """The version of what is known of a person."""
    return db.session.execute(select(Patient.version).where(Patient.id == patient_id)).scalar_one()


def set_needs(patient_id: int, values: Values) -> None:
    """Write how somebody is understood and reached, whole: what is not said is not known."""
    row = insert(PatientNeeds).values(patient_id=patient_id, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["patient_id"], set_=dict(values)))


def set_contacts(
    row: Patient, lives_alone: bool | None, key_safe: str | None, said: Sequence[Values]
) -> None:
    """Write whom to ring, whole and in order. Who is named as before stays the same person."""
    row.lives_alone = lives_alone
    row.key_safe_reference = key_safe
    before = _standing(row.id)
    kept: set[int] = set()
    for place, one in enumerate(said):
        key = (one["relation"], one["name"], one["phone"])
        contact = before.get(key)
        if contact is None:
            who = RelatedPerson(display_name=one["name"], phone=one["phone"])
            db.session.add(who)
            db.session.flush()
            contact = PatientContact(
                patient_id=row.id, relation=one["relation"], related_person_id=who.id, version=1
            )
            db.session.add(contact)
        contact.place, contact.tell = place, one["tell"]
        db.session.flush()
        kept.add(contact.id)
    gone = [one.id for one in before.values() if one.id not in kept]
    db.session.execute(update(PatientContact).where(PatientContact.id.in_(gone)).values(ended_at=sql_now()))


def _standing(patient_id: int) -> dict[tuple[str, str, str | None], PatientContact]:
    rows = db.session.execute(
        select(PatientContact, RelatedPerson)
        .join(RelatedPerson, RelatedPerson.id == PatientContact.related_person_id)
        .where(PatientContact.patient_id == patient_id, PatientContact.ended_at.is_(None))
    )
    return {(contact.relation, who.display_name, who.phone): contact for contact, who in rows}


def set_facts(row: Patient, said: Values) -> None:
    """Write the facts that drive rules; those not said, or said to be unknown, are not known any more.

    Facts that are no rule's stay as they are, and so does the end of life, which has signatures of its own.
    """
    kept = {name: value for name, value in row.facts.items() if name not in said}
    row.facts = kept | {name: value for name, value in said.items() if value is not None}
