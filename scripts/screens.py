"""Takes the pictures of docs/screens from a running demo, so that what the README shows is what is built."""

import argparse
import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, Page, expect, sync_playwright

from backend.supervise.debian import chromium

SIZES = {
    "phone": {"width": 390, "height": 844},
    "small": {"width": 320, "height": 640},
    "tablet": {"width": 820, "height": 1180},
    "desktop": {"width": 1280, "height": 800},
}
# What is taken at a phone's size: name, path, who is signed in.
ON_A_PHONE = [
    ("sign-in", "/sign-in", None),
    ("help", "/help", None),
    ("today", "/", "demo-person"),
    ("today-calm", "/", "demo-person-2"),
    ("take", "/take", "demo-person"),
    ("take-how", "/take/blood-pressure", "demo-person"),
    ("take-number", "/take/blood-pressure/systolic", "demo-person"),
    ("not-today", "/not-today/blood-pressure", "demo-person"),
    ("readings", "/readings", "demo-person"),
    ("readings-pressure", "/readings/blood-pressure", "demo-person"),
    ("check-in", "/check-in/copd", "demo-person"),
    ("check-in-question", "/check-in/copd/q-breath", "demo-person"),
    ("plan", "/plan", "demo-person"),
    ("plan-edit", "/plan/edit/matters", "demo-person"),
    ("plan-goal", "/plan/goal/new", "demo-person"),
    ("plan-history", "/plan/history/matters", "demo-person"),
    ("plan-print", "/plan/print", "demo-person"),
    ("messages", "/messages", "demo-person"),
    ("messages-thread", "/messages/team", "demo-person"),
    ("messages-write", "/messages/practice/write", "demo-person"),
    ("circle", "/circle", "demo-person"),
    ("circle-looked", "/circle/looked", "demo-person"),
    ("circle-invite", "/circle/invite", "demo-person"),
    ("hypo", "/hypo", "demo-person"),
    ("worried", "/worried", "demo-person"),
    ("reminders", "/reminders", "demo-person"),
    ("settings", "/settings", "demo-person"),
    ("settings-lock", "/settings/lock", "demo-person"),
    ("settings-install", "/settings/install", "demo-person"),
    ("suggestions", "/suggestions", "demo-person"),
    ("helping", "/", "demo-carer"),
]
# What differs at another size.
ELSEWHERE = [
    ("today", "/", "demo-person", "small"),
    ("take-number", "/take/blood-pressure/systolic", "demo-person", "small"),
    ("readings-pressure", "/readings/blood-pressure", "demo-person", "tablet"),
    ("today", "/", "demo-person", "desktop"),
    ("plan", "/plan", "demo-person", "desktop"),
]
SLOW = 40_000


class Camera:
    """Somebody's phone or desk, signed in once, and the folder its pictures go to."""

    def __init__(self, browser: Browser, told: dict[str, Any], folder: Path) -> None:
        """`told` is what `alongside up --json` printed."""
        self._browser, self._told, self._folder = browser, told, folder
        self._kept: dict[str | None, Page] = {}

    def page(self, username: str | None) -> Page:
        """The page of somebody, made and signed in at the first ask."""
        if username not in self._kept:
            url = f"http://localhost:{self._told['ports']['app']}"
            context = self._browser.new_context(
                viewport={"width": 390, "height": 844},
                base_url=url,
                locale="en-GB",
                timezone_id="Europe/London",
            )
            self._kept[username] = context.new_page()
            self._kept[username].set_default_timeout(SLOW)
            if username is not None:
                self._sign_in(self._kept[username], url, username)
        return self._kept[username]

    def take(self, name: str, path: str | None, username: str | None, size: str = "phone") -> None:
        """One picture; without a path of the page as it stands."""
        page = self.page(username)
        page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]  # a TypedDict of the same shape
        if path is not None:
            page.goto(path)
        expect(page.locator("h1").first).to_be_visible(timeout=SLOW)
        page.wait_for_timeout(2_000)
        page.screenshot(path=self._folder / f"{name}-{size}.png")

    def _sign_in(self, page: Page, url: str, username: str) -> None:
        account = {one["username"]: one for one in self._told["accounts"]}[username]
        is_team = "/team/" in account["link"]
        phone = {} if is_team else {"phone": {"id": str(uuid4()), "kind": "own", "label": "Phone"}}
        answer = page.context.request.post(
            f"{url}/api/v1/session",
            data={"username": username, "password": account["password"], **phone},
            headers={"Origin": url, "X-Alongside-Audience": "team" if is_team else "person"},
        )
        assert answer.ok, f"{username} could not sign in: {answer.status}"


def take_off_the_network(page: Page) -> None:
    """The page's phone away from any network, everything kept before."""
    page.goto("/")
    page.wait_for_function("navigator.serviceWorker.ready.then(one => !!one.active)")
    page.reload()
    expect(page.get_by_text("Up to date at").first).to_be_visible(timeout=SLOW)
    page.wait_for_timeout(3_000)
    page.context.set_offline(True)


def red_and_away(camera: Camera, username: str) -> None:
    """A high blood pressure typed in without a network: what is said at once, and what waits. It is never sent."""
    page = camera.page(username)
    take_off_the_network(page)
    page.goto("/take/blood-pressure")
    page.get_by_role("link", name="Type it in myself").click()
    for value in ("187", "118"):
        page.get_by_role("textbox").fill(value)
        page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_role("button", name="This number is right")).to_be_visible()
    camera.take("take-again", None, username)
    page.get_by_role("button", name="This number is right", exact=True).click()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    camera.take("take-check", None, username)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Nobody has been told yet").first).to_be_visible()
    camera.take("saved-red-offline", None, username)
    page.goto("/worried")
    page.get_by_role("button", name="Tell my team I'm worried").click()
    expect(page.get_by_role("button", name="I did not mean to")).to_be_visible()
    camera.take("not-sent", "/not-sent", username)


def main() -> None:
    """Take every screen into the folder named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("told", type=Path, help="what `alongside up --json` printed, in a file")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    with sync_playwright() as playwright:
        args = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=str(chromium().program), args=args)
        camera = Camera(browser, json.loads(options.told.read_text()), options.folder)
        for name, path, username in ON_A_PHONE:
            camera.take(name, path, username)
        for name, path, username, size in ELSEWHERE:
            camera.take(name, path, username, size)
        red_and_away(camera, "demo-person-2")
        turned = camera.page("demo-person")
        turned.evaluate("localStorage.setItem('alongside.language', 'ar-XB')")
        camera.take("today-turned", "/", "demo-person")
        browser.close()


if __name__ == "__main__":
    main()
