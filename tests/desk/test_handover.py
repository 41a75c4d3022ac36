"""Hand-over at the end of a shift: accepted card by card, and what nobody accepts climbs (care.md 7)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from backend.alerts import service
from backend.core.db import db
from backend.desk.jobs import climb_handovers
from tests.alerts.people import Monitored, monitored, run
from tests.browsing import Browser
from tests.desk.acting import Row, ask, did, listed, step, stored
from tests.factories import Factory, Ref

Given = dict[str, object]


@pytest.fixture
def mine(make: Factory, person: Monitored, nurse: Browser, colleague: Browser) -> Row:
    """A card the nurse has, with a colleague there to take it."""
    assert colleague
    make.alert(person.patient)
    return did(nurse, listed(nurse)[0], "claim")


def given(row: Row) -> Given:
    """A card as it is handed over."""
    return {"id": row["id"], "version": row["version"]}


def test_a_card_handed_over_stays_with_its_giver_until_it_is_accepted(
    person: Monitored, second: Ref, nurse: Browser, colleague: Browser, mine: Row
) -> None:
    made = nurse.post("/handovers", {"to": str(second.public_id), "cards": [given(mine)], "note": "Quiet"})
    assert made.status_code == 200, made.get_data(as_text=True)
    assert made.get_json()["to"] == second.name
    assert stored(person).owner_id == person.nurse.id
    (waiting,) = colleague.get("/handovers").get_json()["to_me"]
    assert (waiting["from"], waiting["note"], waiting["cards"]) == (person.nurse.name, "Quiet", 1)
    (row,) = waiting["rows"]
    assert (row["handover"]["to_me"], row["next_action"]["what"]) == (True, "accept")
    assert colleague.get("/worklist").get_json()["counts"]["handed_to_me"] == 1
    accepted = did(colleague, row, "accept")
    assert (accepted["owner"]["me"], accepted["handover"], accepted["state"]) == (True, None, "claimed")
    (gave,) = nurse.get("/handovers").get_json()["by_me"]
    assert (gave["accepted"], gave["climbed"]) == (1, 0)


@pytest.mark.hazard("H22")
def test_a_card_nobody_accepts_in_a_quarter_of_an_hour_is_nobodys_and_climbs(
    app: Flask, person: Monitored, second: Ref, nurse: Browser, mine: Row
) -> None:
    """care.md 7: a card nobody accepts within 15 min climbs."""
    nurse.post("/handovers", {"to": str(second.public_id), "cards": [given(mine)]})
    step(app, "14 minutes 50 seconds")
    with app.app_context():
        assert climb_handovers() == 0
    step(app, "15 minutes 10 seconds")
    with app.app_context():
        assert climb_handovers() == 1
        assert climb_handovers() == 0
    (now,) = run(app, "select db_now() as now")
    alert = stored(person)
    assert (alert.owner_id, alert.claimed_at, alert.handed_to) == (None, None, None)
    assert now.now - alert.rung_due_at < timedelta(minutes=1)
    assert person.events()[-1] == "not-accepted"
    step(app, "0")
    (row,) = listed(nurse)
    assert (row["state"], row["owner"], row["handover"]) == ("open", None, None)
    assert nurse.get("/handovers").get_json()["by_me"][0]["climbed"] == 1


def test_a_team_hand_over_is_accepted_by_whoever_is_there(
    app: Flask, make: Factory, nurse: Browser, colleague: Browser, mine: Row
) -> None:
    nurse.post("/handovers", {"team": True, "cards": [given(mine)]})
    (row,) = listed(colleague)
    assert row["handover"]["to_me"]
    assert did(colleague, row, "accept")["owner"]["me"]
    with app.app_context():
        assert climb_handovers() == 0


def test_only_whom_it_was_handed_to_accepts(nurse: Browser, second: Ref, mine: Row) -> None:
    nurse.post("/handovers", {"to": str(second.public_id), "cards": [given(mine)]})
    (row,) = listed(nurse)
    answer = ask(nurse, row, "accept")
    assert (answer.status_code, answer.get_json()["code"]) == (412, "not-handed")


def test_a_card_that_changed_meanwhile_stays_and_the_others_go(
    make: Factory, person: Monitored, nurse: Browser, second: Ref, mine: Row
) -> None:
    another = make.patient()
    make.caseload(person.team, another)
    make.alert(another)
    rows = listed(nurse)
    cards = [given(row) | ({"version": 99} if row["id"] == mine["id"] else {}) for row in rows]
    cards.append({"id": str(uuid4()), "version": 1})
    made = nurse.post("/handovers", {"to": str(second.public_id), "cards": cards}).get_json()
    assert len(made["rows"]) == 1
    assert {one["code"] for one in made["refused"]} == {"changed-meanwhile", "no-record"}


def test_nothing_is_handed_to_a_stranger_or_to_oneself(
    app: Flask, make: Factory, person: Monitored, nurse: Browser, mine: Row
) -> None:
    stranger = monitored(app, make).nurse
    for to in (stranger, person.nurse):
        answer = nurse.post("/handovers", {"to": str(to.public_id), "cards": [given(mine)]})
        assert (answer.status_code, answer.get_json()["code"]) == (422, "no-colleague")
    assert nurse.post("/handovers", {"cards": [given(mine)]}).status_code == 422


def test_colleagues_are_those_of_ones_own_team(nurse: Browser, second: Ref, person: Monitored) -> None:
    found = nurse.get("/colleagues").get_json()["colleagues"]
    assert {(one["name"], one["me"]) for one in found} == {(person.nurse.name, True), (second.name, False)}


@pytest.mark.hazard("H22")
@pytest.mark.parametrize("by_slip", ["close", "claim"])
def test_an_undo_brings_the_hand_over_back_that_was_waiting(
    app: Flask, person: Monitored, second: Ref, nurse: Browser, colleague: Browser, mine: Row, by_slip: str
) -> None:
    """The giver has gone home: somebody accepts it, or it climbs."""
    row = did(nurse, mine, "contact", {"to": "person", "how": "call", "result": "reached"})
    row = nurse.post("/handovers", {"to": str(second.public_id), "cards": [given(row)]}).get_json()["rows"][0]
    if by_slip == "close":
        row = did(nurse, row, "close", {"outcome": "advice", "confirm": True})
        row = did(nurse, row, "undo")
    else:
        row = did(colleague, row, "claim", {"take_over": True})
        row = did(colleague, row, "undo")
    assert row["handover"]["to"] == second.name
    step(app, "15 minutes 10 seconds")
    with app.app_context():
        assert climb_handovers() == 1
    step(app, "0")
    assert stored(person).owner_id is None


@pytest.mark.hazard("H22")
def test_a_card_goes_only_to_somebody_who_looks_after_its_person(
    app: Flask, make: Factory, person: Monitored, nurse: Browser, mine: Row
) -> None:
    """A colleague of another of the giver's teams could neither see it nor accept it."""
    elsewhere = make.practitioner()
    make.team([elsewhere, person.nurse])
    made = nurse.post("/handovers", {"to": str(elsewhere.public_id), "cards": [given(mine)], "note": "Ring"})
    assert made.status_code == 200
    assert [(one["id"], one["code"]) for one in made.get_json()["refused"]] == [
        (mine["id"], "not-on-their-list")
    ]
    assert made.get_json()["rows"] == []
    assert stored(person).handed_to is None
    run(app, "update caseload set care_team_id = (select max(id) from care_team) where patient_id = :p",
        p=person.patient.id)  # fmt: skip
    by_team = nurse.post("/handovers", {"team": True, "cards": [given(mine)]}).get_json()
    assert [one["code"] for one in by_team["refused"]] == ["not-on-their-list"]


