"""The team's side of a plan and of check-ins: agreed, answered and read where staff work, in the real pages."""

from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import sweep
from tests.browser.addresses import asked
from tests.browser.conftest import DESKTOP, PHONE, NewPage
from tests.browser.writing import read, send
from tests.running import Running

SLOW = 60_000
SIGN = "My voice goes when it gets worse."


def section(demo: Running, key: str) -> dict[str, Any]:
    """A part of the plan of the demo's person, as they read it."""
    plan = read(demo, "demo-person", "/plan")
    return next(one for one in plan["sections"] if one["key"] == key)


def asked_for(page: Page, words: str) -> Locator:
    """The change asked for that says these words."""
    return page.locator("[data-proposal]").filter(has=page.locator(".al-new", has_text=words))


def propose(demo: Running, words: str) -> None:
    """The person asks for one sign more in the amber part, which a clinician has signed."""
    stands = section(demo, "amber")
    body = stands["body"] | {"signs": [*stands["body"]["signs"], words]}
    match = {"If-Match": f'W/"{stands["version"]}"'}
    said = send(demo, "demo-person", "PUT", "/plan/sections/amber", {"body": body}, match)
    assert said["proposal"]["state"] == "open"


def test_a_change_asked_for_is_found_on_the_list_and_a_clinician_takes_it(
    demo: Running, open_page: NewPage
) -> None:
    propose(demo, SIGN)
    person = demo.patient("demo-person")
    nurse = open_page("/team/plans", "demo-nurse", DESKTOP)
    row = nurse.locator(f'[data-plan="proposal {person} amber"]').last
    expect(row).to_contain_text("Change asked for by", timeout=SLOW)
    assert sweep.axe(nurse) == []
    row.get_by_role("link").click()
    theirs = asked_for(nurse, SIGN)
    expect(theirs).to_contain_text("A clinician of the team answers this", timeout=SLOW)
    expect(theirs.get_by_role("button")).to_have_count(0)

    page = open_page(f"/team/person/{person}/plan", "demo-clinician", DESKTOP)
    mine = asked_for(page, SIGN)
    mine.get_by_role("button", name="Decline").click(timeout=SLOW)
    expect(mine.get_by_role("alert")).to_contain_text("Say why you decline", timeout=SLOW)
    assert sweep.axe(page) == []
    mine.get_by_label("Your words to").fill("Good to know. Thank you.")
    mine.get_by_role("button", name="Accept and sign").click()
    expect(mine).to_have_count(0, timeout=SLOW)
    expect(page.locator('[data-section="amber"]')).to_contain_text(SIGN)
    stands = section(demo, "amber")
    assert (stands["state"], stands["body"]["signs"][-1]) == ("agreed", SIGN)
    plan = read(demo, "demo-person", "/plan")
    assert ("accepted", "Good to know. Thank you.") in [
        (one["state"], one["words"]) for one in plan["proposals"]
    ]


def test_a_nurse_writes_a_part_and_a_clinicians_signature_is_put_under_what_they_saw(
    demo: Running, open_page: NewPage
) -> None:
    person = demo.patient("demo-person")
    nurse = open_page(f"/team/person/{person}/plan/edit/if-this-happens", "demo-nurse", PHONE)
    words = nurse.locator("#text")
    words.fill("Keep her at home if she can be treated there.", timeout=SLOW)
    assert sweep.all_of(nurse, 24) == []
    nurse.get_by_role("button", name="Save").click()
    part = nurse.locator('[data-section="if-this-happens"]')
    expect(part).to_contain_text("Keep her at home", timeout=SLOW)
    expect(part).to_contain_text("Waits for a clinician to agree.")
    expect(part.get_by_role("button")).to_have_count(0)

    page = open_page(f"/team/person/{person}/plan", "demo-clinician", PHONE)
    mine = page.locator('[data-section="if-this-happens"]')
    mine.get_by_role("button", name="Agree to these words").click(timeout=SLOW)
    expect(mine).to_contain_text("Waits for Rose Ash to agree.", timeout=SLOW)
    assert sweep.all_of(page, 24) == []
    assert section(demo, "if-this-happens")["state"] == "waiting-for-you"
    mine.get_by_role("link", name="See changes").click()
    expect(page.get_by_text("Keep her at home").first).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("Hannah Fern").first).to_be_visible()


