"""J1 and J10: a reading typed without a network reaches the team, and a session that ended loses none of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.flows.by_hand import until
from tests.flows.conftest import SignedIn, System
from tests.journeys.conftest import SLOW, NewPhone, go, is_ready_to_be_offline, sign_in

pytestmark = pytest.mark.xdist_group("journeys")


def type_in(page: Page, systolic: str, diastolic: str, *, unwell: bool | None = None) -> None:
    """Type a blood pressure in and save it, answering what is asked on the way."""
    page.goto("/take/blood-pressure")
    page.get_by_role("link", name="Type it in myself").click()
    for value in (systolic, diastolic):
        page.get_by_role("textbox").fill(value)
        go(page, "Continue")
    if unwell is not None:
        go(page, "This number is right")
        page.get_by_label("Yes" if unwell else "No", exact=True).check()
        go(page, "Continue")
    expect(page.get_by_role("heading", name="Check your reading")).to_be_visible()
    go(page, "Save")
    expect(page.get_by_role("heading", name="Your reading", exact=True)).to_be_visible()


def stored(system: System, value: int) -> list[tuple[Any, ...]]:
    """When each top number of this value was taken and received."""
    return system.rows(
        "select o.effective_at, o.received_at from observation o where o.code = 1 and o.source = 1 and o.value = %s",
        value,
    )


@pytest.mark.hazard("H02")
def test_a_high_blood_pressure_typed_offline_says_what_to_do_and_reaches_the_nurse_later(
    phone: NewPhone, signed_in: SignedIn, system: System
) -> None:
    """J1: take a blood pressure offline; later it arrives and alerts."""
    system.close_all()
    page = phone("demo-person")
    is_ready_to_be_offline(page)
    page.context.set_offline(True)
    # Without a network nothing but its own clock tells a phone the time: this reading was taken 40 minutes ago.
    page.clock.install(time=datetime.now(UTC) - timedelta(minutes=40))
    page.reload()
    type_in(page, "187", "118", unwell=True)

    # Without anybody to ask, the phone says what the plan says, that nobody knows, and whom to ring.
    expect(page.get_by_text("Nobody has been told yet").first).to_be_visible()
    expect(page.locator("a[href^='tel:']").first).to_be_visible()
    expect(page.get_by_text("Saved on this phone").first).to_be_visible()
    expect(page.locator("bdi", has_text=re.compile("187.*118")).first).to_be_visible()
    assert stored(system, 187) == []

    page.clock.set_system_time(datetime.now(UTC))
    page.context.set_offline(False)
    expect(page.get_by_text(re.compile("^Received")).first).to_be_visible(timeout=SLOW)
    [(taken, received)] = stored(system, 187)
    assert received - taken > timedelta(minutes=39)
    nurse = signed_in("demo-nurse")
    row = nurse.locator("[data-alert]").filter(has_text="187").first
    expect(row).to_contain_text(re.compile(r"taken .*, received late"), timeout=SLOW)
    row.get_by_role("button").first.click()
    card = nurse.get_by_role("complementary", name="Chosen alert")
    expect(card).to_contain_text(re.compile(r"Taken .*, received .*\."), timeout=SLOW)


@pytest.mark.hazard("H05")
def test_three_readings_saved_before_a_session_ended_are_sent_after_signing_in_again(
    phone: NewPhone, system: System
) -> None:
    """J10: a session ends with 3 unsent readings."""
    page = phone("demo-person")
    is_ready_to_be_offline(page)
    page.context.set_offline(True)
    for value in ("131", "132", "133"):
        type_in(page, value, "71")
    page.goto("/not-sent")
    expect(page.get_by_role("listitem").filter(has_text="A reading")).to_have_count(3)
    system.rows(
        "update sign_in_session set revoked_at = db_now() where audience = 'person' and revoked_at is null"
    )
    page.context.set_offline(False)

    # Facts need no sign-in to be brought; whatever waited, nothing is lost and nothing is there twice.
    until(lambda: all(stored(system, value) for value in (131, 132, 133)), 120, "each reading is stored")
    page.goto("/")
    expect(page.get_by_label("Password", exact=True)).to_be_visible(timeout=SLOW)
    sign_in(page, system, "demo-person")
    page.goto("/not-sent")
    expect(page.get_by_text("Everything you saved on this phone has been sent.")).to_be_visible(timeout=SLOW)
    assert [len(stored(system, value)) for value in (131, 132, 133)] == [1, 1, 1]
