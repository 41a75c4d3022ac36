"""Whoever is on no team's list: what is open about them stands on every desk and can be worked on, without values."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.alerts.people import Monitored, monitored, run
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.desk.acting import Row, ask, did, listed
from tests.factories import Factory, Ref

Browse = Callable[..., Browser]
SECRET = {
    "title": "Oxygen 86%",
    "reason": "Oxygen 86%, target 88 to 92",
    "judged_by": "A guideline of oxygen",
}
SPOKEN = {"to": "other", "how": "call", "result": "reached", "with_person": True}


@pytest.fixture
def left(app: Flask, person: Monitored) -> Ref:
    """Somebody whose care has ended, and whose account has stayed."""
    run(app, "update caseload set valid = tstzrange(lower(valid), db_now() - interval '1 hour')"
             " where patient_id = :p", p=person.patient.id)  # fmt: skip
    return person.patient


@pytest.fixture
def desk(app: Flask, make: Factory, browse: Browse) -> Browser:
    """A nurse of another team."""
    return browse(make.account(practitioner=monitored(app, make).nurse), "team")


def works_through(desk: Browser, row: Row) -> Row:
    """Claimed, spoken to and closed."""
    row = did(desk, row, "claim")
    assert row["owner"]["me"]
    row = did(desk, row, "contact", SPOKEN)
    assert row["contacted_at"] is not None
    return did(desk, row, "close", {"outcome": "contact", "confirm": True})


@pytest.mark.hazard("H22")
def test_a_worry_of_somebody_on_no_teams_list_stands_on_every_desk_and_is_worked_on_there(
    make: Factory, browse: Browse, person: Monitored, left: Ref, nurse: Browser, desk: Browser
) -> None:
    mine = browse(make.account(patient=left))
    assert mine.post(f"/patients/{left.public_id}/concern", {}).status_code == 201
    for browser in (nurse, desk):
        (row,) = listed(browser)
        assert (row["patient"], row["level"], row["title"]) == (None, "urgent", "The person is worried")
        assert "on no team's list" in row["unassigned"]["words"]
    assert works_through(desk, row)["state"] == "closed"


@pytest.mark.hazard("H22")
def test_a_press_that_joins_a_card_of_somebody_on_no_teams_list_can_be_taken(
    app: Flask, make: Factory, browse: Browse, left: Ref, desk: Browser
) -> None:
    browse(make.account(patient=left)).post(f"/patients/{left.public_id}/concern", {})
    press(app, make.device("pendant"), left)
    (row,) = listed(desk)
    assert (row["level"], row["rule"], len(row["findings"])) == ("emergency", "sos", 2)
    assert works_through(desk, row)["state"] == "closed"


@pytest.mark.hazard("H32")
def test_what_another_finding_says_is_shown_to_no_other_team(
    app: Flask, make: Factory, person: Monitored, left: Ref, desk: Browser
) -> None:
    """Neither on the list, nor on the card, nor in its custody; what the device says is."""
    make.alert(left, evidence=[{"at": "2026-11-22T10:00:00+00:00", "code": "spo2", "value": "86"}], **SECRET)
    (alone,) = listed(desk)
    assert (alone["level"], alone["title"]) == ("urgent", "Somebody on no team's list")
    did(desk, alone, "note", {"note": "Asked who looks after them"})
    press(app, make.device("pendant"), left)
    (row,) = listed(desk)
    assert (row["level"], row["title"]) == ("emergency", "Pendant pressed")
    for path in ("/worklist", f"/alerts/{row['id']}", f"/alerts/{row['id']}/custody"):
        said = desk.get(path)
        assert said.status_code == 200
        words = said.get_data(as_text=True)
        for secret in ("86%", '"86"', "spo2", "guideline"):
            assert secret not in words, (path, secret)
    claimed = ask(desk, row, "claim")
    assert claimed.status_code == 200
    assert "Oxygen" not in claimed.get_data(as_text=True)
    assert works_through(desk, listed(desk)[0])["state"] == "closed"


def test_a_note_the_last_team_wrote_is_not_read_by_the_next_desk(
    app: Flask, make: Factory, person: Monitored, nurse: Browser, desk: Browser
) -> None:
    make.alert(person.patient, **SECRET)
    did(nurse, listed(nurse)[0], "note", {"note": "Usually 90 at rest"})
    run(app, "update caseload set valid = tstzrange(lower(valid), db_now()) where patient_id = :p",
        p=person.patient.id)  # fmt: skip
    (row,) = listed(desk)
    did(desk, row, "note", {"note": "Rang the ward"})
    log = desk.get(f"/alerts/{row['id']}").get_json()["log"]
    assert [one["note"] for one in log if one["kind"] == "note"] == ["Rang the ward", None]


def test_a_card_of_somebody_who_has_a_team_is_opened_by_no_other(
    make: Factory, person: Monitored, desk: Browser
) -> None:
    alert = make.alert(person.patient)
    assert listed(desk) == []
    assert desk.post(f"/alerts/{alert.public_id}/claim", {}, If_Match='W/"1"').status_code == 404
