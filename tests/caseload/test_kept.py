"""A limit has the same guards wherever it is set, and what a live pathway needs is not emptied by a slip."""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.caseload.conftest import CONTACTS, FACTS, TARGET, Desk, House
from tests.factories import Ref


@pytest.fixture
def live(house: House, nurse: Desk) -> Ref:
    """Somebody on COPD with everything it asks, who is watched."""
    joined = nurse.step(nurse.join(), "go-live")
    return house.make.find_patient(joined["patient"]["id"])


def limits_of(connection: Connection, patient: Ref) -> list[tuple[str, str]]:
    rows = connection.execute(
        text("select low, high from alert_limit where patient_id = :id order by code"), {"id": patient.id}
    )
    return [(str(row.low), str(row.high)) for row in rows]


@pytest.mark.hazard("H13")
@pytest.mark.parametrize(
    ("limit", "field"),
    [
        ({"low": "8", "high": "92"}, "low"),
        ({"low": "10", "high": "20"}, "low"),
        ({"code": "glucose", "low": "40", "high": "70"}, "high"),
        ({"low": "92", "high": "88"}, "low"),
        ({"low": None, "high": None}, "low"),
        ({"code": "fall", "low": "0", "high": "1"}, "code"),
        ({"code": "ketones", "low": "0", "high": "1"}, "code"),
    ],
)
def test_a_target_that_the_desk_would_refuse_is_refused_on_joining_and_on_the_page_of_care(
    house: House, nurse: Desk, limit: dict[str, Any], field: str
) -> None:
    body = {"pathways": ["copd"], "limits": [TARGET | limit]}
    draft = nurse.start()
    for refused in (
        nurse.step(draft, "pathways", body, status=422),
        nurse.change(house.patient(status="awaiting-kit"), "/pathways", body, status=422),
    ):
        assert f"limits.0.{field}" in refused["errors"], refused


@pytest.mark.hazard("H13")
def test_the_limits_of_somebody_who_is_watched_are_changed_where_they_are_rehearsed(
    live: Ref, nurse: Desk, connection: Connection
) -> None:
    body: dict[str, Any] = {"pathways": ["copd", "hypertension"], "limits": [TARGET | {"low": "70"}]}
    refused = nurse.change(live, "/pathways", body, status=412)
    assert refused["code"] == "live-limits"
    assert "alert card" in refused["detail"]
    assert limits_of(connection, live) == [("88", "92")]
    more = nurse.change(live, "/pathways", body | {"limits": []})
    assert {one["pathway"] for one in more["enrolments"]} == {"copd", "hypertension"}


@pytest.mark.hazard("H13")
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({}, "usual_spo2"),
        (FACTS | {"usual_spo2": None}, "usual_spo2"),
        (FACTS | {"home_oxygen": None}, "home_oxygen"),
        (FACTS | {"oxygen_litres": None}, "oxygen_litres"),
    ],
)
def test_a_fact_that_a_live_pathway_needs_is_not_emptied(
    live: Ref, nurse: Desk, facts: dict[str, Any], field: str
) -> None:
    refused = nurse.change(live, "/facts", facts, status=422)
    assert refused["code"] == "still-needed"
    assert field in refused["errors"]
    assert "needs" in refused["detail"]
    assert nurse.care(live)["facts"]["usual_spo2"] == "90"


def test_the_refusal_names_the_pathway_and_another_value_or_another_fact_is_taken(
    live: Ref, nurse: Desk
) -> None:
    refused = nurse.change(live, "/facts", {}, status=422)
    assert "COPD" in refused["detail"]
    air = nurse.change(live, "/facts", {"home_oxygen": False, "usual_spo2": "91", "insulin": True})["facts"]
    assert (air["home_oxygen"], air["oxygen_litres"], air["usual_spo2"]) == (False, None, "91")


def test_what_was_never_known_of_somebody_watched_holds_up_nothing_else(house: House, nurse: Desk) -> None:
    patient = house.patient("copd")
    assert nurse.change(patient, "/facts", {"insulin": True})["facts"]["insulin"] is True


def test_whether_somebody_lives_alone_stays_known_while_a_live_pathway_needs_it(
    house: House, nurse: Desk
) -> None:
    body = {"pathways": ["low_mood"], "limits": []}
    joined = nurse.step(nurse.join(pathways=body, facts={}), "go-live")
    patient = joined["patient"]["id"]
    refused = nurse.change(patient, "/contacts", CONTACTS | {"lives_alone": None}, status=422)
    assert (refused["code"], list(refused["errors"])) == ("still-needed", ["lives_alone"])
    assert nurse.care(patient)["lives_alone"] is True
    assert nurse.change(patient, "/contacts", CONTACTS | {"lives_alone": False})["lives_alone"] is False


@pytest.mark.hazard("H13")
@pytest.mark.parametrize("ends", [{"low": "88", "high": None}, {"low": None, "high": "92"}])
def test_a_live_oxygen_target_keeps_both_ends(
    live: Ref, nurse: Desk, ends: dict[str, Any], connection: Connection
) -> None:
    asked = {"code": "spo2"} | ends
    refused = nurse.send(f"/patients/{live.public_id}/limits/rehearsal", asked)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "still-needed")
    both = nurse.send(f"/patients/{live.public_id}/limits/rehearsal", asked | {"low": "86", "high": "91"})
    assert both.status_code == 200
    assert limits_of(connection, live) == [("88", "92")]
