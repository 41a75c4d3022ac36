"""Proves that what we start is started again when it dies and never outlives us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backend import cli
from backend.supervise import account, process
from backend.supervise.child import Child
from backend.supervise.home import Home, Run
from backend.supervise.keyring import Keyring
from backend.supervise.place import Place
from backend.supervise.ports import OWN_RANGE, Ports
from backend.supervise.programs import Program, programs

GRANDPARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def child_of(words: str, tmp_path: Path, name: str = "pretend") -> Child:
    """A watched program that runs a line of Python."""
    return Child(Program(name, (sys.executable, "-c", words), {"PATH": os.defpath}), tmp_path / "log")


def until(true: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Wait until something is true; say whether it became so."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_a_killed_program_is_started_again_and_named(tmp_path: Path) -> None:
    child, said = child_of("import time; time.sleep(60)", tmp_path), list[str]()
    child.start()
    first = child.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert until(lambda: child.check(said.append) and child.pid is not None)
    assert child.pid not in (None, first)
    assert child.restarts == 1
    assert "pretend was killed (signal 9)" in said[0]
    child.stop()
    assert child.pid is None


def test_a_program_that_cannot_live_is_started_less_and_less_often(tmp_path: Path) -> None:
    child, said = child_of("raise SystemExit(3)", tmp_path), list[str]()
    child.start()
    assert until(lambda: bool(child.check(said.append)) and len(said) == 2)
    waits = [float(words.split(" in ")[1].split(" s")[0]) for words in said]
    assert waits == sorted(waits)
    assert waits[0] < waits[1]
    assert "ended (exit code 3)" in said[0]
    child.stop()


def test_stopping_a_program_stops_what_it_started(tmp_path: Path) -> None:
    child = child_of(GRANDPARENT, tmp_path)
    child.start()
    assert until(lambda: child.log.exists() and child.log.read_text().strip() != "")
    grandchild = int(child.log.read_text())
    assert process.is_alive(grandchild)
    child.stop()
    assert process.wait_gone(grandchild, 60)


def test_a_supervisor_killed_outright_leaves_no_orphan(tmp_path: Path) -> None:
    words = (
        "import sys, time; from pathlib import Path; from backend.supervise import process;"
        "argv = [sys.executable, '-c', 'import time; time.sleep(60)'];"
        f"p = process.spawn(argv, log=Path({str(tmp_path)!r}) / 'x');"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", words], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert process.is_alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert process.wait_gone(child, 60)


def test_a_supervisor_that_dies_while_it_starts_a_program_leaves_no_orphan(tmp_path: Path) -> None:
    words = (
        "import os, sys; from pathlib import Path; from backend.supervise import process;"
        "argv = [sys.executable, '-c', 'import time; time.sleep(60)'];"
        f"p = process.spawn(argv, log=Path({str(tmp_path)!r}) / 'x');"
        "os.write(1, str(p.pid).encode()); os.kill(os.getpid(), 9)"
    )
    for _ in range(10):
        parent = subprocess.run([sys.executable, "-c", words], stdout=subprocess.PIPE, text=True, check=False)
        assert process.wait_gone(int(parent.stdout), 60)


def test_a_home_has_one_supervisor_at_a_time(tmp_path: Path) -> None:
    first, second = Home(tmp_path / "home"), Home(tmp_path / "home")
    first.make()
    assert not second.is_running()
    assert first.claim()
    assert second.is_running()
    assert not second.claim()
    first.release()
    assert second.claim()
    second.release()


def test_a_fresh_start_deletes_our_data_and_nothing_else(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    (tmp_path / "postgres").mkdir()
    (tmp_path / "secrets.json").write_text("{}")
    (tmp_path / "letters.txt").write_text("mine")
    (tmp_path / "debian").mkdir()
    home.forget()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".gitignore", "debian", "letters.txt"]


def test_secrets_stay_the_same_over_a_restart_and_are_private(tmp_path: Path) -> None:
    made = Keyring(tmp_path).get("one")
    assert Keyring(tmp_path).get("one") == made
    assert Keyring(tmp_path).get("two") != made
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_ports_are_remembered_and_given_up_only_when_taken(tmp_path: Path) -> None:
    import socket

    port = Ports(tmp_path).choose("app")
    assert port in OWN_RANGE
    assert Ports(tmp_path).choose("app") == port
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        assert Ports(tmp_path).choose("app") != port


def test_each_program_is_told_its_own_secrets_and_no_others(tmp_path: Path) -> None:
    place = Place(
        tmp_path, 8080, "http://localhost:8080", True, lambda r: f"db:{r}", lambda n: f"mq:{n}", "control"
    )
    told = {program.name: program.environment for program in programs(place)}
    assert [told[name].get("DATABASE_URL") for name in ("gateway", "worker", "app", "canary", "fleet")] == [
        "db:al_gateway", "db:al_worker", "db:al_app", "db:al_worker", None,
    ]  # fmt: skip
    assert [name for name, facts in told.items() if "MQTT_URL" in facts] == ["gateway"]
    assert [name for name, facts in told.items() if "ALONGSIDE_OUTBOX_KEY" in facts] == ["app"]
    assert "MQTT_CONTROL_URL" not in told["gateway"]
    assert not [name for name in told["fleet"] if name.startswith("ALONGSIDE")]


def test_the_demo_refuses_an_address_others_could_reach(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code = cli.main(
        ["up", "--demo", "--home", str(tmp_path / "h"), "--public-url", "https://alongside.example"]
    )
    assert code == 2
    assert "this machine only" in capsys.readouterr().err
    assert not (tmp_path / "h").exists()


@pytest.mark.parametrize("subcommand", ["up", "down", "status", "simulate"])
def test_every_subcommand_explains_itself_with_an_example(
    subcommand: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([subcommand, "--help"])
    assert ended.value.code == 0
    assert f"example: alongside {subcommand}" in capsys.readouterr().out


def test_down_and_status_of_an_empty_home_say_that_nothing_runs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["down", "--home", str(tmp_path)]) == 0
    assert cli.main(["status", "--home", str(tmp_path)]) == 1
    assert capsys.readouterr().out.count("Nothing runs") == 2
    assert Home(tmp_path).read() is None


def test_what_runs_is_kept_privately_because_it_holds_passwords(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write(Run(1, "http://localhost:8080", True, accounts=[{"username": "a", "password": "b"}]))
    assert (tmp_path / "run.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has an account to give servers")
def test_a_folder_the_servers_account_cannot_reach_is_kept_elsewhere(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    servers = account.service_account()
    folder = account.private_folder(closed, "postgres", servers)
    try:
        assert folder.is_relative_to(account.SHARED)
        assert (closed / "postgres").resolve() == folder
        assert folder.stat().st_mode & 0o777 == 0o700
    finally:
        Home(closed).forget()
        folder.parent.rmdir()
    assert not folder.exists()
