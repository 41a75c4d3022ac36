"""Drive many pretend devices from one process, for the demo, for tests and for measuring."""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import firmware_stubs
from firmware_stubs.device import Device
from firmware_stubs.journal import Journal
from firmware_stubs.loop import Loop
from firmware_stubs.pace import Pace
from firmware_stubs.plan import BadPlanError, DeviceSpec, Plan, read_plan
from firmware_stubs.progress import bar
from firmware_stubs.rig import Rig

OPENED_A_TURN = 25


def stub_class(name: str) -> type[Device]:
    """The class of the stub in the module `name`: one new file is one new device. Raises BadPlanError."""
    names = sorted(module.name for module in pkgutil.iter_modules(firmware_stubs.__path__))
    found = importlib.import_module(f"firmware_stubs.{name}") if name in names else None
    stub = getattr(found, "Stub", None)
    if not (isinstance(stub, type) and issubclass(stub, Device)):
        raise BadPlanError(f"no stub is called {name!r}")
    return stub


@dataclass(frozen=True, slots=True)
class Report:
    """The ledger in numbers. `made` counts all lives of the folder; `seconds` and `resends` this one."""

    made: int
    receipted: int
    rejected: int
    unreceipted: int
    seconds: float
    connect_seconds: float
    resends: int
    devices: int


class Fleet:
    """The devices of a plan, and `more` of the caller's own, on one loop with one journal.

    Raises BadPlanError, JournalInUseError.
    """

    def __init__(
        self,
        plan: Plan,
        show: Callable[[str, str], None] | None = None,
        more: Sequence[Callable[[Rig], Device]] = (),
    ) -> None:
        allow_sockets(len(plan.devices) + len(more))
        self.journal = (
            Journal(plan.state_dir)
            if plan.forgets
            else Journal(plan.state_dir, remember=sys.maxsize, compact_bytes=sys.maxsize)
        )
        self.rig = Rig(
            loop=Loop(),
            journal=self.journal,
            broker=plan.broker,
            tls=plan.broker.tls(),
            speed=plan.speed,
            resend_s=plan.resend_s,
        )
        if show is not None:
            self.rig.show = show
        self.devices = [self._device(spec) for spec in plan.devices] + [make(self.rig) for make in more]
        self._unopened = list(reversed(self.devices))
        self._timetable = True
        self._began = self._pace_began = time.monotonic()
        self._connected_at: float | None = None
        self.stopped = False

    def open(self, *, timetable: bool) -> None:
        """Begin to connect, some devices a turn; with `timetable` each measures by its own times."""
        self._timetable = timetable
        self._began = time.monotonic()
        self._open_some()

    def run(self, done: Callable[[], bool], pace: Pace | None = None) -> None:
        """Turn the loop until `done`, or until `stopped` is set."""
        while not (self.stopped or done()):
            self.rig.loop.turn(0.25 if pace is None else pace.wait_s)
            if self._connected_at is None and self.rig.up == len(self.devices):
                self._connected_at = time.monotonic()
            if pace is not None and self._connected_at is not None:
                pace.make_due()
            self.rig.settle()

    def come_back(self) -> None:
        """End every outage: nothing new is made, and what waits should go."""
        for device in self.devices:
            device.hard_times.end()

    def all_receipted(self) -> bool:
        """True when nothing made so far waits for its receipt."""
        return self.journal.ledger.waiting_count == 0

    def close(self) -> None:
        """Say goodbye for every device, and put the journal on disk."""
        for device in self.devices:
            device.close()
        end = time.monotonic() + 3.0
        while self.rig.up and time.monotonic() < end:
            self.rig.settle()
            self.rig.loop.turn(0.05)
        self.journal.close()
        self.rig.loop.close()

    def report(self) -> Report:
        """The ledger now."""
        ledger, now = self.journal.ledger, time.monotonic()
        connected_at = self._connected_at or now
        return Report(
            made=ledger.made_count,
            receipted=ledger.receipted_count,
            rejected=ledger.rejected_count,
            unreceipted=ledger.waiting_count,
            seconds=round(now - connected_at, 3),
            connect_seconds=round(connected_at - self._began, 3),
            resends=self.rig.resends,
            devices=len(self.devices),
        )

    def _device(self, spec: DeviceSpec) -> Device:
        return stub_class(spec.stub)(spec, self.rig)

    def _open_some(self) -> None:
        for _ in range(min(OPENED_A_TURN, len(self._unopened))):
            self._unopened.pop().open(timetable=self._timetable)
        if self._unopened:
            self.rig.loop.call_later(0.0, self._open_some)


