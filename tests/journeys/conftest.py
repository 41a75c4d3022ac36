"""Phones as people have them: their own or a shared one, with or without a network, closed and opened again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.flows.conftest import (  # noqa: F401 - fixtures are found by their names in this module
    PHONE,
    System,
    browser_type_launch_args,
    monitor,
    signed_in,
    system,
)
from tests.offline import worker_answers, worker_stands

SLOW = 90_000
OWN, SHARED = "Yes, it is mine", "No, others use it too"
NewPhone = Callable[..., Page]


def sign_in(page: Page, house: System, username: str, whose: str = OWN) -> None:
    """As somebody does it for the first time on a phone: name, password, whose phone, and no lock for now."""
    account = next(one for one in house.running.told["accounts"] if one["username"] == username)
    page.goto(account["link"])
    expect(page.get_by_label("Username")).to_have_value(username, timeout=SLOW)
    page.get_by_label("Password", exact=True).fill(account["password"])
    page.get_by_label(whose).check()
    page.get_by_role("button", name="Sign in").click()
    if whose == OWN:
        page.get_by_text("Not now", exact=True).click(timeout=SLOW)
    expect(page.get_by_role("navigation", name="Main pages")).to_be_visible(timeout=SLOW)


def is_ready_to_be_offline(page: Page) -> None:
    """Wait until the worker has the whole app and what was fetched is kept."""
    worker_stands(page)
    worker_answers(page)
    expect(page.get_by_text("Up to date at").first).to_be_visible(timeout=SLOW)
    page.wait_for_timeout(2_000)


@pytest.fixture
def phone(browser: Browser, system: System) -> Iterator[NewPhone]:  # noqa: F811 - the fixture imported above
    """A phone that somebody has just signed in on: `phone("demo-person")`, `phone("demo-carer", SHARED)`."""
    contexts: list[BrowserContext] = []

    def made(username: str | None, whose: str = OWN) -> Page:
        context = browser.new_context(
            viewport=PHONE,  # type: ignore[arg-type]  # playwright's ViewportSize is a TypedDict of the same shape
            base_url=system.running.url,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(SLOW)
        if username is not None:
            sign_in(page, system, username, whose)
        return page

    yield made
    for context in contexts:
        context.close()


def go(page: Page, name: str) -> None:
    """Continue by the main button of a page of one thing."""
    page.get_by_role("button", name=name, exact=True).click()


def type_blood_pressure(page: Page, systolic: str, diastolic: str, pulse: str = "72") -> None:
    """Type a blood pressure in, number by number, to the page on which it can be saved."""
    page.goto("/take/blood-pressure")
    page.get_by_role("link", name="Type the numbers in").or_(
        page.get_by_role("button", name="Type the numbers in")
    ).first.click()
    for value in (systolic, diastolic, pulse):
        page.get_by_role("textbox").first.fill(value)
        go(page, "Continue")
