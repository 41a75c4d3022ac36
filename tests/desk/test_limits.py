"""A limit is tried on the last 90 days before it is saved, and keeps who, when and why (H13)."""

from collections.abc import Callable

import pytest
from flask import Flask

from backend.observations.codes import Code
from tests.alerts.people import Monitored, judge, monitored, run
from tests.browsing import Browser
from tests.desk.acting import ask, listed
from tests.factories import Factory

Browse = Callable[..., Browser]
REASON = "Her usual is lower"


def path(person: Monitored, tail: str = "") -> str:
    """The address of this person's oxygen limit."""
    return f"/patients/{person.patient.public_id}/limits{tail}"


def saved(
    browser: Browser, person: Monitored, low: str | None, high: str | None, version: int = 1
) -> tuple[int, dict[str, object]]:
    """Rehearse, then save; the status and what was answered."""
    asked = {"code": "spo2", "low": low, "high": high}
    shown = browser.post(path(person, "/rehearsal"), asked)
    assert shown.status_code == 200, shown.get_data(as_text=True)
    body = asked | {"reason": REASON, "rehearsal": shown.get_json()["token"]}
    answer = browser.post(path(person), body, If_Match=f'W/"{version}"')
    return answer.status_code, answer.get_json()


@pytest.fixture
def measured(app: Flask, person: Monitored) -> Monitored:
    """Somebody who was at 86 on two days lately."""
    for day in (3, 20):
        person.measures("86", ago=day * 1440 + 5)
        person.measures("86", ago=day * 1440)
    run(app, "delete from evaluation_wait")
    return person


@pytest.mark.hazard("H13")
def test_threshold_change_preview_and_audit(app: Flask, measured: Monitored, nurse: Browser) -> None:
    """H13: rehearsed on the last 90 days, versioned, who and when and why; audited."""
    shown = nurse.post(path(measured, "/rehearsal"), {"code": "spo2", "low": "85", "high": "92"}).get_json()
    assert (shown["days"], shown["readings"]) == (90, 4)
    assert shown["dropped_count"] >= 2
    assert shown["added_count"] == 0
    assert run(app, "select id from alert") == []
    status, limit = saved(nurse, measured, "85", "92")
    assert (status, limit["low"], limit["high"], limit["version"]) == (200, "85", "92", 2)
    assert (limit["set_by"], limit["source"]) == (measured.nurse.name, REASON)
    page = nurse.get(f"/patients/{measured.patient.public_id}/limits").get_json()
    (change,) = page["changes"]
    assert (change["was_low"], change["low"], change["by"], change["reason"]) == (
        "88",
        "85",
        measured.nurse.name,
        REASON,
    )
    kept = run(app, "select action, outcome from audit_event where entity = 'alert_limit'")
    assert [(row.action, row.outcome) for row in kept] == [("update", "success")]


@pytest.mark.hazard("H13")
def test_no_limit_is_saved_whose_rehearsal_was_not_shown(measured: Monitored, nurse: Browser) -> None:
    body = {"code": "spo2", "low": "80", "high": "92", "reason": REASON, "rehearsal": "not-this"}
    answer = nurse.post(path(measured), body, If_Match='W/"1"')
    assert (answer.status_code, answer.get_json()["code"]) == (412, "rehearsal-changed")
    assert answer.get_json()["current"]["days"] == 90
    other = nurse.post(path(measured, "/rehearsal"), {"code": "spo2", "low": "84", "high": "92"}).get_json()
    answer = nurse.post(path(measured), body | {"rehearsal": other["token"]}, If_Match='W/"1"')
    assert answer.status_code == 412


def test_a_reading_that_changes_the_rehearsal_asks_to_look_again(measured: Monitored, nurse: Browser) -> None:
    asked = {"code": "spo2", "low": "85", "high": "92"}
    token = nurse.post(path(measured, "/rehearsal"), asked).get_json()["token"]
    measured.measures("86", ago=6, waits=False)
    measured.measures("86", ago=1, waits=False)
    body = asked | {"reason": REASON, "rehearsal": token}
    assert nurse.post(path(measured), body, If_Match='W/"1"').get_json()["code"] == "rehearsal-changed"


