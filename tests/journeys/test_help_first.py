"""What somebody needs before anything else: help without a sign-in or a network, sugar, oxygen, and a plan on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.flows.by_hand import until
from tests.flows.conftest import System
from tests.journeys.conftest import SLOW, NewPhone, go, is_ready_to_be_offline
from tests.offline import worker_answers, worker_stands

pytestmark = pytest.mark.xdist_group("journeys")


@pytest.mark.hazard("H27")
def test_help_and_what_to_do_for_low_sugar_open_signed_out_and_without_a_network(phone: NewPhone) -> None:
    page = phone(None)
    page.goto("/")
    worker_stands(page)
    worker_answers(page)
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("link", name="Help now").first.click()
    expect(page.locator("main a[href='tel:999']").first).to_be_visible()
    page.locator("main a[href='/hypo']").click()
    expect(page.get_by_text("Eat or drink 15 to 20 g of fast sugar now.")).to_be_visible()
    expect(page.get_by_text("Check your glucose again in 10 to 15 minutes.")).to_be_visible()
    expect(page.get_by_role("alert").or_(page.locator("main")).first).to_contain_text(
        re.compile("999.*drowsy", re.S)
    )


@pytest.mark.hazard("H27")
def test_a_page_on_its_way_while_its_first_worker_took_over_has_help_without_a_network_too(
    phone: NewPhone,
) -> None:
    page = phone(None)
    another = page.context.new_page()

    def comes_after_the_worker(route: Route) -> None:
        another.goto("/")
        worker_stands(another)
        route.continue_()

    page.route("**/", comes_after_the_worker)
    page.goto("/")
    worker_answers(page)
    page.context.set_offline(True)
    page.get_by_role("link", name="Help now").first.click()
    expect(page.locator("main a[href='tel:999']").first).to_be_visible()


def test_whoever_has_oxygen_prescribed_is_asked_for_it_and_not_knowing_is_stored_as_not_knowing(
    phone: NewPhone, system: System
) -> None:
    page = phone("demo-person")
    is_ready_to_be_offline(page)
    page.goto("/take/spo2")
    page.get_by_role("link", name="Type it in myself").click()
    page.get_by_role("textbox").fill("90")
    go(page, "Continue")
    while page.get_by_role("heading", name="Are you using oxygen now?").count() == 0:
        # The meter also counts the pulse.
        page.get_by_role("textbox").fill("78")
        go(page, "Continue")
        page.wait_for_timeout(200)
    page.get_by_label("I do not know", exact=True).check()
    go(page, "Continue")
    go(page, "Save")
    typed = """select oxygen from reading_typed
        where kind = 'spo2' and received_at > db_now() - interval '2 minutes'"""
    until(lambda: bool(system.rows(typed)), 120, "the reading is stored")
    assert system.rows(typed) == [("unknown",)]


def test_the_plan_on_paper_points_to_where_the_advance_document_lies(phone: NewPhone, system: System) -> None:
    system.rows(
        """insert into care_document (patient_id, kind, dated, original_at, verified_by, verified_on)
        select a.patient_id, 'respect', '2026-01-02', 'In the hall drawer', 'A nurse', '2026-02-03'
        from account a where a.username = 'demo-person'"""
    )
    page = phone("demo-person")
    page.goto("/plan/print")
    page.emulate_media(media="print")
    expect(page.get_by_text("In the hall drawer").first).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("button", name="Print or save as PDF")).to_be_hidden()
