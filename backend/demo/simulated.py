"""More invented people with a piece of kit each, for `alongside simulate`: a busy afternoon on one desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from tqdm import tqdm

from backend.access.models import CareTeam, Caseload, Consent, Patient
from backend.alerts.models import AlertLimit
from backend.core import clock
from backend.core.config import Config
from backend.core.db import db, transaction
from backend.core.errors import NotFound
from backend.demo import fleet, kept
from backend.demo.people import BP, OX, SCALE, nhs_number
from backend.demo.prepare import DeviceDoor, connectable
from backend.demo.records import JOINED
from backend.demo.team import TEAM_NAME
from backend.devices.models import Device, DeviceAssociation
from backend.observations.codes import Code
from backend.pathways.models import Enrolment, PathwayVersion

MOST: Final = 5000
# Where their numbers begin in the range kept for tests, far behind the demo's own.
FIRST: Final = 2000
SHOWN_AFTER_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Kit:
    """A piece of kit somebody has: its stub, the end of its device id, what it is, seconds between readings."""

    stub: str
    suffix: str
    kind: str
    model: str
    every_s: float


OXIMETER: Final = Kit("pulse_oximeter", "", OX, "alongside-ox1", 30.0)
CUFF: Final = Kit("blood_pressure_monitor", "-bp", BP, "alongside-bp1", 120.0)
SCALES: Final = Kit("scale", "-kg", SCALE, "alongside-scale1", 240.0)
# A street: half of it has an oximeter, the rest one of the other things.
STREET: Final = (
    OXIMETER, CUFF, OXIMETER, SCALES, OXIMETER,
    Kit("thermometer", "-temp", "thermometer", "alongside-thermometer1", 180.0),
    OXIMETER,
    Kit("glucose_meter", "-glu", "glucose-meter", "alongside-glucose1", 300.0),
    OXIMETER,
    Kit("home_hub", "-hub", "hub", "alongside-hub1", 60.0),
)  # fmt: skip
# A course is about one measurement, so everybody has what measures it.
KIT_OF_COURSE: Final = {"falling": OXIMETER, "bp_severe": CUFF, "weight_gain": SCALES}


@dataclass(frozen=True, slots=True)
class Crowd:
    """What was asked for: how many people, how much faster than life, their course, the seed, and faults or not."""

    people: int
    speed: float = 1.0
    course: str = "steady"
    seed: int = 1
    faults: bool = False

    def kit(self, number: int) -> Kit:
        """What person `number` (from 1) has."""
        return KIT_OF_COURSE.get(self.course) or STREET[(number - 1) % len(STREET)]

    def device_ids(self) -> list[str]:
        """Their devices, by person."""
        return [f"demo-sim-{n:04d}{self.kit(n).suffix}" for n in range(1, self.people + 1)]


def simulate(config: Config, door: DeviceDoor, crowd: Crowd, plan_file: Path) -> None:
    """Make as many people as asked (the same ones each time) and write the plan of their devices.

    Raises ValueError for a number we do not make, NotFound before the demo is prepared, and Unavailable.
    """
    if not 1 <= crowd.people <= MOST:
        raise ValueError(f"--simulate takes 1 to {MOST} people")
    if config.mqtt_control_url is None:
        raise ValueError("MQTT_CONTROL_URL is not set: the devices need accounts at the broker")
    ids = crowd.device_ids()
    with transaction():
        people = _people(crowd.people)
        _devices(crowd, ids, people)
        may_connect = connectable()
    # The broker writes all its accounts anew for each batch, so a thousand take a while.
    with tqdm(desc="Accounts", total=len(ids), delay=SHOWN_AFTER_S, disable=None, leave=False) as bar:
        secret_of = fleet.secrets(plan_file, config.mqtt_control_url, ids, may_connect, bar.update)
    plan: dict[str, Any] = {
        "broker": {"host": door.host, "port": door.port, "ca_file": str(door.ca_file)},
        "state_dir": str(config.home / "stubs" / "simulated"),
        "speed": crowd.speed,
        "devices": [_stub(crowd, number, name, secret_of[name]) for number, name in enumerate(ids, 1)],
    }
    kept.write_private(plan_file, plan)


def _people(count: int) -> list[int]:
    """The keys of the first `count` pretend people; who is not there yet is made."""
    numbers = {nhs_number(FIRST + n): n for n in range(1, count + 1)}
    found = {
        number: key
        for number, key in db.session.execute(
            select(Patient.nhs_number, Patient.id).where(Patient.nhs_number.in_(numbers))
        )
    }
    fresh = [_person(n, number) for number, n in numbers.items() if number not in found]
    db.session.add_all(fresh)
    db.session.flush()
    if fresh:
        _surround(fresh, *_shared())
    keys = found | {one.nhs_number: one.id for one in fresh}
    return [keys[number] for number in numbers]


def _devices(crowd: Crowd, ids: Sequence[str], people: Sequence[int]) -> None:
    """A device for each person, where there is none yet."""
    there = set(db.session.scalars(select(Device.device_id).where(Device.device_id.in_(ids))))
    fresh: list[tuple[Device, int]] = []
    for number, (device_id, patient_id) in enumerate(zip(ids, people, strict=True), 1):
        if device_id not in there:
            kit = crowd.kit(number)
            device = Device(
                device_id=device_id, kind=kit.kind, manufacturer="Alongside", model=kit.model, hb_s=86_400,
                kit_state="live", credential_at=clock.now(),
            )  # fmt: skip
            fresh.append((device, patient_id))
    db.session.add_all([device for device, _ in fresh])
    db.session.flush()
    # From now: bound for months and never heard, it would be silent before it begins.
    since = Range(clock.now(), None)
    db.session.add_all(
        [DeviceAssociation(device_id=device.id, valid=since, patient_id=key) for device, key in fresh]
    )
    db.session.flush()


def _shared() -> tuple[int, int]:
    """The keys of the team and of the newest pathway for oxygen."""
    team = db.session.scalars(select(CareTeam.id).where(CareTeam.name == TEAM_NAME)).one_or_none()
    if team is None:
        raise NotFound("no-demo", "There is no demo here: start with `alongside up --demo`.")
    newest = (
        select(PathwayVersion.id).where(PathwayVersion.pathway == "copd").order_by(PathwayVersion.id.desc())
    )
    return team, db.session.scalars(newest.limit(1)).one()


def _person(number: int, nhs: str) -> Patient:
    return Patient(
        nhs_number=nhs,
        given_name="Pretend",
        family_name=f"Person {number}",
        birth_date=date(1940 + number % 30, 1 + number % 12, 1 + number % 28),
        phone="07700 900900",
        lives_alone=False,
        facts={"home_oxygen": False, "usual_spo2": 96},
    )


def _surround(patients: Sequence[Patient], team_id: int, pathway_version_id: int) -> None:
    """On the team's list, agreed to monitoring, on the pathway, with limits of their own."""
    since = Range(clock.now() - JOINED, None)
    for patient in patients:
        who = {"patient_id": patient.id}
        db.session.add_all(
            [
                Caseload(care_team_id=team_id, valid=since, **who),
                Consent(kind="monitoring", valid=since, **who),
                Enrolment(pathway_version_id=pathway_version_id, status="live", valid=since, **who),
                AlertLimit(code=Code.SPO2.number, low=94, high=98, set_by="Hannah Fern, nurse", **who),
            ]
        )
    db.session.flush()


def _stub(crowd: Crowd, number: int, device_id: str, secret: str) -> dict[str, Any]:
    kit = crowd.kit(number)
    return {
        "stub": kit.stub,
        "device_id": device_id,
        "secret": secret,
        "seed": FIRST * crowd.seed + number,
        "baseline": {"spo2": 96.5},
        "course": crowd.course,
        "every_s": kit.every_s,
        # Not all at once: a ward's worth of people does not measure in step.
        "start_after_s": number % kit.every_s / crowd.speed,
        "faults": ["all"] if crowd.faults else [],
    }
