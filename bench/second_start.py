"""How long a start of a home that was prepared before takes, and how soon a second worker leads when the first dies."""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from backend.supervise.home import Home
from bench.browser import a_demo
from bench.report import Measure
from bench.yard import Yard
from tests.running import alongside

STARTS = 3
DEATHS = 5
PATIENCE_S = 180.0


def measure() -> list[Measure]:
    """Seconds of wall time: `alongside up` on a used home; kill -9 to the heartbeat of the worker that stood by."""
    return [_starts(), _takeovers()]


def _starts() -> Measure:
    took = []
    with a_demo() as demo:
        for _ in range(STARTS):
            alongside("down", "--home", str(demo.home))
            began = time.monotonic()
            alongside(
                "up", "--demo", "--detach", "--json", "--home", str(demo.home),
                "--port", str(demo.told["ports"]["app"]),
            )  # fmt: skip
            took.append(round(time.monotonic() - began, 2))
        found = Home(demo.home).read()
        note = f"{len(found.pids) if found else 0} parts run"
    return Measure("second start of a demo", statistics.median(took), "s", "<= 10", took, note)


def _takeovers() -> Measure:
    took = []
    with Yard(1) as yard:
        leading, standing = _worker(yard), None
        try:
            _until(partial(_leads, yard, leading.pid))
            for _ in range(DEATHS):
                standing = _worker(yard)
                _until(partial(_stands_by, yard))
                leading.send_signal(signal.SIGKILL)
                began = time.monotonic()
                _until(partial(_leads, yard, standing.pid))
                took.append(round(time.monotonic() - began, 2))
                leading.wait()
                leading = standing
        finally:
            for one in (leading, standing):
                if one is not None and one.poll() is None:
                    one.kill()
                    one.wait()
    return Measure("takeover by a second worker after kill -9", statistics.median(took), "s", "<= 4", took)


def _worker(yard: Yard) -> "subprocess.Popen[bytes]":
    environment = {
        "DATABASE_URL": yard.postgres.url("al_worker"), "ALONGSIDE_HOME": str(yard.home), "PATH": os.defpath,
    }  # fmt: skip
    with (yard.home / "worker.log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "backend.worker"], env=environment, stderr=log)


def _leads(yard: Yard, pid: int) -> bool:
    """Whether the leader's heartbeat goes by this process id."""
    asked = "select coalesce(max((detail->>'pid')::int), 0) from heartbeat where name = 'worker'"
    return yard.count(asked) == pid


def _stands_by(yard: Yard) -> bool:
    """Whether a second worker asks for the lock again and again."""
    return (
        yard.count(
            "select count(*) from pg_stat_activity where application_name = 'alongside-leader'"
            " and datname = current_database()"
        )
        > 1
    )


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            raise RuntimeError(f"no worker led within {PATIENCE_S:g} s")
        time.sleep(0.02)
