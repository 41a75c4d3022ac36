"""A plan as a file: which pretend devices there are, whose bodies they measure and where they publish."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from firmware_stubs.broker import Broker

HEARTBEAT_S = 3600


class BadPlanError(ValueError):
    """The plan names something that does not exist, or lacks something that is needed."""


@dataclass(frozen=True, slots=True)
class DeviceSpec:
    """One device: its stub (a module's name), its account at the broker, and the body it measures.

    `every_s` (seconds between readings) and `model` default to the stub's own; `hb_s` is the heartbeat;
    `faults` names what may go wrong with it (trouble.py). `clock` is "ntp", or "none" for kit that has to
    ask the gateway for the time; with `sleep_s` it sleeps so long between the times it has something to say.
    """

    stub: str
    device_id: str
    secret: str
    model: str | None = None
    fw: str = "1.0.0"
    seed: int = 1
    course: str | None = None
    baseline: Mapping[str, float] = field(default_factory=dict)
    every_s: float | None = None
    start_after_s: float = 0.0
    hb_s: int = HEARTBEAT_S
    faults: Sequence[str] = ()
    clock: str = "ntp"
    sleep_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Devices of one process, their broker, the folder of their journal, and how fast courses run.

    `speed` divides the time between readings and multiplies the time of a course; times on the wire
    stay true. `resend_s` is how long a device waits for a receipt before it sends again. With `forgets` off
    the journal keeps every line of every life, for whoever counts.
    """

    broker: Broker
    state_dir: Path
    devices: tuple[DeviceSpec, ...]
    speed: float = 1.0
    resend_s: float = 5.0
    forgets: bool = True


def read_plan(path: Path) -> Plan:
    """The plan in the JSON file `path`; raises BadPlanError in words that name the place."""
    try:
        return plan_of(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, json.JSONDecodeError) as error:
        raise BadPlanError(f"{path}: {error}") from error


def plan_of(said: Mapping[str, Any]) -> Plan:
    """The plan in a JSON object; raises BadPlanError."""
    try:
        broker = said["broker"]
        return Plan(
            broker=Broker(
                host=broker.get("host", "localhost"),
                port=int(broker["port"]),
                ca_file=Path(broker["ca_file"]) if broker.get("ca_file") else None,
                protocol=_protocol(broker.get("protocol", 5)),
            ),
            state_dir=Path(said["state_dir"]),
            devices=tuple(_device(number, one) for number, one in enumerate(said["devices"])),
            speed=float(said.get("speed", 1.0)),
            resend_s=float(said.get("resend_s", 5.0)),
            forgets=bool(said.get("forgets", True)),
        )
    except KeyError as error:
        raise BadPlanError(f"the plan lacks {error}") from error


def _device(number: int, said: Mapping[str, Any]) -> DeviceSpec:
    known = DeviceSpec.__dataclass_fields__
    unknown = sorted(set(said) - set(known))
    missing = [name for name in ("stub", "device_id", "secret") if name not in said]
    if unknown or missing:
        raise BadPlanError(f"devices[{number}]: unknown {unknown}, missing {missing}")
    return DeviceSpec(**said)


def _protocol(said: object) -> int:
    if said not in (4, 5):
        raise BadPlanError(f"protocol {said!r} is neither 5 nor 4 (MQTT 3.1.1)")
    return 5 if said == 5 else 4
