"""A plan on two phones: changed without a network by the person and by a carer, agreed, and nothing lost."""

import re
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE, NewPage
from tests.running import Running

LIMIT = 60_000
PERSON, CARER = "My garden, and my own bed.", "Her garden, and seeing Tom."


def words_of(demo: Running, context: BrowserContext, key: str) -> dict[str, Any]:
    """A section of the demo person's plan, as the API gives it to whoever is signed in."""
    asked = f"{demo.url}/api/v1/patients/{demo.patient('demo-person')}/plan"
    answer = context.request.get(asked, headers={"X-Alongside-Audience": "person"})
    return next(one for one in answer.json()["sections"] if one["key"] == key)


def change(page: Page, key: str, words: str) -> None:
    """Write a section on a phone that stands on the plan, and come back to the plan."""
    page.locator(f'[href="/plan/edit/{key}"]').click()
    page.locator("#text").fill(words, timeout=LIMIT)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(r"/plan$"), timeout=LIMIT)


def test_two_changes_of_one_section_are_both_shown_and_the_person_says_which_stays(
    open_page: NewPage, demo: Running
) -> None:
    mine = open_page("/plan", "demo-person", PHONE)
    theirs = open_page("/plan", "demo-carer", PHONE)
    expect(mine.locator('[href="/plan/edit/matters"]')).to_be_visible(timeout=LIMIT)
    # The form's own file comes with its first opening; the worker of a built app has kept it long before.
    mine.locator('[href="/plan/edit/matters"]').click()
    expect(mine.locator("#text")).to_be_visible(timeout=LIMIT)
    mine.get_by_role("link", name="My plan").first.click()
    mine.context.set_offline(True)
    change(mine, "matters", PERSON)
    expect(mine.get_by_text("Saved on this phone. Not sent yet.").first).to_be_visible(timeout=LIMIT)
    change(theirs, "matters", CARER)
    expect(theirs.get_by_text("Not sent yet")).to_have_count(0, timeout=LIMIT)
    mine.context.set_offline(False)
    mine.get_by_role("link", name="Choose what stays").click(timeout=LIMIT)
    expect(mine.get_by_text(PERSON)).to_be_visible(timeout=LIMIT)
    expect(mine.get_by_text(CARER)).to_be_visible()
    assert words_of(demo, mine.context, "matters")["body"]["text"] == CARER
    mine.get_by_role("button", name="Keep both").click()
    expect(mine.locator("#text")).to_have_value(f"{CARER}\n\n{PERSON}", timeout=LIMIT)
    mine.get_by_role("button", name="Save").click()
    expect(mine).to_have_url(re.compile(r"/plan$"), timeout=LIMIT)
    expect(mine.get_by_text("Not sent yet")).to_have_count(0, timeout=LIMIT)
    assert words_of(demo, mine.context, "matters")["body"]["text"] == f"{CARER}\n\n{PERSON}"


def test_what_a_clinician_agreed_stands_while_the_person_asks_for_other_words(
    open_page: NewPage, demo: Running
) -> None:
    page = open_page("/plan", "demo-person", PHONE)
    before = words_of(demo, page.context, "red")
    page.locator('[href="/plan/edit/red"]').click(timeout=LIMIT)
    signs = page.locator("#signs")
    expect(signs).to_be_visible(timeout=LIMIT)
    signs.fill("\n".join([*before["body"]["signs"], "I am very sleepy."]))
    page.get_by_role("button", name="Send to my team").click()
    expect(page).to_have_url(re.compile(r"/plan$"), timeout=LIMIT)
    red = page.locator("section", has=page.locator("#section-red"))
    expect(red.get_by_text("A change for your team to look at")).to_be_visible(timeout=LIMIT)
    assert words_of(demo, page.context, "red")["body"] == before["body"]


def test_words_of_danger_show_999_before_a_message_goes_and_it_can_still_be_sent(
    open_page: NewPage, demo: Running
) -> None:
    page = open_page("/messages/practice/write", "demo-person", PHONE)
    expect(page.get_by_text("does not watch messages for urgent help")).to_be_visible(timeout=LIMIT)
    page.locator("#words").fill("I have a pain in my chest since noon.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("link", name="Call 999")).to_be_visible(timeout=LIMIT)
    expect(page.get_by_text("Your message has not been sent yet.")).to_be_visible()
    page.get_by_role("button", name="Send anyway").click()
    expect(page).to_have_url(re.compile(r"/messages/practice$"), timeout=LIMIT)
    expect(page.get_by_text("I have a pain in my chest since noon.")).to_be_visible(timeout=LIMIT)
    expect(page.get_by_text("Sent. Nobody has it on a screen yet.").first).to_be_visible(timeout=LIMIT)
