"""A demo of its own and Debian's Chromium, for the measures that are taken in a browser."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from backend.supervise.debian import chromium
from tests.running import Running, start_demo

ROOT_NEEDS = ["--no-sandbox"] if os.geteuid() == 0 else []
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


@contextmanager
def a_demo() -> Iterator[Running]:
    """`alongside up --demo --detach` in a home of its own, stopped at the end."""
    home = Path(tempfile.mkdtemp(prefix="alongside-bench-"))
    home.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    running = start_demo(home, port)
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def launched(playwright: Playwright) -> Iterator[Browser]:
    """A browser, closed at the end."""
    browser = playwright.chromium.launch(executable_path=str(chromium().program), args=[*QUIET, *ROOT_NEEDS])
    try:
        yield browser
    finally:
        browser.close()
