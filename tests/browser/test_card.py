"""Whoever reads a card taps the number to call."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.addresses import an_alert
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.running import Running


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_number_on_a_card_is_tapped_to_call(
    open_page: NewPage, demo: Running, size: dict[str, int]
) -> None:
    page = open_page(f"/team/alert/{an_alert(demo)}", "demo-nurse", size)
    call = page.locator("a[href^='tel:']").first
    expect(call).to_be_visible(timeout=60_000)
    expect(call).to_have_attribute("href", re.compile(r"^tel:\+?\d{10,}$"))
