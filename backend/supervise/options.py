"""Carries what `alongside up` was asked for from the command line to the supervisor."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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
