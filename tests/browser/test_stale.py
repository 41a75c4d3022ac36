"""No screen shows what it had as how it is: without the service each says so, and since when."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.states import SIGNED_IN, in_state
from tests.running import Running

# What somebody acts on: values, cards, who is watched, what kit said. Forms alone are not among them.
VIEWS = [
    "/", "/readings", "/readings/:kind", "/team", "/team/alert/:id", "/team/alert/:id/custody", "/team/person/:id",
    "/team/person/:id/custody", "/team/caseload", "/team/care/:id", "/team/handover", "/team/rota", "/team/kit",
    "/team/kit/:id", "/team/quarantine",
]  # fmt: skip


@pytest.mark.hazard("H02")
@pytest.mark.parametrize("address", VIEWS)
def test_stale_banner_every_view(open_page: NewPage, demo: Running, address: str) -> None:
    """Loaded while it answered and again while it does not: what was kept stands with its time, and never as new."""
    assert address in SIGNED_IN
    page = in_state(open_page, demo, address, "offline", DESKTOP if address.startswith("/team") else PHONE)
    expect(page.get_by_text(re.compile(r"^Not connected\.")).first).to_be_visible(timeout=60_000)
    assert "Up to date at" not in page.locator("body").inner_text()
