"""Nurses at work: the list by touch and by keyboard, one card for two, a shift handed over, a locked desk."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser import sweep
from tests.flows.by_hand import ByHand, ago, pressure, until
from tests.flows.conftest import PHONE, SignedIn, System

pytestmark = pytest.mark.xdist_group("flows")

SLOW = 60_000
# Counts what would be heard: a test machine has no loudspeaker.
HEARD = """window.heard = 0; const make = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { window.heard += 1; return make.call(this); };"""


def swept(page: Page) -> list[object]:
    """What somebody with poor sight, a keyboard or a small phone would meet."""
    return [*sweep.axe(page), *sweep.small_targets(page, 24), *sweep.overflows(page)]


Touching = Callable[[str], Page]


@pytest.fixture
def touching(browser: Browser, system: System) -> Iterator[Touching]:
    """A phone in a nurse's hand: 390 wide, touched and never clicked."""
    contexts = []

    def opened(username: str) -> Page:
        context = browser.new_context(
            viewport=PHONE,  # type: ignore[arg-type]  # playwright's ViewportSize is a TypedDict of the same shape
            base_url=system.running.url,
            locale="en-GB",
            timezone_id="Europe/London",
            has_touch=True,
            is_mobile=True,
        )
        contexts.append(context)
        system.running.sign_in(context, username)
        page = context.new_page()
        page.set_default_timeout(SLOW)
        page.goto("/team")
        return page

    yield opened
    for context in contexts:
        context.close()


def raise_severe(system: System, device_id: str) -> str:
    """Two severe blood pressures of somebody's monitor; answers whose card it is by name, once it is unclaimed."""
    device = ByHand(system.spare(device_id)).connect()
    taken = [ago(minutes=3), ago(seconds=5)]
    sent = [device.send(device.reading(*pressure(205, 124), taken=at)) for at in taken]
    until(lambda: all(one in device.stored for one in sent), 120, "the receipts")
    device.close()
    name = (
        "select p.given_name || ' ' || p.family_name from patient p"
        " join device_association a on a.patient_id = p.id and upper_inf(a.valid)"
        " join device d on d.id = a.device_id where d.device_id = %s"
    )
    ((person,),) = system.rows(name, device_id)
    unclaimed = (
        "select 1 from alert a join patient p on p.id = a.patient_id"
        " where p.given_name || ' ' || p.family_name = %s and a.closed_at is null and a.owner_id is null"
    )
    until(lambda: system.rows(unclaimed, person), 120, "the alert")
    return str(person)


def row_of(page: Page, person: str) -> Locator:
    return page.locator("[data-alert]", has=page.locator(".al-row__name", has_text=person)).first


def close_by_touch(page: Page) -> None:
    """Outcome, then "no note"; what is red is asked once more."""
    page.get_by_role("button", name="Close", exact=True).tap()
    page.get_by_role("button", name="Gave advice").tap()
    page.get_by_role("button", name="Close with no note").tap()
    confirm = page.get_by_role("button", name="Yes, close it")
    expect(confirm.or_(page.get_by_text("Closed.", exact=True)).first).to_be_visible(timeout=SLOW)
    if confirm.is_visible():
        assert swept(page) == []
        confirm.tap()
    expect(page.get_by_text("Closed.", exact=True)).to_be_visible(timeout=SLOW)


