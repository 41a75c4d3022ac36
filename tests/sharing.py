"""Deals tests out to processes by file, and a folder that shares one whole running system to one process."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# A second whole system beside the first would slow both on a small machine, so these folders stay together.
WHOLE = ("tests/browser/", "tests/chaos/")


def shared_by(nodeid: str) -> str:
    """Return what a test shares its process with: its folder if that is in WHOLE, else its file."""
    return next((folder for folder in WHOLE if nodeid.startswith(folder)), nodeid.split("::", 1)[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Replace `--dist loadfile` by ours, since pytest 9.2 and xdist 3.8 do not agree on `xdist_group`."""
    if config.getvalue("dist") != "loadfile":
        return None
    dealt = LoadScopeScheduling(config, log)
    dealt._split_scope = shared_by
    return dealt
