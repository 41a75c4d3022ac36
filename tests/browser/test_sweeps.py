"""Every screen in every state, swept for what a person with poor sight, shaky hands or a small phone would meet."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import sweep
from tests.browser.addresses import a_colleague, a_draft, a_readings_custody, an_alert
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.running import Running

LISTED = json.loads((Path(__file__).parents[2] / "pwa/dist/routes.json").read_text())
EXAMPLES = {
    "/readings/:kind": "/readings/blood-pressure",
    "/take/:kind": "/take/spo2",
    "/team/kit-recall": "/team/kit-recall?model=alongside-ox1",
}
SIGNED_OUT = [one["address"] for side in LISTED.values() for one in side if one["open"]]
SIGNED_IN = [one["address"] for side in LISTED.values() for one in side if not one["open"]]
STATES = ["full", "offline", "fault"]
# Screens that are held in a hand in somebody's home, with large letters or on the smallest phone.
HELD = [one for one in SIGNED_IN if not one.startswith("/team") or one.startswith("/team/kit")]


def somebody(address: str) -> str:
    """Who looks at an address: the carer chooses people, the nurse the team's pages."""
    if address.startswith("/team/staff") or address == "/team/reach/:id":
        return "demo-admin"
    if address.startswith("/team"):
        return "demo-nurse"
    return "demo-carer" if address == "/people" else "demo-person"


def path_of(address: str, demo: Running) -> str:
    """An address with its parts filled in."""
    if address == "/team/person/:id":
        return f"/team/person/{demo.patient('demo-person')}"
    if address.startswith("/team/alert/:id"):
        return address.replace(":id", an_alert(demo))
    if address == "/team/person/:id/custody":
        return a_readings_custody(demo)
    if address.startswith("/team/kit/:id"):
        return address.replace(":id", pendant(demo))
    if address.startswith("/team/join"):
        return address.replace(":id", a_draft(demo)).replace(":step", "contacts")
    if address.startswith("/team/care"):
        return address.replace(":id", demo.patient("demo-person")).replace(":act", "ending")
    if address in ("/team/staff/:id", "/team/reach/:id"):
        return address.replace(":id", a_colleague(demo))
    return EXAMPLES.get(address, address)


_PENDANT: dict[str, str] = {}


def pendant(demo: Running) -> str:
    """The public id of a pendant that somebody wears; asked once, because signing in is limited."""
    if demo.url not in _PENDANT:
        _PENDANT[demo.url] = demo.kit("demo-pendant-004")
    return _PENDANT[demo.url]


def least(address: str) -> int:
    """How small a control may be, in CSS pixels either way: kit is used standing in somebody's home."""
    if address.startswith("/team/kit"):
        return 44
    return 24 if address.startswith("/team") else 48


def settled(page: Page) -> None:
    """Wait until the screen stands: its heading is there and nothing is being opened."""
    expect(page.locator("h1").first).to_be_visible(timeout=15_000)
    page.wait_for_timeout(500)


def in_state(open_page: NewPage, demo: Running, address: str, state: str, size: dict[str, int]) -> Page:
    """The screen at `address`, in one of STATES."""
    path = path_of(address, demo)
    page = open_page(path, somebody(address), size)
    settled(page)
    if state == "offline":
        page.wait_for_function("navigator.serviceWorker.ready.then(r => !!r.active)")
        page.reload()
        settled(page)
        page.context.set_offline(True)
        page.reload()
        settled(page)
    if state == "fault":

        def broken(route: Route) -> None:
            route.fulfill(status=500, content_type="text/html", body="<h1>bad gateway</h1>")

        page.route(
            re.compile(
                "/api/v1/(patients|alerts|handovers|worklist|quarantine|kit|joinings|caseload|rota|staff|stream)"
            ),
            broken,
        )
        page.reload()
        settled(page)
    return page


def swept(page: Page, least: int) -> list[object]:
    """Everything wrong with the page as it stands."""
    return [
        *sweep.axe(page),
        *sweep.small_targets(page, least),
        *sweep.overflows(page),
        *sweep.wrong_digits(page),
    ]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("address", SIGNED_IN)
def test_every_screen_is_clean_on_a_phone(
    open_page: NewPage, demo: Running, address: str, state: str
) -> None:
    page = in_state(open_page, demo, address, state, PHONE)
    assert swept(page, least(address)) == []


@pytest.mark.parametrize("address", [a for a in SIGNED_IN if a.startswith("/team")])
def test_every_team_screen_is_clean_on_a_desktop(open_page: NewPage, demo: Running, address: str) -> None:
    assert swept(in_state(open_page, demo, address, "full", DESKTOP), least(address)) == []


@pytest.mark.parametrize("address", SIGNED_OUT)
def test_every_open_screen_is_clean_before_signing_in(open_page: NewPage, address: str) -> None:
    page = open_page(address, None, PHONE)
    settled(page)
    assert swept(page, 48 if not address.startswith("/team") else 24) == []


@pytest.mark.parametrize("address", ["/sign-in", "/team/sign-in"])
def test_a_wrong_password_says_so_at_the_top_and_in_the_title(open_page: NewPage, address: str) -> None:
    page = open_page(address, None, PHONE)
    settled(page)
    page.get_by_label("Username").fill("demo-person")
    page.get_by_label("Password", exact=True).fill("not-the-password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("The username or the password is not right").first).to_be_visible()
    expect(page).to_have_title(re.compile("^Error: "))
    assert swept(page, 24 if address.startswith("/team") else 48) == []


@pytest.mark.parametrize("width", [320, 195])
@pytest.mark.parametrize("address", HELD)
def test_nothing_is_cut_off_on_a_narrow_phone(
    open_page: NewPage, demo: Running, address: str, width: int
) -> None:
    page = in_state(open_page, demo, address, "full", {"width": width, "height": 640})
    assert sweep.overflows(page) == []


@pytest.mark.parametrize("address", HELD)
def test_text_at_twice_its_size_is_not_cut_off(open_page: NewPage, demo: Running, address: str) -> None:
    page = in_state(open_page, demo, address, "full", PHONE)
    page.evaluate("document.documentElement.classList.add('swept'), "
                  "document.adoptedStyleSheets = [Object.assign(new CSSStyleSheet())], "
                  "document.adoptedStyleSheets[0].replaceSync('html{font-size:200% !important}')")  # fmt: skip
    page.wait_for_timeout(200)
    assert sweep.overflows(page) == []


@pytest.mark.parametrize("address", SIGNED_IN)
def test_every_control_is_reached_by_tab_and_its_focus_is_seen(
    open_page: NewPage, demo: Running, address: str
) -> None:
    page = in_state(open_page, demo, address, "full", DESKTOP if address.startswith("/team") else PHONE)
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button:not([disabled]), input, select, summary')]"
        ".filter(e => e.getClientRects().length && e.tabIndex >= 0"
        " && !(e.type === 'radio' && !e.checked)).length"
    )
    reached: set[str] = set()
    # A field of date and time has a stop for each of its parts.
    parts = 8 * page.locator("input[type=datetime-local]").count()
    for _ in range(wanted + parts + 5):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "(() => { const e = document.activeElement; if (!e || e === document.body) return null;"
            " const s = getComputedStyle(e);"
            " if (!e.dataset.swept) e.dataset.swept = String(Math.random());"
            " return [e.dataset.swept, s.outlineStyle !== 'none' || s.boxShadow !== 'none',"
            " e.outerHTML.slice(0, 120)]; })()"
        )
        if seen is not None:
            assert seen[1], f"focus is not seen on {seen[2]}"
            reached.add(seen[0])
    assert len(reached) >= wanted
