"""What the pathways set differently is chosen on the page, the rota says who is reached, and custody speaks words."""

from __future__ import annotations

import re

import psycopg
from playwright.sync_api import expect

from backend.core.db import plain_dsn
from backend.supervise.home import Home
from backend.supervise.place import place_of
from tests.browser import sweep
from tests.browser.addresses import an_alert
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.running import Running

SOON = 30_000
# A locality's copy of one pathway waits half as long for a sign of the person as the other.
COPY = """with one as (
        insert into pathway_version (pathway, version, locality, title, body, reason, author)
        select distinct on (pathway) pathway, '2099.1', 'test', title,
            case pathway when 'low_mood'
                then replace(body::text, '"hours": "24"', '"hours": "12"')::jsonb else body end,
            'test', 'test'
        from pathway_version where pathway in ('low_mood', 'frailty_falls') order by pathway, version desc
        returning id)
    insert into enrolment (patient_id, pathway_version_id, status, valid, version)
    select p.id, one.id, 'awaiting-kit', tstzrange(db_now(), null), 1 from one
    cross join patient p where p.public_id = %s"""


def disagree(demo: Running, patient: str) -> None:
    run = Home(demo.home).read()
    assert run is not None
    url = plain_dsn(place_of(demo.home, run).database("al_migrate"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(COPY, (patient,))


def test_what_two_pathways_set_differently_is_chosen_on_the_care_page_with_a_reason(
    open_page: NewPage, demo: Running
) -> None:
    patient = demo.patient("demo-person-2")
    disagree(demo, patient)
    page = open_page(f"/team/care/{patient}", "demo-nurse", DESKTOP)
    page.get_by_role("link", name="Choose what the pathways set differently").click()
    which = page.get_by_role("group", name="No sign of the person: hours")
    expect(which).to_be_visible(timeout=SOON)
    # Nothing is chosen before somebody chooses.
    expect(which.get_by_role("radio", checked=True)).to_have_count(0)
    save = page.get_by_role("button", name="Save what was chosen")
    save.click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert [*sweep.axe(page), *sweep.small_targets(page, 24), *sweep.overflows(page)] == []
    which.get_by_role("radio", name=re.compile(r"^12 \(Low mood\)")).check()
    page.get_by_label("Why this one? (No sign of the person: hours)").fill("Lives alone and fell in May")
    save.click()
    expect(page.get_by_role("link", name="Review done")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("link", name="Choose what the pathways set differently")).to_have_count(0)


def test_a_demo_raises_no_gap_of_its_own_and_the_rota_says_that_nobody_is_called(open_page: NewPage) -> None:
    page = open_page("/team/rota", "demo-lead", DESKTOP)
    expect(page.get_by_text("Nobody is reached at the end of the ladder.")).to_be_visible(timeout=SOON)
    assert [*sweep.axe(page), *sweep.overflows(page)] == []
    page.goto("/team")
    expect(page.locator("h1").first).to_be_visible(timeout=SOON)
    expect(page.get_by_text("Opening.")).to_have_count(0, timeout=SOON)
    expect(page.get_by_text("Gap in the rota")).to_have_count(0)


def test_every_step_of_an_alert_is_said_in_words(open_page: NewPage, demo: Running) -> None:
    page = open_page(f"/team/alert/{an_alert(demo)}/custody", "demo-nurse", PHONE)
    expect(page.get_by_text(re.compile("^To be told: the team")).first).to_be_visible(timeout=SOON)
    said = page.locator(".al-custody").inner_text()
    for code in ("alert-for-team", "care-team", "outbox", "By worker", "web-push"):
        assert code not in said
