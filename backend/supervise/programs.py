"""Lists our own programs and what each is told, so that none holds a secret of another."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from backend.core.config import Surroundings
from backend.messages.sealed import private_key, public_key
from backend.supervise.keyring import Keyring
from backend.supervise.place import Place
from backend.supervise.process import CHECKOUT

# Python runs one thread of a process at a time: with two, a first sync of many phones has two cores. What is counted
# over all of them is counted in the database.
APP_PROCESSES = 2
# Of each process. A stream to a phone or a worklist holds one while it is open; 160 leave room beside 100 screens.
APP_THREADS = 160
APP_WAITING = 2048  # connections taken and waiting for a thread before new ones are refused


@dataclass(frozen=True)
class Program:
    """One of our processes: its name (also its log's), its command and its environment."""

    name: str
    argv: tuple[str, ...]
    environment: dict[str, str]


def environment(place: Place) -> dict[str, str]:
    """Return what all programs are told; nothing secret is in it."""
    told = {
        "ALONGSIDE_HOME": str(place.home),
        "ALONGSIDE_PUBLIC_URL": place.public_url,
        "ALONGSIDE_PWA_DIST": str(Surroundings.from_environ().pwa_dist or CHECKOUT / "pwa" / "dist"),
        "PATH": Surroundings.from_environ().path,
        "HOME": str(Path.home()),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
    }
    if place.demo:
        told["ALONGSIDE_DEMO"] = "1"
    if packs := Surroundings.from_environ().packs:
        told["ALONGSIDE_PACKS"] = str(packs)
    return told


def programs(place: Place) -> list[Program]:
    """Return our programs in the order they start."""
    app = (
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(place.port),
        "--workers", str(APP_PROCESSES), "--blocking-threads", str(APP_THREADS), "--backpressure", str(APP_WAITING),
        "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning",
        "backend.app:wsgi",
    )  # fmt: skip
    gateway = {"MQTT_URL": place.broker("al-gateway-obs"), "MQTT_ALARM_URL": place.broker("al-gateway-alarm")}
    control = {"MQTT_CONTROL_URL": place.control_url}
    sending, push = _sending(place)
    listed = [
        _program(place, "gateway", _module("device_gateway.main"), "al_gateway", gateway),
        _program(place, "worker", _module("backend.worker"), "al_worker", {**control, **sending}),
        _program(place, "app", app, "al_app", {**control, **_device_door(place), **push, **_outbox(place)}),
        _program(
            place, "canary", _module("backend.canary"), "al_worker", {**_device_door(place), **_deadman()}
        ),
    ]
    if place.demo:
        listed.append(fleet_program(place, place.home / "fleet.json"))
    return listed


def _sending(place: Place) -> tuple[dict[str, str], dict[str, str]]:
    """What the worker is told, which alone sends, and what the app is: our public push key, and no secret."""
    around = dict(Surroundings.from_environ().messaging)
    seed = around.setdefault("ALONGSIDE_PUSH_KEY", Keyring(place.home).get("web-push"))
    push = {"ALONGSIDE_PUSH_PUBLIC_KEY": public_key(private_key(seed))}
    if "ALONGSIDE_PUSH_SERVICES" in around:
        push["ALONGSIDE_PUSH_SERVICES"] = around["ALONGSIDE_PUSH_SERVICES"]
    return around, push


def _outbox(place: Place) -> dict[str, str]:
    """The seed of the key that phones seal to, which only the app opens with; a copied home keeps it."""
    seed = Surroundings.from_environ().outbox_key or Keyring(place.home).get("outbox")
    return {"ALONGSIDE_OUTBOX_KEY": seed}


def _deadman() -> dict[str, str]:
    """The outside watcher, which only the canary pings."""
    url = Surroundings.from_environ().deadman_url
    return {} if url is None else {"ALONGSIDE_DEADMAN_URL": url}


def canary_program(place: Place) -> Program:
    """Return the program that makes the canaries of a home, or mends them."""
    told = {"MQTT_CONTROL_URL": place.control_url}
    return _program(place, "canary-prepare", _module("backend.canary.prepare"), "al_migrate", told)


def _device_door(place: Place) -> dict[str, str]:
    """Where devices connect: what the app tells one that claims its account, and where the canary's own do."""
    door = {"ALONGSIDE_DEVICE_HOST": place.device_host, "ALONGSIDE_DEVICE_PORT": str(place.device_port)}
    return door | ({} if place.device_ca is None else {"ALONGSIDE_DEVICE_CA": str(place.device_ca)})


def fleet_program(place: Place, plan: Path, seconds: float | None = None) -> Program:
    """Return the pretend devices of a plan. They know only the wire: not even where our home is."""
    told = {name: value for name, value in environment(place).items() if not name.startswith("ALONGSIDE_")}
    length = () if seconds is None else ("--seconds", str(seconds))
    return Program("fleet", _module("firmware_stubs.fleet", "--plan", str(plan), *length), told)


def demo_program(place: Place, tls_port: int, ca_file: Path, *more: str) -> Program:
    """Return the program that makes the demo's people and prints who may sign in, as one JSON object."""
    argv = _module(
        "backend.demo",
        "--port",
        str(place.port),
        "--tls-port",
        str(tls_port),
        "--ca-file",
        str(ca_file),
        *more,
    )
    return _program(place, "demo", argv, "al_migrate", {"MQTT_CONTROL_URL": place.control_url})


def _module(name: str, *words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *words)


def _program(place: Place, name: str, argv: tuple[str, ...], role: str, more: dict[str, str]) -> Program:
    return Program(name, argv, {**environment(place), "DATABASE_URL": place.database(role), **more})
