"""The devices of a chaos run, in a process that nobody kills: what it made and was promised is the ledger."""

import argparse
import json
import random
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from firmware_stubs.fleet import Fleet
from firmware_stubs.plan import DeviceSpec, plan_of
from tests.chaos.rogue import Rogue

TURN_S = 0.01
# A device with this much unreceipted stops measuring, so that a long outage fills no disk.
MOST_WAITING = 40_000


class Load:
    """Readings at a rate from the fleet's measuring devices; pendants and rogues keep their own times."""

    def __init__(self, fleet: Fleet, rate: float, seed: int) -> None:
        self._fleet, self._rate = fleet, rate
        self._devices = [one for one in fleet.devices if one.caps[0] not in ("alarm", "rogue")]
        self._chance = random.Random(seed)
        self._began = time.monotonic()
        self._made = 0

    def turn(self) -> None:
        """Make what is due by now, on devices drawn by the seed."""
        due = int((time.monotonic() - self._began) * self._rate) - self._made
        if not self._fleet.rig.making or self._fleet.journal.ledger.waiting_count > MOST_WAITING:
            return
        for _ in range(min(due, 500)):
            self._chance.choice(self._devices).take_reading()
            self._made += 1


def run(plan_file: Path, rate: float, seed: int, drain_s: float) -> int:
    """Make until SIGUSR1, then go on until all is receipted or `drain_s` are over; 0 when nothing waits."""
    said = json.loads(plan_file.read_text())
    fleet = Fleet(
        plan_of(said), more=[partial(Rogue, DeviceSpec(stub="rogue", **one)) for one in said["rogues"]]
    )
    load = Load(fleet, rate, seed)
    ends = [float("inf")]

    def stop_making(*_: object) -> None:
        fleet.rig.making = False
        ends[0] = time.monotonic() + drain_s

    signal.signal(signal.SIGUSR1, stop_making)
    fleet.open(timetable=True)
    while fleet.rig.making or (not fleet.all_receipted() and time.monotonic() < ends[0]):
        fleet.rig.loop.turn(TURN_S)
        load.turn()
        fleet.rig.settle()
        if not fleet.rig.making:
            fleet.come_back()
    report, done = fleet.report(), fleet.all_receipted()
    fleet.close()
    (plan_file.parent / "load.json").write_text(json.dumps(asdict(report)))
    return 0 if done else 1


def main(argv: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.load", description=__doc__)
    parser.add_argument("--plan", type=Path, required=True)
    parser.add_argument("--rate", type=float, required=True, help="readings a second")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--drain", type=float, required=True, help="longest wait for receipts at the end")
    options = parser.parse_args(argv)
    return run(options.plan, options.rate, options.seed, options.drain)


if __name__ == "__main__":
    sys.exit(main())
