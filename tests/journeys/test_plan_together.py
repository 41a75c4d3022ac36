"""J3: a goal is changed on two phones without a network, and the person decides what it says; nothing is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import sweep
from tests.flows.by_hand import until
from tests.flows.conftest import System
from tests.journeys.conftest import SLOW, NewPhone, go, is_ready_to_be_offline

pytestmark = pytest.mark.xdist_group("journeys")


def a_goal(system: System) -> str:
    """The id of an open goal of the demo's person."""
    mine = """select g.public_id from plan_goal g join patient p on p.id = g.patient_id
        where p.public_id = %s and g.state = 'open' and not g.private order by g.id"""
    return str(system.rows(mine, system.running.patient("demo-person"))[0][0])


def says(system: System, goal: str) -> str:
    """What the goal says for everybody now."""
    return str(system.rows("select text from plan_goal where public_id = %s", goal)[0][0])


def change(page: Page, goal: str, words: str) -> None:
    """Write other words into a goal and save them."""
    page.goto(f"/plan/goal/{goal}")
    field = page.get_by_label("What do you want to be able to do?")
    field.fill(words)
    go(page, "Save")
    expect(page.get_by_role("heading", name="My plan")).to_be_visible(timeout=SLOW)


@pytest.mark.hazard("H90")
def test_a_goal_that_two_people_changed_offline_is_decided_by_the_person_who_sees_both(
    phone: NewPhone, system: System
) -> None:
    goal = a_goal(system)
    person, carer = phone("demo-person"), phone("demo-carer")
    for page in (person, carer):
        page.goto(f"/plan/goal/{goal}")
        expect(page.get_by_label("What do you want to be able to do?")).to_be_visible(timeout=SLOW)
        page.goto("/plan")
        is_ready_to_be_offline(page)
        page.context.set_offline(True)
    change(carer, goal, "Walk to the shop with Clara")
    change(person, goal, "Walk to the shop on my own")
    expect(person.get_by_text("Walk to the shop on my own").first).to_be_visible()

    carer.context.set_offline(False)
    expect(carer.get_by_text("Up to date at").first).to_be_visible(timeout=SLOW)
    carer.wait_for_timeout(3_000)
    assert says(system, goal) == "Walk to the shop with Clara"

    person.context.set_offline(False)
    choose = person.get_by_role("link", name=re.compile("Choose what|needs you", re.IGNORECASE)).first
    choose.click(timeout=SLOW)
    if "/not-sent" in person.url:
        person.get_by_role("link", name="Choose what stays").click()
    expect(person.get_by_text("Walk to the shop with Clara").first).to_be_visible(timeout=SLOW)
    expect(person.get_by_text("Walk to the shop on my own").first).to_be_visible()
    expect(person.get_by_text(re.compile("Clara Ash")).first).to_be_visible()
    assert sweep.all_of(person, 48) == []
    assert says(system, goal) == "Walk to the shop with Clara", "nothing is overwritten before she has chosen"

    person.get_by_role("button", name="Keep mine").click()
    expect(person.get_by_role("heading", name="My plan")).to_be_visible(timeout=SLOW)
    until(lambda: says(system, goal) == "Walk to the shop on my own", 120, "her words stand")
    versions = """select v.body->>'text', v.relation, v.offline
        from plan_version v join plan_goal g on g.id = v.entity_id
        where v.entity = 'goal' and g.public_id = %s order by v.version"""
    assert [(text, relation) for text, relation, _ in system.rows(versions, goal)][-2:] == [
        ("Walk to the shop with Clara", "carer"),
        ("Walk to the shop on my own", "self"),
    ]
