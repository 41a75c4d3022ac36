"""Every screen that the build lists, and how to bring each into a state: full, offline, or before a fault."""

import json
import re
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.browser.addresses import a_check_in, a_colleague, a_draft, a_readings_custody, an_alert
from tests.browser.conftest import NewPage
from tests.running import Running

LISTED = json.loads((Path(__file__).parents[2] / "pwa/dist/routes.json").read_text())
# What the screens themselves give as an example of an address with parts.
EXAMPLES = {one["address"]: one["example"] for side in LISTED.values() for one in side if one["example"]}
SIGNED_OUT = [one["address"] for side in LISTED.values() for one in side if one["open"]]
SIGNED_IN = [one["address"] for side in LISTED.values() for one in side if not one["open"]]
TEAMS = [one for one in SIGNED_IN if one.startswith("/team")]
STATES = ["full", "offline", "fault"]


def somebody(address: str) -> str:
    """Who looks at an address: the carer chooses people, the nurse the team's pages."""
    if address.startswith("/team/staff") or address in ("/team/reach/:id", "/team/practice-days"):
        return "demo-admin"
    if address == "/team/suggestions":
        return "demo-clinician"
    if address.startswith("/team/inbox"):
        return "demo-practice"
    if address.startswith("/team"):
        return "demo-nurse"
    return "demo-carer" if address == "/people" else "demo-person"


def path_of(address: str, demo: Running) -> str:
    """An address with its parts filled in."""
    if address == "/team/thread/:patient/:kind":
        return f"/team/thread/{demo.patient('demo-person')}/team"
    if address.startswith("/team/alert/:id"):
        return address.replace(":id", an_alert(demo))
    if address == "/team/person/:id/custody":
        return a_readings_custody(demo)
    if address.startswith("/team/person/:id"):
        at = address.replace(":id", demo.patient("demo-person")).replace(":section", "red")
        return at.replace(":response", a_check_in(demo)) if ":response" in at else at
    if address.startswith("/team/kit/:id"):
        return address.replace(":id", pendant(demo))
    if address.startswith("/team/join"):
        return address.replace(":id", a_draft(demo)).replace(":step", "contacts")
    if address.startswith("/team/care"):
        return address.replace(":id", demo.patient("demo-person")).replace(":act", "ending")
    if address in ("/team/staff/:id", "/team/reach/:id"):
        return address.replace(":id", a_colleague(demo))
    return str(EXAMPLES.get(address, address))


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
    expect(page.locator("h1").first).to_be_visible(timeout=60_000)
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
                "/api/v1/(patients|alerts|handovers|worklist|quarantine|kit|joinings|caseload|rota|staff|stream|threads|plans|suggestions|organizations|questionnaires)"
            ),
            broken,
        )
        page.reload()
        settled(page)
    return page
