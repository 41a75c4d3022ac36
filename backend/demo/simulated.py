"""More invented people with one oximeter each, for `alongside simulate`: a busy afternoon on one desk."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.access.models import CareTeam, Caseload, Consent, Patient
from backend.alerts.models import AlertLimit
from backend.core import clock
from backend.core.config import Config
from backend.core.db import db, transaction
from backend.core.errors import NotFound
from backend.demo import fleet, kept
from backend.demo.people import OX, nhs_number
from backend.demo.prepare import DeviceDoor, connectable
from backend.demo.records import JOINED
from backend.demo.team import TEAM_NAME
from backend.devices.models import Device, DeviceAssociation
from backend.observations.codes import Code
from backend.pathways.models import Enrolment, PathwayVersion

MOST: Final = 1000
EVERY_S: Final = 30.0
# Where their numbers begin in the range kept for tests, far behind the demo's own.
FIRST: Final = 2000


def simulate(
    config: Config, door: DeviceDoor, people: int, speed: float, course: str, plan_file: Path
) -> None:
    """Make as many people as asked (the same ones each time) and write the plan of their oximeters.

    Raises ValueError for a number we do not make, NotFound before the demo is prepared, and Unavailable.
    """
    if not 1 <= people <= MOST:
        raise ValueError(f"--simulate takes 1 to {MOST} people")
    if config.mqtt_control_url is None:
        raise ValueError("MQTT_CONTROL_URL is not set: the devices need accounts at the broker")
    ids = [f"demo-sim-{number:04d}" for number in range(1, people + 1)]
    with transaction():
        there = set(db.session.scalars(select(Device.device_id).where(Device.device_id.in_(ids))))
        shared = _shared()
        for number, device_id in enumerate(ids, 1):
            if device_id not in there:
                _person(number, device_id, *shared)
        may_connect = connectable()
    secret_of = fleet.secrets(plan_file, config.mqtt_control_url, ids, may_connect)
    devices = [_stub(number, name, secret_of[name], course) for number, name in enumerate(ids, 1)]
    plan: dict[str, Any] = {
        "broker": {"host": door.host, "port": door.port, "ca_file": str(door.ca_file)},
        "state_dir": str(config.home / "stubs" / "simulated"),
        "speed": speed,
        "devices": devices,
    }
    kept.write_private(plan_file, plan)


def _shared() -> tuple[int, int]:
    """The keys of the team and of the newest pathway for oxygen."""
    team = db.session.scalars(select(CareTeam.id).where(CareTeam.name == TEAM_NAME)).one_or_none()
    if team is None:
        raise NotFound("no-demo", "There is no demo here: start with `alongside up --demo`.")
    newest = (
        select(PathwayVersion.id).where(PathwayVersion.pathway == "copd").order_by(PathwayVersion.id.desc())
    )
    return team, db.session.scalars(newest.limit(1)).one()


def _person(number: int, device_id: str, team_id: int, pathway_version_id: int) -> None:
    since = Range(clock.now() - JOINED, None)
    patient = Patient(
        nhs_number=nhs_number(FIRST + number),
        given_name="Pretend",
        family_name=f"Person {number}",
        birth_date=date(1940 + number % 30, 1 + number % 12, 1 + number % 28),
        phone="07700 900900",
        facts={"home_oxygen": False, "usual_spo2": 96},
    )
    device = Device(
        device_id=device_id, kind=OX, manufacturer="Alongside", model="alongside-ox1", hb_s=86_400
    )
    db.session.add_all([patient, device])
    db.session.flush()
    who = {"patient_id": patient.id}
    db.session.add_all(
        [
            Caseload(care_team_id=team_id, valid=since, **who),
            Consent(kind="monitoring", valid=since, **who),
            Enrolment(pathway_version_id=pathway_version_id, status="live", valid=since, **who),
            AlertLimit(code=Code.SPO2.number, low=94, high=98, set_by="Hannah Fern, nurse lead", **who),
            # From now: bound for months and never heard, it would be silent before it begins.
            DeviceAssociation(device_id=device.id, valid=Range(clock.now(), None), **who),
        ]
    )
    db.session.flush()


def _stub(number: int, device_id: str, secret: str, course: str) -> dict[str, Any]:
    return {
        "stub": "pulse_oximeter",
        "device_id": device_id,
        "secret": secret,
        "seed": FIRST + number,
        "baseline": {"spo2": 96.5},
        "course": course,
        "every_s": EVERY_S,
        # Not all at once: a ward's worth of people does not measure in step.
        "start_after_s": number % 30,
    }
