"""Loads what the policy decides from, in one query each, judged by the database's clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func, select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import InstrumentedAttribute

from backend.access.models import (
    CapacityAssessment,
    CareTeam,
    CareTeamMember,
    Caseload,
    Consent,
    Patient,
    PracticeMember,
    Practitioner,
)
from backend.access.policy import (
    BY_INCAPACITY,
    CANARY_WATCHER,
    PRACTICE,
    SCOPES,
    ActorFacts,
    Membership,
    PracticeMembership,
    Span,
)
from backend.core.clock import sql_now
from backend.core.db import db, fetch
from backend.core.http import Actor
from backend.core.once import asked_once


@dataclass(frozen=True, slots=True)
class OpenPatient:
    """A patient as other slices see them once a door is open. `id` is internal and stays on the server."""

    id: int
    public_id: UUID
    nhs_number: str
    display_name: str
    birth_date: date
    gender: str
    phone: str | None
    lives_alone: bool | None
    key_safe_reference: str | None
    gp_practice_id: int | None
    facts: Mapping[str, Any]
    is_canary: bool


@dataclass(frozen=True, slots=True)
class PractitionerRef:
    """A member of staff as lists name them."""

    id: int
    public_id: UUID
    display_name: str
    role: str


@dataclass(frozen=True, slots=True)
class TeamRef:
    """A team as lists name it."""

    id: int
    public_id: UUID
    name: str


def open_patient(row: Any) -> OpenPatient:
    """The plain form of a patient row."""
    return OpenPatient(
        row.id,
        row.public_id,
        row.nhs_number,
        f"{row.given_name} {row.family_name}",
        row.birth_date,
        row.gender,
        row.phone,
        row.lives_alone,
        row.key_safe_reference,
        row.gp_practice_id,
        row.facts,
        row.is_canary,
    )


@asked_once
def own(patient_id: int) -> OpenPatient:
    """Somebody's own record, by the inside key their account holds."""
    return open_patient(fetch(_OWN, id=patient_id).one())


_OWN = text("""select id, public_id, nhs_number, given_name, family_name, birth_date, gender, phone, lives_alone,
        key_safe_reference, gp_practice_id, facts, is_canary from patient where id = :id""")
_NEVER = Span(datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))


def span(valid: Range[datetime]) -> Span:
    """A database range as the policy reads it; an empty one holds at no time."""
    return _NEVER if valid.isempty else Span(valid.lower, valid.upper)


def lacks_capacity() -> ColumnElement[bool]:
    """Whether capacity is lacking for the decision that a row of Consent names, by the assessment that stands.

    That is the one made last of that decision, whenever it was typed in, and only until it is to be reviewed: an
    older one never takes its place. Decisions are the same when they are worded alike.
    """
    standing = (
        select(
            (CapacityAssessment.outcome == "lacks") & (CapacityAssessment.review_on >= cast(sql_now(), Date))
        )
        .where(
            CapacityAssessment.patient_id == Consent.patient_id,
            _worded(CapacityAssessment.decision) == _worded(Consent.decision),
        )
        .order_by(CapacityAssessment.assessed_on.desc(), CapacityAssessment.id.desc())
        .limit(1)
        .correlate(Consent)
    )
    return func.coalesce(standing.scalar_subquery(), False)


def _worded(decision: InstrumentedAttribute[str]) -> ColumnElement[str]:
    return func.lower(func.regexp_replace(func.btrim(decision, " ."), r"\s+", " ", "g"))


def of_actor(actor: Actor) -> ActorFacts:
    """What the policy needs to know of who asks."""
    if actor.practitioner_id is None:
        return ActorFacts(actor.kind, actor.patient_id, actor.related_person_id)
    role = db.session.scalar(select(Practitioner.role).where(Practitioner.id == actor.practitioner_id))
    rows = db.session.execute(
        select(CareTeamMember.care_team_id, CareTeamMember.valid).where(
            CareTeamMember.practitioner_id == actor.practitioner_id
        )
    ).all()
    memberships = tuple(Membership(row.care_team_id, span(row.valid)) for row in rows)
    at = db.session.execute(
        select(PracticeMember.organization_id, PracticeMember.valid).where(
            PracticeMember.practitioner_id == actor.practitioner_id
        )
    )
    practices = tuple(PracticeMembership(row.organization_id, span(row.valid)) for row in at)
    return ActorFacts(
        actor.kind,
        practitioner_id=actor.practitioner_id,
        role=role,
        memberships=memberships,
        practices=practices if role == PRACTICE else (),
    )


