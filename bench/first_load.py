"""What a phone and a desk download before the first page stands, in gzip bytes of the files they really ask for."""

from functools import partial
from pathlib import Path

from playwright.sync_api import Request, sync_playwright

from bench.browser import a_demo, launched
from bench.report import Measure

DIST = Path(__file__).parents[1] / "pwa/dist"
KB = 1024


def measure() -> list[Measure]:
    """Open today as the person and the list as the nurse, without the service worker, and add up what came."""
    with a_demo() as demo, sync_playwright() as playwright, launched(playwright) as browser:
        found = []
        for who, page_path, username, most in (
            ("person", "/", "demo-person", 60),
            ("staff", "/team", "demo-nurse", 90),
        ):
            context = browser.new_context(base_url=demo.url, service_workers="block")
            demo.sign_in(context, username)
            page = context.new_page()
            asked: set[str] = set()
            page.on("request", partial(_note, asked))
            page.goto(page_path)
            page.locator("h1").first.wait_for()
            page.wait_for_load_state("load")
            page.wait_for_timeout(1_000)
            for kind, budget in (("js", most), ("css", 35)):
                files = sorted(
                    one.rsplit("/", 1)[1] for one in asked if one.endswith(f".{kind}") and "/assets/" in one
                )
                size = sum((DIST / "assets" / f"{one}.gz").stat().st_size for one in files)
                found.append(
                    Measure(f"first load, {who}: {kind}", round(size / KB, 1), "kB gzip", f"<= {budget}",
                            note=", ".join(files))
                )  # fmt: skip
            context.close()
        return found


def _note(asked: set[str], request: Request) -> None:
    asked.add(request.url.split("?")[0])