def allow_sockets(devices: int) -> None:
    """Raise this process's own limit of open files far enough for one socket a device."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = devices + 256
    if soft != resource.RLIM_INFINITY and soft < wanted:
        ceiling = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (ceiling, hard))


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m firmware_stubs.fleet",
        description=__doc__,
        epilog="example: python -m firmware_stubs.fleet --plan plan.json --count 20000 --rate 2000",
    )
    parser.add_argument("--plan", type=Path, required=True, help="the JSON file that names the devices")
    parser.add_argument("--count", type=int, help="make so many readings in all lives, then wait")
    parser.add_argument("--rate", type=float, default=0.0, help="readings a second (0: all it can)")
    parser.add_argument(
        "--until-receipted", action="store_true", help="make nothing new; end with all receipted"
    )
    parser.add_argument("--seconds", type=float, help="keep the devices' own times for so long, then end")
    parser.add_argument(
        "--settle",
        type=float,
        default=0.0,
        help="after --seconds, make nothing more and wait so long for receipts",
    )
    parser.add_argument("--timeout", type=float, default=120.0, help="longest wait for receipts, in seconds")
    parser.add_argument("--report", type=Path, help="write the ledger in numbers to this JSON file")
    return parser.parse_args(argv)


def _show(device_id: str, words: str) -> None:
    # The words may name who is coming; a log of many devices holds ids and states only.
    sys.stderr.write(f"{device_id}: {words.partition(':')[0]}\n")


def _run(fleet: Fleet, options: argparse.Namespace) -> bool:
    """Run as asked; True when nothing is left without a receipt (a timetable run without --settle always)."""
    if options.count is None and not options.until_receipted:
        return _keep_their_times(fleet, options.seconds, options.settle)
    fleet.open(timetable=False)
    if options.count is not None:
        pace = Pace(fleet.devices, fleet.journal.ledger, options.count, options.rate)
        # Connecting and a gateway that stands still both end this wait; making at a rate extends it.
        limit = time.monotonic() + options.timeout + (options.count / options.rate if options.rate else 0.0)
        with bar("Making", options.count, lambda: fleet.journal.ledger.made_count, "readings") as watched:
            fleet.run(watched(lambda: pace.finished or time.monotonic() >= limit), pace)
    return _until_receipted(fleet, options.timeout)


def _keep_their_times(fleet: Fleet, seconds: float | None, settle_s: float) -> bool:
    began = time.monotonic()
    fleet.open(timetable=True)
    if seconds is None:
        fleet.run(lambda: False)
        return True
    total = len(fleet.devices)
    with bar("Connecting", total, lambda: fleet.rig.up, "devices") as watched:
        fleet.run(watched(lambda: fleet.rig.up == total or time.monotonic() - began >= seconds))
    with bar("Driving", seconds, lambda: time.monotonic() - began, "s") as watched:
        fleet.run(watched(lambda: time.monotonic() - began >= seconds))
    fleet.rig.making = False
    return not settle_s or _until_receipted(fleet, settle_s)


def _until_receipted(fleet: Fleet, seconds: float) -> bool:
    """End every outage and wait for the receipts of all that was made."""
    end = time.monotonic() + seconds
    fleet.come_back()
    ledger = fleet.journal.ledger
    with bar(
        "Receipts", ledger.waiting_count, lambda: ledger.made_count - ledger.waiting_count, "readings"
    ) as watched:
        fleet.run(watched(lambda: fleet.all_receipted() or time.monotonic() >= end))
    return fleet.all_receipted()


def main(argv: Sequence[str] | None = None) -> int:
    """The command. Returns 0, 1 when readings are left without a receipt, 2 for a plan that is wrong."""
    options = _options(argv)
    try:
        fleet = Fleet(read_plan(options.plan), _show)
    except BadPlanError as error:
        sys.stderr.write(f"fleet: {error}\n")
        return 2

    def stop(*_: object) -> None:
        fleet.stopped = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    all_receipted = _run(fleet, options)
    report = fleet.report()
    fleet.close()
    if options.report is not None:
        options.report.write_text(json.dumps(asdict(report), indent=1) + "\n", encoding="utf-8")
    return 0 if all_receipted or fleet.stopped else 1


if __name__ == "__main__":
    raise SystemExit(main())
