"""What nobody answered in time climbs, and ends when somebody has."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import ProgrammingError

from backend.threads.jobs import watch_unanswered
from tests.desk.acting import ask, did, listed
from tests.threads.conftest import Around, inbox, threads, wrote


def watch(app: Flask) -> int:
    """One round of the worker's job."""
    with app.app_context():
        return watch_unanswered()


def alerts(around: Around) -> list[Any]:
    """Every alert of the person."""
    return around.run("select * from alert where patient_id = :p order by id", p=around.person.id)


def test_a_message_that_nobody_answered_in_time_is_on_the_list(around: Around) -> None:
    wrote(around.self_, around, "When is my visit?")
    assert watch(around.app) == 0
    around.step("8 hours 1 minute")
    assert watch(around.app) == 1
    assert watch(around.app) == 0
    (alert,) = alerts(around)
    assert (alert.rule, alert.level, alert.care_team_id) == ("message_unanswered", "soon", around.team.id)
    assert "visit" not in alert.reason
    assert alert.rung_due_at is not None or alert.acknowledge_by is not None
    assert threads(around.self_, around)["team"]["state"] == "overdue"
    told = [
        row.to_kind for row in around.run("select to_kind from communication where alert_id = :a", a=alert.id)
    ]
    assert told == ["care-team"], "the person is not told that nobody told them"


@pytest.mark.hazard("H95")
def test_words_of_danger_that_nobody_answered_for_an_hour_are_urgent(around: Around) -> None:
    wrote(around.self_, around, "A question")
    wrote(around.self_, around, "I have chest pain")
    around.step("59 minutes")
    assert watch(around.app) == 0
    around.step("61 minutes")
    assert watch(around.app) == 1
    (alert,) = alerts(around)
    assert (alert.level, alert.claimed_at) == ("urgent", None)
    assert [row["title"] for row in listed(around.nurse)] == ["Message not answered"]


def test_danger_written_after_an_overdue_question_makes_its_card_worse(around: Around) -> None:
    wrote(around.self_, around, "A question")
    around.step("9 hours")
    watch(around.app)
    wrote(around.self_, around, "I cannot breathe")
    around.step("10 hours 1 minute")
    assert watch(around.app) == 1
    (alert,) = alerts(around)
    assert alert.level == "urgent"


@pytest.mark.hazard("H95")
def test_a_practice_that_does_not_answer_is_the_teams_to_see_to(around: Around) -> None:
    wrote(around.self_, around, "My results, please", "practice")
    around.step("8 days")
    assert watch(around.app) == 1
    (alert,) = alerts(around)
    assert (alert.rule, alert.level) == ("practice_message_unanswered", "soon")
    assert inbox(around.nurse)["threads"][0]["state"] == "overdue"


def test_the_card_ends_by_itself_when_somebody_has_answered(around: Around) -> None:
    wrote(around.self_, around, "When is my visit?")
    around.step("9 hours")
    watch(around.app)
    wrote(around.nurse, around, "On Thursday")
    assert watch(around.app) == 1
    (alert,) = alerts(around)
    assert alert.closed_at is not None
    assert watch(around.app) == 0


@pytest.mark.hazard("H95")
def test_closing_the_card_answers_nobody_so_it_comes_back_the_next_day(around: Around) -> None:
    wrote(around.self_, around, "When is my visit?")
    around.step("9 hours")
    watch(around.app)
    (row,) = listed(around.nurse)
    row = did(around.nurse, row, "claim")
    did(around.nurse, row, "close", {"outcome": "no-change", "note": None})
    assert watch(around.app) == 0
    around.step("33 hours 5 minutes")
    assert watch(around.app) == 1
    assert [one.closed_at is None for one in alerts(around)] == [False, True]


def test_a_message_from_its_own_card_is_the_answer_and_from_another_card_is_not(around: Around) -> None:
    other = around.make.alert(around.person, care_team_id=around.team.id)
    wrote(around.self_, around, "When is my visit?")
    (row,) = [one for one in listed(around.nurse) if one["id"] == str(other.public_id)]
    assert ask(around.nurse, row, "message", {"words": "Please take your oxygen again"}).status_code == 200
    mine = threads(around.self_, around)["team"]
    assert [one["words"] for one in mine["messages"]] == [
        "When is my visit?",
        "Please take your oxygen again",
    ]
    assert mine["state"] == "waiting"
    around.step("9 hours")
    watch(around.app)
    (row,) = [one for one in listed(around.nurse) if one["rule"] == "message_unanswered"]
    assert ask(around.nurse, row, "message", {"words": "On Thursday"}).status_code == 200
    assert threads(around.self_, around)["team"]["state"] == "answered"


@pytest.mark.hazard("H96")
def test_the_person_and_their_carers_see_no_card_about_a_late_answer(around: Around) -> None:
    wrote(around.self_, around, "My daughter need not know", private=True)
    around.step("9 hours")
    watch(around.app)
    home = f"/patients/{around.person.public_id}/home"
    assert around.self_.get(home).get_json()["alerts"] == []
    assert around.carer("readings", "alerts").get(home).get_json()["alerts"] == []


def test_somebody_who_has_died_waits_for_no_answer_unless_that_was_a_mistake(around: Around) -> None:
    wrote(around.self_, around, "When is my visit?")
    around.step("9 hours")
    around.run("insert into leaving (patient_id, kind) values (:p, 'died')", p=around.person.id)
    assert watch(around.app) == 0
    around.run("update leaving set undone_at = db_now()")
    assert watch(around.app) == 1


def test_words_that_were_sent_can_be_neither_changed_nor_taken_out(around: Around) -> None:
    wrote(around.self_, around, "As I wrote it")
    for sql in (
        "update thread_message set words = 'x'",
        "delete from thread_message",
        "delete from thread_seen",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            around.run(sql)


@pytest.mark.hazard("H95")
def test_from_the_card_of_a_practices_silence_nothing_of_the_teams_is_answered(around: Around) -> None:
    wrote(around.self_, around, "My results, please", "practice")
    around.step("8 days")
    watch(around.app)
    wrote(around.self_, around, "When is my visit?")
    (row,) = listed(around.nurse)
    assert ask(around.nurse, row, "message", {"words": "We have rung your practice"}).status_code == 200
    assert threads(around.self_, around)["team"]["state"] == "waiting"


@pytest.mark.hazard("H95")
def test_words_of_danger_that_came_after_the_card_are_not_answered_by_it_unread(around: Around) -> None:
    wrote(around.self_, around, "When is my visit?")
    around.step("9 hours")
    watch(around.app)
    (row,) = listed(around.nurse)
    wrote(around.self_, around, "I cannot breathe")
    assert ask(around.nurse, row, "message", {"words": "On Thursday"}).status_code == 200
    assert inbox(around.nurse)["threads"][0]["danger"] != []
