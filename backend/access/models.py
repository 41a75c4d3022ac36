"""Patients, the people around them, teams, consent and sign-in."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ARRAY, BigInteger, FetchedValue, ForeignKey, Identity, Integer, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from backend.access.phone_models import Phone as Phone
from backend.access.phone_models import UploadRight as UploadRight
from backend.core.db import Keyed, Model, PatientRow


class Patient(Keyed, Model):
    """A person with long-term conditions. `facts` drive rules: home oxygen, usual values, therapy."""

    __tablename__ = "patient"

    nhs_number: Mapped[str]
    given_name: Mapped[str]
    family_name: Mapped[str]
    birth_date: Mapped[date]
    gender: Mapped[str] = mapped_column(default="unknown")
    phone: Mapped[str | None]
    second_phone: Mapped[str | None]
    identity_checked: Mapped[str] = mapped_column(default="not-recorded")
    lives_alone: Mapped[bool | None]
    key_safe_reference: Mapped[str | None]
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    gp_practice_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    is_canary: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class Practitioner(Keyed, Model):
    """A member of staff."""

    __tablename__ = "practitioner"

    display_name: Mapped[str]
    role: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)


class RelatedPerson(Keyed, Model):
    """A carer or relative."""

    __tablename__ = "related_person"

    display_name: Mapped[str]
    phone: Mapped[str | None]


class CareTeam(Keyed, Model):
    """A team with a caseload, a telephone and staffed hours in its own time zone."""

    __tablename__ = "care_team"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    # Who is called at the end of its ladders.
    alarm_centre_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str]
    phone: Mapped[str]
    opens: Mapped[time] = mapped_column(default=time(8))
    closes: Mapped[time] = mapped_column(default=time(20))
    time_zone: Mapped[str] = mapped_column(default="Europe/London")


class CareTeamMember(Model):
    """Who is in a team, from when to when."""

    __tablename__ = "care_team_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    care_team_id: Mapped[int] = mapped_column(ForeignKey("care_team.id"))
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    valid: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class PracticeMember(Model):
    """Who works at a GP practice, from when to when."""

    __tablename__ = "practice_member"

    id: Mapped[int] = mapped_column(Integer, Identity(always=True), primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    valid: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class Caseload(Model):
    """Which patients a team looks after, from when to when: the staff relationship."""

    __tablename__ = "caseload"

    id: Mapped[int] = mapped_column(primary_key=True)
    care_team_id: Mapped[int] = mapped_column(ForeignKey("care_team.id"))
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    valid: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)


class Consent(PatientRow, Model):
    """What a patient agreed to: being monitored, or a related person acting for them within `scopes`."""

    __tablename__ = "consent"

    kind: Mapped[str]
    related_person_id: Mapped[int | None] = mapped_column(ForeignKey("related_person.id"))
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    basis: Mapped[str] = mapped_column(default="invitation")
    decision: Mapped[str] = mapped_column(default="")
    evidence: Mapped[str] = mapped_column(default="")
    granted_by: Mapped[str] = mapped_column(default="")
    review_on: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    valid: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    revoked_at: Mapped[datetime | None]
    # Of an invitation: as the person calls them, and whether they are told when staff have seen something.
    relation: Mapped[str] = mapped_column(default="")
    tell_seen: Mapped[bool] = mapped_column(default=False)
    # person, carer or team: whoever ended it.
    ended_by: Mapped[str | None]


class Account(Keyed, Model):
    """A local account: one person, one password (Argon2id)."""

    __tablename__ = "account"

    username: Mapped[str]
    password_hash: Mapped[str]
    kind: Mapped[str]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    related_person_id: Mapped[int | None] = mapped_column(ForeignKey("related_person.id"))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    disabled_at: Mapped[datetime | None]
    # False until its owner has chosen a password with a one-time code.
    has_password: Mapped[bool] = mapped_column(default=True)


class SignInSession(Model):
    """A signed-in browser; only hashes of its token and CSRF token are kept."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes]
    csrf_hash: Mapped[bytes]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    audience: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    device_label: Mapped[str | None]
    phone_id: Mapped[int | None] = mapped_column(ForeignKey("phone.id"))
    # Set when the phone was shut out, so that its browser is told why.
    ended_why: Mapped[str | None]


class SignInAttempt(Model):
    """A wrong password: `subject` is a hash of the user name or of the address, whether or not it exists."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class PatientContact(PatientRow, Model):
    """Whom to ring for a patient, in order; `tell` when they are told what changes in their being watched."""

    __tablename__ = "patient_contact"

    relation: Mapped[str]
    place: Mapped[int] = mapped_column(SmallInteger, default=0)
    tell: Mapped[bool] = mapped_column(default=False)
    related_person_id: Mapped[int] = mapped_column(ForeignKey("related_person.id"))
    ended_at: Mapped[datetime | None]


class PatientNeeds(Model):
    """How a patient is understood and reached; null is not known."""

    __tablename__ = "patient_needs"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    language: Mapped[str | None]
    interpreter: Mapped[bool | None]
    hearing: Mapped[str | None]
    sight: Mapped[str | None]
    reach: Mapped[str | None]
    rescue_pack: Mapped[bool | None]
    rescue_pack_where: Mapped[str | None]


class CapacityAssessment(PatientRow, Model):
    """Whether a patient could make one decision on one day, by whose judgement; the one made last counts."""

    __tablename__ = "capacity_assessment"

    decision: Mapped[str]
    outcome: Mapped[str]
    evidence: Mapped[str]
    assessed_by: Mapped[str]
    assessed_on: Mapped[date]
    review_on: Mapped[date]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class NumberCheck(Model):
    """That a member of staff asked whether an NHS number is known; which number is kept nowhere."""

    __tablename__ = "number_check"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class CareDocument(PatientRow, Model):
    """That a ReSPECT form or another plan exists and where its original is: a pointer, never an order."""

    __tablename__ = "care_document"

    kind: Mapped[str]
    dated: Mapped[date]
    original_at: Mapped[str]
    ceiling: Mapped[str | None]
    verified_by: Mapped[str]
    verified_on: Mapped[date]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]


class EndOfLifePlan(PatientRow, Model):
    """The 24-hour palliative line in place of 999 words; it counts once a second person has signed."""

    __tablename__ = "end_of_life_plan"

    line_name: Mapped[str]
    line_phone: Mapped[str]
    reason: Mapped[str]
    review_on: Mapped[date]
    first_by: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    first_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    second_by: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    second_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    stopped_why: Mapped[str | None]


class PairingCode(Model):
    """A one-time code that lets a person or a member of staff choose a password; only its hash is kept."""

    __tablename__ = "pairing_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))
    related_person_id: Mapped[int | None] = mapped_column(ForeignKey("related_person.id"))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    code_hash: Mapped[bytes]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PairingAttempt(Model):
    """A wrong pairing code: `subject` is a hash of the address it came from."""

    __tablename__ = "pairing_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
