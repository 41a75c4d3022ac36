"""Where the broker is, looked up once for all devices of a process and not once for each."""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

Address: TypeAlias = tuple[str, int]
LOOK_UP_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is. `protocol` is 5, or 4 for MQTT 3.1.1; without `ca_file` the line is plain."""

    host: str
    port: int
    ca_file: Path | None = None
    protocol: int = 5

    def tls(self) -> ssl.SSLContext | None:
        """A context that trusts only `ca_file`, TLS 1.2 or newer; None for a plain line."""
        if self.ca_file is None:
            return None
        context = ssl.create_default_context(cafile=str(self.ca_file))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def address(self, tries: int = 0) -> tuple[int, Address]:
        """Family and address to connect to: after each failure the next one the name has. Raises OSError."""
        found = _addresses(self.host, self.port, int(time.monotonic() // LOOK_UP_S))
        return found[tries % len(found)]


@lru_cache(maxsize=8)
def _addresses(host: str, port: int, _when: int) -> list[tuple[int, Address]]:
    """What the name means now; IPv4 first, because that is where a home's own broker listens."""
    listed = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = [(int(family), (str(where[0]), int(where[1]))) for family, _, _, _, where in listed]
    return sorted(set(found))
