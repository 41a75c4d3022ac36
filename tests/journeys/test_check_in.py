"""J2: a red answer of a check-in says what to do and whom to ring without any network, and reaches the team later."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.flows.conftest import SignedIn, System
from tests.journeys.conftest import SLOW, NewPhone, go, is_ready_to_be_offline

pytestmark = pytest.mark.xdist_group("journeys")


def answer(page: Page, words: str) -> None:
    """Choose an answer and go on."""
    page.get_by_label(words, exact=True).check()
    go(page, "Continue")


def finish(page: Page) -> None:
    """Answer what is left by the first answer, past the page of help where that is red too; write nothing."""
    check, question = page.get_by_role("heading", name="Check your answers"), page.get_by_role("radio").first
    box, past_help = page.get_by_role("textbox"), page.get_by_role("button", name="Go on with the questions")
    for _ in range(20):
        expect(check.or_(question).or_(box).or_(past_help).first).to_be_visible(timeout=SLOW)
        if check.is_visible():
            return
        before = page.url
        if question.is_visible():
            question.check()
        go(page, "Go on with the questions" if past_help.is_visible() else "Continue")
        expect(page).not_to_have_url(before)
    raise AssertionError("the questions do not end")


@pytest.mark.hazard("H27")
def test_a_red_answer_offline_shows_999_at_once_and_the_nurse_has_it_when_the_network_is_back(
    phone: NewPhone, signed_in: SignedIn, system: System
) -> None:
    system.close_all()
    page = phone("demo-person")
    is_ready_to_be_offline(page)
    page.context.set_offline(True)
    page.goto("/check-in/copd")
    page.get_by_role("link", name="Start", exact=True).click()
    answer(page, "Bad: I am out of breath sitting still")

    expect(page.get_by_role("heading", name="Get help now", level=1)).to_be_visible()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("main a[href='tel:999']").first).to_be_visible()
    expect(page.get_by_text("Nobody has been told yet").first).to_be_visible()

    go(page, "Go on with the questions")
    finish(page)
    go(page, "Send my answers")
    just_now = """select 1 from questionnaire_response
        where questionnaire = 'copd' and received_at > db_now() - interval '2 minutes'"""
    assert system.rows(just_now) == []
    page.context.set_offline(False)
    nurse = signed_in("demo-nurse")
    expect(nurse.get_by_text(re.compile("check-in", re.IGNORECASE)).first).to_be_visible(timeout=SLOW)
