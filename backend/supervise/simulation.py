"""Drives more pretend devices against a running home, for a demonstration or a busy afternoon."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from backend.supervise import process
from backend.supervise.home import Home
from backend.supervise.place import place_of
from backend.supervise.process import CHECKOUT
from backend.supervise.programs import demo_program, fleet_program
from backend.supervise.steps import say, step

# Longest wait, at the end, for the receipts of what was made.
SETTLE_S = 60.0


def simulate(
    path: Path, *, people: int, minutes: float, speed: float, course: str, seed: int = 1, faults: bool = False
) -> int:
    """Make people with a piece of kit each, drive them for so many minutes; return the fleet's exit code.

    The same seed is the same people, courses and mishaps. The code is 1 when readings are left without a
    receipt; they are kept, and go out the next time. Raises RuntimeError when nothing runs in the home or
    the people cannot be made.
    """
    home = Home(path)
    run = home.read()
    if run is None or not home.is_running():
        raise RuntimeError(f"nothing runs in {home.path}: start it with `alongside up --demo`")
    place = place_of(home.path, run)
    plan = home.path / "simulated.json"
    maker = demo_program(
        place, run.ports["mqtts"], home.path / "ca.crt",
        "--simulate", str(people), "--speed", str(speed), "--course", course, "--seed", str(seed),
        *(("--faults",) if faults else ()), "--plan", str(plan),
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
    report = home.path / "stubs" / "simulated.report.json"
    argv = [*process.leash(None, "TERM"), *drive.argv, "--settle", str(SETTLE_S), "--report", str(report)]
    code = subprocess.run(argv, env=drive.environment, cwd=CHECKOUT, check=False).returncode
    if report.exists():
        told = json.loads(report.read_text())
        say(
            f"{told['devices']} devices made {told['made']} messages: {told['receipted']} are stored,"
            f" {told['rejected']} were refused, {told['unreceipted']} wait for the next time."
        )
    return code
