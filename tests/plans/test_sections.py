"""Sections of a plan: their own versions, two signatures, proposals, and what stays the person's."""

from typing import Any
from uuid import uuid4

import pytest

from backend.core.routes import MAY_COME_LATE
from tests.plans.conftest import AMBER, RED, Circle

Json = dict[str, Any]


def test_a_plan_begins_with_the_pathways_words_and_the_sections_every_plan_has(circle: Circle) -> None:
    plan = circle.person.plan()
    keys = [one["key"] for one in plan["sections"]]
    assert keys[:6] == ["matters", "today", "green", "amber", "red", "medicines"]
    assert {"myself", "helper", "if-this-happens", "equipment", "contacts", "copd-rescue"} <= set(keys)
    red = circle.person.section("red")
    assert red["version"] == 0
    assert red["state"] == "waiting-for-clinician"
    assert any("999" in one for one in red["body"]["do"])
    assert plan["may"] == ["edit", "agree"]


def test_what_somebody_writes_has_a_version_of_its_own_and_says_who(circle: Circle) -> None:
    saved = circle.person.write("matters", {"text": "My garden."})
    assert (saved["version"], saved["state"], saved["edited"]["relation"]) == (1, "own", "self")
    again = circle.carer.write(
        "matters", {"text": "Her garden, and tea."}, X_Alongside_Offline="1",
        X_Alongside_Made_At="2026-11-21T17:30:00+00:00",
    )  # fmt: skip
    assert (again["version"], again["edited"]["name"], again["edited"]["offline"]) == (2, "Sam Helper", True)
    assert again["edited"]["made_at"] == "2026-11-21T17:30:00Z"


def test_an_edit_over_words_not_seen_is_refused_with_the_section_as_it_stands(circle: Circle) -> None:
    circle.carer.write("matters", {"text": "From the carer."})
    answer = circle.person.put("/plan/sections/matters", {"body": {"text": "From the person."}}, 0)
    assert answer.status_code == 412
    current = answer.get_json()["current"]
    assert current["body"] == {"text": "From the carer."}
    assert (current["edited"]["name"], current["version"]) == ("Sam Helper", 1)
    assert circle.person.section("matters")["body"] == {"text": "From the carer."}


def test_the_same_change_sent_twice_is_made_once(circle: Circle) -> None:
    key = str(uuid4())
    first = circle.person.put("/plan/sections/matters", {"body": {"text": "Once."}}, 0, Idempotency_Key=key)
    second = circle.person.put("/plan/sections/matters", {"body": {"text": "Once."}}, 0, Idempotency_Key=key)
    assert (first.status_code, second.status_code) == (200, 200)
    assert circle.person.section("matters")["version"] == 1


def test_two_signatures_make_a_clinical_section_agreed(circle: Circle) -> None:
    written = circle.person.write("red", RED)
    assert written["state"] == "waiting-for-clinician"
    agreed = circle.lead.agree("red")
    assert (agreed["state"], agreed["agreed_version"]) == ("agreed", 1)
    assert {one["role"] for one in agreed["signatures"]} == {"person", "clinician"}
    assert [one["by_name"] for one in agreed["signatures"] if one["role"] == "clinician"] == ["Dr Lead"]


def test_the_pathways_own_words_can_be_agreed_as_they_are(circle: Circle) -> None:
    assert circle.lead.agree("amber", 0)["state"] == "waiting-for-you"
    assert circle.person.agree("amber")["state"] == "agreed"


def test_a_nurse_writes_a_clinical_section_and_signs_none(circle: Circle) -> None:
    saved = circle.nurse.write("amber", AMBER)
    assert (saved["state"], saved["signatures"]) == ("waiting-for-clinician", [])
    assert circle.nurse.post("/plan/sections/amber/agree", None, 1).status_code == 404


def test_a_carer_cannot_sign_for_the_person(circle: Circle) -> None:
    circle.lead.write("red", RED)
    answer = circle.carer.post("/plan/sections/red/agree", None, 1)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "person-signs")


@pytest.mark.hazard("H90")
@pytest.mark.parametrize("who", ["person", "carer"])
def test_words_a_clinician_signed_are_never_overwritten_by_the_person_or_a_carer(
    circle: Circle, who: str
) -> None:
    circle.agreed()
    mine = {**RED, "do": ["Wait until morning."]}
    said = getattr(circle, who).write("red", mine, status=202)
    assert said["body"] == RED
    assert (said["proposal"]["body"], said["proposal"]["state"]) == (mine, "open")
    stands = circle.nurse.section("red")
    assert (stands["body"], stands["state"], stands["version"]) == (RED, "agreed", 1)
    assert [one["body"] for one in circle.nurse.plan()["proposals"]] == [mine]


