"""Waits until a page's worker has the whole app, as a test must before it takes the network away."""

import time

from playwright.sync_api import Page

SECONDS = 120


def worker_stands(page: Page) -> None:
    """The worker is installed: the whole app is on this browser."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def worker_answers(page: Page) -> None:
    """The worker answers for this page. Asked again from here: a page of ours lets nothing be evaluated in it."""
    end = time.monotonic() + SECONDS
    while not page.evaluate("navigator.serviceWorker.controller !== null"):
        assert time.monotonic() < end, f"no worker answered for the page in {SECONDS} s"
        page.wait_for_timeout(50)
