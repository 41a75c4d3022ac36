"""The canary's person, device, team of one and watcher: a test of the whole path that no list ever shows."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.access.models import CareTeam, CareTeamMember, Caseload, Consent, Patient, Practitioner
from backend.core import clock
from backend.core.db import db
from backend.demo.people import nhs_number
from backend.demo.records import JOINED
from backend.devices.models import Device, DeviceAssociation
from backend.directory.models import Organization
from backend.pathways.models import Enrolment

DEVICE_ID: Final = "canary-0001"
USERNAME: Final = "canary-watcher"
WATCHER_ROLE: Final = "canary-watcher"
WATCHER_NAME: Final = "Canary watcher"
EVERY_S: Final = 300
# Far from the people's numbers, still in the range kept for tests.
NHS_NUMBER: Final = nhs_number(900)


def write(pathway_version_id: int) -> None:
    """Make the canary, once in the life of a database."""
    since = Range(clock.now() - JOINED, None)
    keeper = Organization(kind="community-team", name="Canary watch")
    db.session.add(keeper)
    db.session.flush()
    patient = Patient(
        nhs_number=NHS_NUMBER,
        given_name="Canary",
        family_name="Test",
        birth_date=date(1950, 1, 1),
        facts={"home_oxygen": False, "usual_spo2": 97},
        is_canary=True,
    )
    team = CareTeam(organization_id=keeper.id, name="Canary watch", phone="01632 960999")
    watcher = Practitioner(display_name=WATCHER_NAME, role=WATCHER_ROLE)
    device = Device(
        device_id=DEVICE_ID,
        kind="pulse-oximeter",
        manufacturer="Alongside",
        model="alongside-canary",
        is_canary=True,
    )
    db.session.add_all([patient, team, watcher, device])
    db.session.flush()
    db.session.add_all(
        [
            CareTeamMember(care_team_id=team.id, practitioner_id=watcher.id, valid=since),
            Caseload(care_team_id=team.id, patient_id=patient.id, valid=since),
            Consent(patient_id=patient.id, kind="monitoring", valid=since),
            Enrolment(
                patient_id=patient.id, pathway_version_id=pathway_version_id, status="live", valid=since
            ),
            # From now: bound for months and never heard, it would be silent before it begins.
            DeviceAssociation(device_id=device.id, patient_id=patient.id, valid=Range(clock.now(), None)),
        ]
    )
    db.session.flush()


def watcher_id() -> int:
    """The key of the practitioner who watches the canary and nobody else."""
    return db.session.execute(select(Practitioner.id).where(Practitioner.role == WATCHER_ROLE)).scalar_one()


def stub(secret: str) -> dict[str, object]:
    """The canary's device in the plan of pretend devices."""
    return {
        "stub": "canary",
        "device_id": DEVICE_ID,
        "secret": secret,
        "seed": 900,
        "baseline": {"spo2": 97.0, "pulse": 66.0},
        "every_s": EVERY_S,
        # Its watcher has to be signed in by then, or the first arrival is seen five minutes late.
        "start_after_s": 8.0,
    }
