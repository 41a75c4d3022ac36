"""Check-ins come finished and half done, once and again, and what cannot wait is on the team's list at once."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.observations.codes import Code
from tests.alerts.people import Monitored, judge, monitored, run
from tests.browsing import Browser
from tests.check_ins.conftest import Browse, answer, listed
from tests.factories import Factory, Ref

WELL = {"breath": "same", "phlegm": "same", "reliever": "no", "drowsy": "no", "rescue": "no"}
STRAIN = {"sleep": "well", "time": "yes", "body": "well", "manage": "yes", "safe": "yes"}


def recorded(person: Monitored) -> dict[str, list[tuple[int, int]]]:
    """Values in the record that came of answers: name -> (value, source)."""
    rows = run(
        person.app,
        "select code, value, source from observation where patient_id = :p and code >= 27 order by received_at",
        p=person.patient.id,
    )
    names = {code.number: code.value for code in Code}
    found: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        found.setdefault(names[row.code], []).append((int(row.value), row.source))
    return found


def test_a_finished_check_in_is_scored_kept_and_in_the_record(person: Monitored, phone: Browser) -> None:
    id_ = uuid4()
    found = answer(
        phone, person, "phq9", {str(n): 1 for n in range(1, 9)} | {"9": 0}, id_=id_,
        headers={"X_Alongside_Made_At": "2026-11-22T09:00:00+00:00", "X_Alongside_Offline": "1"},
    ).get_json()  # fmt: skip
    assert (found["state"], found["version"], found["by"]) == ("complete", 1, "self")
    assert (found["result"]["total"], found["result"]["band"], found["result"]["level"]) == (
        8,
        "mild",
        "green",
    )
    assert found["made_at"] == "2026-11-22T09:00:00Z"
    assert recorded(person) == {"phq9-total": [(8, 1)]}
    given_ = listed(phone, person)["given"]
    assert [(one["id"], one["private"], one["result"]["total"]) for one in given_] == [(str(id_), True, 8)]


def test_a_missing_item_is_no_total_and_the_answers_are_kept(person: Monitored, phone: Browser) -> None:
    found = answer(phone, person, "gad7", {"1": 3, "2": 3}).get_json()
    assert (found["state"], found["result"]["total"], found["result"]["band"]) == ("complete", None, None)
    assert found["answers"] == {"1": 3, "2": 3}
    assert recorded(person) == {}


@pytest.mark.parametrize(
    ("answers", "level"), [({"breath": "worse"}, "soon"), ({"breath": "rest"}, "urgent"), ({}, None)]
)
def test_an_amber_answer_is_soon_and_a_red_one_urgent_with_the_words_that_made_it_so(
    app: Flask, person: Monitored, phone: Browser, answers: dict[str, str], level: str | None
) -> None:
    answer(phone, person, "copd", {**WELL, **answers})
    assert [alert.level for alert in person.alerts()] == ([level] if level else [])
    judge(app)
    assert len(person.alerts()) == (1 if level else 0)
    if level == "urgent":
        (alert,) = person.alerts()
        assert (
            "Your COPD check-in; How is your breathing? Bad: I am out of breath sitting still" in alert.reason
        )


def test_a_red_answer_is_told_from_a_draft_once_and_the_finished_form_adds_nothing(
    person: Monitored, phone: Browser
) -> None:
    id_ = uuid4()
    answer(phone, person, "copd", {"breath": "rest"}, state="draft", id_=id_)
    assert [alert.level for alert in person.alerts()] == ["urgent"]
    answer(phone, person, "copd", WELL | {"breath": "rest"}, id_=id_)
    assert (person.events(), recorded(person)["check-in-level"]) == (["raised"], [(2, 1)])


@pytest.mark.parametrize("status", ["paused", "ended"])
def test_a_red_answer_counts_whether_or_not_somebody_watches(
    app: Flask, make: Factory, browse: Browse, status: str
) -> None:
    person = monitored(app, make, status)
    answer(browse(make.account(patient=person.patient)), person, "copd", {"breath": "rest"}, state="draft")
    assert [alert.rule for alert in person.alerts()] == ["check_in_level"]


def test_a_second_red_check_in_tells_the_team_once_more(person: Monitored, phone: Browser) -> None:
    for _ in range(2):
        answer(phone, person, "copd", WELL | {"breath": "rest"})
    assert person.events() == ["raised", "pressed-again"]


@pytest.mark.parametrize(("name", "total"), [("phq9", 15), ("gad7", 15)])
def test_a_high_total_asks_for_a_look_that_no_carer_is_told_of(
    person: Monitored, phone: Browser, carers_phone: Browser, name: str, total: int
) -> None:
    answers = {str(n): 3 for n in range(1, 6)} | {str(n): 0 for n in range(6, 10 if name == "phq9" else 8)}
    answer(phone, person, name, answers)
    assert [(alert.rule, alert.level) for alert in person.alerts()] == [("mood_answers", "soon")]
    home = f"/patients/{person.patient.public_id}/home"
    assert carers_phone.get(home).get_json()["alerts"] == []
    assert len(phone.get(home).get_json()["alerts"]) == 1


def test_the_same_draft_sent_again_is_one_row_and_what_was_known_stays_known(
    person: Monitored, phone: Browser
) -> None:
    id_ = uuid4()
    first = answer(phone, person, "copd", {"breath": "same"}, state="draft", id_=id_).get_json()
    second = answer(
        phone, person, "copd", {"phlegm": "more", "breath": None}, state="draft", id_=id_
    ).get_json()
    assert (first["version"], second["version"]) == (1, 2)
    assert second["answers"] == {"breath": "same", "phlegm": "more"}
    third = answer(phone, person, "copd", WELL, id_=id_).get_json()
    late = answer(phone, person, "copd", {"breath": "worse"}, state="draft", id_=id_).get_json()
    assert (third["state"], late["state"], late["answers"]["breath"]) == ("complete", "complete", "same")
    assert len(run(person.app, "select 1 from questionnaire_response")) == 1


def test_an_older_draft_that_comes_late_only_fills_gaps(person: Monitored, phone: Browser) -> None:
    id_ = uuid4()
    for at, answers in (("10:05", {"breath": "worse"}), ("10:00", {"breath": "same", "phlegm": "same"})):
        answer(
            phone, person, "copd", answers, state="draft", id_=id_,
            headers={"X_Alongside_Made_At": f"2026-11-22T{at}:00+00:00"},
        )  # fmt: skip
    kept = listed(phone, person)["drafts"]
    assert [one["answers"] for one in kept] == [{"breath": "worse", "phlegm": "same"}]


def test_the_same_request_twice_is_one_and_answers_the_same(person: Monitored, phone: Browser) -> None:
    id_, key = uuid4(), {"Idempotency_Key": str(uuid4())}
    answers = [
        answer(phone, person, "copd", WELL | {"breath": "rest"}, id_=id_, headers=key) for _ in range(2)
    ]
    assert answers[0].get_json() == answers[1].get_json()
    assert person.events() == ["raised"]


def test_another_persons_id_leads_nowhere(
    app: Flask, make: Factory, browse: Browse, person: Monitored, phone: Browser
) -> None:
    other = monitored(app, make)
    theirs = browse(make.account(patient=other.patient))
    id_ = uuid4()
    answer(phone, person, "copd", WELL, id_=id_)
    assert answer(theirs, other, "copd", WELL, id_=id_).status_code == 404
    assert theirs.get(f"/patients/{other.patient.public_id}/check-ins/{id_}").status_code == 404


def test_an_id_used_for_another_check_in_and_an_unknown_check_in_are_said_in_words(
    person: Monitored, phone: Browser
) -> None:
    id_ = uuid4()
    answer(phone, person, "copd", WELL, id_=id_)
    assert answer(phone, person, "frailty", {}, id_=id_).get_json()["code"] == "other-check-in"
    assert answer(phone, person, "cat", {}).get_json()["code"] == "no-such-check-in"


def test_a_carer_answers_for_the_person_and_it_says_who(
    person: Monitored, phone: Browser, carers_phone: Browser, carer: Ref
) -> None:
    answer(carers_phone, person, "copd", WELL | {"breath": "rest"})
    assert [one["by"] for one in listed(phone, person)["given"]] == [carer.name]
    assert recorded(person) == {"check-in-level": [(2, 3)]}
    assert [alert.level for alert in person.alerts()] == ["urgent"]


def test_how_a_carer_is_belongs_to_the_carer(
    make: Factory, browse: Browse, person: Monitored, phone: Browser, carers_phone: Browser, desk: Browser
) -> None:
    found = answer(carers_phone, person, "carer-strain", STRAIN | {"manage": "today"})
    assert found.get_json()["result"]["level"] == "red"
    (alert,) = person.alerts()
    assert (alert.rule, alert.level) == ("carer_check_in", "urgent")
    assert ("patient", "alert-for-person") not in person.told()
    home = f"/patients/{person.patient.public_id}/home"
    assert (listed(phone, person)["given"], phone.get(home).get_json()["alerts"]) == ([], [])
    assert len(listed(carers_phone, person)["given"]) == 1
    another = make.carer()
    make.proxy_consent(person.patient, another, ["readings", "alerts"])
    assert listed(browse(make.account(carer=another)), person)["given"] == []
    assert len(listed(desk, person)["given"]) == 1


def test_a_carer_says_how_they_are_whatever_they_may_see_and_the_person_does_not_answer_it(
    make: Factory, browse: Browse, person: Monitored, phone: Browser
) -> None:
    carer = make.carer()
    make.proxy_consent(person.patient, carer, ["plan"])
    browser = browse(make.account(carer=carer))
    assert answer(browser, person, "carer-strain", STRAIN).status_code == 200
    assert answer(browser, person, "copd", WELL).status_code == 404
    assert answer(phone, person, "carer-strain", STRAIN).status_code == 403


def test_questionnaires_are_given_whole_and_are_not_sent_again_unchanged(phone: Browser) -> None:
    first = phone.get("/questionnaires")
    shown = {one["id"]: one for one in first.get_json()["questionnaires"]}
    assert shown["phq9"]["safety"]["lines"][2]["phone"] == "116 123"
    assert "$schema" not in shown["phq9"]
    assert shown["copd"]["items"][0]["options"][2]["level"] == "red"
    again = phone.get("/questionnaires", If_None_Match=first.headers["ETag"])
    assert again.status_code == 304


parts = st.lists(
    st.tuples(
        st.dictionaries(
            st.sampled_from([str(n) for n in range(1, 10)]), st.sampled_from([None, 0, 1, 2, 3]), max_size=4
        ),
        st.sampled_from(["draft", "complete"]),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.hazard("H83")
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sent=parts)
def test_in_whatever_pieces_it_comes_item_9_is_raised_exactly_when_it_was_ever_answered_so(
    app: Flask, make: Factory, browse: Callable[..., Browser], sent: list[tuple[dict[str, Any], str]]
) -> None:
    person = monitored(app, make)
    phone = browse(make.account(patient=person.patient))
    id_ = uuid4()
    known: dict[str, int] = {}
    was_complete = False
    asked = False
    for answers, state in sent:
        found = answer(phone, person, "phq9", answers, state=state, id_=id_).get_json()
        given_ = {name: value for name, value in answers.items() if value is not None}
        known = {**given_, **known} if was_complete else {**known, **given_}
        was_complete = was_complete or state == "complete"
        asked = asked or known.get("9", 0) > 0
        assert found["answers"] == known
        assert (found["safety"] is not None) is asked
    item9 = [alert for alert in person.alerts() if alert.rule == "phq9_item9"]
    assert len(item9) == (1 if asked else 0)


def test_an_older_draft_that_comes_late_does_not_make_the_newest_older(
    person: Monitored, phone: Browser
) -> None:
    id_ = uuid4()
    for minute, said in ((3, "worse"), (1, "same"), (2, "same")):
        made = {"X_Alongside_Made_At": f"2026-11-22T09:0{minute}:00+00:00"}
        found = answer(phone, person, "copd", {"breath": said}, state="draft", id_=id_, headers=made)
    assert (found.get_json()["answers"], found.get_json()["made_at"]) == (
        {"breath": "worse"},
        "2026-11-22T09:03:00Z",
    )
