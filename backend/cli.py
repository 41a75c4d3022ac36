"""The `alongside` command: one thin function a subcommand, so that all it does can be used without it."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from backend.core.config import Surroundings
from backend.supervise import launch
from backend.supervise.home import Run
from backend.supervise.options import Options, host_of

# What only one subcommand needs is imported by it: broker, database and migrations take a second to load.

LOCAL = ("localhost", "127.0.0.1", "::1")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code: 0 well, 1 not, 2 wrong usage."""
    options = _parser().parse_args(argv)
    try:
        code: int = options.run(options)
    except launch.AlreadyRunningError as there:
        print(f"Alongside already runs in {options.home}: stop it with `alongside down`.", file=sys.stderr)
        if there.run is not None and there.run.ready:
            _show(there.run)
        return 1
    except (RuntimeError, OSError, subprocess.SubprocessError) as trouble:
        print(f"alongside {options.subcommand}: {trouble}", file=sys.stderr)
        return 1
    return code


def _up(options: argparse.Namespace) -> int:
    """Start everything; in the foreground until Ctrl-C, or behind with --detach."""
    host = host_of(options.public_url) if options.public_url else None
    if options.demo and host is not None and host not in LOCAL:
        print("alongside up: --demo has known passwords and serves this machine only: "
              "leave out --public-url, or use localhost.", file=sys.stderr)  # fmt: skip
        return 2

    def serve(run: Run) -> None:
        print(json.dumps(run.shown()), flush=True) if options.json else _show(run)

    if options.detach:
        serve(launch.detached(options.home, _again(options)))
        return 0
    from backend.supervise import lifecycle

    around = Surroundings.from_environ()
    wanted = Options(
        home=options.home,
        demo=options.demo,
        port=options.port,
        public_url=options.public_url,
        public_host=host if host not in LOCAL else None,
        admin_url=around.admin_url,
        mqtt_url=around.mqtt_url,
    )
    lifecycle.foreground(wanted, fresh=options.fresh, serve=serve)
    return 0


def _again(options: argparse.Namespace) -> list[str]:
    words = ["--home", str(options.home)]
    words += [flag for flag, on in (("--demo", options.demo), ("--fresh", options.fresh)) if on]
    words += ["--port", str(options.port)] if options.port is not None else []
    words += ["--public-url", options.public_url] if options.public_url else []
    return words


def _show(run: Run) -> None:
    print(run.in_words(), flush=True)


def _down(options: argparse.Namespace) -> int:
    """Stop everything that runs in a home."""
    stopped = launch.down(options.home)
    print(f"Stopped what ran in {options.home}." if stopped else f"Nothing runs in {options.home}.")
    return 0


def _status(options: argparse.Namespace) -> int:
    """Print what is true of a home; the exit code is 0 only when all is well."""
    from backend.supervise import status as looking

    found = looking.status(options.home)
    print(json.dumps(found.shown()) if options.json else looking.in_words(found))
    return 0 if found.well else 1


def _simulate(options: argparse.Namespace) -> int:
    """Drive pretend devices against a running home until the minutes are over."""
    from backend.supervise import simulation

    return simulation.simulate(
        options.home,
        people=options.people,
        minutes=options.minutes,
        speed=options.speed,
        course=options.course,
        seed=options.seed,
        faults=options.faults,
    )


def _backup(options: argparse.Namespace) -> int:
    """Write one private file with the whole of a home that runs."""
    from backend.supervise import backup

    made = backup.back_up(options.home, options.file)
    print(f"Kept in {options.file}: {_counted(made)}. It holds every record and every password: guard it.")
    return 0


def _restore(options: argparse.Namespace) -> int:
    """Make a home from a backup."""
    from backend.supervise import backup

    made = backup.restore(options.file, options.home)
    print(
        f"{options.home} is as it was at {made['made_at']}: {_counted(made)}. Start it with `alongside up`."
    )
    return 0


def _administrator(options: argparse.Namespace) -> int:
    """Make the first administrator, or a new code for them."""
    from backend.supervise import administrator

    print(administrator.add(options.home, options.username, options.name))
    return 0


def _team(options: argparse.Namespace) -> int:
    """Make a care team."""
    from backend.supervise import team

    asked = team.NewTeam(
        options.name, options.phone, options.organization, options.opens, options.closes, options.time_zone
    )
    print(team.add(options.home, asked))
    return 0


def _decode(options: argparse.Namespace) -> int:
    """Hand a payload to the gateway's own decoders, in a process of its own as all of the gateway is."""
    words = [options.format, *options.payload] if options.format else []
    words += ["--received-at", options.received_at] if options.received_at else []
    words += ["--list"] if options.list else []
    command = [sys.executable, "-m", "device_gateway.decode", "--zone", options.zone, *words]
    return subprocess.run(command, check=False).returncode


def _score(options: argparse.Namespace) -> int:
    """Print what a published score makes of the cases in a file or on standard input; 2 when one cannot be used."""
    from backend.scores.asked import answer

    given = sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes()
    shown, well = answer(options.name, given.decode("utf-8-sig", errors="replace"))
    print(shown)
    return 0 if well else 2