@pytest.mark.hazard("H90")
def test_words_a_clinician_wrote_and_the_person_has_not_agreed_to_are_proposed_over_too(
    circle: Circle,
) -> None:
    circle.lead.write("red", RED)
    said = circle.person.write("red", AMBER, status=202)
    assert said["body"] == RED


def test_a_clinicians_change_waits_for_the_person_and_the_agreed_words_stand_meanwhile(
    circle: Circle,
) -> None:
    circle.agreed()
    newer = {**RED, "do": ["Ring 999 at once."]}
    changed = circle.lead.write("red", newer)
    assert (changed["state"], changed["body"]) == ("waiting-for-you", newer)
    assert (changed["agreed"]["version"], changed["agreed"]["body"]) == (1, RED)
    assert circle.person.agree("red")["agreed_version"] == 2


def test_a_signature_is_put_only_under_words_that_were_seen(circle: Circle) -> None:
    circle.lead.write("red", RED)
    circle.lead.write("red", AMBER)
    answer = circle.person.post("/plan/sections/red/agree", None, 1)
    assert answer.status_code == 412
    assert answer.get_json()["current"]["body"] == AMBER


def test_a_proposal_of_the_person_that_a_clinician_takes_is_agreed(circle: Circle) -> None:
    circle.agreed()
    proposal = circle.person.write("red", AMBER, status=202)["proposal"]
    answer = circle.lead.post(f"/plan/proposals/{proposal['id']}/settle", {"how": "accept"}, 1)
    taken = answer.get_json()
    assert (answer.status_code, taken["state"], taken["body"]) == (200, "agreed", AMBER)
    assert taken["edited"]["relation"] == "self"
    assert taken["proposal"]["state"] == "accepted"


def test_a_carers_proposal_that_a_clinician_takes_still_waits_for_the_person(circle: Circle) -> None:
    circle.agreed()
    proposal = circle.carer.write("red", AMBER, status=202)["proposal"]
    taken = circle.lead.post(f"/plan/proposals/{proposal['id']}/settle", {"how": "accept"}, 1).get_json()
    assert (taken["state"], taken["agreed"]["body"]) == ("waiting-for-you", RED)


def test_a_declined_proposal_says_why_and_changes_nothing(circle: Circle) -> None:
    circle.agreed()
    proposal = circle.person.write("red", AMBER, status=202)["proposal"]
    settle = f"/plan/proposals/{proposal['id']}/settle"
    assert circle.lead.post(settle, {"how": "decline"}, 1).status_code == 422
    said = circle.lead.post(settle, {"how": "decline", "words": "999 comes first."}, 1).get_json()
    assert (said["body"], said["proposal"]["words"]) == (RED, "999 comes first.")
    assert circle.lead.post(settle, {"how": "accept"}, 1).status_code == 412
    assert circle.person.plan()["proposals"][0]["state"] == "declined"


def test_a_proposal_is_settled_against_the_words_the_clinician_compared_it_with(circle: Circle) -> None:
    circle.agreed()
    proposal = circle.person.write("red", AMBER, status=202)["proposal"]
    circle.lead.write("red", {**RED, "call": "999, then the team"})
    answer = circle.lead.post(f"/plan/proposals/{proposal['id']}/settle", {"how": "accept"}, 1)
    assert answer.status_code == 412
    assert circle.lead.section("red")["version"] == 2


def test_nobody_proposes_over_words_they_have_not_seen(circle: Circle) -> None:
    circle.agreed()
    circle.lead.write("red", AMBER)
    assert circle.person.put("/plan/sections/red", {"body": RED}, 1).status_code == 412


@pytest.mark.hazard("H91")
def test_what_the_person_keeps_private_reaches_no_carer_and_no_history_of_theirs(circle: Circle) -> None:
    circle.person.put("/plan/sections/matters", {"body": {"text": "A secret."}, "private": True}, 0)
    goal, task = uuid4(), uuid4()
    circle.person.put(f"/goals/{goal}", {"text": "A secret goal", "private": True})
    circle.person.put(f"/todo/{task}", {"text": "A secret thing", "private": True})
    carer = circle.carer
    assert "secret" not in str(carer.plan())
    assert "secret" not in carer.browser.get(f"{carer.at}/plan/history").get_data(as_text=True)
    for path in (f"?goal={goal}", f"?task={task}"):
        assert carer.browser.get(f"{carer.at}/plan/history{path}").status_code == 404
    assert carer.put("/plan/sections/matters", {"body": {"text": "Mine"}}, 0).status_code == 404
    assert carer.put(f"/goals/{goal}", {"text": "Mine"}).status_code == 404
    assert carer.tick({"id": str(task)}, "2026-11-20").status_code == 404
    assert "A secret goal" in str(circle.person.plan()["goals"])