@pytest.mark.hazard("H22")
def test_a_nurse_works_the_list_top_to_bottom_on_a_phone_by_touch(system: System, touching: Touching) -> None:
    # Given a list with something urgent on it
    system.close_all()
    raise_severe(system, "demo-bp-001")
    raise_severe(system, "demo-bp-014")
    page = touching("demo-nurse-2")
    expect(page.locator("[data-alert]").nth(1)).to_be_visible(timeout=SLOW)
    assert swept(page) == []
    worked: list[str] = []
    for _ in range(2):
        # When she takes the first that nobody has
        page.get_by_role("button", name=re.compile("^Unclaimed")).tap()
        first = page.locator("[data-alert]").first
        worked.append(str(first.get_attribute("data-alert")))
        first.locator(".al-row__open").tap()
        expect(page.locator(".al-alert")).to_be_visible(timeout=SLOW)
        expect(page.get_by_role("heading", name="Before you call")).to_be_attached(timeout=SLOW)
        assert swept(page) == []
        page.get_by_role("button", name=re.compile("^Claim")).tap()
        expect(page.get_by_text("You have this now.")).to_be_visible(timeout=SLOW)
        # Then nobody answers, which is written down and says what comes next
        page.get_by_role("button", name="Record contact").tap()
        assert swept(page) == []
        page.get_by_role("button", name="No reply").tap()
        expect(page.get_by_text(re.compile(r"Written down\. Next: "))).to_be_visible(timeout=SLOW)
        # And once the person is reached, nobody else is called
        page.get_by_role("button", name="Record contact").tap()
        page.get_by_role("button", name="Reached").tap()
        expect(page.get_by_text("Nobody else is called now")).to_be_visible(timeout=SLOW)
        close_by_touch(page)
        page.get_by_role("navigation", name="Back").get_by_role("link").tap()
        expect(page.get_by_role("button", name=re.compile("^Unclaimed"))).to_be_visible(timeout=SLOW)
        expect(page.locator(f"[data-alert='{worked[-1]}']")).not_to_be_attached(timeout=SLOW)
    assert len(set(worked)) == 2


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the focus is on the control with these words."""
    here = "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? ''"
    for _ in range(120):
        page.keyboard.press("Tab")
        if str(page.evaluate(here)).startswith(words):
            return
    raise AssertionError(f"no Tab leads to {words}")


def choose_by_keys(page: Page, person: str) -> None:
    """Press j until the chosen row is this person's."""
    for _ in range(30):
        page.keyboard.press("j")
        if row_of(page, person).locator("[aria-current=true]").count():
            return
    raise AssertionError(f"no j leads to {person}")


def close_by_keys(desk: Page, card: Locator) -> None:
    """Close with no change and no note; what is red is asked once more."""
    tab_to(desk, "Close")
    desk.keyboard.press("Enter")
    tab_to(desk, "No change")
    desk.keyboard.press("Enter")
    tab_to(desk, "Close with no note")
    desk.keyboard.press("Enter")
    closed = card.get_by_text("Closed.", exact=True)
    confirm = card.get_by_role("button", name="Yes, close it")
    expect(confirm.or_(closed).first).to_be_visible(timeout=SLOW)
    if confirm.is_visible():
        tab_to(desk, "Yes, close it")
        desk.keyboard.press("Enter")
    expect(closed).to_be_visible(timeout=SLOW)


@pytest.mark.hazard("H22")
def test_a_nurse_works_a_card_on_a_desktop_by_keyboard_alone(system: System, signed_in: SignedIn) -> None:
    # Given an urgent card
    system.close_all()
    person = raise_severe(system, "demo-bp-014")
    desk = signed_in("demo-nurse")
    expect(row_of(desk, person)).to_be_visible(timeout=SLOW)
    # When she looks for it, chooses it, claims it and opens it
    desk.keyboard.press("/")
    desk.keyboard.type(person.split()[-1].lower())
    expect(desk.locator("[data-alert]")).to_have_count(1)
    desk.keyboard.press("Escape")
    choose_by_keys(desk, person)
    desk.keyboard.press("c")
    card = desk.locator(".al-person-card")
    expect(card.get_by_text("You have this now.")).to_be_visible(timeout=SLOW)
    desk.keyboard.press("Enter")
    expect(desk.locator("#card-title")).to_be_focused()
    expect(card.get_by_role("heading", name="Who is called, and when")).to_be_attached(timeout=SLOW)
    assert swept(desk) == []
    # Then a promise to look again, a contact and the end are all within reach of Tab
    tab_to(desk, "Recheck by")
    desk.keyboard.press("Enter")
    # The question has the focus once it is drawn, and its first answer is the next stop.
    expect(card.get_by_role("heading", name="Recheck by")).to_be_focused(timeout=SLOW)
    desk.keyboard.press("Tab")
    desk.keyboard.press("Space")
    expect(card.get_by_role("radio").first).to_be_checked(timeout=SLOW)
    desk.get_by_label("Why?").focus()
    desk.keyboard.type("See whether the tablets help")
    assert swept(desk) == []
    tab_to(desk, "Promise to look again")
    desk.keyboard.press("Enter")
    expect(card.get_by_text(re.compile("^It comes back at"))).to_be_visible(timeout=SLOW)
    tab_to(desk, "Record contact")
    desk.keyboard.press("Enter")
    tab_to(desk, "Reached")
    desk.keyboard.press("Enter")
    expect(card.get_by_text("Nobody else is called now")).to_be_visible(timeout=SLOW)
    close_by_keys(desk, card)
    # And it can be taken back while the bar stands
    undo = desk.get_by_role("button", name="Undo")
    expect(undo).to_be_visible(timeout=SLOW)
    undo.focus()
    desk.keyboard.press("Enter")
    expect(card.get_by_text("Undone.")).to_be_visible(timeout=SLOW)
    expect(row_of(desk, person)).to_contain_text("You have this", timeout=SLOW)


