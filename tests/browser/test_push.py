"""A push that arrives in a real browser: it shows that there is something and nothing else, and opens the app."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "pwa" / "dist"
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.getRegistration(%r);
  const shown = await registration.getNotifications();
  return shown.map((one) => ({ title: one.title, body: one.body, tag: one.tag }));
}"""


class _Quiet(SimpleHTTPRequestHandler):
    """Serves the built pages; there is no API behind them."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        if self.path.startswith("/team"):
            self.path = "/team.html"
        super().do_GET()


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    """The built pages at an address a browser takes for safe."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(DIST))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def pushed(whole_browser: Browser, pages: str) -> Iterator[Callable[[str, str, str], Page]]:
    """Deliver a push with these bytes to the worker of an audience, as its push service would."""
    context = whole_browser.new_context(base_url=pages, permissions=["notifications"])

    def deliver(audience: str, scope: str, data: str) -> Page:
        page = context.new_page()
        page.goto(scope)
        talk = context.new_cdp_session(page)
        seen: list[dict[str, str]] = []
        talk.on("ServiceWorker.workerRegistrationUpdated", lambda said: seen.extend(said["registrations"]))
        talk.send("ServiceWorker.enable")
        page.evaluate(
            "async ([audience, scope]) => {"
            " await navigator.serviceWorker.register(`/sw.js?audience=${audience}`, { scope });"
            " const found = await navigator.serviceWorker.getRegistration(scope);"
            " while (!found.active) await new Promise((done) => setTimeout(done, 100)); }",
            [audience, scope],
        )
        for _ in range(600):
            if any(one["scopeURL"] == f"{pages}{scope}" for one in seen):
                break
            page.wait_for_timeout(100)
        (registration,) = {one["registrationId"] for one in seen if one["scopeURL"] == f"{pages}{scope}"}
        asked = {"origin": pages, "registrationId": registration, "data": data}
        talk.send("ServiceWorker.deliverPushMessage", asked)
        page.wait_for_function(
            "async (scope) => (await (await navigator.serviceWorker.getRegistration(scope))"
            ".getNotifications()).length > 0",
            arg=scope,
            timeout=60_000,
        )
        return page

    yield deliver
    context.close()


@pytest.mark.parametrize(
    ("audience", "scope", "body"),
    [
        ("person", "/", "There is something for you. Open the app."),
        ("team", "/team/", "Something waits. Open the list."),
    ],
)
def test_a_push_shows_no_word_about_health_whatever_is_inside(
    pushed: Callable[[str, str, str], Page], audience: str, scope: str, body: str
) -> None:
    page = pushed(audience, scope, '{"id": "x", "title": "Oxygen 83%", "body": "Test Person1"}')
    assert page.evaluate(SHOWN % scope) == [
        {"title": "Alongside", "body": body, "tag": f"alongside-{audience}"}
    ]


def test_a_push_with_nothing_readable_inside_still_shows(pushed: Callable[[str, str, str], Page]) -> None:
    page = pushed("person", "/", "\x00 not json")
    assert len(page.evaluate(SHOWN % "/")) == 1
