"""Keeps every secret made at set-up in one private file, so that a restart finds the same passwords."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from backend.supervise.files import write_private


class Keyring:
    """The passwords of one home, in HOME/secrets.json (mode 0600)."""

    def __init__(self, home: Path) -> None:
        self._file = home / "secrets.json"

    def get(self, name: str) -> str:
        """Return the secret called ``name``, made now (32 random bytes, URL-safe) when it is new."""
        kept = self._read()
        if name not in kept:
            kept[name] = secrets.token_urlsafe(32)
            write_private(self._file, json.dumps(kept, indent=1))
        return kept[name]

    def _read(self) -> dict[str, str]:
        if not self._file.exists():
            return {}
        # A copied home may arrive readable by others: close it before anything uses it.
        os.chmod(self._file, 0o600)
        kept: dict[str, str] = json.loads(self._file.read_text())
        return kept
