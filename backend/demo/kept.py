"""The demo's private files: passwords and device secrets that must be the same at every start."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any, Final

# Short, different at first sight, easy to type on a phone.
_WORDS: Final = """
amber anchor apple autumn basket beacon bridge bright butter candle castle cherry circle cloud copper coral
cotton dinner echo engine feather fiddle forest garden gentle ginger golden harvest helmet honey island jacket
kettle ladder lantern lemon letter marble market meadow melon mirror morning mountain needle ocean orange
orchard paper pebble pencil pepper pillow planet pocket purple rabbit ribbon river saddle salmon sailor silver
singer spring summer sunset table ticket timber tulip tunnel velvet violet walnut water window winter yellow
zebra
"""


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


def new_password() -> str:
    """Three words and two digits: some 25 bits, for a demo that only answers on this machine."""
    listed = _WORDS.split()
    words = [secrets.choice(listed) for _ in range(3)]
    return f"{'-'.join(words)}-{secrets.randbelow(90) + 10}"
