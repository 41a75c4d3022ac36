"""Somebody is added in the browser and their first reading seen arriving; their phone is paired; their care ends."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from backend.access import nhs_number
from tests.browser import sweep
from tests.flows.by_hand import ByHand, until
from tests.flows.conftest import PHONE, SignedIn, System

pytestmark = pytest.mark.xdist_group("flows")

SLOW = 60_000
Claim = Callable[[str], ByHand]


@pytest.fixture
def claim(system: System, tmp_path: Path) -> Iterator[Claim]:
    """A device that exchanges its claim code over HTTP and connects with what it is told."""
    devices: list[ByHand] = []

    def claimed(code: str) -> ByHand:
        asked = Request(
            f"{system.running.url}/device/claim",
            json.dumps({"code": code}).encode(),
            {"Content-Type": "application/json"},
        )
        with urlopen(asked) as answer:
            told: dict[str, Any] = json.load(answer)
        ca_file = tmp_path / f"{told['device_id']}.pem"
        ca_file.write_text(told["ca"])
        device = ByHand({**told, "id": told["device_id"], "ca_file": str(ca_file)})
        devices.append(device)
        return device.connect()

    yield claimed
    for device in devices:
        device.close()


def a_number(seed: str) -> str:
    """An NHS number of the range kept for tests."""
    chance = Random(seed)
    while True:
        number = f"999{chance.randrange(10**7):07d}"
        if nhs_number.is_valid(number):
            return number


def swept(page: Page) -> list[object]:
    """What somebody with poor sight, a keyboard or a small phone would meet."""
    return [*sweep.axe(page), *sweep.small_targets(page, 24), *sweep.overflows(page)]


def at_step(page: Page, heading: str) -> None:
    """Wait for a page of the walk by its heading, and sweep it."""
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible(timeout=SLOW)
    expect(page.locator(".al-caption")).to_contain_text(re.compile(r"Step \d+ of 15"))
    assert swept(page) == [], heading


def go_on(page: Page) -> None:
    """Save the page."""
    page.get_by_role("button", name="Save and continue").click()


def choose(page: Page, question: str, answer: str) -> None:
    """Choose an answer of a question by its words."""
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def day_in(ahead: int) -> str:
    """A date so many days from now, as a field of dates takes it."""
    return (datetime.now(UTC) + timedelta(days=ahead)).date().isoformat()


def say_who(page: Page, number: str, first: str, last: str) -> None:
    """The NHS number and who it is."""
    at_step(page, "What is their NHS number?")
    page.get_by_label("NHS number").fill(number)
    page.get_by_role("button", name="Check and continue").click()
    at_step(page, "Who is it?")
    page.get_by_label("First name").fill(first)
    page.get_by_label("Last name").fill(last)
    for part, said in (("Day", "9"), ("Month", "3"), ("Year", "1946")):
        page.get_by_label(part, exact=True).fill(said)
    choose(page, "Gender", "Female")
    choose(page, "How did you make sure", "I saw a document with their name")
    go_on(page)


def say_how_reached(page: Page) -> None:
    """Telephone, home, contacts, needs."""
    at_step(page, "How are they reached?")
    page.get_by_label(re.compile("^Telephone")).fill("07700 900123")
    page.get_by_label(re.compile("^Address")).fill("4 Reed Lane")
    go_on(page)
    at_step(page, "Home and contacts")
    choose(page, "Do they live alone?", "Yes")
    choose(page, "Who is this?", "Next of kin")
    page.get_by_label("Name", exact=True).fill("Ida Rowan")
    page.get_by_label(re.compile("^Telephone")).fill("07700 900124")
    page.get_by_label("Tell them when the watching starts").check()
    go_on(page)
    at_step(page, "How are they understood?")
    page.get_by_label(re.compile("hearing")).fill("Wears hearing aids")
    choose(page, "Do they have a rescue pack", "No")
    go_on(page)


def say_yes(page: Page) -> None:
    """Consent, nobody who acts for them."""
    at_step(page, "Consent and capacity")
    choose(page, "Do they agree to be monitored?", "Yes")
    choose(page, "How was it agreed?", "They said so")
    choose(page, "Is there a doubt", "No")
    go_on(page)
    at_step(page, "Who may act for them?")
    go_on(page)


def join_copd(page: Page) -> None:
    """COPD with a target of their own and its facts, and nothing said for the board."""
    at_step(page, "Pathways")
    page.get_by_label("COPD", exact=True).check()
    go_on(page)
    at_step(page, "Targets of their own")
    page.get_by_role("button", name="Add a target").click()
    page.get_by_label("Which value?").select_option(label="Oxygen, percent")
    page.get_by_label(re.compile("^Not under")).fill("88")
    page.get_by_label(re.compile("^Not over")).fill("92")
    page.get_by_label("Why for this person?").fill("Type 2 respiratory failure before")
    assert swept(page) == []
    go_on(page)
    at_step(page, "Facts that change what a value means")
    choose(page, "Do they use oxygen at home?", "No")
    page.get_by_label(re.compile("usual oxygen level")).fill("90")
    go_on(page)
    at_step(page, "For the board")
    choose(page, "How did they come to us?", "Through a GP")
    go_on(page)
    at_step(page, "Check your answers")


def begin(page: Page) -> None:
    """Start from the caseload."""
    page.goto("/team/caseload")
    page.get_by_role("link", name="Add a person").click()
    page.get_by_role("button", name="Start now").click()


def new_kit(page: Page, serial: str) -> str:
    """An oximeter in stock with this serial, as it comes out of its box; its page's address."""
    page.goto("/team/kit-new")
    page.get_by_label("What is it?").select_option(label="Oximeter")
    page.get_by_label("Serial number").fill(serial)
    page.get_by_role("button", name="Put into stock").click()
    expect(page).to_have_url(re.compile("/team/kit/[0-9a-f-]{36}"), timeout=SLOW)
    return page.url


