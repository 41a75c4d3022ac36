"""Starts one program so it cannot outlive us or leave children, since an orphan holds ports and locks."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from backend.supervise.account import Account

CHECKOUT = Path(__file__).resolve().parents[2]  # where our programs run
LOG_LIMIT = 20_000_000  # bytes; beyond this a log starts again and one old file is kept

# The kernel tells of a death from the moment the leash is on; of one before it, only the parent's number does.
UNLESS_ORPHAN = '[ "$PPID" = "$1" ] || exit 1; shift; exec "$@"'


def spawn(
    argv: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    death_signal: str = "TERM",
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start ``argv`` in a session of its own, writing to ``log``; the process id is the program's own.

    The kernel sends ``death_signal`` when the thread that called this ends, kill -9 included, so call
    it from a thread that lives as long as the program should. ``env`` None means our own
    environment, ``folder`` None our own working directory.
    """
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as out:
        return subprocess.Popen(
            [*leash(account, death_signal), *argv],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(env) if env is not None else None,
            cwd=folder or ("/" if account is not None else None),
            start_new_session=True,
        )


def leash(account: Account | None, death_signal: str = "KILL") -> list[str]:
    """Return the words before a command that tie it to our life and, as root, to an ordinary account.

    They are for a command that this process starts itself: when we end before the leash is on, it ends too.
    """
    words = ["setpriv", "--pdeathsig", death_signal]
    if account is not None:
        words += ["--reuid", str(account.uid), "--regid", str(account.gid), "--clear-groups"]
    return [*words, "--", "/bin/sh", "-c", UNLESS_ORPHAN, "leash", str(os.getpid())]


def end(process: subprocess.Popen[bytes], sign: signal.Signals = signal.SIGTERM, wait: float = 10.0) -> None:
    """Ask a program to stop, wait, then kill what is left of its whole session."""
    if process.poll() is None:
        process.send_signal(sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(wait)
    sweep(process)


def sweep(process: subprocess.Popen[bytes]) -> None:
    """Kill everything in the program's session, so that no grandchild keeps its port."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.poll() is None:
        process.wait()


def is_alive(pid: int) -> bool:
    """Say whether a process of this number runs (a finished child not yet collected does not count)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_gone(pid: int, seconds: float) -> bool:
    """Wait until a process that is not our child has ended; say whether it did."""
    until = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
