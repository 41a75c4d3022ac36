"""Proves what a visitor relies on: one command starts it all, it mends itself and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.supervise import account, health, process
from backend.supervise.home import Home
from backend.supervise.ports import any_free

PARTS = {"postgres", "mosquitto", "gateway", "worker", "app", "canary", "fleet", "supervisor"}


def alongside(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command, as a visitor would."""
    return subprocess.run(
        [sys.executable, "-m", "backend.cli", *words],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def status(home: Path) -> dict[str, Any]:
    """Return what `alongside status --json` prints."""
    found: dict[str, Any] = json.loads(alongside("status", "--home", str(home), "--json").stdout)
    return found


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """An empty home, emptied again at the end whatever happened."""
    path = Path(tempfile.mkdtemp(prefix="alongside-test-"))
    path.chmod(0o711)
    yield path
    alongside("down", "--home", str(path))
    Home(path).forget()
    subprocess.run(["rm", "-rf", str(path)], check=False)


@pytest.fixture(scope="module")
def up(home: Path) -> dict[str, Any]:
    """The demo, started behind; what `--json` printed."""
    done = alongside("up", "--demo", "--detach", "--json", "--home", str(home), "--port", str(any_free()))
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.slow
def test_up_tells_in_one_object_all_that_a_script_needs(up: dict[str, Any]) -> None:
    assert set(up) == {"links", "accounts", "ports", "pids", "device"}
    assert set(up["pids"]) == PARTS
    assert set(up["links"]) >= {"phone", "team"}
    assert all(link.startswith(f"http://localhost:{up['ports']['app']}/") for link in up["links"].values())
    assert {"username", "password", "role", "link"} <= set(up["accounts"][0])
    assert up["device"]["topics"]["obs"] == f"al/v1/{up['device']['id']}/up/obs"
    assert Path(up["device"]["ca_file"]).exists()


@pytest.mark.slow
def test_status_names_every_part_and_counts_what_waits(home: Path, up: dict[str, Any]) -> None:
    found = status(home)
    assert {name for name, facts in found["processes"].items() if facts["alive"]} == PARTS
    assert found["app"] is True
    assert found["database"] is True
    assert found["broker"]["answers"] is True
    assert found["broker"]["dropped"] == 0
    assert None not in found["counts"].values()


@pytest.mark.slow
@pytest.mark.parametrize("part", ["gateway", "worker", "app", "postgres", "mosquitto"])
@pytest.mark.hazard("H24")
def test_a_killed_part_is_back_by_itself(part: str, home: Path, up: dict[str, Any]) -> None:
    before = status(home)["processes"][part]["pid"]
    os.kill(before, signal.SIGKILL)
    end = time.monotonic() + 300
    while time.monotonic() < end:
        run = Home(home).read()
        assert run is not None
        if run.pids.get(part) not in (None, before) and health.app_answers(up["ports"]["app"]):
            break
        time.sleep(0.1)
    found = status(home)["processes"][part]
    assert found["alive"]
    assert found["pid"] != before
    assert found["restarts"] >= 1


@pytest.mark.slow
def test_a_second_up_says_that_it_runs_already(home: Path, up: dict[str, Any]) -> None:
    done = alongside("up", "--demo", "--home", str(home))
    assert done.returncode == 1
    assert "already runs" in done.stderr
    assert up["links"]["phone"] in done.stdout


@pytest.mark.slow
def test_a_second_start_keeps_the_data(home: Path, up: dict[str, Any]) -> None:
    before = status(home)
    done = alongside("down", "--home", str(home))
    assert done.returncode == 0, done.stderr
    for name, facts in before["processes"].items():
        assert not process.is_alive(facts["pid"]), name
    # How long it takes is measured by `python -m bench second_start`.
    done = alongside(
        "up", "--demo", "--detach", "--json", "--home", str(home), "--port", str(up["ports"]["app"])
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["accounts"] == up["accounts"]
    assert told["device"]["id"] == up["device"]["id"]
    assert status(home)["counts"]["stored"] >= before["counts"]["stored"]


@pytest.mark.slow
def test_ctrl_c_twice_stops_everything_that_up_started(home: Path, up: dict[str, Any]) -> None:
    alongside("down", "--home", str(home))
    front = subprocess.Popen(
        [sys.executable, "-m", "backend.cli", "up", "--demo", "--json", "--home", str(home)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    assert front.stdout is not None
    pids = json.loads(front.stdout.readline())["pids"]
    os.killpg(front.pid, signal.SIGINT)
    time.sleep(0.2)
    os.killpg(front.pid, signal.SIGINT)
    assert front.wait(180) == 0
    front.stdout.close()
    assert [name for name, pid in pids.items() if process.is_alive(pid)] == []
    assert not Home(home).is_running()


def test_the_servers_account_is_never_root() -> None:
    servers = account.service_account()
    assert (servers is None) == (os.geteuid() != 0)
    assert servers is None or servers.uid != 0
