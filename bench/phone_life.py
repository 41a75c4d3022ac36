"""One phone in a real browser: what somebody does on it through its screens, and what can go wrong on its way."""

from __future__ import annotations

import contextlib
import json
import re
from typing import Literal

from playwright.sync_api import Error, Page, Playwright, Route

from tests.journeys.own_browser import OwnBrowser, walk
from tests.running import Running

Kind = Literal["own", "shared"]
Fault = Literal["lost-reply", "500", "503", "429", "portal", "hang"]
PATIENCE_MS = 30_000
IN, OUT = "nav[aria-label='Main pages']", "#username"
# On a page that is open to everybody: the way to the form.
# A change that met another, where its own form would be.
UNDECIDED = "main .al-waits__link"
ASKED = "main a.al-button:text-is('Sign in')"
LOCK_OFFER = "Not now"
# What is sent of what was saved; everything else is left alone.
SENT = re.compile(r"/api/v1/(patients/|outbox/sealed)")
PROBLEM = {"type": "about:blank", "title": "A fault", "detail": "A fault made for this test.", "code": "fault",
           "kind": "unavailable"}  # fmt: skip


class Phone:
    """`save_…` through the screens; `faults` are what the next commands meet, one each; `offline` and `kill`."""

    def __init__(self, playwright: Playwright, running: Running, kind: Kind, username: str) -> None:
        self.kind, self.faults, self.is_offline = kind, list[Fault](), False
        self._account = next(one for one in running.told["accounts"] if one["username"] == username)
        self._browser = OwnBrowser(playwright, running.url, timeout_ms=PATIENCE_MS)
        self._hanging: list[Route] = []
        # What stood on the page when its author chose what stays.
        self.decided = ""
        self.is_open = False

    @property
    def page(self) -> Page:
        """The one page of its browser, opened when it is closed."""
        if not self.is_open:
            page = self._browser.open()
            self._browser.context.route("**/api/v1/**", self._meet)
            self._browser.context.set_offline(self.is_offline)
            self.is_open = True
            self._start(page)
        return self._browser.page

    def _start(self, page: Page) -> None:
        try:
            page.goto("/")
        except Error:
            # It died before the app was kept on it: nothing opens until there is a network again.
            self.offline(False)
            page.goto("/")
        page.locator(f"{IN}, {OUT}").first.wait_for()

    def _meet(self, route: Route) -> None:
        request = route.request
        # A browser that is killed meanwhile answers with an error of its own.
        with contextlib.suppress(Error):
            if self.is_offline:
                route.abort("internetdisconnected")
            elif request.method == "GET" or not SENT.search(request.url) or not self.faults:
                route.continue_()
            else:
                self._fail(route, self.faults.pop(0))

    def _fail(self, route: Route, fault: Fault) -> None:
        if fault == "lost-reply":
            route.fetch()
            route.abort("connectionreset")
        elif fault == "portal":
            route.fulfill(status=200, content_type="text/html", body="<h1>Welcome to our wifi</h1>")
        elif fault == "hang":
            self._hanging.append(route)
        else:
            wait = {} if fault == "500" else {"Retry-After": "1"}
            headers = {"Content-Type": "application/problem+json", **wait}
            body = json.dumps(PROBLEM | {"status": int(fault)})
            route.fulfill(status=int(fault), headers=headers, body=body)

    def offline(self, is_offline: bool) -> None:
        """Without a network, or with it again."""
        self.is_offline = is_offline
        if self.is_open:
            self._browser.context.set_offline(is_offline)

    def kill(self) -> None:
        """The battery is empty."""
        self.is_open = False
        self._browser.kill()
        for route in self._hanging:
            with contextlib.suppress(Error):
                route.abort()
        self._hanging.clear()

    def close(self) -> None:
        """The browser is closed by hand."""
        self.is_open = False
        self._browser.close()

    def remove(self) -> None:
        """The phone is thrown away."""
        self.is_open = False
        self._browser.remove()

    def is_signed_out(self) -> bool:
        """Whether it asks who somebody is."""
        self.page.locator(f"{IN}, {OUT}, {ASKED}").first.wait_for()
        if self.page.locator(ASKED).is_visible():
            self.page.locator(ASKED).click()
            self.page.locator(f"{IN}, {OUT}").first.wait_for()
        return self.page.locator(OUT).is_visible()

    def sign_in(self) -> None:
        """By name and password, as somebody does who is asked; with a network, which that needs, and patience."""
        self.offline(False)
        page = self.page
        page.locator("#username").fill(self._account["username"])
        page.locator("#password").fill(self._account["password"])
        page.locator(f"#phone-{self.kind}").check()
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.locator(IN).or_(page.get_by_role("link", name=LOCK_OFFER)).first.wait_for()
        offer = page.get_by_role("link", name=LOCK_OFFER)
        if offer.is_visible():
            offer.click()
        page.locator(IN).wait_for()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def be_in(self) -> None:
        """Signed in, whatever it takes."""
        if self.is_signed_out():
            self.sign_in()

    def _last_tap(self, name: str, then: str | None) -> None:
        """`then`: the address that says it is saved; None: whoever taps does not see any more what comes of it."""
        button = self.page.get_by_role("button", name=name, exact=True)
        if then is None:
            button.click(no_wait_after=True)
        else:
            button.click()
            self.page.wait_for_url(then)

    def _write(self, address: str, field: str, words: str) -> bool:
        """False where the page has nothing to write on.

        A shared phone kept nothing and there is no network, or this text met another and waits for a decision.
        """
        for _ in range(3):
            walk(self.page, address)
            form = self.page.locator(field).first
            try:
                form.or_(self.page.locator(f"{OUT}, {UNDECIDED}")).first.wait_for(
                    timeout=3_000 if self.is_offline else PATIENCE_MS
                )
            except Error:
                if not self.is_offline:
                    raise
                return False
            if form.is_visible():
                form.fill(words)
                return True
            if self.page.locator(UNDECIDED).first.is_visible():
                return False
            # Opened from what was kept, and only then told that the session is over.
            self.sign_in()
        return False

    def save_message(self, words: str, *, unseen: bool = False) -> bool:
        """Write to the team; False where nobody could."""
        if not self._write("/messages/team/write", "#words", words):
            return False
        self._last_tap("Send", None if unseen else "**/messages/team")
        return True

    def save_reading(self, systolic: int, diastolic: int, *, unseen: bool = False) -> None:
        """Type a blood pressure in, page by page."""
        walk(self.page, "/take/blood-pressure/systolic")
        self.page.locator("#number").or_(
            self.page.get_by_role("heading", name="Sign in first")
        ).first.wait_for()
        if not self.page.locator("#number").is_visible():
            walk(self.page, "/sign-in")
            self.sign_in()
            walk(self.page, "/take/blood-pressure/systolic")
        for name, value in (("systolic", systolic), ("diastolic", diastolic)):
            self.page.wait_for_url(f"**/{name}")
            self.page.locator("#number").fill(str(value))
            self.page.get_by_role("button", name="Continue", exact=True).click()
        self.page.wait_for_url(re.compile("/(check|feel|again)$"))
        if self.page.url.endswith("/again"):
            self.page.get_by_role("button", name="This number is right").click()
            self.page.wait_for_url("**/feel")
        if self.page.url.endswith("/feel"):
            self.page.get_by_label("No", exact=True).check()
            self.page.get_by_role("button", name="Continue", exact=True).click()
        self._last_tap("Save", None if unseen else "**/saved/**")

    def save_text(self, section: str, words: str, *, unseen: bool = False) -> bool:
        """Write other words into a part of the plan; False where nobody could."""
        if not self._write(f"/plan/edit/{section}", "main textarea", words):
            return False
        self._last_tap("Save", None if unseen else "**/plan")
        return True

    def settle(self) -> int | None:
        """On the page of what is not sent, once: decide one conflict or send. None when all is sent, else how many."""
        page = self.page
        if not page.url.endswith("/not-sent"):
            walk(page, "/not-sent")
        page.get_by_role("heading", level=1, name="Not sent yet").wait_for()
        page.wait_for_timeout(300)
        if page.get_by_text("Everything you saved on this phone has been sent.").is_visible():
            return None
        choose = page.get_by_role("link", name="Choose what stays")
        if choose.count() > 0:
            choose.first.click()
            page.get_by_role("button", name="Keep mine", exact=True).wait_for()
            self.decided += self.says()
            page.get_by_role("button", name="Keep mine", exact=True).click()
            page.wait_for_url("**/plan")
            return 1
        send = page.get_by_role("button", name="Send now")
        if send.is_visible() and send.get_attribute("aria-disabled") != "true":
            with contextlib.suppress(Error):
                send.click(timeout=2_000)
        return page.locator("main li").count()

    def says(self) -> str:
        """The words on the page now, for whoever looks for what went wrong."""
        return self.page.locator("main").inner_text()
