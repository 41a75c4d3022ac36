"""Writes the invented people and everything that stands around them, once in the life of a database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.access.models import (
    CareTeam,
    CareTeamMember,
    Caseload,
    Consent,
    Patient,
    Practitioner,
    RelatedPerson,
)
from backend.alerts.models import AlertLimit
from backend.core.db import db
from backend.demo import team
from backend.demo.kit import DemoDevice, devices
from backend.demo.past import Bound
from backend.demo.people import PEOPLE, DemoPerson
from backend.devices.models import Device, DeviceAssociation
from backend.directory.models import HealthcareService, Location, Organization
from backend.observations.codes import Code
from backend.pathways.models import Enrolment

JOINED = timedelta(days=75)


@dataclass(frozen=True, slots=True)
class Around:
    """What every person shares: keys of the team and of the practices, and when all of it began."""

    team_id: int
    practice_ids: tuple[int, ...]
    pathway_ids: dict[str, int]
    since: Range[datetime]


def write(now: datetime, pathway_ids: dict[str, int]) -> None:
    """Make organisations, team, carers, the 25 people and their kit; `pathway_ids` is pathway to version."""
    since: Range[datetime] = Range(now - JOINED, None)
    practices = [Organization(kind="gp-practice", name=n, ods_code=c, phone=p) for n, c, p in team.PRACTICES]
    community = Organization(kind="community-team", name=team.COMMUNITY[0], phone=team.COMMUNITY[1])
    _add([*practices, community])
    _add(
        [
            HealthcareService(
                organization_id=community.id,
                name="Readings from home",
                phone=team.TEAM_PHONE,
                hours="Every day, 8am to 8pm",
            )
        ]
    )
    care_team = CareTeam(organization_id=community.id, name=team.TEAM_NAME, phone=team.TEAM_PHONE)
    staff = [Practitioner(display_name=one.display, role=one.role) for one in team.STAFF]
    _add([care_team, *staff])
    _add(CareTeamMember(care_team_id=care_team.id, practitioner_id=one.id, valid=since) for one in staff)
    around = Around(care_team.id, tuple(one.id for one in practices), pathway_ids, since)
    patients = {person.number: _person(person, around) for person in PEOPLE}
    _carers(patients, since)
    _kit(patients, since)


def bound_devices() -> dict[str, Bound]:
    """The database's keys of every device of the 25, by device id."""
    wanted = [one.device_id for one in devices()]
    rows = db.session.execute(
        select(Device.device_id, Device.id, DeviceAssociation.patient_id)
        .join(DeviceAssociation, DeviceAssociation.device_id == Device.id)
        .where(Device.device_id.in_(wanted))
    )
    return {name: Bound(key, patient) for name, key, patient in rows}


def _add(rows: Iterable[Any]) -> None:
    db.session.add_all(list(rows))
    db.session.flush()


def _person(person: DemoPerson, around: Around) -> Patient:
    home = Location(line=f"{person.number} {('Quay', 'Mill', 'Orchard')[person.number % 3]} Row, Harbour")
    _add([home])
    patient = Patient(
        nhs_number=person.nhs_number,
        given_name=person.given,
        family_name=person.family,
        birth_date=person.born,
        gender=person.gender,
        phone=person.phone,
        lives_alone=person.lives_alone,
        key_safe_reference=f"KS-{person.number:03d}" if person.lives_alone else None,
        location_id=home.id,
        gp_practice_id=around.practice_ids[person.number % len(around.practice_ids)],
        facts=_facts(person),
    )
    _add([patient])
    rows: list[Any] = [
        Caseload(care_team_id=around.team_id, patient_id=patient.id, valid=around.since),
        Consent(patient_id=patient.id, kind="monitoring", valid=around.since),
    ]
    rows += [
        Enrolment(
            patient_id=patient.id,
            pathway_version_id=around.pathway_ids[pathway],
            status=person.status,
            valid=around.since,
        )
        for pathway in person.pathways
    ]
    rows += _limits(person, patient)
    _add(rows)
    return patient


def _facts(person: DemoPerson) -> dict[str, Any]:
    """What care.md asks at enrolment, in the names the rules read; what is unknown is left out."""
    facts: dict[str, Any] = {}
    if "copd" in person.pathways:
        facts["home_oxygen"] = person.home_oxygen_litres is not None
        facts["usual_spo2"] = round(person.level["spo2"])
    if person.home_oxygen_litres is not None:
        facts["oxygen_litres"] = str(person.home_oxygen_litres)
    if "diuretic" in person.therapy and "weight" in person.level:
        facts["dry_weight"] = str(person.level["weight"])
    if "anticoagulant" in person.therapy:
        facts["anticoagulant"] = True
    return facts


def _limits(person: DemoPerson, patient: Patient) -> list[AlertLimit]:
    lead = team.STAFF[0]
    limits: list[AlertLimit] = []
    if person.target is not None:
        low, high = person.target
        limits.append(
            AlertLimit(
                patient_id=patient.id,
                code=Code.SPO2.number,
                low=Decimal(low),
                high=Decimal(high),
                set_by=f"{lead.display}, {lead.role}",
                reason="Target range agreed at the last clinic visit",
            )
        )
    return limits


def _carers(patients: dict[int, Patient], since: Range[datetime]) -> None:
    for carer in team.CARERS:
        related = RelatedPerson(display_name=carer.display, phone=carer.phone)
        _add([related])
        _add(
            Consent(
                patient_id=patients[number].id,
                kind="proxy",
                related_person_id=related.id,
                scopes=list(carer.scopes),
                valid=since,
            )
            for number in carer.helps
        )


def _kit(patients: dict[int, Patient], since: Range[datetime]) -> None:
    listed = [(one, _device(one)) for one in devices()]
    _add(row for _, row in listed)
    _add(
        DeviceAssociation(device_id=row.id, patient_id=patients[one.person.number].id, valid=since)
        for one, row in listed
    )


def _device(one: DemoDevice) -> Device:
    return Device(
        device_id=one.device_id,
        kind=one.kind,
        manufacturer="Alongside",
        model=one.model,
        expected_every_s=one.expected_every_s,
        hb_s=one.hb_s,
    )
