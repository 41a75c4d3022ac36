"""A demo system for each file of flows, a phone and a desk in real Chromium, and the spare device."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from backend.core.db import plain_dsn
from backend.supervise.debian import headless_chromium
from backend.supervise.home import Home
from backend.supervise.place import place_of
from tests.flows.by_hand import ByHand
from tests.running import Running, start_demo

# A busy machine draws late; a sentence that never comes is found all the same.
expect.set_options(timeout=60_000)

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


@dataclass
class System:
    """A running demo: what `up` told, since when it runs, and questions to its database."""

    running: Running
    up_at: float

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a question, asked as the owner of the tables."""
        run = Home(self.running.home).read()
        assert run is not None
        url = place_of(self.running.home, run).database("al_migrate")
        with psycopg.connect(plain_dsn(url), autocommit=True) as connection:
            found = connection.execute(question, values)
            return found.fetchall() if found.description else []

    def pid(self, name: str) -> int:
        """The process id of a part now."""
        run = Home(self.running.home).read()
        assert run is not None
        return run.pids[name]

    def close_all(self) -> None:
        """Leave nothing open that a test before raised, so that what comes now makes a card of its own."""
        self.rows("update alert set closed_at = db_now(), outcome = 'no-change' where closed_at is null")

    def spare(self, device_id: str) -> dict[str, Any]:
        """A device of the plan that no stub plays, with its secret and where to connect."""
        plan = json.loads((self.running.home / "fleet.json").read_text())
        (found,) = (one for one in plan["spare"] if one["device_id"] == device_id)
        return {**self.running.told["device"], "id": device_id, "secret": found["secret"]}


# One a file: what a file leaves behind must not decide whether the next passes.
@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """`alongside up --demo --detach --json` in a home of its own; stopped and deleted at the end."""
    home = Path(tempfile.mkdtemp(prefix="alongside-flow-"))
    home.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = start_demo(home, port)
    yield System(running, time.monotonic())
    running.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, never a download; as root it needs --no-sandbox."""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": str(headless_chromium().program), "args": root}


SignedIn = Callable[[str], Page]


@pytest.fixture
def signed_in(browser: Browser, system: System) -> Iterator[SignedIn]:
    """A page signed in as a visitor does it: the link that `up` printed, the password, the button."""
    contexts = []

    def signed(username: str) -> Page:
        account = next(one for one in system.running.told["accounts"] if one["username"] == username)
        is_team = "/team/" in account["link"]
        context = browser.new_context(
            viewport=DESK if is_team else PHONE,  # type: ignore[arg-type]  # playwright's ViewportSize is a TypedDict of the same shape
            base_url=system.running.url,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(account["link"])
        expect(page.get_by_label("Username")).to_have_value(username, timeout=60_000)
        page.get_by_label("Password", exact=True).fill(account["password"])
        if not is_team:
            page.get_by_label("Yes, it is mine").check()
        page.get_by_role("button", name="Sign in").click()
        if not is_team:
            page.get_by_text("Not now", exact=True).click(timeout=60_000)
        expect(page).not_to_have_url(re.compile("sign-in"), timeout=60_000)
        # A reload would lose this, and a test that says "without a reload" asks for it.
        page.evaluate("window.neverReloaded = true")
        return page

    yield signed
    for context in contexts:
        context.close()


@pytest.fixture
def monitor(system: System) -> Iterator[ByHand]:
    """The bound blood pressure monitor that no stub plays."""
    device = ByHand(system.running.told["device"]).connect()
    yield device
    device.close()


def was_not_reloaded(page: Page) -> bool:
    """True when the page is still the one that was opened."""
    return bool(page.evaluate("window.neverReloaded === true"))
