"""Every page of adding a person, of somebody's status, the rota and staff, with its forms open and its errors said."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import sweep
from tests.browser.addresses import a_colleague, a_draft
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.running import Running

SOON = 30_000
NARROW = {"width": 320, "height": 640}
STEPS = (
    "nhs-number", "who", "reach", "contacts", "needs", "consent", "helpers", "pathways", "targets", "facts",
    "board", "check", "kit", "phone", "live",
)  # fmt: skip
ACTS = ("review", "pause", "admission", "phone", "ending", "death")


def swept(page: Page) -> list[object]:
    """What somebody with poor sight, shaky hands or a small phone would meet."""
    return [*sweep.axe(page), *sweep.small_targets(page, 24), *sweep.overflows(page)]


def opened(page: Page) -> None:
    """Wait until the page is there and nothing is being opened."""
    expect(page.locator("h1").first).to_be_visible(timeout=SOON)
    expect(page.get_by_text("Opening.")).to_have_count(0, timeout=SOON)


@pytest.mark.parametrize("step", STEPS)
def test_each_page_of_adding_a_person_says_where_it_is_and_is_clean(
    open_page: NewPage, demo: Running, step: str
) -> None:
    page = open_page(f"/team/join/{a_draft(demo)}/{step}", "demo-nurse", PHONE)
    place = f"Step {STEPS.index(step) + 1} of {len(STEPS)}"
    expect(page.locator(".al-caption")).to_contain_text(place, timeout=SOON)
    for add in ("Add somebody who may act for them", "Add a target"):
        if page.get_by_role("button", name=add).count():
            page.get_by_role("button", name=add).click()
    if page.locator("summary").count():
        page.locator("summary").last.click()
    assert swept(page) == []
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # playwright's ViewportSize is a TypedDict of the same shape
    assert sweep.overflows(page) == []


@pytest.mark.parametrize("step", ["nhs-number", "contacts", "needs", "consent", "pathways"])
def test_a_page_that_lacks_an_answer_says_so_on_top_at_the_field_and_in_the_title(
    open_page: NewPage, demo: Running, step: str
) -> None:
    page = open_page(f"/team/join/{a_draft(demo)}/{step}", "demo-nurse", PHONE)
    send = page.get_by_role("button", name=re.compile("continue$"))
    expect(send).to_be_visible(timeout=SOON)
    send.click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    assert swept(page) == []
    link = page.get_by_role("alert").get_by_role("link").first
    words = link.inner_text()
    link.click()
    expect(page.locator(":focus")).to_be_visible()
    assert page.locator(".nhsuk-error-message", has_text=words).count() == 1


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_each_thing_done_about_a_persons_status_says_what_it_means(
    open_page: NewPage, demo: Running, act: str, size: dict[str, int]
) -> None:
    page = open_page(f"/team/care/{demo.patient('demo-person')}/{act}", "demo-nurse", size)
    expect(page.locator(".al-caption")).to_have_text("Rose Ash", timeout=SOON)
    if act == "phone":
        page.get_by_role("button", name="Make a code for Rose Ash").click()
        expect(page.get_by_role("img", name="Code to scan")).to_be_visible(timeout=SOON)
    elif act != "review":
        page.locator("form button[type=submit]").click()
        expect(page.get_by_role("alert")).to_be_visible()
    assert swept(page) == []


def test_the_caseload_says_in_words_who_is_watched_and_finds_a_person_without_an_address(
    open_page: NewPage,
) -> None:
    page = open_page("/team/caseload", "demo-nurse", PHONE)
    expect(page.get_by_text(re.compile(r"^\d+ people. Watched: \d+"))).to_be_visible(timeout=SOON)
    expect(page.locator("[data-case]", has_text="Paused").first).to_contain_text("Not watched until")
    page.get_by_role("button", name=re.compile("^Awaiting kit")).click()
    expect(page).to_have_url(re.compile("status=awaiting-kit$"))
    expect(page.locator("[data-case]").first).to_contain_text("Not watched", timeout=SOON)
    page.get_by_role("button", name="Show all").click()
    page.get_by_label("Find a person").fill("rose ash")
    page.keyboard.press("Enter")
    expect(page.locator("[data-case]")).to_have_count(1, timeout=SOON)
    assert "?" not in page.url
    assert swept(page) == []


@pytest.fixture
def in_two_weeks() -> str:
    """A Wednesday that the demo's rota does not reach; named as the page's address takes it."""
    today = datetime.now(UTC).date()
    return (today + timedelta(days=30 - today.weekday() + 2)).isoformat()


def test_a_shift_is_added_to_the_rota_and_taken_out_and_a_day_without_anybody_says_so(
    open_page: NewPage, in_two_weeks: str
) -> None:
    page = open_page(f"/team/rota?day={in_two_weeks}", "demo-lead", DESKTOP)
    day = page.locator(f"[data-day='{in_two_weeks}']")
    expect(day).to_contain_text("No on call", timeout=SOON)
    page.get_by_role("button", name="Add the shift").click()
    expect(page.get_by_text("Choose who").first).to_be_visible()
    who = page.get_by_label("Who?")
    who.select_option(label="Leah Birch")
    page.get_by_label("From", exact=True).fill(f"{in_two_weeks}T17:00")
    page.get_by_label("To", exact=True).fill(f"{in_two_weeks}T09:00")
    page.get_by_role("button", name="Add the shift").click()
    expect(page.get_by_text("has to end after it begins").first).to_be_visible()
    page.get_by_label("To", exact=True).fill(f"{in_two_weeks}T23:00")
    page.get_by_role("button", name="Add the shift").click()
    expect(day).to_contain_text("Leah Birch", timeout=SOON)
    expect(day).to_contain_text("5pm to 11pm")
    assert swept(page) == []
    day.get_by_role("button", name=re.compile("^Take out Leah Birch")).click()
    day.get_by_role("button", name="Take it out", exact=True).click()
    expect(day).not_to_contain_text("Leah Birch", timeout=SOON)


def test_a_nurse_reads_the_rota_and_may_not_change_it(open_page: NewPage) -> None:
    page = open_page("/team/rota", "demo-nurse", PHONE)
    expect(page.get_by_text("changes the rota.")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("button", name="Take out")).to_have_count(0)
    assert swept(page) == []


def test_an_administrator_makes_an_account_and_shuts_it_out_and_sees_no_list_of_people(
    open_page: NewPage, demo: Running
) -> None:
    page = open_page("/team/staff", "demo-admin", DESKTOP)
    opened(page)
    expect(page.get_by_role("link", name="Caseload")).to_have_count(0)
    page.get_by_role("link", name="Add somebody").click()
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert swept(page) == []
    name = f"journey-{datetime.now(UTC):%H%M%S%f}"
    page.get_by_label("Name", exact=True).fill("Wren Alder")
    page.get_by_role("radio", name="Nurse").check()
    page.get_by_label("User name").fill("demo-nurse")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_text("Somebody has this user name").first).to_be_visible(timeout=SOON)
    page.get_by_label("User name").fill(name)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_text("Has not chosen a password yet.")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Make a code to choose a password").click()
    code = page.locator(".al-claim__code")
    expect(code).to_be_visible(timeout=SOON)
    assert swept(page) == []
    # The colleague chooses a password with it and is in, and nobody else can with the same code
    colleague = open_page(f"/team/pair#{code.inner_text().replace('-', '')}", None, PHONE)
    colleague.get_by_label("Choose a password").fill("three plain words")
    colleague.get_by_role("button", name="Pair and sign in").click()
    expect(colleague.get_by_text(name)).to_be_visible(timeout=SOON)
    second = open_page("/team/pair", None, PHONE)
    second.get_by_label("Code", exact=True).fill(code.inner_text())
    second.get_by_label("Choose a password").fill("three plain words")
    second.get_by_role("button", name="Pair and sign in").click()
    expect(second.get_by_text("not known, was used").first).to_be_visible(timeout=SOON)
    # Shut out, every page of theirs ends
    page.locator("summary", has_text="Shut out").click()
    page.get_by_role("radio", name="They left").check()
    page.get_by_role("button", name="Shut out now").click()
    expect(page.get_by_text(re.compile("^Shut out since")).first).to_be_visible(timeout=SOON)
    colleague.get_by_role("link", name="Continue").click()
    expect(colleague.get_by_role("heading", name="Sign in to the worklist")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Let in again").click()
    expect(page.get_by_role("button", name="Make a code to choose a password")).to_be_visible(timeout=SOON)
    assert a_colleague(demo) not in page.url


@pytest.mark.parametrize("path", ["/team/caseload", "/team/join", "/team/rota"])
def test_an_administrator_is_told_in_words_that_no_list_of_people_is_theirs(
    open_page: NewPage, path: str
) -> None:
    page = open_page(path, "demo-admin", PHONE)
    expect(page.get_by_text("is not open to you.")).to_be_visible(timeout=SOON)
    assert swept(page) == []
