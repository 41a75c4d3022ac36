"""A pause is one person's, always ends, says so, and never turns a household's alarms off."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.caseload.jobs import keep_pauses
from backend.core.db import transaction
from backend.pathways import service as pathways
from tests.caseload.conftest import Desk, House, ahead, press

PAUSE = {"kind": "pause", "reason": "On holiday with her sister"}
OPEN = text(
    "select title, level, kind from alert where patient_id = :id and rule = 'pause_ended' and closed_at is null"
)


def run(app: Flask) -> int:
    """One round of the job."""
    with app.app_context():
        return keep_pauses()


@pytest.mark.hazard("H28")
@pytest.mark.parametrize("until", [None, -1, 91])
def test_a_pause_without_an_end_or_with_a_far_one_is_refused(
    house: House, nurse: Desk, until: int | None
) -> None:
    patient = house.patient()
    body = PAUSE | ({} if until is None else {"until": ahead(days=until)})
    nurse.change(patient, "/pauses", body, status=422)
    assert nurse.care(patient)["status"] == "live"


@pytest.mark.hazard("H28")
def test_pause_always_ends(
    app: Flask, house: House, nurse: Desk, connection: Connection, step_time: Callable[[str], None]
) -> None:
    patient = house.patient()
    paused = nurse.change(patient, "/pauses", PAUSE | {"until": ahead(days=7)})
    assert (paused["status"], paused["monitored"], paused["pauses"][0]["is_now"]) == ("paused", False, True)
    row = nurse.read("/caseload")["rows"][0]
    assert (row["status"], row["monitored"], row["pause"]["kind"]) == ("paused", False, "pause")
    assert run(app) == 0
    step_time("6 days 23 hours")
    assert run(app) == 0
    step_time("7 days 1 minute")
    assert run(app) == 2
    assert [tuple(row) for row in connection.execute(OPEN, {"id": patient.id})] == [
        ("Pause ended: check", "routine", "clinical")
    ]
    care = nurse.care(patient)
    assert (care["status"], care["monitored"]) == ("live", True)
    assert run(app) == 0


@pytest.mark.hazard("H28")
def test_an_alarm_of_somebody_paused_is_raised_as_ever(
    app: Flask, house: House, nurse: Desk, connection: Connection
) -> None:
    patient = house.patient()
    kit = house.make.device("pendant")
    house.make.wears(patient, kit)
    nurse.change(patient, "/pauses", PAUSE | {"until": ahead(days=7)})
    press(app, kit, patient)
    found = connection.execute(text("select level from alert where patient_id = :id"), {"id": patient.id})
    assert [row.level for row in found] == ["emergency"]


@pytest.mark.hazard("H28")
def test_an_admission_pauses_and_a_discharge_ends_it_so_that_baselines_begin_anew(
    app: Flask, house: House, nurse: Desk, connection: Connection
) -> None:
    patient = house.patient()
    began = datetime.now(UTC) - timedelta(days=2)
    body = {"kind": "admission", "from": began.isoformat(), "until": ahead(days=5), "reason": "Pneumonia"}
    admitted = nurse.change(patient, "/pauses", body)
    assert admitted["status"] == "paused"
    assert all(one["status"] != "ended" for one in admitted["enrolments"])
    home = nurse.change(patient, f"/pauses/{admitted['pauses'][0]['id']}/end", {"discharged": True})
    assert (home["status"], home["pauses"][0]["discharged"]) == ("live", True)
    with app.app_context(), transaction():
        [span] = pathways.pauses_for([patient.id])[patient.id]
    assert (span.kind, span.start, span.is_now) == ("admission", began, False)
    assert abs(span.end - datetime.now(UTC)) < timedelta(minutes=5)
    run(app)
    assert [row.title for row in connection.execute(OPEN, {"id": patient.id})] == [
        "Home from hospital? Check"
    ]


def test_two_pauses_never_lie_across_each_other(house: House, nurse: Desk) -> None:
    patient = house.patient()
    first = nurse.change(patient, "/pauses", PAUSE | {"until": ahead(days=7)})
    refused = nurse.change(patient, "/pauses", PAUSE | {"until": ahead(days=3)}, status=412)
    assert refused["code"] == "already-paused"
    longer = nurse.change(patient, f"/pauses/{first['pauses'][0]['id']}/until", {"until": ahead(days=9)})
    assert longer["pauses"][0]["until"] > first["pauses"][0]["until"]


def test_a_planned_pause_begins_by_itself_and_may_be_called_off(
    app: Flask, house: House, nurse: Desk, step_time: Callable[[str], None], connection: Connection
) -> None:
    patient = house.patient()
    planned = nurse.change(patient, "/pauses", PAUSE | {"from": ahead(days=2), "until": ahead(days=4)})
    assert (planned["status"], planned["pauses"][0]["is_now"]) == ("live", False)
    gone = nurse.change(patient, f"/pauses/{planned['pauses'][0]['id']}/end", {})
    assert (gone["status"], gone["pauses"]) == ("live", [])
    nurse.change(patient, "/pauses", PAUSE | {"from": ahead(days=2), "until": ahead(days=4)})
    step_time("3 days")
    assert run(app) == 1
    assert nurse.care(patient)["status"] == "paused"
    assert list(connection.execute(OPEN, {"id": patient.id})) == []
