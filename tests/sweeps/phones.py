"""The phones that the sweeps go through the screens on: one for each state, each with what the state needs on it."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

from playwright.sync_api import Browser, Error, Page, Route, expect

from tests.browser.conftest import PHONE
from tests.browser.states import LISTED, path_of, somebody
from tests.offline import worker_answers, worker_stands
from tests.running import Running

SCREENS = [one["address"] for one in LISTED["person"]]
OPEN = [one["address"] for one in LISTED["person"] if one["open"]]
SLOW = 90_000
# Dressed as words nobody speaks: half as long again, and from right to left.
MADE_UP = {"en-XA": "ltr", "ar-XB": "rtl"}
# Whoever stands in the place of the person herself.
WHO = {"calm": "demo-person-2", "helping": "demo-carer"}

QUIET = """() => new Promise(done => {
  let later; const end = () => { seen.disconnect(); done(); };
  const seen = new MutationObserver(() => { clearTimeout(later); later = setTimeout(end, 200); });
  seen.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  later = setTimeout(end, 200); setTimeout(end, 4000); })"""


@dataclass
class Phones:
    """`phones.at("/plan", "full")`: the page of that state's phone, standing at that screen."""

    browser: Browser
    demo: Running
    told: set[str] = field(default_factory=set)
    _kept: dict[tuple[str, str | None], Page] = field(default_factory=dict)

    def at(self, address: str, state: str) -> Page:
        """The screen on the phone of a state, drawn whole, at the size of a phone."""
        page = self._phone(state, address)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict of the same shape
        if state == "fault":
            page.route(re.compile("/api/v1/(patients|questionnaires)"), _broken)
        page.goto(path_of(address, self.demo))
        stands(page)
        return page

    def close(self) -> None:
        """Close every browser context."""
        for page in self._kept.values():
            page.unroute_all(behavior="ignoreErrors")
            page.context.close()

    def _phone(self, state: str, address: str) -> Page:
        who = None if state == "signed-out" else WHO.get(state, somebody(address))
        if (state, who) not in self._kept:
            self._kept[state, who] = self._made(state, who)
        return self._kept[state, who]

    def _made(self, state: str, who: str | None) -> Page:
        is_read = state == "ar-XB"
        context = self.browser.new_context(
            viewport=PHONE,  # type: ignore[arg-type]  # a TypedDict of the same shape
            base_url=self.demo.url,
            locale="en-GB",
            timezone_id="Europe/London",
            # What the service says is read on the way here, past no worker.
            service_workers="block" if is_read else "allow",
        )
        if who is not None:
            self.demo.sign_in(context, who)
        page = context.new_page()
        page.set_default_timeout(SLOW)
        if is_read:
            page.route(re.compile("/api/v1/(?!stream)"), self._read)
        page.goto("/help")
        stands(page)
        if state in MADE_UP:
            page.evaluate("code => localStorage.setItem('alongside.language', code)", state)
        if state == "full" and who == "demo-person":
            goes_red(page, self.demo)
        if state == "unsent":
            away_with_two_waiting(page, who == "demo-person")
        return page

    def _read(self, route: Route) -> None:
        headers = {name: said for name, said in route.request.headers.items() if name != "if-none-match"}
        # The page may have been left meanwhile, and its question with it.
        with suppress(Error):
            answer = route.fetch(headers=headers)
            self.told.add(json.dumps(json.loads(answer.text() or "null"), ensure_ascii=False))
            route.fulfill(response=answer)


def _broken(route: Route) -> None:
    route.fulfill(status=500, content_type="text/html", body="<h1>bad gateway</h1>")


def stands(page: Page) -> None:
    """Wait until the screen is drawn: its heading is there and nothing has changed for a moment."""
    expect(page.locator("h1").first).to_be_visible(timeout=SLOW)
    page.evaluate(QUIET)


def goes_red(page: Page, demo: Running) -> None:
    """A blood pressure over the person's own limit, taken by hand, and its advice on Today."""
    said = page.context.request.get("/api/v1/session").json()
    answer = page.context.request.post(
        f"/api/v1/patients/{said['patients'][0]['id']}/readings",
        data={
            "kind": "blood-pressure",
            "values": {"systolic": "187", "diastolic": "118"},
            "effective_at": page.evaluate("new Date().toISOString()"),
            "oxygen_litres": None,
            "repeated": True,
            "symptoms": True,
        },
        headers={"Origin": demo.url, "X-CSRF-Token": said["csrf"], "Idempotency-Key": str(uuid4())},
    )
    assert answer.ok, answer.text()
    page.goto("/")
    expect(page.locator(".al-advice--urgent")).to_be_visible(timeout=SLOW)


def away_with_two_waiting(page: Page, is_hers: bool) -> None:
    """Without a network, all pages kept; on the person's own phone a high blood pressure and a worry wait."""
    page.goto("/")
    stands(page)
    worker_stands(page)
    page.reload()
    worker_answers(page)
    stands(page)
    page.wait_for_timeout(1_500)
    page.context.set_offline(True)
    if not is_hers:
        return
    page.goto("/take/blood-pressure")
    page.get_by_role("link", name="Type it in myself").click()
    for value in ("187", "118"):
        page.get_by_role("textbox").fill(value)
        page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("button", name="This number is right", exact=True).click()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Nobody has been told yet").first).to_be_visible()
    page.goto("/worried")
    page.get_by_role("button", name="Tell my team I'm worried").click()
    # Said to be kept: a page left before that would take the tap with it.
    expect(page.get_by_role("button", name="I did not mean to")).to_be_visible()
    page.goto("/not-sent")
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(2)