@pytest.mark.hazard("H23")
def test_of_two_nurses_who_claim_one_card_the_second_is_told_who_has_it(
    system: System, signed_in: SignedIn
) -> None:
    system.close_all()
    person = raise_severe(system, "demo-bp-001")
    first, second = signed_in("demo-nurse"), signed_in("demo-nurse-2")
    for desk in (first, second):
        expect(row_of(desk, person).get_by_role("button", name=re.compile("^Claim"))).to_be_visible(
            timeout=SLOW
        )

    def unchanged(route: Route) -> None:
        route.fulfill(status=304, headers={"Date": ""})

    # Given a second desk that has not heard yet that the first took it
    second.route(re.compile("/api/v1/worklist"), unchanged)
    first_row, second_row = row_of(first, person), row_of(second, person)
    first_row.get_by_role("button", name=re.compile("^Claim")).click()
    expect(first_row).to_contain_text("You have this", timeout=SLOW)
    second_row.get_by_role("button", name=re.compile("^Claim")).click()
    # Then it says who was first and how the card stands, and offers no claim any more
    expect(second_row).to_contain_text("Hannah Fern has just taken this", timeout=SLOW)
    expect(second_row).to_contain_text("It now stands: Urgent. Hannah Fern has this since")
    expect(second_row.get_by_role("button", name=re.compile("^Claim"))).not_to_be_attached()
    assert swept(second) == []


@pytest.mark.hazard("H22")
def test_a_shift_is_handed_over_and_accepted_card_by_card(system: System, signed_in: SignedIn) -> None:
    # Given a nurse who has a card
    system.close_all()
    person = raise_severe(system, "demo-bp-001")
    giver, taker = signed_in("demo-nurse"), signed_in("demo-nurse-2")
    row_of(giver, person).get_by_role("button", name=re.compile("^Claim")).click(timeout=SLOW)
    expect(row_of(giver, person)).to_contain_text("You have this", timeout=SLOW)
    # When she offers it to a colleague, who must be chosen
    giver.get_by_role("link", name=re.compile("^Hand over")).click()
    giver.get_by_role("button", name="Choose all").click(timeout=SLOW)
    giver.get_by_role("button", name="Hand over 1 card").click()
    expect(giver.get_by_role("alert").get_by_text("Choose who takes them")).to_be_visible()
    giver.get_by_label("Who takes them?").select_option(label="Daniel Moss")
    giver.get_by_label("What should they know?").fill("She is slow to the telephone")
    assert swept(giver) == []
    giver.get_by_role("button", name="Hand over 1 card").click()
    expect(giver.get_by_text("1 card offered to Daniel Moss")).to_be_visible(timeout=SLOW)
    # Then his list says that it waits for him, and he accepts it
    taker.get_by_role("link", name="Look and accept").click(timeout=SLOW)
    waiting = taker.get_by_role("region", name="For you to accept")
    expect(waiting).to_contain_text("She is slow to the telephone", timeout=SLOW)
    assert swept(taker) == []
    waiting.get_by_role("button", name="Accept").click()
    expect(waiting).to_contain_text("Nothing waits for you", timeout=SLOW)
    # And the giver sees that he has it
    expect(giver.get_by_text(re.compile("To Daniel Moss at .*: 1 card, 1 accepted"))).to_be_visible(
        timeout=SLOW
    )
    giver.goto("/team")
    expect(row_of(giver, person)).to_contain_text("Daniel Moss has this", timeout=SLOW)


