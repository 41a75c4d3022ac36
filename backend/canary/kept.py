"""Private files beside the data: whole or not at all, and readable by their owner alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def write_private(path: Path, said: object) -> None:
    """Replace `path` whole with the JSON of `said`, readable by its owner alone from the first byte."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(said, out, indent=1)
        out.write("\n")
    os.replace(beside, path)


def read(path: Path) -> dict[str, Any]:
    """The JSON object in `path`; empty when there is none."""
    if not path.exists():
        return {}
    said = json.loads(path.read_text(encoding="utf-8"))
    return said if isinstance(said, dict) else {}
