"""The demo's private files: passwords and device secrets that must be the same at every start."""

from __future__ import annotations

import secrets
from typing import Final

from backend.canary.kept import read, write_private

__all__ = ["new_password", "read", "write_private"]

# Short, different at first sight, easy to type on a phone.
_WORDS: Final = """
amber anchor apple autumn basket beacon bridge bright butter candle castle cherry circle cloud copper coral
cotton dinner echo engine feather fiddle forest garden gentle ginger golden harvest helmet honey island jacket
kettle ladder lantern lemon letter marble market meadow melon mirror morning mountain needle ocean orange
orchard paper pebble pencil pepper pillow planet pocket purple rabbit ribbon river saddle salmon sailor silver
singer spring summer sunset table ticket timber tulip tunnel velvet violet walnut water window winter yellow
zebra
"""


def new_password() -> str:
    """Three words and two digits: some 25 bits, for a demo that only answers on this machine."""
    listed = _WORDS.split()
    words = [secrets.choice(listed) for _ in range(3)]
    return f"{'-'.join(words)}-{secrets.randbelow(90) + 10}"