def code_of(page: Page, address: str) -> str:
    """A claim code made on the kit's own page."""
    page.goto(address)
    page.get_by_role("button", name="Make a claim code").click()
    shown = page.locator(".al-claim__code")
    expect(shown).to_be_visible(timeout=SLOW)
    return shown.inner_text()


def on_a_phone(browser: Browser, system: System, link: str) -> Page:
    """A phone that nobody used yet, with this address open."""
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]  # playwright's ViewportSize is a TypedDict of the same shape
        locale="en-GB",
        timezone_id="Europe/London",
    )
    page = context.new_page()
    page.set_default_timeout(SLOW)
    page.goto(link)
    return page


def give_the_kit(desk: Page, kit: str, serial: str, claim: Claim) -> ByHand:
    """The kit is named, and the first reading arrives on the open page with its value and its time."""
    at_step(desk, "Give the kit")
    desk.get_by_label("Serial number of the kit").fill(serial)
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("The kit they have")).to_contain_text(serial, timeout=SLOW)
    expect(desk.get_by_text("Waiting for the first reading")).to_be_visible()
    assert swept(desk) == []
    walk = desk.url
    device = claim(code_of(desk, kit))
    desk.goto(walk)
    expect(desk.get_by_text("Waiting for the first reading")).to_be_visible(timeout=SLOW)
    desk.evaluate("window.neverReloaded = true")
    sent = device.send(device.reading({"k": "spo2", "val": 91, "u": "%"}))
    until(lambda: sent in device.stored, 120, "the receipt")
    arrived = desk.locator(".al-arrived")
    expect(arrived).to_contain_text("Oxygen 91%", timeout=SLOW)
    expect(arrived).to_contain_text("Measured at")
    assert desk.evaluate("window.neverReloaded === true"), "the page was loaded again"
    assert swept(desk) == []
    desk.get_by_role("button", name="Continue").click()
    return device


