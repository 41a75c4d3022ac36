"""Starts a home behind and takes one down, without loading what only the supervisor itself needs."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from backend.supervise.home import Home, Run
from backend.supervise.process import CHECKOUT, wait_gone

START_SECONDS = 900.0  # a first start may have to fetch Debian's packages over a slow line
STOP_SECONDS = 180.0


class AlreadyRunningError(Exception):
    """Another supervisor has this home; ``run`` is what it started."""

    def __init__(self, run: Run | None) -> None:
        super().__init__("already running")
        self.run = run


def detached(path: Path, arguments: list[str]) -> Run:
    """Start `alongside up` with these arguments in a session of its own and return once everything answers.

    Raises AlreadyRunningError, or RuntimeError with the end of its log when it gives up.
    """
    home = Home(path)
    home.make()
    if home.is_running():
        raise AlreadyRunningError(home.read())
    log = home.path / "supervisor.log"
    with log.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", "backend.cli", "up", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=out, cwd=CHECKOUT,
            start_new_session=True,
        )  # fmt: skip
    try:
        return _wait_ready(home, child, log)
    except BaseException:
        child.terminate()
        raise


def _wait_ready(home: Home, child: subprocess.Popen[bytes], log: Path) -> Run:
    until = time.monotonic() + START_SECONDS
    shown = 0
    while time.monotonic() < until:
        shown = _pass_on(log, shown)
        run = home.read()
        if run is not None and run.supervisor == child.pid and run.ready:
            # It lives on without us: a child still counted as ours would be warned about at our end.
            child.returncode = 0
            return run
        if child.poll() is not None:
            _pass_on(log, shown)
            raise RuntimeError("Alongside did not start; the words above say why")
        time.sleep(0.1)
    raise RuntimeError(f"Alongside did not start within {START_SECONDS:g} s")


def _pass_on(log: Path, shown: int) -> int:
    """Copy the whole new lines of the log to the error stream; return how many bytes were shown in all."""
    said = log.read_bytes()[shown:]
    whole = said[: said.rfind(b"\n") + 1]
    sys.stderr.write(whole.decode(errors="replace"))
    sys.stderr.flush()
    return shown + len(whole)


def down(path: Path) -> bool:
    """Stop what runs in a home; False when nothing did. Raises RuntimeError when it does not stop in time."""
    home = Home(path)
    run = home.read()
    if run is None or not home.is_running():
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(run.supervisor, signal.SIGTERM)
    if not wait_gone(run.supervisor, STOP_SECONDS):
        raise RuntimeError(f"the supervisor (pid {run.supervisor}) has not stopped within {STOP_SECONDS:g} s")
    return True
