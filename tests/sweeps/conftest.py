"""A demo for each file of sweeps, and a phone for each state, made once: signing in is slow on purpose, and limited."""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import browser_type_launch_args  # noqa: F401 - a fixture is found by its name here
from tests.running import Running, start_demo
from tests.sweeps.phones import Phones


@pytest.fixture(scope="module")
def demo() -> Iterator[Running]:
    """`alongside up --demo --detach` in a home of its own, stopped at the end."""
    home = Path(tempfile.mkdtemp(prefix="alongside-sweeps-"))
    home.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = start_demo(home, port)
    yield running
    running.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def phones(browser: Browser, demo: Running) -> Iterator[Phones]:
    """The phones of a file of sweeps, closed at its end."""
    made = Phones(browser, demo)
    yield made
    made.close()