def pair_their_phone(desk: Page, browser: Browser, system: System) -> None:
    """By the link of the code, which stands in the drawn QR code and after #."""
    at_step(desk, "Pair their phone")
    desk.get_by_role("button", name="Make a code for their phone").click()
    code = desk.locator(".al-claim__code")
    expect(code).to_be_visible(timeout=SLOW)
    expect(desk.get_by_role("img", name="Code to scan")).to_be_visible()
    assert swept(desk) == []
    phone = on_a_phone(browser, system, f"{system.running.url}/pair#{code.inner_text().replace('-', '')}")
    expect(phone.get_by_label("Code", exact=True)).to_have_value(code.inner_text(), timeout=SLOW)
    assert "#" not in phone.url, "the code stays in the address"
    phone.get_by_label("Choose a password").fill("short")
    phone.get_by_role("button", name="Pair and sign in").click()
    expect(phone.get_by_text("at least 10 letters").first).to_be_visible()
    phone.get_by_label("Choose a password").fill("three plain words")
    phone.get_by_label("Yes, it is mine").check()
    phone.get_by_role("button", name="Pair and sign in").click()
    expect(phone.get_by_text("Your user name is")).to_be_visible(timeout=SLOW)
    assert [*sweep.axe(phone), *sweep.small_targets(phone, 48), *sweep.overflows(phone)] == []
    phone.get_by_role("link", name="Continue").click()
    phone.get_by_text("Not now", exact=True).or_(phone.get_by_text("91%")).first.wait_for(timeout=SLOW)
    if phone.get_by_text("Not now", exact=True).is_visible():
        phone.get_by_text("Not now", exact=True).click()
    expect(phone.get_by_text("91%").first).to_be_visible(timeout=SLOW)
    phone.context.close()
    expect(desk.get_by_text("The phone is paired.")).to_be_visible(timeout=SLOW)
    desk.get_by_role("button", name="Continue").click()


def go_live(desk: Page, last: str) -> None:
    """Only when all is there is the person live."""
    at_step(desk, "Start watching")
    expect(desk.get_by_text("Nobody watches their readings yet.")).to_be_visible()
    desk.get_by_role("button", name="Start watching now").click()
    expect(desk.get_by_text(f"Edith {last} is live")).to_be_visible(timeout=SLOW)
    assert swept(desk) == []


def live_with_it(desk: Page) -> None:
    """Admitted with an end, home again, and reviewed with the next one dated."""
    desk.get_by_role("link", name="Open their status").click()
    expect(desk.get_by_text("Their readings are watched.")).to_be_visible(timeout=SLOW)
    assert swept(desk) == []
    desk.get_by_role("link", name="Admitted to hospital").click()
    desk.get_by_role("button", name="Save the admission").click()
    expect(desk.get_by_text("There is no pause without an end.").first).to_be_visible()
    desk.get_by_label("Until when?").fill(f"{day_in(5)}T12:00")
    desk.get_by_label("Which hospital, and why?").fill("The infirmary, a new hip")
    desk.get_by_role("button", name="Save the admission").click()
    expect(desk.get_by_text(re.compile("^In hospital. Their readings are not watched"))).to_be_visible(
        timeout=SLOW
    )
    desk.get_by_role("link", name="Home from hospital").click()
    desk.get_by_role("button", name="They are home").click()
    expect(desk.get_by_text("Their readings are watched.")).to_be_visible(timeout=SLOW)
    # A review is done, and the next one dated
    desk.get_by_role("link", name="Review done").click()
    desk.get_by_label("When is the next review?").fill(day_in(60))
    desk.get_by_role("button", name="Save the review").click()
    expect(desk.get_by_text("Next review due")).to_be_visible(timeout=SLOW)


def test_a_person_is_added_and_their_first_reading_seen_arriving(
    system: System, signed_in: SignedIn, browser: Browser, claim: Claim
) -> None:
    # Given an oximeter that has just come out of its box
    desk = signed_in("demo-nurse")
    serial = f"JOIN-{datetime.now(UTC):%H%M%S%f}"
    kit = new_kit(desk, serial)
    # When a nurse walks through the pages, on the desk's screen
    begin(desk)
    last = f"Rowan{datetime.now(UTC):%H%M%S}"
    say_who(desk, a_number(serial), "Edith", last)
    say_how_reached(desk)
    at_step(desk, "Consent and capacity")
    # Left in the middle, it is carried on with from the list
    desk.get_by_role("link", name="Leave it for later").click()
    desk.get_by_role("link", name=f"Edith {last}").click()
    say_yes(desk)
    join_copd(desk)
    expect(desk.get_by_text("Through a GP")).to_be_visible()
    desk.get_by_role("button", name="Make the record").click()
    # Then the first reading arrives on the open page, with its value and its time
    device = give_the_kit(desk, kit, serial, claim)
    # And the phone is paired, and only then is the person live
    pair_their_phone(desk, browser, system)
    go_live(desk, last)
    live_with_it(desk)
    # An ending is refused while an alert is open, and names it
    low = device.send(device.reading({"k": "spo2", "val": 82, "u": "%"}, {"k": "unwell", "val": 1}))
    until(lambda: low in device.stored or low in device.rejected, 120, "the receipt of the low one")
    ends(system, desk, last)


