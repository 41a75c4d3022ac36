"""The first thing a page paints needs no script: help is there, and stays where it is when the rest comes."""

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Browser, FloatRect, Page, StorageState, expect

from tests.browser.conftest import PHONE, NewPage
from tests.running import Running

FRAME = (".al-header", ".al-header__name", ".al-help-now")


def boxes(page: Page) -> list[FloatRect | None]:
    """Where the parts of the frame stand, in CSS pixels."""
    return [page.locator(part).bounding_box() for part in FRAME]


def without_script(browser: Browser, demo: Running, address: str) -> tuple[Page, list[FloatRect | None]]:
    """An address in a browser that runs no script; the caller closes the page's context."""
    context = browser.new_context(java_script_enabled=False, base_url=demo.url, viewport=PHONE)  # type: ignore[arg-type]  # playwright's ViewportSize is a TypedDict of the same shape
    page = context.new_page()
    page.goto(address)
    return page, boxes(page)


def test_the_way_to_help_stands_without_javascript(browser: Browser, demo: Running) -> None:
    """On whatever address, and the words beside it say whom to call."""
    for address in ("/", "/help", "/readings"):
        page, _ = without_script(browser, demo, address)
        try:
            help_now = page.get_by_role("link", name="Help now")
            expect(help_now).to_be_visible()
            expect(help_now).to_have_attribute("href", "/help")
            assert "call 999 in an emergency" in page.locator("noscript").inner_text()
        finally:
            page.context.close()


def test_the_frame_stays_where_it_is_when_the_page_is_drawn_over_it(
    browser: Browser, demo: Running, open_page: NewPage
) -> None:
    """Signed in and not; letters that somebody made large are large before anything is drawn."""
    for username, address, stands in (("demo-person", "/", ".al-tile"), (None, "/sign-in", "form")):
        bare, before = without_script(browser, demo, address)
        bare.context.close()
        page = open_page(address, username)
        page.locator(stands).first.wait_for(timeout=60_000)
        assert boxes(page) == before
        page.evaluate("localStorage.setItem('alongside.text-size', '200')")
        page.reload()
        page.locator(stands).first.wait_for(timeout=60_000)
        assert page.evaluate("document.documentElement.style.fontSize") == "200%"


def test_a_first_visit_asks_once_for_each_thing_and_before_the_app_is_here(
    browser: Browser, demo: Running, signed_in: Callable[[str], StorageState]
) -> None:
    context = browser.new_context(
        base_url=demo.url, viewport=PHONE, service_workers="block", storage_state=signed_in("demo-person")  # type: ignore[arg-type]  # playwright's ViewportSize is a TypedDict of the same shape
    )  # fmt: skip
    try:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(urlsplit(request.url).path))
        # Before the live line, which asks again for what the page shows.
        page.route("**/api/v1/stream**", lambda route: route.abort())
        page.goto("/")
        page.locator(".al-tile").first.wait_for(timeout=60_000)
        first = [path for path in asked if path.endswith(("/session", "/home"))]
        assert first == ["/api/v1/session", "/api/v1/home"]
        app = next(at for at, path in enumerate(asked) if path.startswith("/assets/today-"))
        assert asked.index("/api/v1/home") < app
    finally:
        context.close()
