"""Drives more pretend devices against a running home, for a demonstration or a busy afternoon."""

from __future__ import annotations

import subprocess
from pathlib import Path

from backend.supervise import process
from backend.supervise.home import Home
from backend.supervise.place import place_of
from backend.supervise.process import CHECKOUT
from backend.supervise.programs import demo_program, fleet_program
from backend.supervise.steps import say, step


def simulate(path: Path, *, people: int, minutes: float, speed: float, course: str) -> int:
    """Make people with one oximeter each, drive them for so many minutes; return the fleet's exit code.

    Raises RuntimeError when nothing runs in the home or the people cannot be made.
    """
    home = Home(path)
    run = home.read()
    if run is None or not home.is_running():
        raise RuntimeError(f"nothing runs in {home.path}: start it with `alongside up --demo`")
    place = place_of(home.path, run)
    plan = home.path / "simulated.json"
    maker = demo_program(
        place, run.ports["mqtts"], home.path / "ca.crt",
        "--simulate", str(people), "--speed", str(speed), "--course", course, "--plan", str(plan),
    )  # fmt: skip
    with step(f"{people} people and their devices"):
        done = subprocess.run(
            [*process.leash(None), *maker.argv],
            stdout=subprocess.DEVNULL, env=maker.environment, cwd=CHECKOUT, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError("the people could not be made (the words above say why)")
    say(f"Driving them for {minutes:g} minutes; Ctrl-C ends it.")
    drive = fleet_program(place, plan, seconds=minutes * 60)
    return subprocess.run(
        [*process.leash(None, "TERM"), *drive.argv], env=drive.environment, cwd=CHECKOUT, check=False
    ).returncode
