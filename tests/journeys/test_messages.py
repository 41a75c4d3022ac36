"""J6: a message to the GP practice is written without a network, received, read and answered, each word true."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import sweep
from tests.flows.by_hand import until
from tests.flows.conftest import SignedIn, System
from tests.journeys.conftest import SLOW, NewPhone, go, is_ready_to_be_offline

pytestmark = pytest.mark.xdist_group("journeys")

WORDS = "Could I have my blue inhaler again, and is one a month right?"


def test_a_message_to_the_practice_says_saved_sent_received_and_read_as_each_becomes_true(
    phone: NewPhone, signed_in: SignedIn, system: System
) -> None:
    page = phone("demo-person")
    page.goto("/messages/practice")
    expect(page.get_by_text("does not watch messages for urgent help").first).to_be_visible(timeout=SLOW)
    is_ready_to_be_offline(page)
    page.context.set_offline(True)
    page.goto("/messages/practice/write")
    page.get_by_label("Your message").fill(WORDS)
    page.wait_for_timeout(1_500)
    page.reload()
    expect(page.get_by_label("Your message")).to_have_value(WORDS, timeout=SLOW)
    go(page, "Send")
    mine = page.locator("li, article").filter(has_text=WORDS).last
    expect(mine).to_contain_text("Saved on this phone. Not sent yet.", timeout=SLOW)
    assert system.rows("select 1 from thread_message where words = %s", WORDS) == []

    page.context.set_offline(False)
    expect(mine).to_contain_text("Sent. Nobody has it on a screen yet.", timeout=SLOW)
    assert len(system.rows("select 1 from thread_message where words = %s", WORDS)) == 1

    desk = signed_in("demo-practice")
    row = desk.locator("[data-thread]").filter(has_text="blue inhaler").first
    expect(row).to_be_visible(timeout=SLOW)
    expect(mine).to_contain_text(re.compile("Received at"), timeout=SLOW)
    row.get_by_role("link").click()
    expect(mine).to_contain_text(re.compile("Read"), timeout=SLOW)
    desk.get_by_label("Your message to").fill("It is at your chemist tomorrow. One a month is right.")
    desk.get_by_role("button", name="Send").click()
    expect(page.get_by_text("It is at your chemist tomorrow.").first).to_be_visible(timeout=SLOW)
    assert sweep.all_of(page, 48) == []


@pytest.mark.hazard("H95")
def test_words_of_danger_are_answered_with_whom_to_ring_before_anything_is_sent_offline_too(
    phone: NewPhone, system: System
) -> None:
    page = phone("demo-person")
    page.goto("/messages/team")
    is_ready_to_be_offline(page)
    page.context.set_offline(True)
    page.goto("/messages/team/write")
    page.get_by_label("Your message").fill("I have chest pain since breakfast")
    go(page, "Send")
    expect(page.get_by_text("Do you need help now?").first).to_be_visible(timeout=SLOW)
    expect(page.locator("main a[href='tel:999']").first).to_be_visible()
    go(page, "Send anyway")
    page.context.set_offline(False)
    asked = "select danger from thread_message where words like %s"
    until(lambda: system.rows(asked, "%chest pain since%"), 120, "it is sent")
    assert system.rows(asked, "%chest pain since%")[0][0] != []