def close_open(system: System, desk: Page, last: str) -> bool:
    """Close what is open of this person, as the worklist does; True while there was something."""
    headers = {"Origin": system.running.url, "X-Alongside-Audience": "team"}
    api = f"{system.running.url}/api/v1"
    csrf = desk.request.get(f"{api}/session", headers=headers).json()["csrf"]
    rows = desk.request.get(f"{api}/worklist", headers=headers).json()["rows"]
    mine = [row for row in rows if row["patient"] and last in row["patient"]["display_name"]]
    for row in mine:
        desk.request.post(
            f"{api}/alerts/{row['id']}/close",
            headers={
                **headers,
                "X-CSRF-Token": csrf,
                "Idempotency-Key": str(uuid4()),
                "If-Match": f'W/"{row["version"]}"',
            },
            data={"outcome": "contact", "note": "Rang her, she is well"},
        )
    return bool(mine)


def ends(system: System, desk: Page, last: str) -> None:
    """The ending: blocked by an open alert, then told to everybody, then on the caseload as ended."""

    def is_open() -> bool:
        ((count,),) = system.rows(
            "select count(*) from alert a join patient p on p.id = a.patient_id"
            " where p.family_name = %s and a.closed_at is null",
            last,
        )
        return bool(count)

    until(is_open, 120, "an open alert of the low reading")
    desk.get_by_role("link", name="End the monitoring").click()
    choose(desk, "Why does it end?", "They moved away")
    desk.get_by_role("button", name="End it and tell everybody").click()
    expect(desk.get_by_text(re.compile(r"^\d alerts? (is|are) open:")).first).to_be_visible(timeout=SLOW)
    assert swept(desk) == []
    until(lambda: not (close_open(system, desk, last) or is_open()), 120, "every alert closed")
    desk.get_by_role("button", name="End it and tell everybody").click()
    expect(desk.get_by_text(re.compile("^Not watched from"))).to_be_visible(timeout=SLOW)
    expect(desk.get_by_text("The kit is asked back:")).to_be_visible()
    assert swept(desk) == []
    # Nobody watches, so nobody has them on their list any more
    desk.goto("/team/caseload")
    desk.get_by_label("Find a person").fill(last)
    desk.keyboard.press("Enter")
    expect(desk.get_by_text(re.compile("^0 people"))).to_be_visible(timeout=SLOW)
    assert last not in desk.url, "a name stands in the address"


def test_an_offer_that_is_declined_is_written_down_with_the_reason_and_forgets_the_person(
    system: System, signed_in: SignedIn
) -> None:
    desk = signed_in("demo-nurse-2")
    begin(desk)
    last = f"Thrift{datetime.now(UTC):%H%M%S}"
    say_who(desk, a_number(last), "Olive", last)
    expect(desk.get_by_role("heading", name="How are they reached?")).to_be_visible(timeout=SLOW)
    desk.get_by_role("link", name="They do not want it").click()
    desk.get_by_role("button", name="Save the answer").click()
    expect(desk.get_by_text("Choose what came of it").first).to_be_visible()
    choose(desk, "What came of the offer?", "They said no")
    choose(desk, "Why?", "They do not want to be watched")
    assert swept(desk) == []
    desk.get_by_role("button", name="Save the answer").click()
    expect(desk.get_by_role("heading", name="Started and not finished")).to_be_visible(timeout=SLOW)
    expect(desk.get_by_text(last)).to_have_count(0, timeout=SLOW)
    ((kept,),) = system.rows("select count(*) from joining where draft::text like %s", f"%{last}%")
    assert kept == 0


def test_a_number_somebody_here_has_already_leads_to_them(system: System, signed_in: SignedIn) -> None:
    ((number,),) = system.rows("select nhs_number from patient where family_name = 'Ash' limit 1")
    desk = signed_in("demo-nurse-2")
    begin(desk)
    desk.get_by_label("NHS number").fill("999 000 0000")
    desk.get_by_role("button", name="Check and continue").click()
    expect(desk.get_by_text("This is not an NHS number").first).to_be_visible(timeout=SLOW)
    desk.get_by_label("NHS number").fill(number)
    desk.get_by_role("button", name="Check and continue").click()
    expect(desk.get_by_text("on your list already")).to_be_visible(timeout=SLOW)
    expect(desk.get_by_role("link", name="Open this person")).to_be_visible()
    assert swept(desk) == []