def test_words_somebody_else_wrote_meanwhile_are_shown_before_they_may_be_written_over(
    demo: Running, open_page: NewPage
) -> None:
    person = demo.patient("demo-person")
    page = open_page(f"/team/person/{person}/plan/edit/equipment", "demo-nurse", DESKTOP)
    expect(page.locator("#text")).to_be_visible(timeout=SLOW)
    match = {"If-Match": f'W/"{section(demo, "equipment")["version"]}"'}
    theirs = {"body": {"text": "The oxygen machine stands in the kitchen now."}}
    send(demo, "demo-person", "PUT", "/plan/sections/equipment", theirs, match)
    page.locator("#text").fill("A spare cannula is in the drawer.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("stands in the kitchen now")).to_be_visible(timeout=SLOW)
    expect(page.locator("#text")).to_have_value("A spare cannula is in the drawer.")
    assert section(demo, "equipment")["body"] == theirs["body"]
    page.get_by_role("button", name="I have read this").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator('[data-section="equipment"]')).to_contain_text("spare cannula", timeout=SLOW)


def test_the_answers_of_a_form_that_was_left_are_read_as_unfinished_and_the_red_one_is_marked(
    demo: Running, open_page: NewPage
) -> None:
    answers = {"1": 1, "9": 1}
    said = {"questionnaire": "phq9", "version": "1", "answers": answers, "state": "draft", "safe_now": "yes"}
    one = next(
        form
        for form in asked(demo, "demo-nurse", "/questionnaires")["questionnaires"]
        if form["id"] == "phq9"
    )
    id_ = uuid4()
    send(demo, "demo-person-2", "POST", f"/check-ins/{id_}", said | {"version": one["version"]})
    person = demo.patient("demo-person-2")
    page = open_page(f"/team/person/{person}/check-ins", "demo-nurse", DESKTOP)
    draft = page.locator('[data-draft="phq9"]').filter(has=page.locator(f'[href$="{id_}"]'))
    expect(draft).to_contain_text("Unfinished", timeout=SLOW)
    expect(draft).to_contain_text("An alert was raised at once, though the form is unfinished")
    assert sweep.axe(page) == []
    draft.get_by_role("link", name=one["title"]).click()
    expect(page.locator('[data-level="red"]')).to_contain_text("Red answer", timeout=SLOW)
    expect(page.get_by_text("Not answered yet").first).to_be_visible()
    expect(page.locator("main strong", has_text="Total")).to_have_count(0)
    assert sweep.all_of(page, 24) == []


def test_a_team_shuts_out_a_phone_that_somebody_lost(
    demo: Running, open_page: NewPage, browser: Browser
) -> None:
    lost = browser.new_context()
    named = f"Blue tablet {uuid4().hex[:6]}"
    who = {"username": "demo-person-2", "password": demo.password("demo-person-2")}
    phone = {"id": str(uuid4()), "kind": "own", "label": named}
    headers = {"Origin": demo.url, "X-Alongside-Audience": "person"}
    assert lost.request.post(f"{demo.url}/api/v1/session", data=who | {"phone": phone}, headers=headers).ok
    at = f"{demo.url}/api/v1/patients/{demo.patient('demo-person-2')}/home"
    assert lost.request.get(at, headers=headers).ok
    page = open_page(f"/team/care/{demo.patient('demo-person-2')}", "demo-nurse", DESKTOP)
    row = page.locator("li").filter(has_text=named)
    row.get_by_role("button", name="Shut this phone out").click(timeout=SLOW)
    expect(row).to_contain_text("signed out and emptied the next time")
    assert sweep.axe(page) == []
    row.get_by_role("button", name="Yes, shut it out").click()
    expect(row).to_contain_text("It has not been connected since", timeout=SLOW)
    expect(row.get_by_role("button")).to_have_count(0)
    refused = lost.request.get(at, headers=headers)
    assert (refused.status, refused.json()["code"]) == (401, "phone-revoked")
    lost.close()