def _counted(manifest: dict[str, Any]) -> str:
    return ", ".join(f"{count} {name}" for name, count in manifest["counts"].items())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="alongside", description="Run Alongside on this machine.", epilog="example: alongside up --demo"
    )
    commands = parser.add_subparsers(dest="subcommand", required=True)
    up = _command(
        commands, "up", _up, "start everything and watch over it", "alongside up --demo --port 8081"
    )
    up.add_argument("--demo", action="store_true", help="with pretend people and devices (this machine only)")
    up.add_argument(
        "--detach", action="store_true", help="return once everything answers; stop it with `down`"
    )
    up.add_argument("--port", type=int, help="port of the web app (default 8080, or the next free one)")
    up.add_argument("--public-url", help="the address people use (default http://localhost:PORT)")
    up.add_argument("--fresh", action="store_true", help="DELETE the home's data first")
    up.add_argument("--json", action="store_true", help="one JSON object: links, accounts, ports, pids ...")
    _command(commands, "down", _down, "stop everything", "alongside down")
    status = _command(commands, "status", _status, "say what runs and how it is", "alongside status --json")
    status.add_argument("--json", action="store_true", help="print one JSON object")
    _simulate_command(commands)
    _decode_command(commands)
    _score_command(commands)
    _backup_commands(commands)
    return parser


def _backup_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    backup = _command(
        commands, "backup", _backup, "write a running home into one file, the devices' accounts included",
        "alongside backup /srv/backups/2026-11-22.tar",
    )  # fmt: skip
    backup.add_argument("file", type=Path, help="the file to write (mode 0600); replaced only by a whole one")
    restored = _command(
        commands, "restore", _restore, "make a home from a backup",
        "alongside restore /srv/backups/2026-11-22.tar --home /srv/alongside",
    )  # fmt: skip
    restored.add_argument("file", type=Path, help="what `alongside backup` wrote")
    first = _command(
        commands, "administrator", _administrator, "make the first administrator, who then makes all accounts",
        "alongside administrator add jo.lark --name 'Jo Lark'",
    )  # fmt: skip
    first.add_argument("what", choices=("add",), help="add: also a new code for the same user name")
    first.add_argument("username", help="what they sign in with")
    first.add_argument("--name", default="", help="what they are called")
    team = _command(
        commands, "team", _team, "make a care team, whose people an administrator then puts in it",
        "alongside team add 'Harbour team' --phone '01632 960100' --organization 'Harbour community trust'",
    )  # fmt: skip
    team.add_argument("what", choices=("add",), help="add: a new team")
    team.add_argument("name", help="what it is called")
    team.add_argument("--phone", required=True, help="the telephone people are told to ring")
    team.add_argument("--organization", default="", help="whose team it is (default: its own name)")
    team.add_argument("--opens", default="08:00", help="from when somebody watches (default 08:00)")
    team.add_argument(
        "--closes", default="20:00", help="until when; the same as --opens: day and night (20:00)"
    )
    team.add_argument("--time-zone", default="Europe/London", help="by whose clock (default Europe/London)")


def _simulate_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    simulate = _command(
        commands, "simulate", _simulate, "drive more pretend devices",
        "alongside simulate --people 2000 --minutes 10 --speed 4 --seed 7 --faults",
    )  # fmt: skip
    simulate.add_argument(
        "--people", type=int, default=5, help="how many people, a piece of kit each (default 5, at most 5000)"
    )
    simulate.add_argument("--minutes", type=float, default=5.0, help="how long to go on (default 5)")
    simulate.add_argument("--speed", type=float, default=1.0, help="how much faster than life (default 1)")
    simulate.add_argument(
        "--course", default="steady", choices=("steady", "falling", "bp_severe", "weight_gain"),
        help="what their bodies do (default steady); but for steady all have the kit that shows it",
    )  # fmt: skip
    simulate.add_argument("--seed", type=int, default=1, help="same seed, same people (default 1)")
    simulate.add_argument(
        "--faults", action=argparse.BooleanOptionalAction, default=False,
        help="outages and bursts, stuck and shaken sensors, wrong units, wrong clocks, lost power (default off)",
    )  # fmt: skip


def _decode_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    decode = _command(
        commands, "decode", _decode, "show what the gateway makes of a device's payload",
        "alongside decode gatt:2a35 '1e 8000 5200 6100 ea07031d080509 4800 01 0400'",
    )  # fmt: skip
    decode.add_argument(
        "format", nargs="?", help="gatt:2a35, al-json, al-cbor, al-json:alarm ...: see --list"
    )
    decode.add_argument("payload", nargs="*", help="hex (spaces allowed), a file, or - for standard input")
    decode.add_argument("--zone", default="Europe/London", help="zone of the home, for Bluetooth times")
    decode.add_argument("--received-at", help="when it is taken to be received (RFC 3339; default: now)")
    decode.add_argument("--list", action="store_true", help="print every format and what it reads")


def _score_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    score = _command(
        commands, "score", _score, "try a case, or a list of cases, on a published score",
        """echo '{"pef": 210, "personal_best": 400}' | alongside score peak_flow""",
    )  # fmt: skip
    score.add_argument("name", help="news2, home_bp, phq9 ...: an unknown name lists them all")
    score.add_argument(
        "file", nargs="?", default="-", help="JSON: one object or a list (default -, standard input)"
    )


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: object,
    words: str,
    example: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name, help=words, description=words.capitalize() + ".", epilog=f"example: {example}"
    )
    parser.add_argument(
        "--home", type=Path, default=Surroundings.from_environ().home,
        help="the folder with all data (default: $ALONGSIDE_HOME, else .alongside in the checkout)",
    )  # fmt: skip
    parser.set_defaults(run=run)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
