"""A browser with a folder of its own on the disk, which can be closed, killed in the middle, and opened again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import BrowserContext, Error, Page, Playwright

from backend.supervise.debian import chromium

PHONE = {"width": 390, "height": 844}
ARGS = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
ROOT_NEEDS = ["--no-sandbox"] if os.geteuid() == 0 else []
# A folder there would not be in the list that a click is looked up in; the app's own router takes it from here.
WALK = """address => { const link = document.createElement('a'); link.href = address;
    document.body.append(link); link.click(); link.remove(); }"""


class OwnBrowser:
    """One person's browser: `open`, `close` or `kill`, and again; `profile` is its folder."""

    def __init__(self, playwright: Playwright, url: str, *, timeout_ms: float = 90_000) -> None:
        self.profile = Path(tempfile.mkdtemp(prefix="alongside-profile-"))
        self._playwright, self._url, self._timeout = playwright, url, timeout_ms
        self._context: BrowserContext | None = None

    @property
    def context(self) -> BrowserContext:
        """The open browser."""
        assert self._context is not None, "the browser is closed"
        return self._context

    @property
    def page(self) -> Page:
        """Its one page."""
        return self.context.pages[0]

    def open(self) -> Page:
        """Start it with what its folder holds."""
        self._context = self._playwright.chromium.launch_persistent_context(
            str(self.profile), executable_path=str(chromium().program), args=[*ARGS, *ROOT_NEEDS],
            base_url=self._url, viewport=PHONE, locale="en-GB", timezone_id="Europe/London",  # type: ignore[arg-type]  # playwright's ViewportSize is a TypedDict of the same shape
        )  # fmt: skip
        self._context.set_default_timeout(self._timeout)
        return self.page

    def close(self) -> None:
        """As somebody closes it who has finished."""
        if self._context is not None:
            self._context.close()
        self._context = None

    def kill(self) -> None:
        """SIGKILL of the browser and every process of it: an empty battery."""
        mine = [one for one in psutil.Process().children(recursive=True) if self._is_mine(one)]
        for process in mine:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(mine, timeout=60)
        try:
            self.close()
        except Error:
            self._context = None

    def _is_mine(self, process: psutil.Process) -> bool:
        try:
            line = process.cmdline()
            family = [process, *process.parents()]
            return f"--user-data-dir={self.profile}" in line or any(
                f"--user-data-dir={self.profile}" in one.cmdline() for one in family[1:]
            )
        except psutil.Error:
            return False

    def remove(self) -> None:
        """Close it and delete its folder; a file that the browser still writes is waited for."""
        self.close()
        for _ in range(20):
            shutil.rmtree(self.profile, ignore_errors=True)
            if not self.profile.exists():
                return
            time.sleep(0.1)


def walk(page: Page, address: str) -> None:
    """Go to another page of the app without loading it anew, as a tap on a link does."""
    page.evaluate(WALK, address)
