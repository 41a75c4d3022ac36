"""Prepares the demo at every start: all of it once, then what time or a visitor has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.canary import people as canaries
from backend.canary import prepare as canary
from backend.core import clock
from backend.core.config import Config
from backend.core.db import db, transaction
from backend.core.models import Heartbeat
from backend.demo import (
    accounts,
    check_ins,
    circle,
    duty,
    fleet,
    kept,
    living,
    past,
    plans,
    records,
    shelf,
    threads,
    visit,
)
from backend.demo.history import DAYS, PastReading, readings
from backend.demo.kit import devices, spare_monitor, spare_pendant
from backend.demo.past import Bound
from backend.devices.models import Device
from backend.observations.models import EvaluationWait
from backend.pathways import service as pathways
from backend.pathways.models import PathwayVersion

MARK = "demo"
# The versions the 25 are on. Most of their kit is played by nobody while the demo runs, and these versions wait for no
# reading: a demo left running for days would else fill its list with what nobody missed.
PACKS, PACKS_VERSION = Path(__file__).with_name("packs"), "2026.1"
# Only the end of a course that went wrong is judged: 60 days of old alerts would hide today's.
_JUDGED = timedelta(hours=30)
_WORSENING = ("bp-rising", "spo2-drifting", "weight-rising")
_TOPICS = {
    "obs": "up/obs",
    "alarm": "up/alarm",
    "status": "up/status",
    "presence": "up/presence",
    "ack": "down/ack",
}


@dataclass(frozen=True, slots=True)
class DeviceDoor:
    """Where devices connect: host, port and the authority they must trust."""

    host: str
    port: int
    ca_file: Path


@dataclass(frozen=True, slots=True)
class _Mark:
    """The day the demo was first prepared, and how far its past is written."""

    began: date
    until: datetime


def prepare(config: Config, door: DeviceDoor) -> dict[str, Any]:
    """Make the demo ready and return what `alongside up` shows (inside an app context; commits).

    The database comes first and whole; the broker and the plan of pretend devices follow from it, so a
    start that was cut short is mended by the next. Raises Unavailable without the broker.
    """
    if config.mqtt_control_url is None:
        raise ValueError("MQTT_CONTROL_URL is not set: the demo gives its devices accounts at the broker")
    with transaction():
        mark = _mark()
        if mark is None:
            mark = _first(clock.now())
        mark = _carry_on(mark, clock.now())
        shelf.ensure(clock.now())
        living.ensure(clock.now())
        circle.ensure(clock.now())
        check_ins.ensure(clock.now())
        visit.close_last_fall()
        duty.write(clock.now())
        listed = accounts.ensure(config.home, config.public_url)
        threads.ensure(clock.now())
        plans.ensure(clock.now())
        canaries.ensure(_versions()["copd"])
        canary.ensure_watcher(config.home)
        may_connect = connectable()
    plan_file = config.home / "fleet.json"
    ours = [one.device_id for one in devices()]
    secret_of = fleet.secrets(plan_file, config.mqtt_control_url, ours, may_connect)
    canary.ensure_credentials(config.home, config.mqtt_control_url)
    broker = {"host": door.host, "port": door.port, "ca_file": str(door.ca_file)}
    plan = fleet.plan(config.home, broker, secret_of, mark.began, clock.now().date())
    if plan != kept.read(plan_file):
        kept.write_private(plan_file, plan)
    return {
        "links": {"phone": _link(listed, "demo-person"), "team": _link(listed, "demo-nurse")},
        "accounts": listed,
        "fleet": str(plan_file),
        "device": _shown(spare_monitor().device_id, secret_of, door),
        "pendant": _shown(spare_pendant().device_id, secret_of, door),
    }


def connectable() -> Sequence[str]:
    """Every device that may connect: the database says so, and the broker follows."""
    return db.session.scalars(select(Device.device_id).where(Device.revoked_at.is_(None))).all()


def _first(now: datetime) -> _Mark:
    """Everything that is made once."""
    pathways.load_packs()
    pathways.load_packs(PACKS)
    records.write(now, _versions())
    return _Mark(now.date(), now - timedelta(days=DAYS))


def _versions() -> dict[str, int]:
    """The keys of the versions the demo's people are on, by pathway."""
    theirs = select(PathwayVersion.pathway, PathwayVersion.id).where(PathwayVersion.version == PACKS_VERSION)
    return {pathway: key for pathway, key in db.session.execute(theirs)}


def _carry_on(mark: _Mark, now: datetime) -> _Mark:
    """Write the past since last time: the first 60 days, or what was missed while nothing ran."""
    bound = records.bound_devices()
    made = [one for device in devices() for one in readings(device, mark.began, mark.until, now)]
    past.write(made, bound)
    past.note_signs_of_life([bound[one.device_id] for one in devices() if one.played or one.is_spare], now)
    _let_rules_judge(made, bound, now)
    said = {"began": mark.began.isoformat(), "until": now.isoformat()}
    row = insert(Heartbeat).values(name=MARK, at=now, detail=said)
    db.session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"at": now, "detail": said}))
    return _Mark(mark.began, now)


def _mark() -> _Mark | None:
    said = db.session.execute(select(Heartbeat.detail).where(Heartbeat.name == MARK)).scalar_one_or_none()
    if said is None:
        return None
    return _Mark(date.fromisoformat(said["began"]), datetime.fromisoformat(said["until"]))


def _let_rules_judge(made: Sequence[PastReading], bound: dict[str, Bound], now: datetime) -> None:
    recent = [one for one in made if one.device.person.course in _WORSENING and one.taken > now - _JUDGED]
    for one in recent:
        db.session.add(
            EvaluationWait(
                patient_id=bound[one.device.device_id].patient_id,
                codes=[code.number for code, _ in one.values],
                effective_from=one.taken,
            )
        )
    db.session.flush()


def _link(listed: Sequence[dict[str, str]], username: str) -> str:
    return next(one["link"] for one in listed if one["username"] == username)


def _shown(device_id: str, secret_of: dict[str, str], door: DeviceDoor) -> dict[str, Any]:
    return {
        "id": device_id,
        "secret": secret_of[device_id],
        "host": door.host,
        "port": door.port,
        "ca_file": str(door.ca_file),
        "topics": {name: f"al/v1/{device_id}/{way}" for name, way in _TOPICS.items()},
    }
