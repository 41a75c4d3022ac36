"""What whoever rings a person has to know first: how they are understood, whom else to ring, what is written where."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from backend.access.models import (
    CareDocument,
    EndOfLifePlan,
    Patient,
    PatientContact,
    PatientNeeds,
    RelatedPerson,
)
from backend.core.db import db, fetch
from backend.core.once import asked_once


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to ring. `person` is the public id by which a communication reaches them."""

    id: UUID
    relation: str
    name: str
    phone: str | None
    tell: bool
    person: UUID


@dataclass(frozen=True, slots=True)
class Pointer:
    """That a document exists and where its original is. It orders nothing and lowers no response."""

    id: UUID
    kind: str
    dated: date
    original_at: str
    ceiling: str | None
    verified_by: str
    verified_on: date


@dataclass(frozen=True, slots=True)
class Line:
    """The 24-hour palliative line that stands in the place of 999 words."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Needs:
    """All of it for one person; None is not known, an empty tuple is none on record."""

    language: str | None = None
    interpreter: bool | None = None
    hearing: str | None = None
    sight: str | None = None
    reach: str | None = None
    rescue_pack: bool | None = None
    rescue_pack_where: str | None = None
    second_phone: str | None = None
    home_oxygen: bool | None = None
    oxygen_litres: Decimal | None = None
    # The range a clinician set for this person's SpO2, low and high; a pack has none.
    oxygen_target: tuple[Decimal | None, Decimal | None] | None = None
    documents: tuple[Pointer, ...] = ()
    contacts: tuple[Contact, ...] = ()
    palliative_line: Line | None = None
    end_of_life: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """How to speak with somebody; None is not known."""

    language: str | None
    interpreter: bool | None
    hearing: str | None
    sight: str | None


def spoken_to(patient_ids: Collection[int]) -> dict[int, Spoken]:
    """The part of Needs that a list shows, in one statement; who never stated any is absent."""
    rows = db.session.execute(_SPOKEN, {"ids": list(patient_ids)})
    return {row.patient_id: Spoken(row.language, row.interpreter, row.hearing, row.sight) for row in rows}


_SPOKEN = text(
    "select patient_id, language, interpreter, hearing, sight from patient_needs where patient_id = any(:ids)"
)
_LINE = text("""select line_name, line_phone from end_of_life_plan
    where patient_id = :patient_id and second_at is not null and stopped_at is null order by id limit 1""")
_TARGETS = text("select patient_id, low, high from oxygen_target where patient_id = any(:ids)")


def needs_of(patient_ids: Collection[int]) -> dict[int, Needs]:
    """Needs by inside key, in a fixed number of statements; every patient asked for that exists is there."""
    ids = list(patient_ids)
    contacts, documents = contacts_of(ids), documents_of(ids)
    targets = {row.patient_id: (row.low, row.high) for row in db.session.execute(_TARGETS, {"ids": ids})}
    signed = db.session.scalars(
        select(EndOfLifePlan).where(
            EndOfLifePlan.patient_id.in_(ids),
            EndOfLifePlan.second_at.is_not(None),
            EndOfLifePlan.stopped_at.is_(None),
        )
    )
    lines = {row.patient_id: Line(row.line_name, row.line_phone) for row in signed}
    rows = db.session.execute(
        select(Patient.id, Patient.facts, Patient.second_phone, PatientNeeds)
        .outerjoin(PatientNeeds, PatientNeeds.patient_id == Patient.id)
        .where(Patient.id.in_(ids))
    )
    return {
        id_: replace(
            _stated(stated, facts),
            second_phone=second_phone,
            oxygen_target=targets.get(id_),
            documents=documents.get(id_, ()),
            contacts=contacts.get(id_, ()),
            palliative_line=lines.get(id_),
            end_of_life=id_ in lines,
        )
        for id_, facts, second_phone, stated in rows
    }


@asked_once
def palliative_line(patient_id: int) -> Line | None:
    """The line of a plan that both have signed and nobody stopped; None for everybody else."""
    row = fetch(_LINE, patient_id=patient_id).first()
    return None if row is None else Line(row.line_name, row.line_phone)


def home_oxygen(facts: Mapping[str, Any]) -> tuple[bool | None, Decimal | None]:
    """Whether somebody has oxygen at home and how many litres a minute, by `patient.facts`; None is not known."""
    litres = facts.get("oxygen_litres")
    return facts.get("home_oxygen"), None if litres is None else Decimal(str(litres))


def _stated(stated: PatientNeeds | None, facts: Mapping[str, Any]) -> Needs:
    has_oxygen, litres = home_oxygen(facts)
    oxygen = Needs(home_oxygen=has_oxygen, oxygen_litres=litres)
    if stated is None:
        return oxygen
    return replace(
        oxygen, language=stated.language, interpreter=stated.interpreter, hearing=stated.hearing,
        sight=stated.sight, reach=stated.reach, rescue_pack=stated.rescue_pack,
        rescue_pack_where=stated.rescue_pack_where,
    )  # fmt: skip


def contacts_of(patient_ids: Collection[int]) -> dict[int, tuple[Contact, ...]]:
    """Whom to ring, in the order in which to try them, by the patient's inside key."""
    rows = db.session.execute(
        select(PatientContact, RelatedPerson)
        .join(RelatedPerson, RelatedPerson.id == PatientContact.related_person_id)
        .where(PatientContact.patient_id.in_(list(patient_ids)), PatientContact.ended_at.is_(None))
        .order_by(PatientContact.place, PatientContact.id)
    )
    found: dict[int, tuple[Contact, ...]] = {}
    for row, who in rows:
        one = Contact(row.public_id, row.relation, who.display_name, who.phone, row.tell, who.public_id)
        found[row.patient_id] = (*found.get(row.patient_id, ()), one)
    return found


def documents_of(patient_ids: Collection[int]) -> dict[int, tuple[Pointer, ...]]:
    """Documents that stand, newest first, by the patient's inside key."""
    rows = db.session.scalars(
        select(CareDocument)
        .where(CareDocument.patient_id.in_(list(patient_ids)), CareDocument.ended_at.is_(None))
        .order_by(CareDocument.dated.desc(), CareDocument.id.desc())
    )
    found: dict[int, tuple[Pointer, ...]] = {}
    for row in rows:
        one = Pointer(
            row.public_id, row.kind, row.dated, row.original_at, row.ceiling, row.verified_by, row.verified_on
        )
        found[row.patient_id] = (*found.get(row.patient_id, ()), one)
    return found
