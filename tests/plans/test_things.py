"""Goals, things to do and ticks over HTTP, and the words agreed for an alert."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from backend.core.db import db, transaction
from backend.plans import service as plans
from tests.factories import Factory
from tests.plans.conftest import RED, Circle


def _today() -> date:
    return datetime.now(UTC).date()


def test_a_goal_is_made_once_however_often_it_is_sent(circle: Circle) -> None:
    goal = str(uuid4())
    body = {"text": "Walk to the shop", "steps": [{"id": "1", "text": "To the gate"}]}
    answers = [circle.person.put(f"/goals/{goal}", body).status_code for _ in range(3)]
    assert answers == [201, 200, 200]
    assert [one["id"] for one in circle.person.plan()["goals"]] == [goal]


def test_a_goal_is_edited_at_the_version_seen_and_keeps_every_version(circle: Circle) -> None:
    goal = str(uuid4())
    circle.person.put(f"/goals/{goal}", {"text": "Walk"})
    steps = [{"id": "1", "text": "To the gate", "done_on": "2026-11-20"}]
    edited = circle.carer.put(f"/goals/{goal}", {"text": "Walk", "steps": steps}, 1)
    assert (edited.status_code, edited.get_json()["steps"]) == (200, steps)
    late = circle.person.put(f"/goals/{goal}", {"text": "Swim"}, 1)
    assert (late.status_code, late.get_json()["current"]["steps"]) == (412, steps)
    rows = circle.person.browser.get(f"{circle.person.at}/plan/history?goal={goal}").get_json()["rows"]
    assert [(one["version"], one["relation"]) for one in rows] == [(2, "carer"), (1, "self")]


def test_somebody_elses_goal_under_the_same_id_is_never_written_over(circle: Circle) -> None:
    goal = str(uuid4())
    circle.person.put(f"/goals/{goal}", {"text": "Mine"})
    answer = circle.carer.put(f"/goals/{goal}", {"text": "Theirs"})
    assert (answer.status_code, answer.get_json()["current"]["text"]) == (412, "Mine")


def test_an_edit_of_a_goal_that_a_restored_service_does_not_know_makes_it(circle: Circle) -> None:
    answer = circle.person.put(f"/goals/{uuid4()}", {"text": "Walk"}, 7)
    assert (answer.status_code, answer.get_json()["version"]) == (201, 1)


def test_an_id_of_another_person_is_not_there(circle: Circle, make: Factory) -> None:
    goal = str(uuid4())
    circle.person.put(f"/goals/{goal}", {"text": "Mine"})
    other = make.patient()
    make.proxy_consent(other, make.carer(), ["plan"])
    with circle.person.browser.client.application.app_context(), transaction():
        db.session.execute(
            text("update plan_goal set patient_id = :p where public_id = :g"), {"p": other.id, "g": goal}
        )
    assert circle.person.put(f"/goals/{goal}", {"text": "Mine"}).status_code == 404


def test_a_tick_said_twice_is_one_fact_and_the_last_word_counts(circle: Circle, app: Flask) -> None:
    task = circle.person.task(times=["08:30"])
    day = _today().isoformat()
    for page in (circle.person, circle.carer, circle.person):
        assert page.tick(task, day, "08:30").status_code == 200
    with app.app_context():
        assert db.session.execute(text("select count(*) from plan_tick")).scalar_one() == 1
    after = circle.carer.tick(task, day, "08:30", done=False, why="Feeling tired").get_json()
    assert [(one["done"], one["why"], one["by"]) for one in after["ticks"]] == [
        (False, "Feeling tired", "Sam Helper")
    ]


def test_a_tick_of_two_weeks_ago_is_taken_and_one_of_next_week_is_not(circle: Circle) -> None:
    task = circle.person.task()
    assert circle.person.tick(task, (_today() - timedelta(days=14)).isoformat()).status_code == 200
    assert circle.person.tick(task, (_today() + timedelta(days=7)).isoformat()).status_code == 422


def test_what_is_stopped_leaves_the_list_and_keeps_its_history(circle: Circle) -> None:
    task = circle.person.task(text="Walk")
    circle.person.put(f"/todo/{task['id']}", {"text": "Walk", "stopped": True}, 1)
    assert circle.person.plan()["todo"] == []
    rows = circle.person.browser.get(f"{circle.person.at}/plan/history?task={task['id']}").get_json()["rows"]
    assert len(rows) == 2


def test_a_reminder_needs_a_time(circle: Circle) -> None:
    answer = circle.person.put(f"/todo/{uuid4()}", {"text": "Tablets", "remind": True})
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["times"])


@pytest.mark.hazard("H90")
def test_the_words_both_have_signed_take_the_place_of_the_pathways(circle: Circle, app: Flask) -> None:
    def said() -> tuple[str, list[str]]:
        with app.app_context():
            found = plans.advice(circle.patient.id, "emergency", "spo2_low")
            assert found is not None
            return found["from"], found["words"]

    assert said()[0] == "pathway"
    circle.person.write("red", RED)
    assert said()[0] == "pathway"
    circle.lead.agree("red")
    assert said() == ("plan", ["Sit upright.", "Ring 999.", "999"])
    # What a clinician changed and the person has not agreed to yet is not what stands.
    circle.lead.write("red", {**RED, "do": ["Another thing."]})
    assert said() == ("plan", ["Sit upright.", "Ring 999.", "999"])


def test_a_signed_palliative_line_stands_before_the_plans_own_words(circle: Circle, app: Flask) -> None:
    circle.agreed()
    with app.app_context(), transaction():
        db.session.execute(
            text(
                "insert into end_of_life_plan (patient_id, line_name, line_phone, reason, review_on, first_by,"
                " second_by, second_at) select :p, 'Night line', '01632 960777', 'wish', '2027-01-01', min(id),"
                " max(id), now() from practitioner"
            ),
            {"p": circle.patient.id},
        )
    with app.app_context():
        found = plans.advice(circle.patient.id, "emergency")
        assert found is not None
    assert found["line"] == {"name": "Night line", "phone": "01632 960777"}
    assert "999" not in str(found["words"])
    assert circle.person.plan()["line"]["phone"] == "01632 960777"


def test_the_page_points_to_advance_documents_and_orders_nothing(circle: Circle, app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.execute(
            text(
                "insert into care_document (patient_id, kind, dated, original_at, verified_by, verified_on)"
                " values (:p, 'respect', '2026-01-02', 'In the hall drawer', 'A nurse', '2026-02-03')"
            ),
            {"p": circle.patient.id},
        )
    shown = circle.person.plan()["documents"]
    assert [(one["kind"], one["original_at"], one["ceiling"]) for one in shown] == [
        ("respect", "In the hall drawer", None)
    ]


def test_whoever_rings_reads_on_the_card_what_the_person_reads_on_the_phone(
    circle: Circle, make: Factory
) -> None:
    alert = make.alert(circle.patient, level="emergency")
    asked = f"/alerts/{alert.public_id}"
    assert circle.nurse.browser.get(asked).get_json()["facts"]["plan"]["is_agreed"] is False
    circle.agreed()
    on_card = circle.nurse.browser.get(asked).get_json()["facts"]["plan"]
    on_phone = circle.person.browser.get(f"{circle.person.at}/home").get_json()["advice"]
    assert on_card == {"words": ["Sit upright.", "Ring 999.", "999"], "is_agreed": True}
    assert (on_phone["words"], on_phone["from"], on_phone["signs"]) == (
        on_card["words"],
        "plan",
        RED["signs"],
    )
    milder = make.alert(circle.patient, level="soon", rule="spo2_drop")
    assert circle.nurse.browser.get(f"/alerts/{milder.public_id}").get_json()["facts"]["plan"] is None


def test_what_the_phone_keeps_for_a_red_reading_offline_is_the_agreed_plan(circle: Circle) -> None:
    circle.agreed()
    taking = circle.person.browser.get(f"{circle.person.at}/taking").get_json()
    said = next(one["acts"] for one in taking["kinds"] if one["kind"] == "spo2")
    assert ["Sit upright.", "Ring 999.", "999"] in [one["words"] for one in _each(said)]


def _each(said: Any) -> list[dict[str, Any]]:
    """Every advice there is in an answer, however it is grouped."""
    found = [said] if isinstance(said, dict) and "words" in said else []
    inside = said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
    return [*found, *(one for part in inside for one in _each(part))]


def test_other_words_under_the_same_id_are_not_answered_as_if_they_were_kept(circle: Circle) -> None:
    goal = str(uuid4())
    circle.person.put(f"/goals/{goal}", {"text": "Walk"})
    other = circle.person.put(f"/goals/{goal}", {"text": "Walk", "why": "To see my sister"})
    assert (other.status_code, other.get_json()["current"]["why"]) == (412, "")
