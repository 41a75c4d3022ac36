"""The command behind `alongside up --demo`: prepares the demo and prints one JSON object about it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from backend.core.config import Config
from backend.core.db import database_app
from backend.core.errors import Problem
from backend.demo.prepare import DeviceDoor, prepare
from backend.demo.simulated import Crowd, simulate


def main(argv: Sequence[str] | None = None) -> int:
    """Prepare, print, and return 0; 1 with the reason in words when a part does not answer."""
    options = _parser().parse_args(argv)
    try:
        config = Config.from_environ()
        home, public_url = options.home or config.home, options.public_url or config.public_url
        config = replace(config, home=home.resolve(), public_url=public_url)
        door = DeviceDoor(options.tls_host, options.tls_port, options.ca_file)
        with database_app(config, name="alongside-demo").app_context():
            if options.simulate is not None:
                crowd = Crowd(options.simulate, options.speed, options.course, options.seed, options.faults)
                simulate(config, door, crowd, options.plan)
                return 0
            made = prepare(config, door)
    except (Problem, ValueError, OSError) as trouble:
        words = trouble.detail if isinstance(trouble, Problem) else str(trouble)
        sys.stderr.write(f"demo: {words}\n")
        return 1
    sys.stdout.write(json.dumps(made) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m backend.demo",
        description=__doc__,
        epilog="example: python -m backend.demo --port 8080 --tls-port 8883 --ca-file ca.crt",
    )
    parser.add_argument("--home", type=Path, help="the folder for private files (default: ALONGSIDE_HOME)")
    parser.add_argument("--public-url", help="how browsers reach the app (default: ALONGSIDE_PUBLIC_URL)")
    parser.add_argument("--port", type=int, help="the app's port; the links take the public address")
    parser.add_argument("--tls-host", default="localhost", help="the name devices connect to")
    parser.add_argument("--tls-port", type=int, required=True, help="the port devices connect to")
    parser.add_argument("--ca-file", type=Path, required=True, help="the authority devices must trust")
    more = parser.add_argument_group("more people (for `alongside simulate`)")
    more.add_argument("--simulate", type=int, help="make so many, with kit each, and only their plan")
    more.add_argument("--speed", type=float, default=1.0, help="how much faster than life their courses run")
    more.add_argument("--course", default="steady", help="what their bodies do")
    more.add_argument("--seed", type=int, default=1, help="which people they are")
    more.add_argument("--faults", action="store_true", help="with outages, stuck sensors and wrong clocks")
    more.add_argument("--plan", type=Path, default=Path("simulated.json"), help="where the plan is written")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
