"""The pages of one patient over HTTP: what is true is shown, what is missing is said."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.core.db import transaction
from backend.observations.codes import Code
from backend.pathways import service as pathways
from tests.browsing import Browser
from tests.factories import Factory, Ref

Browse = Callable[..., Browser]


@pytest.fixture
def copd(app: Flask, connection: Connection) -> Ref:
    """The shipped COPD pathway, loaded as a start loads it."""
    with app.app_context(), transaction():
        pathways.load_packs()
    row = connection.execute(text("select id, public_id from pathway_version where pathway = 'copd'")).one()
    return Ref(row.id, row.public_id, "copd")


@pytest.fixture
def ann(make: Factory, copd: Ref, connection: Connection) -> Ref:
    """A patient on COPD with her own range, an oximeter, and a team that watches round the clock."""
    patient = make.patient(
        gp_practice_id=make.organization("gp-practice", ods_code="T12345", name="Practice").id
    )
    make.team([make.practitioner()], [patient], opens=time(0), closes=time(0), name="Community team")
    make.enrolment(patient, copd)
    make.wears(patient, make.device("pulse-oximeter", model="Model Ox"))
    connection.execute(
        text(
            "insert into alert_limit (patient_id, code, low, high, set_by, reason)"
            " values (:id, 5, 88, 92, 'Nurse One', 'Agreed in clinic')"
        ),
        {"id": patient.id},
    )
    return patient


def own(browse: Browse, make: Factory, patient: Ref) -> Browser:
    return browse(make.account(patient=patient))


@pytest.mark.hazard("H02")
def test_a_person_sees_the_newest_value_with_its_age_and_their_own_range(
    make: Factory, browse: Browse, ann: Ref
) -> None:
    taken = make.reading(ann, Code.SPO2, "91", datetime.now(UTC) - timedelta(minutes=10))
    home = own(browse, make, ann).get(f"/patients/{ann.public_id}/home").get_json()
    tile = next(one for one in home["latest"] if one["kind"] == "spo2")
    assert tile["values"] == [{"code": "spo2", "value": "91", "special": None, "unit": "%"}]
    assert datetime.fromisoformat(tile["effective_at"]) == taken
    assert 600 <= tile["age_s"] < 700
    assert (tile["state"], tile["stale"], tile["range"]["low"], tile["range"]["high"]) == (
        "in-range",
        False,
        "88",
        "92",
    )
    assert (home["status"], home["monitored"], home["advice"]) == ("live", True, None)
    assert home["team"] | {"phone": ""} == {
        "name": "Community team",
        "phone": "",
        "hours": "24 hours a day",
        "watching_now": True,
        "next_watch_at": None,
    }


def test_what_is_expected_and_was_never_taken_is_said(make: Factory, browse: Browse, ann: Ref) -> None:
    home = own(browse, make, ann).get(f"/patients/{ann.public_id}/home").get_json()
    assert [(one["kind"], one["state"]) for one in home["latest"]] == [("spo2", "no-data")]
    assert home["now"]["code"] == "spo2"
    assert home["now"]["device"] == {"model": "Model Ox"}
    assert home["devices"][0]["state"] == "never"


def test_an_urgent_alert_brings_what_the_plan_says_to_do(make: Factory, browse: Browse, ann: Ref) -> None:
    taken = make.reading(ann, Code.SPO2, "86")
    make.alert(ann, evidence=[{"at": taken.isoformat(), "code": "spo2", "value": "86"}])
    home = own(browse, make, ann).get(f"/patients/{ann.public_id}/home").get_json()
    assert home["alerts"][0]["level"] == "urgent"
    assert home["advice"]["level"] == "urgent"
    assert len(home["advice"]["words"]) >= 2
    assert home["latest"][0]["level"] == "urgent"
    assert home["latest"][0]["state"] == "below"


def test_a_red_reading_never_meets_an_empty_page_even_without_a_pathway(
    make: Factory, browse: Browse
) -> None:
    alone = make.patient()
    make.alert(alone, level="emergency")
    home = own(browse, make, alone).get(f"/patients/{alone.public_id}/home").get_json()
    assert home["advice"] == {
        "level": "emergency", "words": ["Call 999 now."], "signs": [], "call": "", "line": None, "from": "pathway",
    }  # fmt: skip


def test_nobody_watching_is_said_and_not_left_out(make: Factory, browse: Browse) -> None:
    alone = make.patient()
    home = own(browse, make, alone).get(f"/patients/{alone.public_id}/home").get_json()
    assert (home["monitored"], home["status"], home["team"]["watching_now"]) == (False, "ended", False)


def test_a_series_has_points_its_range_and_a_summary(make: Factory, browse: Browse, ann: Ref) -> None:
    now = datetime.now(UTC)
    for days, value in ((20, "95"), (3, "90"), (2, "91"), (1, "89")):
        make.reading(ann, Code.SPO2, value, now - timedelta(days=days))
    browser = own(browse, make, ann)
    found = browser.get(f"/patients/{ann.public_id}/series?kind=spo2&days=14").get_json()
    assert [point["values"] for point in found["points"]] == [{"spo2": "90"}, {"spo2": "91"}, {"spo2": "89"}]
    assert found["summary"] == {
        "count": 3,
        "median": {"spo2": "90"},
        "previous_median": {"spo2": "95"},
        "direction": "lower",
    }
    assert (found["unit"], found["range"]["low"]) == ("%", "88")
    assert browser.get(f"/patients/{ann.public_id}/series?kind=shoe-size").status_code == 422


def test_the_teams_page_holds_everything_of_one_person(make: Factory, browse: Browse, ann: Ref) -> None:
    make.reading(ann, Code.SPO2, "86")
    make.alert(ann)
    nurse = make.practitioner()
    make.team([nurse], [ann], name="Second team")
    page = (
        browse(make.account(practitioner=nurse), "team").get(f"/patients/{ann.public_id}/record").get_json()
    )
    assert page["patient"]["gp_practice"] == {"name": "Practice", "ods_code": "T12345"}
    assert (page["patient"]["birth_date"], page["patient"]["status"]) == ("1946-03-02", "live")
    assert [row["state"] for row in page["alerts"]] == ["open"]
    assert page["pathways"][0]["id"] == "copd"
    limit = next(one for one in page["limits"] if one["code"] == "spo2")
    assert (limit["low"], limit["set_by"], limit["source"]) == ("88", "Nurse One", "Agreed in clinic")
    assert page["devices"][0]["model"] == "Model Ox"
    (measured,) = [line for line in page["timeline"] if line["kind"] == "observation"]
    assert (measured["words"], measured["reading"]["values"][0]["value"]) == ("Oxygen", "86")


def test_the_quarantine_page_explains_each_refusal_and_leaves_the_canary_out(
    make: Factory, browse: Browse, connection: Connection
) -> None:
    known, canary = make.device(), make.device(is_canary=True)
    insert = text(
        "insert into quarantine (received_at, last_received_at, device, device_id, channel, topic, reason,"
        " detail, message_id, payload, payload_sha256) values (now(), now(), :device, :row, 'obs', :topic,"
        " :reason, 'm[0].u', 'm1', :payload, sha256(:payload))"
    )
    rows = (
        (known.name, known.id, "unit", b'{"v":1,"u":"lb"}'),
        ("who-is-this-1", None, "unknown-device", b"\x00\xff<script>"),
        (canary.name, canary.id, "unit", b"{}"),
    )
    for device, row, reason, payload in rows:
        values = {"device": device, "row": row, "topic": device, "reason": reason, "payload": payload}
        connection.execute(insert, values)
    nurse = make.practitioner()
    make.team([nurse])
    browser = browse(make.account(practitioner=nurse), "team")
    page = browser.get("/quarantine").get_json()
    assert {(one["reason"], one["count"]) for one in page["counts"]} == {("unit", 1), ("unknown-device", 1)}
    by_device = {row["device_id"]: row for row in page["rows"]}
    assert by_device[known.name]["model"] == "Test model"
    assert "UCUM" in by_device[known.name]["what_to_do"]
    assert by_device["who-is-this-1"]["model"] is None
    message = browser.get(f"/quarantine/{by_device['who-is-this-1']['id']}").get_json()
    assert (message["form"], message["text"].split("  ")[-1]) == ("hex", "..<script>")
    assert by_device["who-is-this-1"]["size"] == 10
    assert [row["reason"] for row in browser.get("/quarantine?reason=unit").get_json()["rows"]] == ["unit"]
    assert browser.get("/quarantine?limit=0").status_code == 422