@pytest.mark.hazard("H24")
def test_a_locked_desk_sounds_and_counts_without_a_name(
    system: System, signed_in: SignedIn, tmp_path: Path
) -> None:
    # Given a desk that sounds and is locked
    system.close_all()
    person = raise_severe(system, "demo-bp-001")
    desk = signed_in("demo-nurse")
    desk.add_init_script(HEARD)
    desk.reload()
    expect(row_of(desk, person)).to_be_visible(timeout=SLOW)
    desk.get_by_role("button", name="Sound off").click()
    expect(desk.get_by_role("button", name="Sound on")).to_be_visible()
    desk.get_by_role("button", name="Lock").click()
    expect(desk.get_by_role("heading", name="This desk is locked")).to_be_visible()
    counted = desk.locator(".al-locked__count")
    expect(counted).to_have_text(re.compile(r"^\d+$"), timeout=SLOW)
    assert swept(desk) == []
    before = desk.evaluate("window.heard")
    # When somebody presses a pendant
    device = system.spare("demo-pendant-001")
    secret = tmp_path / "secret"
    secret.write_text(device["secret"])
    pressed = subprocess.run(
        [
            sys.executable, "-m", "firmware_stubs.pendant", "--press", "--device-id", device["id"],
            "--secret-file", str(secret), "--host", device["host"], "--port", str(device["port"]),
            "--ca-file", device["ca_file"], "--timeout", "120",
        ],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert pressed.returncode == 0, pressed.stdout + pressed.stderr
    # Then it sounds, it counts, and no name is on the screen; a reload does not open it
    until(lambda: desk.evaluate("window.heard") > before, 120, "the sound")
    expect(counted).to_be_visible()
    assert person.split()[-1] not in desk.locator("body").inner_text()
    desk.reload()
    expect(desk.get_by_role("heading", name="This desk is locked")).to_be_visible(timeout=SLOW)
    # And whoever signs in opens it
    desk.get_by_label("Username").fill("demo-nurse")
    desk.get_by_label("Password", exact=True).fill(system.running.password("demo-nurse"))
    desk.get_by_role("button", name="Sign in").click()
    expect(row_of(desk, person)).to_be_visible(timeout=SLOW)


def test_who_signs_in_at_a_locked_desk_is_not_put_out_by_an_answer_to_what_was_asked_before(
    system: System, signed_in: SignedIn
) -> None:
    # Given a locked desk that has just asked for its list, and waits for the answer
    person = raise_severe(system, "demo-bp-001")
    desk = signed_in("demo-nurse")
    expect(row_of(desk, person)).to_be_visible(timeout=SLOW)
    desk.get_by_role("button", name="Lock").click()
    asked: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if asked:
            route.continue_()
        else:
            asked.append(route)

    desk.route(re.compile("/api/v1/worklist"), hold_the_first)
    desk.evaluate("dispatchEvent(new Event('online'))")
    until(lambda: desk.evaluate("1") and asked, 60, "it asks for its list")
    # When somebody signs in there, which ends the session that it asked in
    desk.get_by_label("Username").fill("demo-nurse-2")
    desk.get_by_label("Password", exact=True).fill(system.running.password("demo-nurse-2"))
    desk.get_by_role("button", name="Sign in").click()
    expect(desk.get_by_role("heading", name="This desk is locked")).to_have_count(0, timeout=SLOW)
    over = {
        "type": "about:blank",
        "title": "Signed out",
        "status": 401,
        "code": "signed-out",
        "detail": "Over.",
    }
    asked[0].fulfill(status=401, json=over, content_type="application/problem+json")
    # Then they are in, and see the list
    expect(row_of(desk, person)).to_be_visible(timeout=SLOW)
    desk.wait_for_timeout(1_000)
    expect(row_of(desk, person)).to_be_visible()
