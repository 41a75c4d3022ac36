"""The kit pages used as a nurse and as an installer would: with a real device that claims, speaks and is cut off."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import sweep
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.flows.by_hand import ByHand, until
from tests.running import Running

SOON = 30_000
Claim = Callable[[str], ByHand]


@pytest.fixture
def claim(demo: Running, tmp_path: Path) -> Iterator[Claim]:
    """A device that exchanges its claim code over HTTP and connects with what it is told."""
    devices: list[ByHand] = []

    def claimed(code: str) -> ByHand:
        asked = Request(
            f"{demo.url}/device/claim",
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


def add_kit(page: Page, kind: str, model: str) -> None:
    """Put a new piece of kit into stock through the form, and stand on its page."""
    page.goto("/team/kit-new")
    page.get_by_label("What is it?").select_option(label=kind)
    page.get_by_label("Model").fill(model)
    page.get_by_label("Batch").fill("B-journey")
    page.get_by_role("button", name="Put into stock").click()
    expect(page).to_have_url(re.compile("/team/kit/[0-9a-f-]{36}"), timeout=SOON)
    expect(page.locator("h1")).to_contain_text(kind, timeout=SOON)


def give(page: Page, nth: int) -> str:
    """Give it to the nth person of the caseload; returns the name."""
    page.get_by_role("button", name="Give to a person").click()
    name = choose_person(page, nth)
    page.get_by_role("button", name="Give it to them").click()
    expect(page.locator("#wearers .al-wearer p").first).to_contain_text(name, timeout=SOON)
    return name


def choose_person(page: Page, nth: int) -> str:
    """Choose the nth person in the open form; returns the name alone."""
    people = page.get_by_label("To whom?")
    expect(people.locator("option").nth(nth)).to_be_attached(timeout=SOON)
    people.select_option(index=nth)
    return people.locator("option").nth(nth).inner_text().split(",")[0]


def section(page: Page, name: str) -> Locator:
    """A part of the device's page."""
    return page.locator(f"#{name}")


def make_code(page: Page) -> str:
    """Make a claim code and read it off the page, as somebody who types it does."""
    page.get_by_role("button", name="Make a claim code").click()
    shown = page.locator(".al-claim__code")
    expect(shown).to_be_visible(timeout=SOON)
    expect(page.locator(".al-claim")).to_contain_text(re.compile(r"minutes? .* more, until"))
    return shown.inner_text()


def test_a_nurse_enrols_a_device_hands_it_over_and_cuts_it_off_as_lost(
    open_page: NewPage, claim: Claim
) -> None:
    page = open_page("/team/kit", "demo-nurse", DESKTOP)
    add_kit(page, "Oximeter", "journey-ox")
    first = give(page, 1)
    # When the device claims and speaks, the page says so without a reload.
    device = claim(make_code(page))
    expect(page.locator(".al-claim")).to_contain_text("has used the code", timeout=SOON)
    sent = device.send(device.reading({"k": "spo2", "val": 96, "u": "%"}))
    until(lambda: sent in device.stored, 120, "the receipt")
    expect(page.locator(".al-claim")).to_contain_text("It is in.", timeout=SOON)
    # When it is handed over, which needs a reason without cleaning, the first stands among who wore it before.
    page.get_by_role("button", name="Hand over: ").click()
    second = choose_person(page, 2)
    page.get_by_role("button", name="Hand over", exact=True).click()
    wearers = section(page, "wearers")
    expect(wearers.locator(".al-notice--problem")).to_contain_text("not cleaned", timeout=SOON)
    page.get_by_label("Why without cleaning, check and wipe?").fill("Same household")
    page.get_by_role("button", name="Hand over", exact=True).click()
    expect(wearers.locator(".al-wearer p").first).to_contain_text(second, timeout=SOON)
    expect(wearers).to_contain_text("Who wore it before", timeout=SOON)
    expect(wearers.locator(".al-kit-lines")).to_contain_text(first)
    # When it is lost, it is out within seconds and cannot come back.
    page.get_by_role("button", name="Cut it off").click()
    page.get_by_role("button", name="Cut it off now").click()
    expect(page.get_by_text("Choose why")).to_be_visible()
    page.get_by_role("radio", name="Lost").check()
    page.get_by_role("button", name="Cut it off now").click()
    expect(section(page, "revoke")).to_contain_text("It is cut off.", timeout=SOON)
    expect(page.locator(".al-kit-now")).to_contain_text("Lost", timeout=SOON)
    until(lambda: not device.is_connected, 120, "the lost device is put out")
    time.sleep(5)
    assert not device.is_connected, "a lost device came back"
    expect(section(page, "life")).to_contain_text(re.compile("lost", re.IGNORECASE))


