"""A phone that two people share, and one of somebody's own with a PIN: what is left on the disk, and what arrives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Page, Playwright, expect

from backend.demo.people import PEOPLE
from tests.flows.by_hand import until
from tests.flows.conftest import System
from tests.journeys.conftest import OWN, SHARED, SLOW, go, is_ready_to_be_offline, sign_in
from tests.journeys.on_disk import Wanted, found_in, numbers, words
from tests.journeys.own_browser import OwnBrowser, walk

pytestmark = pytest.mark.xdist_group("journeys")

SYSTOLIC, DIASTOLIC = 143, 87
MESSAGE = "The heron stood on the garden wall again, and my ankles are swollen"
WRITTEN = "Marmalade is the only thing I can taste"
PIN = "402718"
# As an app without any care would keep them: in three places, small and large.
CARELESS = """async ([words, systolic, diastolic]) => {
  const taken = { kind: 'blood-pressure', systolic: String(systolic), diastolic: String(diastolic), words };
  localStorage.setItem('last', JSON.stringify(taken));
  history.replaceState(null, '', '?q=' + encodeURIComponent(words));
  const db = await new Promise(done => { const open = indexedDB.open('careless', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('rows');
    open.onsuccess = () => done(open.result); });
  const all = db.transaction('rows', 'readwrite');
  all.objectStore('rows').put(taken, 'small');
  all.objectStore('rows').put({ many: Array(20000).fill('the same again '), taken }, 'large');
  await new Promise(done => { all.oncomplete = done; });
}"""


@pytest.fixture
def browser_of_their_own(playwright: Playwright, system: System) -> Iterator[OwnBrowser]:
    """A browser with an empty folder, which is deleted at the end."""
    browser = OwnBrowser(playwright, system.running.url)
    yield browser
    browser.remove()


def known_of_the_first(system: System) -> Wanted:
    """Who they are, what they measured and wrote now, and what stands in their plan and their messages."""
    patient = system.running.patient("demo-person")
    mine = "(select id from patient where public_id = %s)"
    texts = system.rows(
        f"select left(body->>'text', 40) from plan_version where patient_id = {mine} and length(body->>'text') > 20",
        patient,
    ) + system.rows(f"select left(words, 40) from thread_message where patient_id = {mine}", patient)
    assert len(texts) > 5, "the demo has words to look for"
    person = PEOPLE[0]
    named = [f"{person.given} {person.family}", *(str(text) for (text,) in texts if len(str(text)) > 12)]
    return [*words(MESSAGE, WRITTEN, *named), *numbers(SYSTOLIC, DIASTOLIC)]


def record_everything(page: Page) -> None:
    """A blood pressure, a message and a check-in, without a network and without loading the page anew."""
    walk(page, "/take/blood-pressure/systolic")
    for step, value in (("systolic", SYSTOLIC), ("diastolic", DIASTOLIC)):
        page.wait_for_url(f"**/{step}")
        page.locator("#number").fill(str(value))
        go(page, "Continue")
    page.wait_for_url(re.compile("/(feel|check)$"))
    if page.url.endswith("/feel"):
        page.get_by_label("No", exact=True).check()
        go(page, "Continue")
    go(page, "Save")
    expect(page.get_by_role("heading", name="Your reading", exact=True)).to_be_visible(timeout=SLOW)
    walk(page, "/messages/team/write")
    page.locator("#words").fill(MESSAGE)
    go(page, "Send")
    expect(page.get_by_text("Saved on this phone. Not sent yet.").first).to_be_visible(timeout=SLOW)
    walk(page, "/check-in/copd")
    page.get_by_role("link", name="Start", exact=True).click()
    answer_all(page)
    go(page, "Send my answers")
    expect(page.get_by_text("Saved on this phone").first).to_be_visible(timeout=SLOW)


def has_moved(page: Page, before: str) -> bool:
    """Whether another page of the form is shown; help comes under the same address."""
    return page.url != before or page.get_by_role("button", name="Go on with the questions").is_visible()


def answer_all(page: Page) -> None:
    """The first answer of each question, and words where there is room for them."""
    ready = page.get_by_role("heading", name="Check your answers")
    choice, box = (
        page.locator("main input[type=radio]").first,
        page.locator("main textarea, main input[type=text]"),
    )
    help_first = page.get_by_role("button", name="Go on with the questions")
    for _ in range(20):
        expect(ready.or_(choice).or_(box.first).or_(help_first).first).to_be_visible(timeout=SLOW)
        if ready.is_visible():
            return
        before = page.url
        if help_first.is_visible():
            help_first.click()
            expect(help_first).to_have_count(0)
            continue
        if choice.is_visible():
            choice.check()
        elif box.first.evaluate("one => one.tagName") == "TEXTAREA":
            box.first.fill(WRITTEN)
        else:
            page.get_by_role("button", name="Leave this one out").click()
            continue
        go(page, "Continue")
        until(partial(has_moved, page, before), 120, "the next page")
    raise AssertionError("the questions do not end")


def stored(system: System) -> list[int]:
    """How many rows there are of each of the three things, by whoever's they are."""
    return [
        int(system.rows(question, *values)[0][0])
        for question, values in (
            ("select count(*) from observation where code = 1 and source = 1 and value = %s", (SYSTOLIC,)),
            ("select count(*) from thread_message where words = %s", (MESSAGE,)),
            (
                "select count(*) from questionnaire_response where questionnaire = 'copd'"
                " and received_at > db_now() - interval '10 minutes'",
                (),
            ),
        )
    ]  # fmt: skip


def sign_out(page: Page) -> None:
    """Through the settings, as somebody does who hands the phone on."""
    walk(page, "/settings")
    go(page, "Sign out")
    expect(page.get_by_label("Password", exact=True)).to_be_visible(timeout=SLOW)


def test_the_search_finds_what_an_app_without_care_would_leave(browser_of_their_own: OwnBrowser) -> None:
    page = browser_of_their_own.open()
    page.goto("/help")
    page.evaluate(CARELESS, [MESSAGE, SYSTOLIC, DIASTOLIC])
    page.wait_for_timeout(2_000)
    browser_of_their_own.close()
    found = found_in(browser_of_their_own.profile, [*words(MESSAGE, WRITTEN), *numbers(SYSTOLIC, DIASTOLIC)])
    for place in ("IndexedDB", "Local Storage"):
        for name in (MESSAGE, str(SYSTOLIC), str(DIASTOLIC)):
            assert any(one.startswith(f"{name} in ") and place in one for one in found), (name, place, found)
    assert any(one.startswith(MESSAGE) and "History" in one for one in found), found
    assert not any(one.startswith(WRITTEN) for one in found)


@pytest.mark.hazard("H19")
def test_of_the_first_person_on_a_shared_phone_nothing_is_left_to_read_and_everything_arrives(
    browser_of_their_own: OwnBrowser, system: System
) -> None:
    browser = browser_of_their_own
    page = browser.open()
    sign_in(page, system, "demo-person", SHARED)
    for address in ("/check-in/copd", "/plan", "/messages/team", "/readings", "/"):
        walk(page, address)
        expect(page.locator("h1")).to_be_visible(timeout=SLOW)
        page.wait_for_timeout(700)
    is_ready_to_be_offline(page)
    wanted = known_of_the_first(system)
    before = stored(system)
    browser.context.set_offline(True)
    record_everything(page)
    sign_out(page)
    expect(page.get_by_text("things saved on this phone are not sent yet.")).to_be_visible(timeout=SLOW)
    browser.close()
    # A browser that is told to close lets its pages have the network for a moment, and the first may get through.
    assert stored(system) != [one + 1 for one in before], "nothing waits on this phone"
    assert found_in(browser.profile, wanted) == []

    page = browser.open()
    sign_in(page, system, "demo-person-2", SHARED)
    until(
        lambda: stored(system) == [one + 1 for one in before], 120, "what the first one recorded has arrived"
    )
    for address in ("/", "/readings", "/messages/team", "/plan", "/not-sent"):
        walk(page, address)
        expect(page.locator("h1")).to_be_visible(timeout=SLOW)
        page.wait_for_timeout(500)
        shown = page.locator("body").inner_text()
        assert not any(said in shown for said in (MESSAGE, WRITTEN, str(SYSTOLIC), PEOPLE[0].family)), address
    browser.close()
    assert found_in(browser.profile, wanted) == []

    whose = """select p.public_id::text from thread_message m join patient p on p.id = m.patient_id where m.words = %s
        union all select p.public_id::text from observation o join patient p on p.id = o.patient_id
        where o.code = 1 and o.source = 1 and o.value = %s"""
    first = system.running.patient("demo-person")
    assert system.rows(whose, MESSAGE, SYSTOLIC) == [(first,), (first,)]


@pytest.mark.hazard("H20")
def test_on_a_phone_with_a_pin_nothing_can_be_read_from_its_disk_locked_or_signed_out(
    browser_of_their_own: OwnBrowser, system: System
) -> None:
    browser = browser_of_their_own
    page = browser.open()
    sign_in(page, system, "demo-person", OWN)
    walk(page, "/settings/lock")
    page.get_by_label("New PIN").fill(PIN)
    go(page, "Use this PIN")
    expect(page.get_by_text("A PIN opens Alongside.")).to_be_visible(timeout=SLOW)
    for address in ("/check-in/copd", "/plan", "/messages/team", "/readings", "/"):
        walk(page, address)
        expect(page.locator("h1")).to_be_visible(timeout=SLOW)
        page.wait_for_timeout(700)
    is_ready_to_be_offline(page)
    wanted = [*known_of_the_first(system), *words(PIN)]
    before = stored(system)
    browser.context.set_offline(True)
    record_everything(page)
    browser.kill()
    assert found_in(browser.profile, wanted) == [], "as it lies there, locked"

    page = browser.open()
    browser.context.set_offline(True)
    page.goto("/")
    page.get_by_label("Your PIN").fill(PIN)
    go(page, "Unlock")
    expect(page.get_by_role("navigation", name="Main pages")).to_be_visible(timeout=SLOW)
    sign_out(page)
    browser.close()
    assert found_in(browser.profile, wanted) == [], "after signing out"

    page = browser.open()
    page.goto("/")
    until(lambda: stored(system) == [one + 1 for one in before], 120, "what was recorded has arrived, once")
    browser.close()
    assert found_in(browser.profile, wanted) == []