@pytest.mark.parametrize(("role", "given_away"), [("nurse", 0), ("team-lead", 1), ("duty-manager", 1)])
def test_a_colleagues_card_is_given_away_only_by_who_runs_the_shift(
    make: Factory, browse: Callable[..., Browser], person: Monitored, second: Ref, mine: Row, role: str,
    given_away: int,
) -> None:  # fmt: skip
    other = make.practitioner(role)
    make.membership(person.team, other)
    desk = browse(make.account(practitioner=other), "team")
    made = desk.post("/handovers", {"to": str(second.public_id), "cards": [given(mine)]}).get_json()
    assert len(made["rows"]) == given_away
    assert [one["code"] for one in made["refused"]] == ["not-yours"] * (1 - given_away)


def test_one_hand_over_that_cannot_be_swept_stops_no_other(
    app: Flask, make: Factory, person: Monitored, nurse: Browser, second: Ref, mine: Row,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    another = make.patient()
    make.caseload(person.team, another)
    make.alert(another)
    rows = listed(nurse)
    assert len(nurse.post("/handovers", {"to": str(second.public_id), "cards": [given(one) for one in rows]})
               .get_json()["rows"]) == 2  # fmt: skip
    spoilt, real = stored(person).id, service.tell_devices

    def tells(alert_id: int, *rest: Any) -> None:
        if alert_id == spoilt:
            db.session.execute(text("select 1 / 0"))
        real(alert_id, *rest)

    monkeypatch.setattr(service, "tell_devices", tells)
    step(app, "15 minutes 10 seconds")
    with app.app_context():
        assert climb_handovers() == 1
    monkeypatch.undo()
    with app.app_context():
        assert climb_handovers() == 1
    step(app, "0")
