"""The one command line that every stub shares, to run a single device by hand."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from firmware_stubs.broker import Broker
from firmware_stubs.plan import HEARTBEAT_S, DeviceSpec, Plan


def run_one(stub: str, argv: Sequence[str] | None = None) -> int:
    """Run one device of `stub` from its arguments, until it is stopped or has done what was asked.

    Returns 0; 1 when --timeout passed without the receipt that was waited for.
    """
    # Late, because every stub imports this file and the fleet imports every stub.
    from firmware_stubs.fleet import Fleet

    options = _options(stub, argv)
    fleet = Fleet(_plan(stub, options), _show)

    def stop(*_: object) -> None:
        fleet.stopped = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    once = options.once or options.press or options.fall
    fleet.open(timetable=not once)
    if not once:
        fleet.run(lambda: False)
        fleet.close()
        return 0
    device = fleet.devices[0]
    device.begin_once()
    end = time.monotonic() + options.timeout
    fleet.run(lambda: fleet.all_receipted() or time.monotonic() >= end)
    done = fleet.all_receipted()
    fleet.close()
    if not done:
        sys.stderr.write(f"{options.device_id}: no receipt within {options.timeout:g} s; it is kept\n")
    return 0 if done else 1


def _show(device_id: str, words: str) -> None:
    sys.stdout.write(f"{device_id}: {words}\n")
    sys.stdout.flush()


def _options(stub: str, argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=f"python -m firmware_stubs.{stub}",
        description=f"A pretend device ({stub.replace('_', ' ')}) on the wire.",
        epilog=f"example: python -m firmware_stubs.{stub} --device-id dev-00001 --secret-file s --port 1883",
    )
    parser.add_argument("--device-id", required=True)
    parser.add_argument("--secret-file", type=Path, required=True, help="a file with the device's secret")
    parser.add_argument("--host", default="localhost")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ca-file", type=Path, help="the certificate to trust; without it the line is plain")
    parser.add_argument("--protocol", type=int, choices=(4, 5), default=5, help="4 is MQTT 3.1.1")
    parser.add_argument("--state-dir", type=Path, help="where readings are kept (default: beside the secret)")
    parser.add_argument("--course", help="steady, falling, bp_severe, weight_gain; pendant: press, fall, ...")
    parser.add_argument("--seed", type=int, default=1, help="which person wears it")
    parser.add_argument("--every-s", type=float, help="seconds between readings")
    parser.add_argument("--hb-s", type=int, default=HEARTBEAT_S, help="seconds between heartbeats")
    parser.add_argument("--clock", choices=("ntp", "none"), default="ntp", help="none asks the gateway")
    parser.add_argument(
        "--sleep-s", type=float, default=0.0, help="sleep so long when there is nothing to say"
    )
    parser.add_argument("--speed", type=float, default=1.0, help="how much faster than life a course runs")
    parser.add_argument("--once", action="store_true", help="one reading, then end when it has its receipt")
    parser.add_argument("--timeout", type=float, default=60.0, help="longest wait for it, in seconds")
    parser.set_defaults(press=False, fall=False)
    if stub == "pendant":
        parser.add_argument("--press", action="store_true", help="press, wait until it is received")
        parser.add_argument("--fall", action="store_true", help="fall, wait until it is received")
    return parser.parse_args(argv)


def _plan(stub: str, options: argparse.Namespace) -> Plan:
    course = "press" if options.press else "fall" if options.fall else options.course
    return Plan(
        broker=Broker(options.host, options.port, options.ca_file, options.protocol),
        state_dir=options.state_dir or options.secret_file.parent / f"{options.device_id}.state",
        devices=(
            DeviceSpec(
                stub=stub,
                device_id=options.device_id,
                secret=options.secret_file.read_text(encoding="utf-8").strip(),
                course=course,
                seed=options.seed,
                every_s=options.every_s,
                hb_s=options.hb_s,
                clock=options.clock,
                sleep_s=options.sleep_s,
            ),
        ),
        speed=options.speed,
    )
