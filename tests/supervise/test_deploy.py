"""Proves that a server under systemd runs the programs and limits that `alongside up` runs."""

from __future__ import annotations

from pathlib import Path

from backend.supervise.mosquitto import CONFIG
from backend.supervise.place import Place
from backend.supervise.process import CHECKOUT
from backend.supervise.programs import programs

PLACED = ("plugin", "persistence_location", "listener", "cafile", "certfile", "keyfile")


def limits(config: str) -> list[str]:
    """Return the settings of a broker's file that do not name a place."""
    lines = [line.strip() for line in config.splitlines()]
    return sorted(line for line in lines if line and not line.startswith(("#", *PLACED)))


def test_the_deployed_broker_has_the_limits_of_our_own() -> None:
    assert limits((CHECKOUT / "deploy" / "mosquitto.conf").read_text()) == limits(CONFIG)


def test_every_program_has_a_unit_that_runs_the_same_command(tmp_path: Path) -> None:
    place = Place(tmp_path, 8080, "http://localhost:8080", False, str, str, "")
    for program in programs(place):
        unit = (CHECKOUT / "deploy" / f"alongside-{program.name}.service").read_text()
        # From the module's name on: the path of the interpreter is a matter of place.
        wanted = " ".join(program.argv[program.argv.index("-m") + 1 :])
        started = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
        assert started.endswith(wanted), program.name