def test_the_team_sees_what_is_hidden_from_carers_and_only_the_person_shows_it_to_them(
    circle: Circle,
) -> None:
    goal, task = uuid4(), uuid4()
    circle.person.put("/plan/sections/matters", {"body": {"text": "A secret."}, "private": True}, 0)
    circle.person.put(f"/goals/{goal}", {"text": "A secret goal", "private": True})
    circle.person.put(f"/todo/{task}", {"text": "A secret thing", "private": True})
    for page in (circle.nurse, circle.lead):
        assert str(page.plan()).count("secret") == 3
        for path in ("?section=matters", f"?goal={goal}", f"?task={task}"):
            rows = page.browser.get(f"{page.at}/plan/history{path}").get_json()["rows"]
            assert "secret" in str(rows)
    shown = circle.nurse.put("/plan/sections/matters", {"body": {"text": "x"}, "private": False}, 1)
    assert (shown.status_code, list(shown.get_json()["errors"])) == (422, ["private"])
    assert circle.nurse.put(f"/goals/{goal}", {"text": "x", "private": False}, 1).status_code == 422
    written = circle.nurse.put("/plan/sections/matters", {"body": {"text": "A secret, better put."}}, 1)
    assert written.get_json()["private"] is True
    assert circle.nurse.put(f"/goals/{goal}", {"text": "Better put", "private": True}, 1).status_code == 200
    assert "better put" not in str(circle.carer.plan()).lower()


@pytest.mark.hazard("H91")
def test_what_was_private_stays_the_persons_when_later_words_are_shown(circle: Circle) -> None:
    circle.person.put("/plan/sections/matters", {"body": {"text": "A secret."}, "private": True}, 0)
    circle.person.put("/plan/sections/matters", {"body": {"text": "Open."}, "private": False}, 1)
    rows = circle.carer.browser.get(f"{circle.carer.at}/plan/history?section=matters").get_json()["rows"]
    assert [(one["to"], one["from"]) for one in rows] == [({"text": "Open."}, None)]


def test_a_clinical_part_cannot_be_hidden_and_nobody_else_hides_anything(circle: Circle) -> None:
    red = circle.person.put("/plan/sections/red", {"body": RED, "private": True}, 0)
    assert (red.status_code, list(red.get_json()["errors"])) == (422, ["private"])
    by_carer = circle.carer.put("/plan/sections/matters", {"body": {"text": "x"}, "private": True}, 0)
    assert by_carer.status_code == 422


def test_red_always_says_what_to_do_and_whom_to_call(circle: Circle) -> None:
    answer = circle.person.put("/plan/sections/red", {"body": {"signs": ["a"], "do": [], "call": " "}}, 0)
    assert (answer.status_code, sorted(answer.get_json()["errors"])) == (422, ["call", "do"])
    wrong = circle.person.put("/plan/sections/matters", {"body": {"do": ["a"]}}, 0)
    assert wrong.status_code == 422


def test_the_history_says_who_changed_what_from_what_to_what(circle: Circle) -> None:
    circle.person.write("matters", {"text": "One."})
    circle.carer.write("matters", {"text": "Two."})
    rows = circle.person.browser.get(f"{circle.person.at}/plan/history?section=matters").get_json()["rows"]
    assert [(one["by"], one["relation"], one["from"], one["to"]) for one in rows] == [
        ("Sam Helper", "carer", {"text": "One."}, {"text": "Two."}),
        (circle.patient.name, "self", None, {"text": "One."}),
    ]


def test_a_carer_without_the_plan_sees_none_of_it(circle: Circle) -> None:
    assert circle.other.browser.get(f"{circle.other.at}/plan").status_code == 404
    assert circle.other.put("/plan/sections/matters", {"body": {"text": "x"}}, 0).status_code == 404
    home = circle.other.browser.get(f"{circle.other.at}/home").get_json()
    circle.person.task(text="Walk")
    assert home["todo"] == []
    assert [
        one["text"] for one in circle.person.browser.get(f"{circle.person.at}/home").get_json()["todo"]
    ] == ["Walk"]


def test_a_signature_and_how_one_is_reached_never_come_sealed_from_a_phone(circle: Circle) -> None:
    assert circle.person.plan()["sections"]
    late = {one.removeprefix("plans.") for one in MAY_COME_LATE if one.startswith("plans.")}
    assert late == {"save_section", "save_goal", "save_task", "tick_task"}