def deaf_until_it_speaks(page: Page) -> None:
    """What the page asks does not arrive, until it has said something itself."""
    spoke: list[str] = []

    def meet(route: Route) -> None:
        if route.request.method != "GET":
            spoke.append(route.request.url)
        if spoke:
            route.continue_()
        else:
            route.abort("connectionfailed")

    page.route("**/api/v1/**", meet)


def test_a_colleagues_change_is_told_by_name_and_not_overwritten(open_page: NewPage) -> None:
    page = open_page("/team/kit", "demo-nurse", DESKTOP)
    add_kit(page, "Scale", "journey-scale")
    colleague = open_page(page.url, "demo-nurse-2", DESKTOP)
    expect(colleague.locator("h1")).to_contain_text("Scale", timeout=SOON)
    # The nurse's page is deaf from here on, as on a bad network: its line is cut, and it asks in vain.
    page.context.set_offline(True)
    give(colleague, 1)
    page.get_by_role("button", name="Scrap it").click()
    deaf_until_it_speaks(page)
    page.context.set_offline(False)
    section(page, "moves").locator(".al-kit-form .al-button").first.click()
    said = section(page, "moves").locator(".al-notice--problem")
    expect(said).to_contain_text("Daniel Moss", timeout=SOON)
    expect(page.locator(".al-kit-now")).not_to_contain_text("Scrapped")


def test_an_installer_proves_an_installation_on_a_phone_and_sees_each_press_arrive(
    open_page: NewPage, claim: Claim
) -> None:
    page = open_page("/team", "demo-installer", PHONE)
    # An installer starts at the kit and is shown nothing of the worklist.
    expect(page).to_have_url(re.compile("/team/kit$"), timeout=SOON)
    expect(page.get_by_role("link", name="Worklist")).to_have_count(0)
    add_kit(page, "Pendant", "journey-pendant")
    give(page, 1)
    device = claim(make_code(page))
    page.get_by_role("link", name="Prove the installation").click()
    expect(page.get_by_text("0 of 6 steps proved.")).to_be_visible(timeout=SOON)
    for step in ("press-bathroom", "press-bedroom"):
        card = page.locator(f"[data-step={step}]")
        expect(card).to_contain_text("Waiting for the press", timeout=SOON)
        expect(card.get_by_role("button", name="It is proved")).to_have_count(0)
        device.send(device.test_press(), "alarm")
        expect(card).to_contain_text("arrived at", timeout=SOON)
        card.get_by_role("button", name="It is proved").click()
        expect(card).to_contain_text("Proved at", timeout=SOON)
    prove(page, "signal", {"Signal in dBm": "-71"})
    prove(page, "power-cut", {})
    prove(page, "key-holder", {})
    expect(page.get_by_text("things are missing:").or_(page.get_by_text("thing is missing:"))).to_be_visible()
    route = page.locator("[data-step=route]")
    route.get_by_label("Name").fill("Harbour alarm centre")
    route.get_by_label("Telephone").fill("01632 960300")
    route.get_by_role("button", name="Save the route").click()
    expect(route).to_contain_text("Telecare needs a place that answers at any hour")
    route.get_by_label("They answer at any hour, every day").check()
    route.get_by_role("button", name="Save the route").click()
    expect(route.get_by_text("Harbour alarm centre")).to_be_visible(timeout=SOON)
    route.get_by_role("button", name="It is proved").click()
    expect(page.get_by_text("6 of 6 steps proved.")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Make it live").click()
    expect(page.get_by_text("It is live, and everything is proved.")).to_be_visible(timeout=SOON)
    assert sweep.axe(page) == []


def prove(page: Page, step: str, fields: dict[str, str]) -> None:
    """Fill in a step that needs no press and say that it is proved."""
    card = page.locator(f"[data-step={step}]")
    for label, value in fields.items():
        card.get_by_label(label).fill(value)
    card.get_by_role("button", name="It is proved").click()
    expect(card).to_contain_text("Proved at", timeout=SOON)


def test_kit_is_found_by_state_flag_and_word_and_an_empty_answer_says_so(
    open_page: NewPage,
) -> None:
    page = open_page("/team/kit", "demo-nurse", PHONE)
    expect(page.locator("[data-kit]").first).to_be_visible(timeout=SOON)
    page.get_by_label("Find kit").fill("demo-ox-001")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("[data-kit]")).to_have_count(1, timeout=SOON)
    # A person's name finds their kit and never comes into the address, whatever else is chosen
    page.get_by_label("Find kit").fill("rose ash")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text(re.compile("matching “rose ash”"))).to_be_visible(timeout=SOON)
    expect(page.locator("[data-kit=demo-ox-001]")).to_be_visible(timeout=SOON)
    assert "?" not in page.url
    page.locator(".al-kit-filter__title").last.click()
    page.get_by_role("button", name=re.compile("^Live")).click()
    expect(page).to_have_url(re.compile(r"/team/kit\?state=live$"), timeout=SOON)
    expect(page.get_by_text(re.compile("matching “rose ash”"))).to_be_visible(timeout=SOON)
    page.get_by_label("Find kit").fill("no such box")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text(re.compile("^0 pieces of kit: .*matching “no such box”"))).to_be_visible(
        timeout=SOON
    )
    assert [*sweep.axe(page), *sweep.small_targets(page, 44), *sweep.overflows(page)] == []
    page.get_by_role("button", name="Show all").click()
    expect(page.locator("[data-kit]").nth(2)).to_be_visible(timeout=SOON)