def practices_of(actor: Actor) -> list[int]:
    """Inside keys of the practices somebody of practice staff works at now; none for anybody else."""
    if actor.practitioner_id is None:
        return []
    mine = (
        select(PracticeMember.organization_id)
        .join(Practitioner, Practitioner.id == PracticeMember.practitioner_id)
        .where(
            PracticeMember.practitioner_id == actor.practitioner_id,
            Practitioner.role == PRACTICE,
            PracticeMember.valid.contains(sql_now()),
        )
    )
    return sorted(set(db.session.scalars(mine)))


def registered_at(practice_ids: Collection[int]) -> dict[int, OpenPatient]:
    """Everybody registered at these practices, by inside key; the canary is nobody."""
    table: Any = Patient.__table__
    rows: Any = db.session.execute(
        select(*table.columns).where(
            Patient.gp_practice_id.in_(list(practice_ids)), Patient.is_canary.is_(False)
        )
    ).all()
    return {patient.id: open_patient(patient) for patient in rows}


def teams_of(actor: Actor) -> list[TeamRef]:
    """The teams a member of staff is in now, the oldest first; none for anybody else."""
    mine = (
        select(CareTeam)
        .join(CareTeamMember, CareTeamMember.care_team_id == CareTeam.id)
        .where(
            CareTeamMember.practitioner_id == actor.practitioner_id, CareTeamMember.valid.contains(sql_now())
        )
        .order_by(CareTeam.id)
    )
    if actor.practitioner_id is None:
        return []
    return [TeamRef(team.id, team.public_id, team.name) for team in db.session.scalars(mine)]


def of_panel(actor: Actor) -> tuple[PractitionerRef, TeamRef, dict[int, OpenPatient]] | None:
    """The practitioner, their team, and the patients on their teams' caseloads now; None without a team.

    The same relationship as `policy.may`, as one join: the access matrix tests hold the two together.
    """
    if actor.practitioner_id is None:
        return None
    practitioner = db.session.get_one(Practitioner, actor.practitioner_id)
    teams = teams_of(actor)
    if not teams:
        return None
    # Plain rows with a patient's names: a list reads hundreds and edits none.
    table: Any = Patient.__table__
    patients: Any = db.session.execute(
        select(*table.columns)
        .join(Caseload, Caseload.patient_id == Patient.id)
        .where(
            Caseload.care_team_id.in_([team.id for team in teams]),
            Caseload.valid.contains(sql_now()),
            Patient.is_canary == (practitioner.role == CANARY_WATCHER),
        )
    ).all()
    ref = PractitionerRef(
        practitioner.id, practitioner.public_id, practitioner.display_name, practitioner.role
    )
    return ref, teams[0], {patient.id: open_patient(patient) for patient in patients}


@dataclass(frozen=True, slots=True)
class OpenedTo:
    """A record an account may open: the relation ("self" or "carer") and the scopes that stand."""

    patient: OpenPatient
    relation: str
    scopes: frozenset[str]


def records_of(actor: Actor) -> list[OpenedTo]:
    """The records a person's account may open now: their own, or those of standing proxy consents."""
    if actor.patient_id is not None:
        return [OpenedTo(own(actor.patient_id), "self", frozenset(SCOPES))]
    if actor.related_person_id is None:
        return []
    standing = db.session.execute(
        select(Patient, Consent.scopes)
        .join(Consent, Consent.patient_id == Patient.id)
        .where(
            Consent.kind == "proxy",
            Consent.related_person_id == actor.related_person_id,
            Consent.valid.contains(sql_now()),
            (Consent.revoked_at.is_(None)) | (Consent.revoked_at > sql_now()),
            func.cardinality(Consent.scopes) > 0,
            Consent.basis.not_in(BY_INCAPACITY) | lacks_capacity(),
            Patient.is_canary.is_(False),
        )
        .order_by(Patient.id)
    )
    found: dict[int, OpenedTo] = {}
    for patient, scopes in standing:
        before = found[patient.id].scopes if patient.id in found else frozenset()
        found[patient.id] = OpenedTo(open_patient(patient), "carer", before | frozenset(scopes))
    return list(found.values())
