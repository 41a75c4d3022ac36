"""The card and each of its forms, the locked desk and the narrow phone, swept as every screen is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import sweep
from tests.browser.addresses import an_alert
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.running import Running

SLOW = 60_000
FORMS = [
    "Record contact",
    "Message",
    "Note",
    "Recheck by",
    "Snooze",
    "Change limit",
    "Wrong for this person",
    "Hand over",
    "Close",
]


def swept(page: Page) -> list[object]:
    """Everything wrong with the page as it stands."""
    return [
        *sweep.axe(page),
        *sweep.small_targets(page, 24),
        *sweep.overflows(page),
        *sweep.wrong_digits(page),
    ]


def forms_of(page: Page, place: Locator) -> Iterator[str]:
    """Open each form of a card, one after the other; closed again with Back."""
    for words in FORMS:
        button = place.get_by_role("button", name=words, exact=True)
        if not button.is_visible():
            more = place.get_by_role("button", name="More", exact=True)
            if more.is_visible():
                more.click()
        # An emergency cannot be put aside, so it has no such button.
        if button.count() == 0:
            continue
        button.click()
        back = place.get_by_role("button", name="Back", exact=True)
        expect(back).to_be_visible(timeout=SLOW)
        expect(page.get_by_text("Opening the limits.")).not_to_be_attached(timeout=SLOW)
        yield words
        back.click()


def test_the_card_and_each_of_its_forms_are_clean_on_a_desktop(open_page: NewPage) -> None:
    page = open_page("/team", "demo-nurse", DESKTOP)
    page.locator(".al-row__open").first.click(timeout=SLOW)
    card = page.locator(".al-person-card")
    expect(card.get_by_role("heading", name="What was found")).to_be_attached(timeout=SLOW)
    found = {words: swept(page) for words in forms_of(page, card)}
    assert {words: wrong for words, wrong in found.items() if wrong} == {}
    assert len(found) >= len(FORMS) - 1


@pytest.mark.parametrize("width", [PHONE["width"], 320])
def test_each_form_of_a_card_is_clean_on_a_phone(open_page: NewPage, demo: Running, width: int) -> None:
    page = open_page(f"/team/alert/{an_alert(demo)}", "demo-nurse", {"width": width, "height": 640})
    expect(page.locator(".al-alert")).to_be_visible(timeout=SLOW)
    found = {words: swept(page) for words in forms_of(page, page.locator(".al-alert__acts"))}
    assert {words: wrong for words, wrong in found.items() if wrong} == {}


def test_the_actions_of_a_card_stay_in_view_while_it_is_read(open_page: NewPage, demo: Running) -> None:
    page = open_page(f"/team/alert/{an_alert(demo)}", "demo-nurse", PHONE)
    expect(page.get_by_role("heading", name="Last three outcomes")).to_be_attached(timeout=SLOW)
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    expect(page.get_by_role("button", name="Record contact")).to_be_in_viewport()
    desk = open_page("/team", "demo-nurse", DESKTOP)
    desk.locator(".al-row__open").first.click(timeout=SLOW)
    card = desk.locator(".al-person-card")
    expect(card.get_by_role("heading", name="Last three outcomes")).to_be_attached(timeout=SLOW)
    card.locator(".al-person-card__words").evaluate("e => e.scrollTo(0, e.scrollHeight)")
    expect(card.get_by_role("button", name="Close", exact=True)).to_be_in_viewport()


def test_a_locked_desk_is_clean_and_names_nobody(open_page: NewPage) -> None:
    page = open_page("/team", "demo-nurse", DESKTOP)
    name = page.locator(".al-row__name").first.inner_text(timeout=SLOW)
    page.get_by_role("button", name="Lock").click()
    expect(page.get_by_role("heading", name="This desk is locked")).to_be_visible()
    assert name not in page.locator("body").inner_text()
    assert swept(page) == []


def test_an_empty_part_of_the_list_says_when_it_was_checked(open_page: NewPage) -> None:
    page = open_page("/team", "demo-nurse", DESKTOP)
    expect(page.locator("[data-alert]").first).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name=re.compile("^Mine")).click()
    expect(page.get_by_text(re.compile(r"Last checked \d"))).to_be_visible(timeout=SLOW)


@pytest.mark.hazard("H02")
def test_an_empty_list_reassures_nobody_while_the_checks_do_not_run(open_page: NewPage) -> None:
    page = open_page("/team", "demo-nurse", DESKTOP)
    expect(page.locator("[data-alert]").first).to_be_visible(timeout=SLOW)
    answer = page.request.get("/api/v1/worklist", headers={"X-Alongside-Audience": "team"}).json()
    none = {name: 0 for name in answer["counts"]}
    stopped = {**answer, "rows": [], "rechecks": [], "counts": none, "checking": False}
    page.route(re.compile("/api/v1/worklist"), lambda route: route.fulfill(json=stopped))
    page.reload()
    expect(page.get_by_text("The checks have not run since")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("Do not take this empty list as good news")).to_be_visible()
    expect(page.get_by_text(re.compile("No alerts"))).not_to_be_attached()
    assert swept(page) == []


@pytest.mark.hazard("H06")
def test_a_storm_is_gathered_by_cause_and_red_stays_on_top(open_page: NewPage) -> None:
    page = open_page("/team", "demo-nurse", DESKTOP)
    expect(page.locator("[data-alert]").first).to_be_visible(timeout=SLOW)
    answer = page.request.get("/api/v1/worklist", headers={"X-Alongside-Audience": "team"}).json()
    one = answer["rows"][0]
    mild = {**one, "level": "soon", "red": False, "no_cover": False, "rule": "device_silent"}
    many = [{**mild, "id": f"00000000-0000-4000-8000-{n:012d}"} for n in range(30)]
    red = {**one, "level": "urgent", "red": True}
    cause = [{"rule": "device_silent", "title": "Device silent", "count": 30}]
    storm = {"since": answer["as_of"], "count": 30, "threshold": 20, "by_rule": cause}
    flooded = {**answer, "rows": [red, *many], "storm": storm}
    page.route(re.compile("/api/v1/worklist"), lambda route: route.fulfill(json=flooded))
    page.reload()
    expect(page.get_by_role("heading", name="Many mild alerts at once")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Device silent: 30").click()
    lanes = page.locator(".al-lane__title")
    expect(lanes.first).to_contain_text("Emergency and urgent")
    expect(lanes.nth(1)).to_contain_text("Soon and routine")
    assert swept(page) == []
