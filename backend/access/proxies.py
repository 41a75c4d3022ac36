"""Who may act for a person and on what ground, and whether the person can decide: each with its evidence."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.access.facts import lacks_capacity, span
from backend.access.models import CapacityAssessment, Consent, RelatedPerson
from backend.access.policy import BY_INCAPACITY
from backend.access.record import Record
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Invalid, NotFound

BASES = ("invitation", *sorted(BY_INCAPACITY))
FINANCE_ONLY = "lpa-property-and-finance"
# A day may have begun here that has not by UTC.
_CLOCKS = timedelta(days=1)
_BY_INCAPACITY_WORDS = {
    "lpa-health-and-welfare": "The attorney acts only while the person cannot decide",
    "deputy": "The deputy acts only while the person cannot decide",
    "best-interests": "A best-interests decision stands only while the person cannot decide",
}


def check_basis(basis: str) -> None:
    """Raise Invalid for a ground on which nobody decides about health."""
    if basis == FINANCE_ONLY:
        raise Invalid(
            "lpa-finance",
            "A lasting power of attorney for property and finance gives no say in health. Ask for the one for"
            " health and welfare, registered with the Office of the Public Guardian.",
            errors={"basis": ["It does not cover health and welfare."]},
        )


def add_capacity(record: Record, said: Mapping[str, Any]) -> None:
    """Record an assessment; of one decision, the one made last counts. Raises Invalid for a day to come."""
    if said["assessed_on"] > _now().date() + _CLOCKS:
        raise Invalid("assessed-on", "That day has not come.", errors={"assessed_on": ["In the future."]})
    row = CapacityAssessment(
        patient_id=record.patient.id, version=1, recorded_by=record.actor.practitioner_id, **said
    )
    db.session.add(row)
    db.session.flush()


def add_proxy(record: Record, said: Mapping[str, Any]) -> UUID:
    """Let somebody act for a person, on a named ground; answers the consent's public id."""
    check_basis(said["basis"])
    who = RelatedPerson(display_name=said["name"], phone=said["phone"])
    db.session.add(who)
    db.session.flush()
    row = Consent(
        patient_id=record.patient.id, version=1, kind="proxy", related_person_id=who.id,
        scopes=list(said["scopes"]), basis=said["basis"], decision=said["decision"],
        evidence=said["evidence"], granted_by=said["granted_by"], review_on=said["review_on"],
        recorded_by=record.actor.practitioner_id, valid=Range(_now(), None),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row.public_id


def end_proxy(record: Record, consent_id: UUID) -> None:
    """Withdraw it, now; raises NotFound for another person's."""
    row = record.get(Consent, consent_id)
    if row.kind != "proxy":
        raise NotFound("no-record", "There is no such record, or it is not open to you.")
    row.revoked_at, row.ended_by = row.revoked_at or _now(), row.ended_by or "team"
    row.version += 1
    db.session.flush()


def related_person_of(record: Record, consent_id: UUID) -> int:
    """The inside key of who holds a standing proxy consent of this person; raises NotFound."""
    row = record.get(Consent, consent_id)
    if row.related_person_id is None or row.revoked_at is not None:
        raise NotFound("no-record", "There is no such record, or it is not open to you.")
    return row.related_person_id


def capacity_rows(record: Record) -> list[dict[str, Any]]:
    """Assessments, the one made last first."""
    rows = sorted(record.list(CapacityAssessment), key=lambda row: (row.assessed_on, row.id), reverse=True)
    names = ("decision", "outcome", "evidence", "assessed_by", "assessed_on", "review_on")
    return [{name: getattr(row, name) for name in names} | {"recorded_at": row.recorded_at} for row in rows]


def proxy_rows(record: Record) -> list[dict[str, Any]]:
    """Everybody who may act, or could, with whether it stands and if not why; withdrawn ones are left out."""
    now = _now()
    mine = select(Consent.id).where(Consent.patient_id == record.patient.id, lacks_capacity())
    lacking = set(db.session.scalars(mine))
    people = {
        row.id: row
        for row in db.session.scalars(
            select(RelatedPerson)
            .join(Consent, Consent.related_person_id == RelatedPerson.id)
            .where(Consent.patient_id == record.patient.id)
        )
    }
    shown = []
    for row in record.list(Consent, Consent.kind == "proxy", Consent.revoked_at.is_(None)):
        why_not = _why_not(row, row.id in lacking, now)
        assert row.related_person_id is not None
        who = people[row.related_person_id]
        shown.append(
            {
                "id": row.public_id, "name": who.display_name, "phone": who.phone, "basis": row.basis,
                "scopes": list(row.scopes), "stands": why_not is None, "why_not": why_not,
                "decision": row.decision, "evidence": row.evidence, "granted_by": row.granted_by,
                "review_on": row.review_on,
            }
        )  # fmt: skip
    return shown


def _why_not(row: Consent, lacks: bool, now: datetime) -> str | None:
    if not span(row.valid).holds(now):
        return "It has ended, or has not begun."
    words = _BY_INCAPACITY_WORDS.get(row.basis)
    if lacks or words is None:
        return None
    return f"{words}, and no assessment that stands says so of “{row.decision}”."


def _now() -> datetime:
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    return now
