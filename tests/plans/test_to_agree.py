"""What waits for a clinician in the plans of a team's people is on one list, and leaves it when it is settled."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browsing import Browser
from tests.factories import Factory
from tests.plans.conftest import AMBER, RED, Circle, Page


def waiting(page: Page) -> list[tuple[str, str, str]]:
    """What the list says of this page's person: which kind, which part, and who wrote it."""
    answer = page.browser.get("/plans/waiting")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    rows: list[dict[str, Any]] = answer.get_json()["rows"]
    mine = [row for row in rows if row["patient"]["id"] == str(page.patient.public_id)]
    return [(row["what"], row["section"], row["by"]) for row in mine]


@pytest.mark.hazard("H90")
def test_a_change_asked_for_is_on_the_list_of_every_member_of_the_team_until_it_is_settled(
    circle: Circle,
) -> None:
    circle.agreed()
    assert waiting(circle.nurse) == []
    proposal = circle.carer.write("red", AMBER, status=202)["proposal"]
    assert waiting(circle.nurse) == waiting(circle.lead) == [("proposal", "red", "Sam Helper")]
    circle.lead.post(f"/plan/proposals/{proposal['id']}/settle", {"how": "decline", "words": "No."}, 1)
    assert waiting(circle.nurse) == []


def test_words_that_no_clinician_has_signed_are_on_the_list_and_the_persons_own_are_not(
    circle: Circle,
) -> None:
    circle.person.write("matters", {"text": "My garden."})
    circle.person.write("red", RED)
    assert waiting(circle.lead) == [("words", "red", circle.patient.name)]
    circle.lead.agree("red")
    assert waiting(circle.lead) == []


def test_newer_words_of_a_nurse_wait_for_a_clinician_again(circle: Circle) -> None:
    circle.agreed()
    circle.nurse.write("red", AMBER)
    assert [one[:2] for one in waiting(circle.lead)] == [("words", "red")]
    assert circle.nurse.section("red")["agreed"]["body"] == RED


def test_the_list_is_of_ones_own_people_alone(
    circle: Circle, make: Factory, browse: Callable[..., Browser]
) -> None:
    circle.person.write("red", RED)
    stranger = make.practitioner(role="clinician")
    make.team(members=[stranger])
    elsewhere = Page(browse(make.account(practitioner=stranger), "team"), circle.patient)
    assert waiting(elsewhere) == []
    assert circle.person.browser.get("/plans/waiting").status_code in (401, 403)
