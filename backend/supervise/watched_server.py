"""Starts a dead database or broker again for as long as it takes, because everything else waits for it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Protocol

from backend.supervise.child import how_it_ended

AGAIN_AFTER = 5.0  # seconds between tries when it does not come up at all, a full disk for one


class Server(Protocol):
    """What PostgreSQL and Mosquitto have in common."""

    @property
    def server(self) -> subprocess.Popen[bytes] | None:
        """The process, None when it does not run or is not ours."""

    def start(self) -> None:
        """Start it; raises RuntimeError."""


class WatchedServer:
    """One server under watch: its name for people and its key in HOME/run.json."""

    def __init__(self, name: str, key: str, server: Server) -> None:
        self.name = name
        self.key = key
        self.restarts = 0
        self._server = server
        self._again_at: float | None = None

    def check(self, tell: Callable[[str], None]) -> bool:
        """Start the server again if it has ended; say whether it was started."""
        if self._again_at is None:
            process = self._server.server
            code = None if process is None else process.poll()
            if code is None:
                return False
            tell(f"{self.name} {how_it_ended(code)}; starting it again")
        elif time.monotonic() < self._again_at:
            return False
        try:
            self._server.start()
        except RuntimeError as trouble:
            self._again_at = time.monotonic() + AGAIN_AFTER
            tell(f"{trouble}\n  trying again in {AGAIN_AFTER:g} s")
            return False
        self._again_at = None
        self.restarts += 1
        return True
