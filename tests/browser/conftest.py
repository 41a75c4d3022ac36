"""One whole demo system for all browser tests of a worker: real processes, real broker, real Chromium."""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, StorageState, expect

from backend.supervise.debian import chromium, headless_chromium
from tests.running import Running, start_demo

# A busy machine draws late; a sentence that never comes is found all the same.
expect.set_options(timeout=60_000)

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def demo() -> Iterator[Running]:
    """`alongside up --demo --detach` in a home of its own, stopped at the end."""
    home = Path(tempfile.mkdtemp(prefix="alongside-browser-"))
    home.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = start_demo(home, port)
    yield running
    running.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, never a download; as root it needs --no-sandbox."""
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    found = headless_chromium()
    return {**browser_type_launch_args, "executable_path": str(found.program), "args": [*quiet, *root]}


@pytest.fixture(scope="module")
def whole_browser(browser_type: BrowserType, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """The Chromium that people have: the one without windows of its own knows no notification."""
    opened = browser_type.launch(**browser_type_launch_args | {"executable_path": str(chromium().program)})
    yield opened
    opened.close()


NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def signed_in(browser: Browser, demo: Running) -> Callable[[str], StorageState]:
    """The cookies of somebody signed in once; signing in is slow on purpose, and limited."""
    kept: dict[str, StorageState] = {}

    def cookies_of(username: str) -> StorageState:
        if username not in kept:
            context = browser.new_context()
            demo.sign_in(context, username)
            kept[username] = context.storage_state()
            context.close()
        return kept[username]

    return cookies_of


@pytest.fixture
def open_page(browser: Browser, demo: Running, signed_in: Callable[[str], StorageState]) -> Iterator[NewPage]:
    """Open an address as somebody: `open_page("/", "demo-person", width=390)`; None stays signed out."""
    contexts: list[BrowserContext] = []

    def opened(path: str, username: str | None, size: dict[str, int] | None = None) -> Page:
        wide = size or PHONE
        context = browser.new_context(
            viewport={"width": wide["width"], "height": wide["height"]},
            base_url=demo.url,
            locale="en-GB",
            timezone_id="Europe/London",
            storage_state=signed_in(username) if username is not None else None,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
