"""Remembers which port each part listens on, so that a device's settings stay true over a restart."""

from __future__ import annotations

import json
import secrets
import socket
from pathlib import Path

from backend.supervise.files import write_private

OWN_RANGE = range(15_000, 32_000)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Say whether a server could listen on this port of this address now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Servers set this too: a port in TIME_WAIT from the last run is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(port: int, host: str = "127.0.0.1", timeout: float = 0.5) -> bool:
    """Say whether something accepts a TCP connection there."""
    try:
        with socket.create_connection((host, port), timeout=timeout):
            return True
    except OSError:
        return False


def any_free() -> int:
    """Return a port nobody listens on now, below the range the kernel gives to outgoing connections.

    Within that range a client that retries a dead server's port can be given that very port and hold it.
    """
    for _ in range(200):
        port = secrets.choice(OWN_RANGE)
        if is_free(port):
            return port
    raise RuntimeError("no free port could be found")


class Ports:
    """The ports of one home, kept in HOME/ports.json."""

    def __init__(self, home: Path) -> None:
        self._file = home / "ports.json"

    def choose(self, name: str, prefer: int | None = None) -> int:
        """Return the remembered port of ``name``, else ``prefer``, else any free one; and remember it.

        A port somebody else took meanwhile is given up, since waiting for it would stop the whole start.
        """
        kept: dict[str, int] = json.loads(self._file.read_text()) if self._file.exists() else {}
        taken = {port for other, port in kept.items() if other != name}
        for port in (kept.get(name), prefer):
            if port is not None and port not in taken and is_free(port):
                break
        else:
            port = any_free()
        kept[name] = port
        write_private(self._file, json.dumps(kept, indent=1), mode=0o644)
        return port