@pytest.mark.hazard("H13")
def test_of_two_who_change_one_limit_the_second_is_shown_the_first(
    measured: Monitored, nurse: Browser, colleague: Browser
) -> None:
    assert saved(nurse, measured, "86", "92")[0] == 200
    status, body = saved(colleague, measured, "85", "92")
    assert (status, body["code"]) == (412, "changed-meanwhile")
    current = body["current"]
    assert isinstance(current, dict)
    assert current["low"] == "86"


def test_a_first_limit_of_a_person_is_made_at_version_0(app: Flask, make: Factory, browse: Browse) -> None:
    other = monitored(app, make)
    browser = browse(make.account(practitioner=other.nurse), "team")
    status, limit = saved(browser, other, "88", "92", version=0)
    assert (status, limit["version"], limit["personal"]) == (200, 1, True)


@pytest.mark.hazard("H13")
@pytest.mark.parametrize(
    ("role", "status"), [("nurse", 200), ("team-lead", 200), ("clinician", 200), ("duty-manager", 404)]
)
def test_only_some_of_a_team_set_limits(
    make: Factory, browse: Browse, measured: Monitored, role: str, status: int
) -> None:
    who = make.practitioner(role=role)
    make.membership(measured.team, who)
    browser = browse(make.account(practitioner=who), "team")
    answer = browser.post(path(measured, "/rehearsal"), {"code": "spo2", "low": "85", "high": "92"})
    assert answer.status_code == status
    page = browser.get(f"/patients/{measured.patient.public_id}/limits").get_json()
    assert page["may_change"] is (status == 200)


@pytest.mark.parametrize(
    "asked", [{}, {"low": "92", "high": "88"}, {"low": "88", "high": "88"}, {"low": "5", "high": "92"},
              {"low": "x"}, {"low": "NaN", "high": "92"}]
)  # fmt: skip
def test_what_is_no_range_is_refused(person: Monitored, nurse: Browser, asked: dict[str, str]) -> None:
    assert nurse.post(path(person, "/rehearsal"), asked | {"code": "spo2"}).status_code == 422


def test_what_has_no_range_has_no_limit(person: Monitored, nurse: Browser) -> None:
    asked = {"code": "fall", "low": "0", "high": "1"}
    assert nurse.post(path(person, "/rehearsal"), asked).get_json()["code"] == "no-limit"


@pytest.mark.hazard("H13")
def test_a_rule_that_no_limit_changes_says_so_and_opens_none(
    app: Flask, person: Monitored, nurse: Browser
) -> None:
    person.says({Code.SYSTOLIC: "140", Code.DIASTOLIC: "80"}, ago=5)
    person.says({Code.STANDING_SYSTOLIC: "110"}, ago=2)
    judge(app)
    (row,) = listed(nurse)
    answer = ask(nurse, row, "wrong-rule", {"why": "Always so"}).get_json()
    assert answer["rule"]["name"] == "bp_postural"
    assert (answer["open"], answer["limits"], answer["rule"]["watches"]) == (None, [], [])


def test_this_rule_is_wrong_for_this_person_opens_the_limit_and_changes_none(
    app: Flask, person: Monitored, nurse: Browser
) -> None:
    person.measures("86", ago=6)
    person.measures("86", ago=1)
    judge(app)
    (row,) = listed(nurse)
    answer = ask(nurse, row, "wrong-rule", {"why": "Her usual is 86"}).get_json()
    assert answer["open"] == {"patient": str(person.patient.public_id), "code": "spo2"}
    limit = next(one for one in answer["limits"] if one["code"] == "spo2")
    assert (limit["low"], limit["high"], limit["set_by"], limit["version"]) == ("88", "92", "Dr Test", 1)
    assert answer["may_change"]
    assert listed(nurse)[0]["state"] == "open"
    assert person.events()[-1] == "rule-doubted"
