"""Builds the people, teams and kit a test is about, so that the test shows only what matters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.access.models import (
    Account,
    CareTeam,
    CareTeamMember,
    Caseload,
    Consent,
    Patient,
    Practitioner,
    RelatedPerson,
)
from backend.alerts.models import Alert
from backend.core.db import Base, db, transaction
from backend.devices.models import Device, DeviceAssociation, DeviceState
from backend.directory.models import Organization
from backend.observations.codes import Code
from backend.observations.models import Latest, Observation
from backend.observations.reading import Quality, Special
from backend.pathways.models import Enrolment, PathwayVersion

PASSWORD = "correct horse battery staple"
_numbers = count(1)


def nhs_number(serial: int) -> str:
    """A number of the 999 range, which is kept for tests, with its check digit; `serial` below 10,000,000.

    The check digit is modulus 11 (NHS Data Dictionary); a serial that has none takes the next that has.
    """
    while True:
        nine = f"999{serial % 1_000_000:06d}"
        check = (
            11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
        )
        if check != 10:
            return nine + str(check % 11)
        serial += 500_000


# A stored password names what checking it costs: one made here costs next to nothing, for a test signs in often.
# What the product makes costs what backend/access/sign_in/local.py says, and tests/access/test_sign_in.py holds it.
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@lru_cache
def password_hash(password: str = PASSWORD) -> str:
    """The stored form of a password, cheap to check."""
    return _CHEAP.hash(password)


@dataclass(frozen=True)
class Ref:
    """A row that was made: its key inside, its id outside, and what it is called."""

    id: int
    public_id: UUID
    name: str = ""


def since(**ago: float) -> Range[datetime]:
    """A range that began so long ago (`days=1`) and has no end."""
    return Range(datetime.now(UTC) - timedelta(**(ago or {"days": 365})), None)


def ended(**ago: float) -> Range[datetime]:
    """A range that ended so long ago."""
    until = datetime.now(UTC) - timedelta(**(ago or {"hours": 1}))
    return Range(until - timedelta(days=365), until)


class Factory:
    """Makes rows through one app; each call is a unit of work of its own."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def _add(self, row: Base) -> tuple[int, UUID]:
        with self.app.app_context(), transaction():
            db.session.add(row)
            db.session.flush()
            key: Any = row
            return key.id, getattr(key, "public_id", None) or uuid4()

    def organization(self, kind: str = "community-team", **other: Any) -> Ref:
        """An organisation; `kind` gp-practice, community-team or alarm-centre."""
        name = other.pop("name", f"Organisation {next(_numbers)}")
        return Ref(*self._add(Organization(kind=kind, name=name, **other)), name)

    def patient(self, **other: Any) -> Ref:
        """A patient with a test NHS number, on nobody's caseload."""
        n = next(_numbers)
        values: dict[str, Any] = {
            "nhs_number": nhs_number(700_000 + n),
            "given_name": "Test",
            "family_name": f"Person{n}",
            "birth_date": date(1946, 3, 2),
            "gender": "female",
            "phone": "01632 960001",
        } | other
        row = Patient(**values)
        return Ref(*self._add(row), f"{values['given_name']} {values['family_name']}")

    def find_patient(self, public_id: str) -> Ref:
        """Somebody who came about through the API."""
        with self.app.app_context():
            row = db.session.scalars(select(Patient).where(Patient.public_id == UUID(public_id))).one()
            return Ref(row.id, row.public_id, f"{row.given_name} {row.family_name}")

    def team(self, members: Sequence[Ref] = (), patients: Sequence[Ref] = (), **other: Any) -> Ref:
        """A team with members and a caseload from a year ago on."""
        values: dict[str, Any] = {"name": f"Team {next(_numbers)}", "phone": "01632 960100"} | other
        if "organization_id" not in values:
            values["organization_id"] = self.organization().id
        values |= {name: values.get(name) or time(hour) for name, hour in (("opens", 8), ("closes", 20))}
        team = Ref(*self._add(CareTeam(**values)), values["name"])
        for member in members:
            self.membership(team, member)
        for patient in patients:
            self.caseload(team, patient)
        return team

    def membership(self, team: Ref, member: Ref, valid: Range[datetime] | None = None) -> None:
        """Put a practitioner in a team."""
        self._add(CareTeamMember(care_team_id=team.id, practitioner_id=member.id, valid=valid or since()))

    def caseload(self, team: Ref, patient: Ref, valid: Range[datetime] | None = None) -> None:
        """Put a patient on a team's caseload."""
        self._add(Caseload(care_team_id=team.id, patient_id=patient.id, valid=valid or since()))

    def practitioner(self, role: str = "nurse", **other: Any) -> Ref:
        """A member of staff, in no team."""
        name = other.pop("display_name", f"Nurse {next(_numbers)}")
        return Ref(*self._add(Practitioner(display_name=name, role=role, **other)), name)

    def carer(self, **other: Any) -> Ref:
        """A related person, without any consent."""
        name = other.pop("display_name", f"Carer {next(_numbers)}")
        return Ref(*self._add(RelatedPerson(display_name=name, phone=None, **other)), name)

    def proxy_consent(
        self,
        patient: Ref,
        carer: Ref,
        scopes: Sequence[str] = ("readings", "alerts"),
        valid: Range[datetime] | None = None,
        revoked_at: datetime | None = None,
    ) -> Ref:
        """The patient's consent that a related person acts for them."""
        row = Consent(
            patient_id=patient.id, kind="proxy", related_person_id=carer.id, scopes=list(scopes),
            valid=valid or since(), revoked_at=revoked_at,
        )  # fmt: skip
        return Ref(*self._add(row))

    def monitoring_consent(self, patient: Ref, valid: Range[datetime] | None = None) -> Ref:
        """The patient's consent to being monitored."""
        return Ref(*self._add(Consent(patient_id=patient.id, kind="monitoring", valid=valid or since())))

    def account(
        self, *, patient: Ref | None = None, carer: Ref | None = None, practitioner: Ref | None = None,
        username: str | None = None, password: str = PASSWORD, **other: Any,
    ) -> str:  # fmt: skip
        """A local account for exactly one of them; returns its user name."""
        kind = "patient" if patient else "related-person" if carer else "practitioner"
        name = username or f"{kind}.{next(_numbers)}"
        row = Account(
            username=name, kind=kind,
            patient_id=patient.id if patient else None,
            related_person_id=carer.id if carer else None,
            practitioner_id=practitioner.id if practitioner else None,
            **({"password_hash": password_hash(password)} | other),
        )  # fmt: skip
        self._add(row)
        return name

    def device(self, kind: str = "pulse-oximeter", device_id: str | None = None, **other: Any) -> Ref:
        """A device nobody wears; `name` is its MQTT id."""
        name = device_id or f"test-{kind[:8].rstrip('-')}-{next(_numbers):06d}"
        values: dict[str, Any] = {"model": "Test model", "manufacturer": "Test maker"} | other
        return Ref(*self._add(Device(device_id=name, kind=kind, **values)), name)

    def says(self, device: Ref, **state: Any) -> None:
        """What a device last said of itself, as the gateway writes it: firmware, presence, battery_pct."""
        with self.app.app_context(), transaction():
            db.session.merge(DeviceState(device_id=device.id, **state))

    def wears(self, patient: Ref, device: Ref, valid: Range[datetime] | None = None, slot: int = 0) -> Ref:
        """Bind a device to a patient from a year ago on."""
        row = DeviceAssociation(patient_id=patient.id, device_id=device.id, slot=slot, valid=valid or since())
        return Ref(*self._add(row))

    def pathway(self, pathway: str = "copd", body: dict[str, Any] | None = None, **other: Any) -> Ref:
        """A pathway version as loaded; `body` is the pack."""
        values: dict[str, Any] = {
            "version": f"test-{next(_numbers)}", "title": pathway, "reason": "test", "author": "test",
        } | other  # fmt: skip
        return Ref(*self._add(PathwayVersion(pathway=pathway, body=body or {}, **values)), pathway)

    def enrolment(self, patient: Ref, pathway: Ref, status: str = "live") -> Ref:
        """Put a patient on a pathway; only "live" is monitored."""
        row = Enrolment(patient_id=patient.id, pathway_version_id=pathway.id, status=status, valid=since())
        return Ref(*self._add(row))

    def reading(
        self, patient: Ref, code: Code, value: str | Special, at: datetime | None = None,
        quality: Quality = Quality.OK, device_id: int | None = None,
    ) -> datetime:  # fmt: skip
        """A value in the record, by default of now, and the latest when it is the newest; returns its time."""
        moment = at or datetime.now(UTC)
        values: dict[str, Any] = {
            "patient_id": patient.id, "code": code.number, "effective_at": moment, "received_at": moment,
            "quality": quality.value, "source": 0, "device_message_id": 0, "device_id": device_id,
            "special": value.value if isinstance(value, Special) else None,
            "value": None if isinstance(value, Special) else Decimal(value),
        }  # fmt: skip
        with self.app.app_context(), transaction():
            db.session.add(Observation(**values))
            latest = db.session.get(Latest, (patient.id, code.number))
            if latest is None or latest.effective_at < moment:
                db.session.merge(Latest(**values))
        return moment

    def alert(self, patient: Ref | None = None, **other: Any) -> Ref:
        """An open alert, of a minute ago, without messages or events; `name` is its title."""
        at = datetime.now(UTC) - timedelta(minutes=1)
        values: dict[str, Any] = {
            "rule": "spo2_low", "kind": "clinical", "level": "urgent", "title": "Oxygen low",
            "reason": "Oxygen 86, twice in 5 minutes", "true_at": at, "known_at": at,
            "patient_id": patient.id if patient else None,
        } | other  # fmt: skip
        return Ref(*self._add(Alert(**values)), values["title"])
