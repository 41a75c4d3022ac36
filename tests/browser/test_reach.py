"""How staff say where they are reached, and what the pages say when a browser refuses to be rung."""

from collections.abc import Callable

from playwright.sync_api import Browser, StorageState, expect

from tests.browser import sweep
from tests.browser.conftest import DESKTOP, NewPage
from tests.running import Running

# Headless Chromium allows asking and then refuses or never answers; any of these is said in words.
TROUBLE = "[data-push=refused], [data-push=denied], [data-push=dismissed]"


def test_a_person_is_told_in_words_that_this_browser_will_not_ring(
    demo: Running, whole_browser: Browser, signed_in: Callable[[str], StorageState]
) -> None:
    page = whole_browser.new_context(base_url=demo.url, storage_state=signed_in("demo-person")).new_page()
    page.goto("/settings")
    expect(page.locator("[data-push=off], [data-push=denied]")).to_be_visible(timeout=60_000)
    page.context.grant_permissions(["notifications"], origin=demo.url)
    page.reload()
    expect(page.locator("[data-push=off]")).to_contain_text("Off.", timeout=60_000)
    page.get_by_role("button", name="Turn on notifications").click()
    refused = page.locator(TROUBLE)
    expect(refused).to_be_visible(timeout=60_000)
    expect(refused).to_contain_text("browser")
    assert sweep.axe(page) == []


def test_a_nurse_writes_down_a_number_and_sees_what_it_leads_to(open_page: NewPage) -> None:
    page = open_page("/team/reach", "demo-nurse", DESKTOP)
    expect(page.get_by_text("Nothing leads here yet.")).to_be_visible(timeout=60_000)
    page.get_by_label("Mobile number for text messages").fill("12")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#sms-error")).to_contain_text("Write a mobile number", timeout=60_000)
    page.get_by_label("Mobile number for text messages").fill("07700 900123")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible(timeout=60_000)
    # The demo has nobody who sends text messages, and the page says so instead of looking ready.
    expect(page.get_by_text("this service has nobody who sends it")).to_be_visible(timeout=60_000)
    assert sweep.axe(page) == []
    page.reload()
    expect(page.get_by_label("Mobile number for text messages")).to_have_value("07700 900123", timeout=60_000)


def test_an_administrator_opens_a_colleagues_from_the_list(open_page: NewPage) -> None:
    page = open_page("/team/reach", "demo-admin", DESKTOP)
    page.locator("#others a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("How to reach", timeout=60_000)
    expect(page.get_by_label("E-mail address")).to_be_visible(timeout=60_000)
