"""PHQ-9 item 9: a human is sent for at once, on any form, and nobody who stands by is told of it."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from backend.check_ins.jobs import look_for_unanswered
from backend.core.db import transaction
from backend.escalation.climbing import take_due
from backend.screens.stream import Sight
from tests.alerts.people import Monitored, judge, monitored, own_app, run
from tests.browsing import Browser
from tests.check_ins.conftest import Browse, answer, later, listed
from tests.conftest import Database
from tests.factories import Factory, Ref

ALL_0 = {str(item): 0 for item in range(1, 10)}


def settle(app: Flask) -> int:
    """One round of the worker's job."""
    with app.app_context():
        return look_for_unanswered()


@pytest.mark.hazard("H83")
@pytest.mark.parametrize("value", [1, 2, 3])
def test_any_answer_but_not_at_all_is_urgent_at_once_on_a_draft(
    person: Monitored, phone: Browser, value: int
) -> None:
    found = answer(phone, person, "phq9", {"9": value}, state="draft").get_json()
    (alert,) = person.alerts()
    assert (alert.rule, alert.level, alert.kind) == ("phq9_item9", "urgent", "clinical")
    assert (found["safety"]["alert"], found["safety"]["level"]) == (str(alert.public_id), "urgent")
    assert found["safety"]["answer_by"] is not None
    assert ("care-team", "alert-for-team") in person.told()
    assert found["result"] is None


def test_not_at_all_raises_nothing_and_says_nothing_of_being_safe(person: Monitored, phone: Browser) -> None:
    found = answer(phone, person, "phq9", ALL_0).get_json()
    assert (person.alerts(), found["safety"]) == ([], None)
    assert "safe" not in found["result"]["words"].lower()


@pytest.mark.hazard("H83")
def test_a_form_with_answers_that_cannot_be_used_raises_it_all_the_same(
    person: Monitored, phone: Browser
) -> None:
    answer(phone, person, "phq9", {"9": "2", "1": "much", "99": 4, "2": None}, version="0")
    assert [alert.level for alert in person.alerts()] == ["urgent"]


@pytest.mark.hazard("H83")
@pytest.mark.parametrize("status", ["paused", "awaiting-kit", "ended"])
def test_it_waits_for_no_pathway(app: Flask, make: Factory, browse: Browse, status: str) -> None:
    person = monitored(app, make, status)
    answer(browse(make.account(patient=person.patient)), person, "phq9", {"9": 1}, state="draft")
    assert [alert.rule for alert in person.alerts()] == ["phq9_item9"]


@pytest.mark.hazard("H83")
def test_of_somebody_on_no_teams_list_the_duty_desk_is_told(
    app: Flask, make: Factory, browse: Browse, person: Monitored
) -> None:
    alone = Monitored(app, make, make.patient(), person.team, person.nurse)
    answer(browse(make.account(patient=alone.patient)), alone, "phq9", {"9": 1}, state="draft")
    assert ("duty", "alert-for-team") in alone.told()


@pytest.mark.hazard("H83")
def test_not_safe_is_an_emergency_at_once_and_999_comes_first(person: Monitored, phone: Browser) -> None:
    id_ = uuid4()
    answer(phone, person, "phq9", {"9": 1}, state="draft", id_=id_)
    found = answer(phone, person, "phq9", {}, state="draft", id_=id_, safe_now="no").get_json()
    (alert,) = person.alerts()
    assert (alert.level, alert.call_999) == ("emergency", True)
    assert alert.reason.endswith("they answered no")
    assert found["safety"] == {"alert": str(alert.public_id), "level": "emergency", "answer_by": None}


def test_not_safe_with_the_very_first_answer_is_an_emergency(person: Monitored, phone: Browser) -> None:
    answer(phone, person, "phq9", {"9": 3}, state="draft", safe_now="no")
    assert [alert.level for alert in person.alerts()] == ["emergency"]


@pytest.mark.hazard("H83")
def test_no_answer_in_ten_minutes_is_an_emergency_and_not_a_moment_before(
    app: Flask, person: Monitored, phone: Browser
) -> None:
    answer(phone, person, "phq9", {"9": 1}, state="draft")
    later(app, 9)
    assert (settle(app), [alert.level for alert in person.alerts()]) == (0, ["urgent"])
    later(app, 10.1)
    assert (settle(app), [alert.level for alert in person.alerts()]) == (1, ["emergency"])
    assert person.alerts()[0].reason.endswith("they have not answered")
    # Twice is once: a second worker finds nothing.
    assert settle(app) == 0
    assert person.events().count("worse") == 1


