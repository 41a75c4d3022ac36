"""Who is around the demo's people: a daughter who helps, an invitation that waits, a face, and a practice's desk."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from PIL import Image, ImageDraw
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range, insert

from backend.access.models import Consent, Patient, PracticeMember, Practitioner, RelatedPerson
from backend.access.pairing import hash_code
from backend.circle.models import Invitation, PatientPhoto
from backend.circle.photo import SIDE, SMALL_SIDE, jpeg
from backend.core.db import db
from backend.demo import team
from backend.demo.people import nhs_number
from backend.directory.models import Organization

# Person number, as they call them, and whether they are told when staff have seen something.
_RELATIONS: Final = {"Clara Ash": ("daughter", True), "Neil Bracken": ("neighbour", False)}
_INVITATION: Final = UUID("5a4c6a51-0e53-4a55-9c58-2f2f6a0c9d01")
_OF: Final = 1


def ensure(now: datetime) -> None:
    """Make or mend all of it at every start; also where a demo was prepared before there was such a thing."""
    person = db.session.scalars(select(Patient).where(Patient.nhs_number == nhs_number(_OF))).one()
    _practice_staff(now)
    for name, (relation, is_told) in _RELATIONS.items():
        theirs = select(RelatedPerson.id).where(RelatedPerson.display_name == name)
        db.session.execute(
            update(Consent)
            .where(Consent.related_person_id.in_(theirs), Consent.relation == "")
            .values(relation=relation, tell_seen=is_told, review_on=(now + timedelta(days=120)).date())
            .execution_options(synchronize_session=False)
        )
    _photo(person.id)
    _invitation(person.id, now)


def _practice_staff(now: datetime) -> None:
    """Somebody at the front desk of each person's practice, with one account; in no team."""
    one = team.RECEPTIONIST
    known = select(Practitioner.id).where(Practitioner.display_name == one.display)
    if db.session.scalar(known) is not None:
        return
    row = Practitioner(display_name=one.display, role=one.role)
    db.session.add(row)
    db.session.flush()
    # Of both, so that whoever of the 25 somebody tries, their message to the practice is read.
    practices = db.session.scalars(select(Organization.id).where(Organization.kind == "gp-practice"))
    since: Range[datetime] = Range(now - timedelta(days=75), None)
    db.session.add_all(
        [PracticeMember(practitioner_id=row.id, organization_id=key, valid=since) for key in practices]
    )
    db.session.flush()


def _photo(patient_id: int) -> None:
    """A drawn face: nobody's picture is shown in a demo."""
    face = Image.new("RGB", (512, 512), "#d8e6f2")
    pen = ImageDraw.Draw(face)
    pen.ellipse((96, 330, 416, 700), fill="#3c6e91")
    pen.ellipse((166, 110, 346, 350), fill="#e6c3a5")
    pen.pieslice((150, 84, 362, 330), 180, 360, fill="#d9d9d9")
    pen.ellipse((214, 216, 232, 234), fill="#2f2f2f")
    pen.ellipse((280, 216, 298, 234), fill="#2f2f2f")
    pen.arc((220, 240, 292, 300), 20, 160, fill="#8c4b3c", width=8)
    row = insert(PatientPhoto).values(
        patient_id=patient_id, jpeg=jpeg(face, SIDE), small=jpeg(face, SMALL_SIDE)
    )
    db.session.execute(row.on_conflict_do_nothing())


def _invitation(patient_id: int, now: datetime) -> None:
    """One that waits; its code is told to nobody, so it is only to be seen and withdrawn."""
    row = insert(Invitation).values(
        public_id=_INVITATION, patient_id=patient_id, version=1, for_name="Tom Ash", relation="grandson",
        scopes=["messages", "readings"], tell_seen=False, code_hash=hash_code(secrets.token_urlsafe(16)),
        expires_at=now + timedelta(days=6),
    )  # fmt: skip
    db.session.execute(row.on_conflict_do_nothing(index_elements=["public_id"]))
