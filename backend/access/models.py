"""Patients, the people around them, teams, consent and sign-in."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ARRAY, FetchedValue, ForeignKey, Text
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

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
    lives_alone: Mapped[bool] = mapped_column(default=False)
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


class RelatedPerson(Keyed, Model):
    """A carer or relative."""

    __tablename__ = "related_person"

    display_name: Mapped[str]
    phone: Mapped[str | None]


class CareTeam(Keyed, Model):
    """A team with a caseload, a telephone and staffed hours in its own time zone."""

    __tablename__ = "care_team"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
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
    valid: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    revoked_at: Mapped[datetime | None]


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


class SignInAttempt(Model):
    """A wrong password: `subject` is a hash of the user name or of the address, whether or not it exists."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
