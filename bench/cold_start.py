"""How long a person waits for their page when the phone is offline and the browser was closed, on a slow processor."""

import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from backend.supervise.debian import chromium
from bench.browser import QUIET, ROOT_NEEDS, a_demo
from bench.report import Measure
from tests.running import Running

RUNS = 9
SLOWER = 4
# The page's own clock when the newest values stand on it.
SHOWN = """() => new Promise((done) => {
  const look = () =>
    document.querySelector('.al-tile') ? done(Math.round(performance.now())) : requestAnimationFrame(look);
  look();
})"""


def measure() -> list[Measure]:
    """Sign in once, close the browser, then open it RUNS times without a network, each time a new process."""
    profile = Path(tempfile.mkdtemp(prefix="alongside-cold-"))
    try:
        with a_demo() as demo, sync_playwright() as playwright:
            _first(playwright, demo, profile)
            took = [_again(playwright, demo, profile) for _ in range(RUNS)]
    finally:
        shutil.rmtree(profile, ignore_errors=True)
    return [
        Measure(
            f"cold offline start, processor {SLOWER}x slower: median of {RUNS}",
            statistics.median(took) / 1000, "s", "<= 1", [one / 1000 for one in took],
            f"worst {max(took) / 1000} s",
        )
    ]  # fmt: skip


def _first(playwright: Playwright, demo: Running, profile: Path) -> None:
    context = playwright.chromium.launch_persistent_context(
        str(profile), executable_path=str(chromium().program), args=[*QUIET, *ROOT_NEEDS], base_url=demo.url
    )
    demo.sign_in(context, "demo-person")
    page = context.new_page()
    page.goto("/")
    page.locator(".al-tile").first.wait_for(timeout=60_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.locator(".al-tile").first.wait_for(timeout=60_000)
    page.wait_for_timeout(3_000)
    context.close()


def _again(playwright: Playwright, demo: Running, profile: Path) -> float:
    context = playwright.chromium.launch_persistent_context(
        str(profile), executable_path=str(chromium().program), args=[*QUIET, *ROOT_NEEDS], base_url=demo.url
    )
    try:
        context.set_offline(True)
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto("/")
        return float(page.evaluate(SHOWN))
    finally:
        context.close()
