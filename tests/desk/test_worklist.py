"""The list over HTTP: who sees what in which order, who was first, and how it closes."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from marshmallow import RAISE

from backend.core.db import plain_dsn
from backend.desk.schemas import WorklistSchema
from tests.alerts.people import Monitored, judge, monitored, run
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.conftest import Database
from tests.desk.acting import listed, match
from tests.factories import Factory

Browse = Callable[..., Browser]


def test_a_finding_is_on_the_list_with_who_why_and_by_when(person: Monitored, nurse: Browser) -> None:
    person.measures("83")
    judge(person.app)
    body = nurse.get("/worklist").get_json()
    (row,) = body["rows"]
    assert row["reason"] == "Oxygen 83%, target 88 to 92"
    assert row["patient"]["display_name"] == person.patient.name
    assert row["patient"]["age"] >= 80
    assert row["state"] == "open"
    assert row["contact_by"].endswith("Z")
    assert body["counts"] == {
        "unclaimed": 1, "mine": 0, "no_cover": 0, "all": 1, "red": 1, "amber": 0, "rechecks": 0, "handed_to_me": 0,
    }  # fmt: skip
    assert body["team"]["name"] == person.team.name


@pytest.mark.hazard("H06")
def test_the_list_goes_from_red_by_deadline_over_no_cover_to_routine(
    app: Flask, person: Monitored, nurse: Browser
) -> None:
    for rule, level, minutes in (
        ("low_battery", "routine", 1), ("bp_severe", "urgent", 50), ("tamper", "soon", 2),
        ("device_silent", "soon", 900), ("fall", "emergency", 9), ("sos", "emergency", 3),
        ("bed", "urgent", 5),
    ):  # fmt: skip
        run(app, "insert into alert (patient_id, rule, kind, level, title, reason, true_at, known_at,"
                 " contact_by)"
                 " values (:p, :r, 'alarm', :l, :r, '', now(), now(), now() + :m * interval '1 minute')",
            p=person.patient.id, r=rule, l=level, m=minutes)  # fmt: skip
    order = ["sos", "fall", "bed", "bp_severe", "device_silent", "tamper", "low_battery"]
    assert [row["rule"] for row in listed(nurse)] == order


@pytest.mark.hazard("H22")
def test_another_teams_person_is_not_on_the_list_but_every_unassigned_alarm_is(
    app: Flask, make: Factory, nurse: Browser
) -> None:
    other = monitored(app, make)
    press(app, make.device("pendant"), other.patient)
    press(app, make.device("pendant", last_known_address="1 Test Row"))
    (row,) = listed(nurse)
    assert row["patient"] is None
    assert "1 Test Row" in row["unassigned"]["words"]


def test_a_canary_is_never_listed_or_counted(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    canary = monitored(app, make, is_canary=True)
    make.caseload(person.team, canary.patient)
    press(app, make.device(is_canary=True), canary.patient)
    press(app, make.device(is_canary=True))
    assert nurse.get("/worklist").get_json()["counts"]["all"] == 0


def test_claiming_names_the_owner_and_starts_the_second_clock(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    press(app, make.device("pendant"), person.patient)
    (row,) = listed(nurse)
    answer = nurse.post(f"/alerts/{row['id']}/claim", {}, If_Match=match(row))
    assert answer.status_code == 200
    claimed = answer.get_json()
    assert (claimed["state"], claimed["owner"]["me"], claimed["version"]) == ("claimed", True, 2)
    assert answer.headers["Content-Type"] == "application/json"
    (stored,) = run(app, "select contact_by - claimed_at as second_clock, seen_at from alert"
                    " where patient_id = :p",
                    p=person.patient.id)  # fmt: skip
    assert stored.second_clock.total_seconds() == 180
    assert stored.seen_at is not None


@pytest.mark.hazard("H23")
def test_two_nurses_cannot_take_one_card_and_the_second_sees_who_has_it(
    app: Flask, make: Factory, browse: Browse, person: Monitored, nurse: Browser
) -> None:
    colleague = make.practitioner()
    make.membership(person.team, colleague)
    other = browse(make.account(practitioner=colleague), "team")
    press(app, make.device("pendant"), person.patient)
    (row,) = listed(nurse)
    assert nurse.post(f"/alerts/{row['id']}/claim", {}, If_Match=match(row)).status_code == 200
    answer = other.post(f"/alerts/{row['id']}/claim", {}, If_Match=match(row))
    assert answer.status_code == 412
    assert answer.get_json()["current"]["owner"]["name"] == person.nurse.name
    assert answer.get_json()["kind"] == "conflict"


@pytest.mark.hazard("H23")
def test_a_stale_close_is_refused_and_changes_nothing(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    device = make.device("pendant")
    press(app, device, person.patient)
    (row,) = listed(nurse)
    press(app, device, person.patient)
    answer = nurse.post(f"/alerts/{row['id']}/close", {"outcome": "contact"}, If_Match=match(row))
    assert answer.status_code == 412
    assert answer.get_json()["current"]["version"] == 2
    assert listed(nurse)[0]["state"] == "open"


@pytest.mark.hazard("H22")
@pytest.mark.parametrize(
    "body", [{}, {"outcome": None}, {"outcome": ""}, {"outcome": "fine"}, {"note": "ok"}]
)
def test_nothing_closes_without_an_outcome(
    app: Flask, make: Factory, person: Monitored, nurse: Browser, body: dict[str, Any]
) -> None:
    press(app, make.device("pendant"), person.patient)
    (row,) = listed(nurse)
    assert nurse.post(f"/alerts/{row['id']}/close", body, If_Match=match(row)).status_code == 422
    assert len(listed(nurse)) == 1


def test_closing_takes_it_off_the_list_once_however_often_it_is_sent(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    press(app, make.device("pendant"), person.patient)
    (row,) = listed(nurse)
    key = str(uuid4())
    sent = {"outcome": "advice", "note": "Spoke to her", "confirm": True}
    answers = [
        nurse.post(f"/alerts/{row['id']}/close", sent, If_Match=match(row), Idempotency_Key=key) for _ in "12"
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].get_json() == answers[1].get_json()
    assert answers[0].get_json()["outcome"] == "advice"
    assert listed(nurse) == []
    assert person.events() == ["raised", "closed"]


def test_an_unassigned_alarm_is_claimed_and_closed_from_any_desk_and_audited(
    app: Flask, make: Factory, nurse: Browser
) -> None:
    press(app, make.device("pendant"))
    (row,) = listed(nurse)
    claimed = nurse.post(f"/alerts/{row['id']}/claim", {}, If_Match=match(row))
    assert claimed.status_code == 200
    stale = nurse.post(
        f"/alerts/{row['id']}/close", {"outcome": "visit", "confirm": True}, If_Match=match(row)
    )
    assert stale.status_code == 412
    sent = nurse.post(
        f"/alerts/{row['id']}/close",
        {"outcome": "visit", "confirm": True},
        If_Match=match(claimed.get_json()),
    )
    assert sent.status_code == 200
    kinds = run(
        app, "select action from audit_event where entity = 'alert' and entity_id = :id", id=row["id"]
    )
    assert [row.action for row in kinds] == ["claimed", "closed"]


def test_another_teams_nurse_is_refused_in_the_words_of_an_alert_that_is_not_there(
    app: Flask, make: Factory, browse: Browse, person: Monitored
) -> None:
    press(app, make.device("pendant"), person.patient)
    stranger = browse(make.account(practitioner=monitored(app, make).nurse), "team")
    (alert,) = person.alerts()
    answers = [
        stranger.post(f"/alerts/{id_}/claim", {}, If_Match='W/"1"') for id_ in (alert.public_id, uuid4())
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].get_json() == answers[1].get_json()
    assert person.events() == ["raised"]


def test_a_claim_without_the_version_seen_is_asked_for_it(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    press(app, make.device("pendant"), person.patient)
    (row,) = listed(nurse)
    assert nurse.post(f"/alerts/{row['id']}/claim", {}).status_code == 428


@pytest.mark.hazard("H28")
@pytest.mark.parametrize("before", [False, True], ids=["never on a list", "no longer on one"])
def test_an_alarm_of_somebody_on_no_teams_list_is_on_every_desk_and_can_be_taken_there(
    app: Flask, make: Factory, nurse: Browser, before: bool
) -> None:
    forgotten = monitored(app, make).patient if before else make.patient()
    run(app, "delete from caseload where patient_id = :p", p=forgotten.id)
    press(app, make.device("pendant", last_known_address="3 Test Row"), forgotten)
    (row,) = listed(nurse)
    assert (row["level"], row["patient"]) == ("emergency", None)
    assert "on no team's list. Last known address: 3 Test Row" in row["unassigned"]["words"]
    claimed = nurse.post(f"/alerts/{row['id']}/claim", {}, If_Match=match(row))
    assert claimed.status_code == 200
    assert claimed.get_json()["owner"]["me"]


def test_an_alarm_of_somebody_on_no_teams_list_is_told_to_every_desk_at_once(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr("backend.alerts.alarms.notify", lambda *notices: told.extend(notices))
    press(app, make.device("pendant"), make.patient())
    assert [notice["p"] for notice in told] == [None]


def test_an_open_finding_of_somebody_who_left_the_list_says_to_no_other_team_what_it_is(
    app: Flask, make: Factory, nurse: Browser
) -> None:
    """That it is there stands on every desk, or nobody could end its ladder (test_no_team.py)."""
    make.alert(make.patient())
    (row,) = listed(nurse)
    assert (row["patient"], row["title"], row["rule"]) == (None, "Somebody on no team's list", "withheld")
    assert "Oxygen" not in str(row)


def test_a_nurse_at_the_canarys_own_alarm_is_refused_and_the_refusal_is_audited(
    app: Flask, make: Factory, nurse: Browser, database: Database
) -> None:
    episode = press(app, make.device(is_canary=True))
    assert episode is not None
    assert nurse.post(f"/alerts/{episode.alert}/claim", {}, If_Match='W/"1"').status_code == 404
    with psycopg.connect(plain_dsn(database.url())) as apart:
        rows = apart.execute(
            "select outcome from audit_event where entity_id = %s", (str(episode.alert),)
        ).fetchall()
    assert rows == [("refused",)]


def test_the_list_as_written_is_what_its_schema_describes(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    """The list is written without its schema, so each member is held to it here: none missing, none unknown."""
    person.measures("83")
    judge(app)
    press(app, make.device("pendant"), person.patient)
    row = listed(nurse)[0]
    assert nurse.post(f"/alerts/{row['id']}/claim", {}, If_Match=match(row)).status_code == 200
    press(app, make.device("pendant"))
    body = nurse.get("/worklist").get_json()
    assert len(body["rows"]) == 2
    WorklistSchema(unknown=RAISE).load(body)
    dumped = WorklistSchema().dump(WorklistSchema().load(body))
    assert dumped == body


def test_an_unchanged_list_is_not_sent_again(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    make.alert(person.patient)
    first = nurse.get("/worklist")
    again = nurse.get("/worklist", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.get_data()) == (304, b"")
    row = first.get_json()["rows"][0]
    assert nurse.post(f"/alerts/{row['id']}/claim", {}, If_Match=match(row)).status_code == 200
    assert nurse.get("/worklist", If_None_Match=first.headers["ETag"]).status_code == 200
