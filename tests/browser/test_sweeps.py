"""Every screen of the team in every state, swept for what somebody with poor sight or a small screen would meet."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import sweep
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.states import SIGNED_OUT, STATES, TEAMS, in_state, least, settled
from tests.running import Running

# Screens that are held in a hand in somebody's home, with large letters or on the smallest phone.
HELD = [one for one in TEAMS if one.startswith("/team/kit")]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("address", TEAMS)
def test_every_screen_is_clean_on_a_phone(
    open_page: NewPage, demo: Running, address: str, state: str
) -> None:
    page = in_state(open_page, demo, address, state, PHONE)
    assert sweep.all_of(page, least(address)) == []


@pytest.mark.parametrize("address", TEAMS)
def test_every_team_screen_is_clean_on_a_desktop(open_page: NewPage, demo: Running, address: str) -> None:
    assert sweep.all_of(in_state(open_page, demo, address, "full", DESKTOP), least(address)) == []


@pytest.mark.parametrize("address", SIGNED_OUT)
def test_every_open_screen_is_clean_before_signing_in(open_page: NewPage, address: str) -> None:
    page = open_page(address, None, PHONE)
    settled(page)
    assert sweep.all_of(page, 48 if not address.startswith("/team") else 24) == []


@pytest.mark.parametrize("address", ["/sign-in", "/team/sign-in"])
def test_a_wrong_password_says_so_at_the_top_and_in_the_title(open_page: NewPage, address: str) -> None:
    page = open_page(address, None, PHONE)
    settled(page)
    page.get_by_label("Username").fill("demo-person")
    page.get_by_label("Password", exact=True).fill("not-the-password")
    if address == "/sign-in":
        page.get_by_label("Yes, it is mine").check()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("The username or the password is not right").first).to_be_visible()
    expect(page).to_have_title(re.compile("^Error: "))
    assert sweep.all_of(page, 24 if address.startswith("/team") else 48) == []


@pytest.mark.parametrize("width", [320, 195])
@pytest.mark.parametrize("address", HELD)
def test_nothing_is_cut_off_on_a_narrow_phone(
    open_page: NewPage, demo: Running, address: str, width: int
) -> None:
    page = in_state(open_page, demo, address, "full", {"width": width, "height": 640})
    assert sweep.overflows(page) == []


@pytest.mark.parametrize("address", HELD)
def test_text_at_twice_its_size_is_not_cut_off(open_page: NewPage, demo: Running, address: str) -> None:
    page = in_state(open_page, demo, address, "full", PHONE)
    page.evaluate("document.documentElement.classList.add('swept'), "
                  "document.adoptedStyleSheets = [Object.assign(new CSSStyleSheet())], "
                  "document.adoptedStyleSheets[0].replaceSync('html{font-size:200% !important}')")  # fmt: skip
    page.wait_for_timeout(200)
    assert sweep.overflows(page) == []


@pytest.mark.parametrize("address", TEAMS)
def test_every_control_is_reached_by_tab_and_its_focus_is_seen(
    open_page: NewPage, demo: Running, address: str
) -> None:
    assert sweep.lost_to_the_keyboard(in_state(open_page, demo, address, "full", DESKTOP)) == []
