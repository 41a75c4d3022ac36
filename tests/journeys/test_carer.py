"""J4: a carer is invited, acts for the person and is labelled, sees nothing private, and is let go."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import sweep
from tests.flows.by_hand import until
from tests.flows.conftest import SignedIn, System
from tests.journeys.conftest import OWN, SLOW, NewPhone, go

pytestmark = pytest.mark.xdist_group("journeys")

PRIVATE = "I have not told my family that I am afraid"


def invited(person: Page) -> str:
    """Invite a neighbour for the plan and the alerts; answers the code she is given."""
    person.goto("/circle/invite")
    person.get_by_label("Their name").fill("Nora Reed")
    person.get_by_label("Who they are to you").fill("neighbour")
    for scope in ("My plan", "My alerts"):
        person.get_by_role("switch", name=re.compile(f"^{scope}")).click()
    go(person, "Make the invitation")
    code = person.get_by_text(re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}$")).first
    found = code.inner_text(timeout=SLOW)
    assert sweep.all_of(person, 48) == []
    return found


def accepted(carer: Page, code: str) -> None:
    """Say yes with a new account."""
    carer.goto(f"/invitation#{code}")
    go(carer, "Look at the invitation")
    expect(carer.get_by_text("Rose Ash").first).to_be_visible(timeout=SLOW)
    assert sweep.all_of(carer, 48) == []
    name = carer.get_by_label("Your name", exact=True)
    if name.count():
        name.fill("Nora Reed")
    carer.get_by_label(re.compile("password", re.IGNORECASE)).first.fill("a very long pass phrase")
    carer.get_by_label(OWN).check()
    go(carer, "Yes, I help")
    expect(carer.get_by_text("You can help now.").first).to_be_visible(timeout=SLOW)


def let_go(person: Page, system: System) -> None:
    """End what the neighbour may see."""
    person.goto("/circle")
    person.get_by_role("link", name=re.compile("Change or end ?: Nora Reed")).click(timeout=SLOW)
    go(person, "Nora Reed does not help me any more")
    go(person, "End it now")
    ended = """select 1 from consent c join related_person r on r.id = c.related_person_id
        where r.display_name = 'Nora Reed' and c.revoked_at is not null"""
    until(lambda: system.rows(ended), 120, "she is let go")


@pytest.mark.hazard("H18")
def test_a_carer_is_invited_acts_and_is_let_go_and_never_sees_what_is_private(
    phone: NewPhone, signed_in: SignedIn, system: System
) -> None:
    system.close_all()
    person = phone("demo-person")
    person.goto("/plan/edit/matters")
    person.get_by_label("What matters to me").fill(PRIVATE)
    person.get_by_role("switch", name=re.compile("^(Only me|Hide from people who help me)")).click()
    go(person, "Save")
    until(lambda: system.rows("select 1 from care_plan_section where private"), 120, "it is marked")

    carer = phone(None)
    accepted(carer, invited(person))
    carer.goto("/plan")
    expect(carer.get_by_text("You are helping").first).to_be_visible(timeout=SLOW)
    expect(carer.get_by_text("Rose Ash").first).to_be_visible()
    expect(carer.get_by_role("heading", name="My plan")).to_be_visible(timeout=SLOW)
    assert PRIVATE not in carer.content()
    carer.goto("/worried")
    go(carer, "Tell my team I'm worried")
    nurse = signed_in("demo-nurse")
    expect(nurse.get_by_text(re.compile("carer", re.IGNORECASE)).first).to_be_visible(timeout=SLOW)

    let_go(person, system)
    carer.goto("/plan")
    carer.reload()
    closed = carer.get_by_text(re.compile("cannot be opened|Nobody has shared")).first
    expect(closed).to_be_visible(timeout=SLOW)
    assert "Walk" not in carer.locator("main").inner_text()
