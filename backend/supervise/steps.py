"""Tells whoever waits what is being done and how long it took, on the error stream, so output stays clean."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(words: str) -> Iterator[None]:
    """Show ``words`` while the block runs, then the seconds it took (or that it failed)."""
    began = time.monotonic()
    live = sys.stderr.isatty()
    if live:
        _write(f"  … {words}")
    try:
        yield
    except BaseException:
        _write(f"{_again(live)}  ✗ {words}\n")
        raise
    _write(f"{_again(live)}  ✓ {words} ({time.monotonic() - began:.1f} s)\n")


def say(words: str) -> None:
    """Show one line."""
    _write(f"  {words}\n")


def _again(live: bool) -> str:
    return "\r\033[K" if live else ""


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
