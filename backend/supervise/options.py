"""Carries what `alongside up` was asked for from the command line to the supervisor."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Options:
    """What `alongside up` was asked for. ``public_host`` is None while only this machine is served."""

    home: Path
    demo: bool
    port: int | None = None
    public_url: str | None = None
    public_host: str | None = None
    admin_url: str | None = None
    mqtt_url: str | None = None


def host_of(url: str) -> str:
    """The host of an address that people use; raises RuntimeError in words."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise RuntimeError(f"--public-url must look like https://alongside.example, not {url}")
    return parts.hostname
