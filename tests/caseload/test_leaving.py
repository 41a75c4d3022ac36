"""How being watched ends: everybody is told, nothing open is walked away from, and a death can be taken back."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.caseload.jobs import keep_pauses
from backend.core.db import transaction
from backend.core.outbox import Message, queue
from backend.messages.templates import words
from tests.caseload.conftest import CONTACTS, PROXY, Desk, House, ahead, press
from tests.factories import Factory, Ref

END = {"reason": "wish"}
DIED = {"died_on": "2026-11-20"}
SENT = text("select to_kind, template, state from communication where patient_id = :id order by id")


@pytest.fixture
def person(house: House, make: Factory) -> Ref:
    """Somebody with a practice, a pendant and a monitor."""
    practice = make.organization("gp-practice", ods_code="QZ0001")
    return house.patient(gp_practice_id=practice.id)


def kit_of(make: Factory, patient: Ref, kind: str = "pendant") -> Ref:
    kit = make.device(kind, kit_state="live")
    make.wears(patient, kit)
    return kit


def state_of(connection: Connection, kit: Ref) -> str:
    found = connection.execute(text("select kit_state from device where id = :id"), {"id": kit.id})
    return str(found.scalar_one())


def test_an_ending_is_blocked_while_something_is_open(nurse: Desk, make: Factory, person: Ref) -> None:
    alert = make.alert(person)
    refused = nurse.change(person, "/ending", END, status=412)
    assert refused["code"] == "alerts-open"
    assert [one["id"] for one in refused["current"]["alerts"]] == [str(alert.public_id)]
    assert nurse.care(person)["status"] == "live"


@pytest.mark.hazard("H28")
def test_an_ending_is_blocked_while_somebody_owes_a_second_look(
    nurse: Desk, make: Factory, person: Ref, connection: Connection
) -> None:
    alert = make.alert(person)
    connection.execute(
        text(
            "update alert set closed_at = db_now(), outcome = 'advice', recheck_why = 'Inhaler',"
            " recheck_by = db_now() + interval '2 hours' where id = :id"
        ),
        {"id": alert.id},
    )
    refused = nurse.change(person, "/ending", END, status=412)
    assert (refused["code"], refused["detail"]) == ("alerts-open", "Do what is to be checked again first.")
    assert [one["id"] for one in refused["current"]["alerts"]] == [str(alert.public_id)]
    connection.execute(text("update alert set recheck_by = null, recheck_why = null"))
    assert nurse.change(person, "/ending", END)["told"]


def test_an_ending_tells_everybody_from_when_nobody_watches_and_asks_the_kit_back(
    house: House, nurse: Desk, make: Factory, person: Ref, connection: Connection
) -> None:
    kit = kit_of(make, person)
    nurse.change(person, "/contacts", CONTACTS)
    nurse.change(person, "/proxies", PROXY | {"basis": "invitation"})
    ended = nurse.change(person, "/ending", END)
    assert ended["kit"] == [{"device_id": kit.name, "state": "to-collect"}]
    told = connection.execute(SENT, {"id": person.id}).all()
    assert [(row.to_kind, row.template) for row in told] == [
        ("patient", "not-watched-from"), ("related-person", "not-watched-from"),
        ("related-person", "not-watched-from"), ("organization", "not-watched-from"),
    ]  # fmt: skip
    facts = connection.execute(text("select facts from communication limit 1")).scalar_one()
    assert f"not watched from {facts['from']}" in words("not-watched-from", facts)
    assert nurse.browser.get(f"/patients/{person.public_id}/care").status_code == 404
    assert nurse.read("/caseload")["rows"] == []
    statuses = connection.execute(
        text("select status from enrolment where patient_id = :id"), {"id": person.id}
    )
    assert statuses.scalars().all() == ["ended"]


def test_a_pendant_of_somebody_who_left_is_still_an_alarm(
    app: Flask, nurse: Desk, make: Factory, person: Ref, connection: Connection
) -> None:
    kit = kit_of(make, person)
    nurse.change(person, "/ending", END)
    press(app, kit, None)
    found = connection.execute(text("select title, level from alert where device = :d"), {"d": kit.name})
    assert [tuple(row) for row in found] == [("Unassigned pendant", "emergency")]


def test_what_somebody_shares_with_another_stays_with_the_other(
    house: House, nurse: Desk, make: Factory, person: Ref, connection: Connection
) -> None:
    kit, other = kit_of(make, person, "blood-pressure-monitor"), house.patient()
    make.wears(other, kit, slot=1)
    nurse.change(person, "/ending", END)
    assert state_of(connection, kit) == "live"
    held = connection.execute(
        text("select patient_id from device_association where device_id = :id and valid @> db_now()"),
        {"id": kit.id},
    )
    assert held.scalars().all() == [other.id]


def test_a_death_stops_every_message_closes_alerts_and_tells_gp_and_alarm_centre(
    app: Flask, nurse: Desk, make: Factory, person: Ref, connection: Connection
) -> None:
    make.organization("alarm-centre")
    kit = kit_of(make, person)
    alert = make.alert(person)
    with app.app_context(), transaction():
        queue(Message("patient", str(person.public_id), "please-measure-again", {}, person.id))
    care = nurse.change(person, "/death", DIED)
    assert (care["status"], care["monitored"], care["died_on"]) == ("ended", False, "2026-11-20")
    closed = connection.execute(
        text("select outcome, closed_at from alert where id = :id"), {"id": alert.id}
    ).one()
    assert closed.outcome == "died"
    assert closed.closed_at is not None
    # Whoever queues something later, by whatever slice: it never leaves.
    with app.app_context(), transaction():
        queue(Message("patient", str(person.public_id), "alert-for-person", {}, person.id))
    assert [tuple(row) for row in connection.execute(SENT, {"id": person.id})] == [
        ("patient", "please-measure-again", "stopped"),
        ("organization", "person-died", "waiting"), ("organization", "person-died", "waiting"),
        ("patient", "alert-for-person", "stopped"),
    ]  # fmt: skip
    assert state_of(connection, kit) == "to-collect"
    note = connection.execute(text("select note from kit_event where device_id = :id"), {"id": kit.id})
    assert "gently" in note.scalars().all()[-1]


def test_somebody_who_presses_a_pendant_in_that_home_is_still_answered(
    app: Flask, nurse: Desk, make: Factory, person: Ref, connection: Connection
) -> None:
    kit = kit_of(make, person)
    nurse.change(person, "/death", DIED)
    press(app, kit, person)
    found = connection.execute(
        text("select level from alert where patient_id = :id and closed_at is null"), {"id": person.id}
    )
    assert found.scalars().all() == ["emergency"]


def test_a_death_is_taken_back_and_everything_that_can_be_is_as_before(
    app: Flask, nurse: Desk, make: Factory, person: Ref, connection: Connection
) -> None:
    kit = kit_of(make, person)
    nurse.change(person, "/death", DIED)
    assert nurse.change(person, "/death", DIED, status=412)["code"] == "died-already"
    back = nurse.change(person, "/death/undo", {"why": "Somebody else's name"})
    assert (back["status"], back["died_on"]) == ("live", None)
    assert state_of(connection, kit) == "live"
    with app.app_context(), transaction():
        queue(Message("patient", str(person.public_id), "alert-for-person", {}, person.id))
    assert connection.execute(SENT, {"id": person.id}).all()[-1].state == "waiting"
    stands = connection.execute(
        text("select count(*) from consent where patient_id = :id and revoked_at is null"), {"id": person.id}
    )
    assert stands.scalar_one() == 1
    told = [row.template for row in connection.execute(SENT, {"id": person.id})]
    assert told[-2] == "person-died-undone"
    assert nurse.change(person, "/death/undo", {"why": "again"}, status=412)["code"] == "not-died"


@pytest.mark.hazard("H28")
def test_a_death_taken_back_leaves_somebody_in_hospital_as_paused_as_before(
    nurse: Desk, person: Ref, app: Flask, step_time: Callable[[str], None]
) -> None:
    until = ahead(days=3)
    nurse.change(person, "/pauses", {"kind": "admission", "reason": "In hospital", "until": until})
    planned = {"kind": "pause", "reason": "Away", "from": ahead(days=10), "until": ahead(days=12)}
    before = nurse.change(person, "/pauses", planned)["pauses"]
    nurse.change(person, "/death", DIED)
    back = nurse.change(person, "/death/undo", {"why": "Somebody else's name"})
    assert (back["status"], back["monitored"]) == ("paused", False)
    told = [[(one["kind"], one["from"], one["until"]) for one in page] for page in (back["pauses"], before)]
    assert told[0] == told[1]
    with app.app_context():
        keep_pauses()
    assert nurse.care(person)["status"] == "paused"
    step_time("3 days 1 minute")
    with app.app_context():
        keep_pauses()
    assert nurse.care(person)["status"] == "live"


def test_a_pause_begun_after_the_death_stands_when_the_death_is_taken_back(nurse: Desk, person: Ref) -> None:
    nurse.change(person, "/pauses", {"kind": "admission", "reason": "In hospital", "until": ahead(days=3)})
    nurse.change(person, "/death", DIED)
    nurse.change(person, "/pauses", {"kind": "pause", "reason": "Not sure", "until": ahead(days=1)})
    back = nurse.change(person, "/death/undo", {"why": "Somebody else's name"})
    assert (back["status"], [one["reason"] for one in back["pauses"] if one["is_now"]]) == (
        "paused",
        ["Not sure"],
    )


def test_who_has_died_never_goes_live_again(nurse: Desk, person: Ref) -> None:
    nurse.change(person, "/death", DIED)
    nurse.change(person, "/pathways", {"pathways": ["hypertension"], "limits": []})
    assert nurse.change(person, "/go-live", {}, status=412)["code"] == "died"
    assert nurse.care(person)["monitored"] is False


def test_closing_the_record_of_somebody_who_died_tells_nobody_anew(
    nurse: Desk, make: Factory, person: Ref, connection: Connection
) -> None:
    kit = kit_of(make, person)
    nurse.change(person, "/contacts", CONTACTS)
    nurse.change(person, "/death", DIED)
    before = len(connection.execute(SENT, {"id": person.id}).all())
    assert nurse.change(person, "/ending", {"reason": "other"})["told"] == []
    assert len(connection.execute(SENT, {"id": person.id}).all()) == before
    assert state_of(connection, kit) == "to-collect"
    assert nurse.read("/caseload")["rows"] == []


def test_a_death_that_has_not_happened_yet_is_refused(nurse: Desk, person: Ref) -> None:
    nurse.change(person, "/death", {"died_on": "2099-01-01"}, status=422)
    assert nurse.care(person)["died_on"] is None


def test_a_death_ends_a_pause_without_asking_anybody_to_check_it(
    nurse: Desk, person: Ref, app: Flask
) -> None:
    nurse.change(person, "/pauses", {"kind": "pause", "reason": "Away", "until": ahead(days=3)})
    nurse.change(person, "/death", DIED)
    with app.app_context():
        assert keep_pauses() == 0
