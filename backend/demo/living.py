"""How the demo's people live besides their readings: how they are reached, a pause that ends, and the colleagues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range, insert

from backend.access.models import (
    CareDocument,
    CareTeam,
    CareTeamMember,
    Patient,
    PatientContact,
    PatientNeeds,
    Practitioner,
    RelatedPerson,
)
from backend.core.db import db
from backend.demo import team
from backend.demo.people import PEOPLE, nhs_number
from backend.pathways.models import Enrolment, PauseRow

PAUSED_FOR: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class DemoContact:
    """Whom to ring for one of the 25; somebody with an account already is not made twice."""

    number: int
    relation: str
    name: str
    phone: str
    tell: bool = False


NEEDS: Final[dict[int, dict[str, Any]]] = {
    1: {"rescue_pack": True, "rescue_pack_where": "Kitchen drawer, left of the cooker", "reach": "Mornings"},
    3: {"language": "ur", "interpreter": True},
    4: {"hearing": "Hearing aid on the right: speak slowly, let it ring long"},
    9: {"sight": "Partially sighted: no letters"},
    11: {"rescue_pack": True, "rescue_pack_where": "Bedside table"},
    14: {"hearing": "Hard of hearing", "reach": "Ring the neighbour when she does not answer"},
}
CONTACTS: Final = (
    DemoContact(1, "carer", "Clara Ash", "07700 900201", tell=True),
    DemoContact(1, "key-holder", "Ivy Marsh", "07700 900211"),
    DemoContact(4, "key-holder", "Otto Pine", "07700 900212"),
    DemoContact(5, "carer", "Neil Bracken", "07700 900202", tell=True),
    DemoContact(9, "next-of-kin", "Ruth Juniper", "07700 900213", tell=True),
    DemoContact(14, "key-holder", "Mona Lichen", "07700 900214", tell=True),
    DemoContact(18, "key-holder", "Ivor Shale", "07700 900215"),
    DemoContact(21, "next-of-kin", "Wyn Gorse", "07700 900216", tell=True),
)
RESPECT_OF: Final = 11


def ensure(now: datetime) -> None:
    """Make or mend all of it at every start; also where a demo was prepared before there was such a thing."""
    _colleagues(now)
    patients = {row.nhs_number: row.id for row in db.session.execute(select(Patient.nhs_number, Patient.id))}
    keys = {person.number: patients[nhs_number(person.number)] for person in PEOPLE}
    for number, said in NEEDS.items():
        row = insert(PatientNeeds).values(patient_id=keys[number], **said)
        db.session.execute(row.on_conflict_do_nothing())
    for place, contact in enumerate(CONTACTS):
        _contact(keys[contact.number], contact, place)
    _respect(keys[RESPECT_OF])
    for person in PEOPLE:
        if person.status == "paused":
            _pause(keys[person.number], now)


def _colleagues(now: datetime) -> None:
    """One of each role that somebody may want to try; the administrator is in no team."""
    for known in team.STAFF:
        db.session.execute(
            update(Practitioner).where(Practitioner.display_name == known.display).values(role=known.role)
        )
    harbour = db.session.scalars(select(CareTeam.id).where(CareTeam.name == team.TEAM_NAME)).one()
    for one in team.COLLEAGUES:
        if (
            db.session.scalar(select(Practitioner.id).where(Practitioner.display_name == one.display))
            is not None
        ):
            continue
        row = Practitioner(display_name=one.display, role=one.role)
        db.session.add(row)
        db.session.flush()
        if one.role != "administrator":
            since: Range[datetime] = Range(now - timedelta(days=75), None)
            db.session.add(CareTeamMember(care_team_id=harbour, practitioner_id=row.id, valid=since))
    db.session.flush()


def _contact(patient_id: int, contact: DemoContact, place: int) -> None:
    who = db.session.scalars(
        select(RelatedPerson).where(RelatedPerson.display_name == contact.name)
    ).one_or_none()
    if who is None:
        who = RelatedPerson(display_name=contact.name, phone=contact.phone)
        db.session.add(who)
        db.session.flush()
    known = select(PatientContact.id).where(
        PatientContact.patient_id == patient_id, PatientContact.related_person_id == who.id
    )
    if db.session.scalar(known) is None:
        db.session.add(
            PatientContact(
                patient_id=patient_id, relation=contact.relation, related_person_id=who.id, place=place,
                tell=contact.tell,
            )
        )  # fmt: skip
        db.session.flush()


def _respect(patient_id: int) -> None:
    if db.session.scalar(select(CareDocument.id).where(CareDocument.patient_id == patient_id)) is None:
        db.session.add(
            CareDocument(
                patient_id=patient_id, kind="respect", dated=date(2026, 5, 4),
                original_at="Yellow folder on the fridge", ceiling="Hospital, not intensive care",
                verified_by="Leah Birch", verified_on=date(2026, 5, 6),
            )
        )  # fmt: skip
        db.session.flush()


def _pause(patient_id: int, now: datetime) -> None:
    """Somebody on holiday, always with two weeks to go or less; the last pause, once over, is followed by another."""
    until = select(PauseRow.id).where(PauseRow.patient_id == patient_id, PauseRow.span.contains(now))
    if db.session.scalar(until) is not None:
        return
    db.session.add(
        PauseRow(
            patient_id=patient_id, span=Range(now, now + PAUSED_FOR), kind="pause",
            reason="Staying with his brother",
        )
    )  # fmt: skip
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.patient_id == patient_id, Enrolment.status == "live")
        .values(status="paused")
    )
    db.session.flush()
