"""Keeps one of our programs running: starts it again when it dies, sooner the first time than the fifth."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from backend.supervise import process
from backend.supervise.process import CHECKOUT
from backend.supervise.programs import Program

WAITS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds before each further start
SETTLED = 30.0  # seconds alive after which an end counts as the first again


class Child:
    """One program under watch."""

    def __init__(self, program: Program, log_folder: Path) -> None:
        self.program = program
        self.log = log_folder / f"{program.name}.log"
        self.restarts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._started = 0.0
        self._again_at = 0.0

    @property
    def pid(self) -> int | None:
        """The program's process id, or None while it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start the program."""
        self._process = process.spawn(
            self.program.argv, log=self.log, env=self.program.environment, folder=CHECKOUT
        )
        self._started = time.monotonic()

    def check(self, tell: Callable[[str], None]) -> bool:
        """Start the program again if it has ended and its wait is over; say whether anything changed."""
        now = time.monotonic()
        if self._process is None:
            if now < self._again_at:
                return False
            self.start()
            self.restarts += 1
            return True
        code = self._process.poll()
        if code is None:
            return False
        # What it started may live on and hold its port.
        process.sweep(self._process)
        self._process = None
        self._failures = 1 if now - self._started > SETTLED else self._failures + 1
        wait = WAITS[min(self._failures, len(WAITS)) - 1]
        self._again_at = now + wait
        tell(f"{self.program.name} {how_it_ended(code)}; starting it again in {wait:g} s (see {self.log})")
        return True

    def ask_to_stop(self) -> None:
        """Ask the program to stop, without waiting."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> None:
        """Stop the program and everything it started; after 12 seconds by force."""
        if self._process is not None:
            process.end(self._process, wait=12)
            self._process = None


def how_it_ended(code: int) -> str:
    """Return the words for an exit code, as `subprocess` gives it (below zero: the signal)."""
    return f"was killed (signal {-code})" if code < 0 else f"ended (exit code {code})"