def test_a_recall_names_who_has_it_and_what_to_do(open_page: NewPage) -> None:
    page = open_page("/team/kit-recall", "demo-nurse", DESKTOP)
    page.get_by_role("button", name="Find who has it").click()
    expect(page.get_by_text("Fill in at least one of the three")).to_be_visible()
    page.get_by_label("Model").fill("alongside-ox1")
    page.get_by_role("button", name="Find who has it").click()
    expect(page.get_by_text(re.compile(r"\d+ people to call\."))).to_be_visible(timeout=SOON)
    expect(page.locator("[data-kit=demo-ox-001]")).to_contain_text("Rose Ash")
    expect(page.get_by_text("Call each person.")).to_be_visible()
    page.goto("/team/kit-recall?model=no-such-model")
    expect(page.get_by_text("0 people to call.")).to_be_visible(timeout=SOON)
    assert [*sweep.axe(page), *sweep.overflows(page)] == []


def test_the_persons_page_leads_to_the_kit(open_page: NewPage, demo: Running) -> None:
    page = open_page(f"/team/person/{demo.patient('demo-person')}", "demo-nurse", DESKTOP)
    page.locator(".al-kit__item").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/team/kit/[0-9a-f-]{36}"), timeout=SOON)
    expect(section(page, "wearers")).to_contain_text("Rose Ash", timeout=SOON)


@pytest.mark.parametrize("size", [PHONE, {"width": 320, "height": 640}], ids=["phone", "narrow"])
def test_every_form_of_a_device_is_clean_when_it_is_open(
    open_page: NewPage, demo: Running, size: dict[str, int]
) -> None:
    page = open_page(f"/team/kit/{demo.kit('demo-pendant-004')}", "demo-nurse", size)
    expect(section(page, "moves")).to_be_visible(timeout=SOON)
    for opens in (
        "Hand over: ",
        "It was moved",
        "Have it collected",
        "Change what is written down",
        "Cut it off",
    ):
        page.get_by_role("button", name=opens).first.click()
    page.get_by_text("The device shows a code of its own").click()
    page.get_by_role("button", name="Cut it off now").click()
    expect(page.get_by_text("Choose why")).to_be_visible()
    assert [*sweep.axe(page), *sweep.small_targets(page, 44), *sweep.overflows(page)] == []
    page.get_by_role("button", name="Back", exact=True).first.click()
    for opens in ("End: ", "Correct the dates: "):
        page.get_by_role("button", name=opens).click()
        assert [*sweep.axe(page), *sweep.small_targets(page, 44), *sweep.overflows(page)] == []
        page.get_by_role("button", name="Back", exact=True).first.click()
