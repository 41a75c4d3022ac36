"""A suggestion reaches who owns the pathway, and its answer reaches everybody on it, without who asked."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from sqlalchemy import event

from backend.core.db import transaction
from backend.pathways import service as pathways
from tests.browsing import Browser
from tests.factories import Factory, Ref
from tests.plans.conftest import Circle
from tests.plans.conftest import circle as circle

SAID = {"about": "plan", "ref": "red", "helpful": False, "words": "Rose wants bigger letters."}
ANSWER = {"asked": "Can the letters be bigger?", "answer": "Yes: in Settings, Text size."}


def _suggest(circle: Circle) -> None:
    answer = circle.person.post("/feedback", SAID)
    assert (answer.status_code, answer.get_json()["reaches"]) == (201, ["COPD"])


def _neighbour(
    circle: Circle, make: Factory, browse: Callable[..., Browser], pathway: str
) -> tuple[Browser, Ref]:
    with make.app.app_context(), transaction():
        version = pathways.newest_versions()[pathway]
    other = make.patient()
    make.enrolment(other, Ref(version, uuid4()))
    return browse(make.account(patient=other)), other


def test_a_suggestion_reaches_the_clinician_without_who_said_it(circle: Circle) -> None:
    _suggest(circle)
    rows = circle.lead.browser.get("/suggestions").get_json()["rows"]
    assert [(one["words"], one["pathways"], one["titles"], one["answer"]) for one in rows] == [
        ("Rose wants bigger letters.", ["copd"], ["COPD"], None)
    ]
    assert circle.patient.name not in str(rows)
    assert str(circle.patient.public_id) not in str(rows)
    assert circle.nurse.browser.get("/suggestions").status_code == 403


def test_an_answer_reaches_everybody_on_the_pathway_and_nobody_else(
    circle: Circle, make: Factory, browse: Callable[..., Browser]
) -> None:
    _suggest(circle)
    row = circle.lead.browser.get("/suggestions").get_json()["rows"][0]
    answered = circle.lead.browser.post(f"/suggestions/{row['id']}/answer", ANSWER, If_Match='W/"1"')
    assert (answered.status_code, answered.get_json()["answered_by"]) == (200, "Dr Lead")
    same, who = _neighbour(circle, make, browse, "copd")
    seen = same.get(f"/patients/{who.public_id}/suggestions").get_json()["rows"]
    assert [(one["asked"], one["answer"], one["by"], one["mine"]) for one in seen] == [
        (ANSWER["asked"], ANSWER["answer"], "A clinician", False)
    ]
    assert "Rose" not in str(seen)
    another, who = _neighbour(circle, make, browse, "hypertension")
    assert another.get(f"/patients/{who.public_id}/suggestions").get_json()["rows"] == []
    mine = circle.person.browser.get(f"{circle.person.at}/suggestions").get_json()["rows"]
    assert [(one["mine"], one["answer"]) for one in mine] == [(True, ANSWER["answer"])]


def test_one_sees_ones_own_suggestion_before_it_is_answered_and_others_do_not(circle: Circle) -> None:
    _suggest(circle)
    own = circle.person.browser.get(f"{circle.person.at}/suggestions").get_json()["rows"]
    assert [(one["asked"], one["answer"]) for one in own] == [(SAID["words"], None)]
    assert circle.carer.browser.get(f"{circle.carer.at}/suggestions").get_json()["rows"] == []


def test_two_answers_at_once_do_not_overwrite_each_other(circle: Circle) -> None:
    _suggest(circle)
    row = circle.lead.browser.get("/suggestions").get_json()["rows"][0]
    first = circle.lead.browser.post(f"/suggestions/{row['id']}/answer", ANSWER, If_Match='W/"1"')
    second = circle.lead.browser.post(
        f"/suggestions/{row['id']}/answer", ANSWER | {"answer": "Another."}, If_Match='W/"1"'
    )
    assert (first.status_code, second.status_code) == (200, 412)
    assert second.get_json()["current"]["answer"] == ANSWER["answer"]


def test_helpful_or_not_is_counted_by_pathway_and_needs_no_words(circle: Circle) -> None:
    for helpful in (True, True, False):
        assert circle.person.post("/feedback", {"about": "advice", "helpful": helpful}).status_code == 201
    assert circle.person.post("/feedback", {"about": "advice"}).status_code == 422
    answer = circle.lead.browser.get("/suggestions").get_json()
    assert (answer["rows"], answer["helpful"]) == (
        [], [{"pathway": "copd", "title": "COPD", "about": "advice", "yes": 2, "no": 1}],
    )  # fmt: skip


def test_the_same_feedback_sent_twice_is_kept_once(circle: Circle) -> None:
    key = str(uuid4())
    for _ in range(2):
        assert circle.person.post("/feedback", SAID, Idempotency_Key=key).status_code == 201
    assert len(circle.lead.browser.get("/suggestions").get_json()["rows"]) == 1


def test_a_carer_speaks_only_of_what_they_may_read(circle: Circle) -> None:
    assert circle.other.post("/feedback", SAID).status_code == 404
    assert circle.other.post("/feedback", SAID | {"about": "advice"}).status_code == 201


def test_a_page_of_answers_costs_no_more_for_more_of_them(circle: Circle) -> None:
    app = circle.person.browser.client.application
    engine = app.extensions["sqlalchemy"]._app_engines[app][None]

    def asked() -> int:
        seen: list[str] = []

        def count(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", count)
        try:
            assert circle.person.browser.get(f"{circle.person.at}/suggestions").status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return len(seen)

    _suggest(circle)
    few = asked()
    for _ in range(5):
        _suggest(circle)
    assert asked() == few