@pytest.mark.hazard("H83")
def test_the_emergency_reaches_a_human_through_the_ordinary_ladder(
    app: Flask, person: Monitored, phone: Browser, make: Factory
) -> None:
    manager = make.practitioner(role="duty-manager")
    make.membership(person.team, manager)
    answer(phone, person, "phq9", {"9": 1}, state="draft")
    later(app, 10.1)
    settle(app)
    for minutes in (13, 16, 19, 22, 31):
        later(app, minutes)
        with app.app_context(), transaction():
            take_due()
    steps = run(app, "select place, practitioner_id from escalation_step order by id")
    assert person.alerts()[0].rung > 0
    assert manager.id in {step.practitioner_id for step in steps}, [tuple(step) for step in steps]
    assert "escalated" in person.events()


def test_safe_now_stops_the_deadline_and_the_urgent_alert_stays(
    app: Flask, person: Monitored, phone: Browser
) -> None:
    id_ = uuid4()
    answer(phone, person, "phq9", {"9": 2}, state="draft", id_=id_)
    answer(phone, person, "phq9", {}, state="draft", id_=id_, safe_now="yes")
    later(app, 30)
    assert settle(app) == 0
    (alert,) = person.alerts()
    assert (alert.level, alert.closed_at) == ("urgent", None)
    assert person.events() == ["raised", "said-safe"]


def test_safe_and_then_not_safe_is_an_emergency(person: Monitored, phone: Browser) -> None:
    id_ = uuid4()
    answer(phone, person, "phq9", {"9": 2}, state="draft", id_=id_, safe_now="yes")
    answer(phone, person, "phq9", {}, state="draft", id_=id_, safe_now="no")
    assert [alert.level for alert in person.alerts()] == ["emergency"]


def test_what_a_human_has_closed_or_spoken_about_is_not_raised_again_by_silence(
    app: Flask, person: Monitored, phone: Browser
) -> None:
    answer(phone, person, "phq9", {"9": 1}, state="draft")
    person.run("update alert set contacted_at = db_now() where patient_id = :p", p=person.patient.id)
    later(app, 11)
    settle(app)
    assert [alert.level for alert in person.alerts()] == ["urgent"]
    assert [row.outcome for row in run(app, "select outcome from check_in_safety")] == ["handled"]


def test_the_same_answer_again_tells_once_and_a_worse_one_tells_again(
    person: Monitored, phone: Browser
) -> None:
    id_ = uuid4()
    for answers in ({"9": 1}, {"9": 1, "1": 2}, {"9": 2}):
        answer(phone, person, "phq9", answers, state="draft", id_=id_)
    assert person.events() == ["raised", "pressed-again"]
    assert "More than half the days" in person.alerts()[0].reason


def test_taking_the_answer_back_takes_nothing_from_the_list(person: Monitored, phone: Browser) -> None:
    id_ = uuid4()
    answer(phone, person, "phq9", {"9": 1}, state="draft", id_=id_)
    answer(phone, person, "phq9", ALL_0, id_=id_)
    assert [(alert.level, alert.closed_at) for alert in person.alerts()] == [("urgent", None)]


def test_the_worker_finds_what_stands_and_raises_it_no_second_time(
    app: Flask, person: Monitored, phone: Browser
) -> None:
    answer(phone, person, "phq9", {"9": 1}, state="draft")
    judge(app)
    assert (len(person.alerts()), person.events()) == (1, ["raised"])


@pytest.mark.hazard("H83")
def test_no_clinicians_range_turns_it_off(app: Flask, person: Monitored, phone: Browser) -> None:
    from backend.observations.codes import Code

    person.limit(Code.PHQ9_ITEM9, "0", "3")
    answer(phone, person, "phq9", {"9": 1}, state="draft")
    judge(app)
    assert [alert.level for alert in person.alerts()] == ["urgent"]


@pytest.mark.hazard("H83")
def test_a_carer_sees_neither_the_check_in_nor_its_alert_nor_its_advice(
    person: Monitored, phone: Browser, carers_phone: Browser
) -> None:
    id_ = uuid4()
    answer(phone, person, "phq9", {**ALL_0, "9": 3, "1": 3}, id_=id_, safe_now="no")
    home = f"/patients/{person.patient.public_id}/home"
    theirs = carers_phone.get(home).get_json()
    assert (theirs["alerts"], theirs["advice"]) == ([], None)
    seen = listed(carers_phone, person)
    assert (seen["given"], seen["drafts"], seen["left_out"]) == ([], [], [])
    assert carers_phone.get(f"/patients/{person.patient.public_id}/check-ins/{id_}").status_code == 404
    everything = json.dumps(
        [theirs, seen, carers_phone.get(f"/patients/{person.patient.public_id}/year").get_json()]
    )
    assert "phq" not in everything.lower()
    assert "harm" not in everything.lower()
    own = phone.get(home).get_json()
    assert [one["level"] for one in own["alerts"]] == ["emergency"]
    assert any("option 2" in words for words in own["advice"]["words"])
    assert [one["id"] for one in listed(phone, person)["given"]] == [str(id_)]


@pytest.mark.hazard("H83")
def test_a_carers_open_page_is_not_told_that_there_is_one(
    app: Flask, person: Monitored, carer: Ref, phone: Browser, make: Factory
) -> None:
    from backend.access import service as access
    from backend.core.clock import now
    from backend.core.http import Actor, SignedIn

    events = [
        {"t": "alert", "p": str(person.patient.public_id), "a": str(uuid4()), "l": "urgent", "s": "open", "k": rule}
        for rule in ("phq9_item9", "mood_answers", "spo2_low", "carer_check_in")
    ] + [
        {"t": "observation", "p": str(person.patient.public_id), "c": codes}
        for codes in (["phq9-item9"], ["phq9-total", "phq9-item9"], ["spo2"])
    ]  # fmt: skip

    def told(actor: Actor) -> list[bool]:
        with app.app_context(), transaction():
            sight = Sight(app, SignedIn(actor, "person", 0, "", now()), access.live_sight(actor))
            return [sight.covers(event) for event in events]

    proxy = Actor("related-person", carer.public_id, related_person_id=carer.id)
    self_ = Actor("patient", person.patient.public_id, patient_id=person.patient.id)
    assert told(proxy) == [False, False, True, False, False, False, True]
    assert told(self_) == [True, True, True, False, True, True, True]


def test_a_carer_cannot_answer_it_for_the_person(person: Monitored, carers_phone: Browser) -> None:
    assert answer(carers_phone, person, "phq9", ALL_0).status_code == 403


def test_the_team_reads_the_answers(person: Monitored, phone: Browser, desk: Browser) -> None:
    id_ = uuid4()
    answer(phone, person, "phq9", {**ALL_0, "9": 1}, id_=id_)
    found = desk.get(f"/patients/{person.patient.public_id}/check-ins/{id_}").get_json()
    assert (found["answers"]["9"], found["result"]["total"]) == (1, 1)


@pytest.mark.hazard("H83")
def test_the_worker_with_its_own_rights_finds_who_has_not_answered_after_a_restart(
    flow_database: Database, tmp_path: Path
) -> None:
    with own_app(flow_database, "al_app", tmp_path) as web:
        person = monitored(web, Factory(web))
        person.run(
            "with r as (insert into questionnaire_response (patient_id, questionnaire, questionnaire_version, state)"
            " values (:p, 'phq9', '1', 'draft') returning id)"
            " insert into check_in_safety (response_id, patient_id, value, alert, answer_by)"
            " select r.id, :p, 1, gen_random_uuid(), db_now() - interval '1 hour' from r",
            p=person.patient.id,
        )
        with own_app(flow_database, "al_worker", tmp_path) as worker:
            assert [settle(worker), settle(worker)] == [1, 0]
        assert [(alert.rule, alert.level) for alert in person.alerts()] == [("phq9_item9", "emergency")]


@pytest.mark.hazard("H83")
@pytest.mark.parametrize("answers", [{"9": 0}, {}])
def test_not_safe_is_an_emergency_whatever_item_9_says_by_now(
    person: Monitored, phone: Browser, answers: dict[str, int]
) -> None:
    id_ = uuid4()
    for _ in range(2):
        found = answer(phone, person, "phq9", answers, state="draft", id_=id_, safe_now="no").get_json()
        assert (found["safety"]["level"], found["safety"]["answer_by"]) == ("emergency", None)
    (alert,) = person.alerts()
    assert (alert.level, alert.call_999) == ("emergency", True)
    assert alert.reason.endswith("they answered no")
