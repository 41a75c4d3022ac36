"""How a card ends, and taking it back for half a minute (care.md 2, H23)."""

from typing import Any

import pytest
from flask import Flask

from tests.alerts.people import Monitored, run
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.desk.acting import Row, ask, did, listed, step, stored
from tests.factories import Factory


@pytest.fixture
def row(make: Factory, person: Monitored, nurse: Browser) -> Row:
    """An urgent finding on the list."""
    make.alert(person.patient)
    return listed(nurse)[0]


@pytest.mark.hazard("H23")
def test_a_red_card_asks_for_a_second_look_before_it_closes(nurse: Browser, row: Row) -> None:
    answer = ask(nurse, row, "close", {"outcome": "advice"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "second-look")
    assert listed(nurse)[0]["state"] == "open"
    assert did(nurse, row, "close", {"outcome": "advice", "confirm": True})["state"] == "closed"


def test_a_mild_card_closes_in_two_taps(make: Factory, person: Monitored, nurse: Browser) -> None:
    make.alert(person.patient, level="soon")
    assert did(nurse, listed(nurse)[0], "close", {"outcome": "advice"})["state"] == "closed"


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ({"outcome": "passed-on"}, {"passed_to", "accepted"}),
        ({"outcome": "passed-on", "passed_to": "Dr Test"}, {"accepted"}),
        ({"outcome": "wrong-alert"}, {"note"}),
        ({"outcome": "wrong-alert", "note": ""}, {"note"}),
    ],
)
@pytest.mark.hazard("H22")
def test_an_outcome_is_not_said_without_what_it_needs(
    nurse: Browser, row: Row, body: dict[str, Any], missing: set[str]
) -> None:
    """care.md 2: passed on (to whom, accepted), wrong alert (why)."""
    answer = ask(nurse, row, "close", body | {"confirm": True})
    assert (answer.status_code, set(answer.get_json()["errors"])) == (422, missing)
    assert listed(nurse)[0]["state"] == "open"


def test_passed_on_names_to_whom_and_that_they_accepted(person: Monitored, nurse: Browser, row: Row) -> None:
    body = {"outcome": "passed-on", "passed_to": "Community matron", "accepted": True, "accepted_by": "by phone",
            "confirm": True}  # fmt: skip
    did(nurse, row, "close", body)
    assert stored(person).note == "Passed on to Community matron, accepted by by phone"


@pytest.mark.parametrize(
    ("outcome", "do"),
    [("died", "record-death"), ("in-hospital", "record-admission"), ("999-or-admitted", "record-admission")],
)
def test_some_outcomes_leave_something_to_do(nurse: Browser, row: Row, outcome: str, do: str) -> None:
    assert did(nurse, row, "close", {"outcome": outcome, "confirm": True})["follow_up"] == {"do": do}


@pytest.mark.hazard("H23")
def test_a_close_is_undone_within_half_a_minute_as_if_it_had_not_been(
    person: Monitored, nurse: Browser, row: Row
) -> None:
    claimed = did(nurse, row, "claim")
    before = stored(person)
    closed = did(nurse, claimed, "close", {"outcome": "no-change", "confirm": True})
    assert closed["undo"]["what"] == "close"
    undone = did(nurse, closed, "undo")
    after = stored(person)
    assert (undone["state"], undone["outcome"], undone["owner"]["me"]) == ("claimed", None, True)
    for name in ("owner_id", "claimed_at", "contact_by", "rung_due_at", "closed_at", "outcome", "note"):
        assert getattr(after, name) == getattr(before, name), name
    assert person.events()[-2:] == ["closed", "undone"]


@pytest.mark.parametrize("what", ["claim", "close", "snooze"])
def test_after_half_a_minute_by_the_databases_clock_nothing_is_undone(
    app: Flask, nurse: Browser, row: Row, what: str
) -> None:
    bodies = {"close": {"outcome": "advice", "confirm": True}, "snooze": {"minutes": 30, "why": "Resting"}}
    done = did(nurse, row, what, bodies.get(what))
    step(app, "31 seconds")
    answer = ask(nurse, done, "undo")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "undo-too-late")


@pytest.mark.hazard("H23")
def test_nothing_is_undone_once_something_happened_since(
    make: Factory, person: Monitored, nurse: Browser, colleague: Browser, row: Row
) -> None:
    claimed = did(nurse, row, "claim")
    noted = did(colleague, claimed, "note", {"note": "I called her"})
    assert ask(nurse, claimed, "undo").status_code == 412
    assert ask(nurse, noted, "undo").get_json()["code"] == "changed-meanwhile"


def test_nobody_undoes_what_a_colleague_did(nurse: Browser, colleague: Browser, row: Row) -> None:
    claimed = did(nurse, row, "claim")
    answer = ask(colleague, claimed, "undo")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "undo-nothing")


def test_a_close_is_not_undone_when_the_same_has_begun_again(
    make: Factory, person: Monitored, nurse: Browser, row: Row
) -> None:
    closed = did(nurse, row, "close", {"outcome": "advice", "confirm": True})
    make.alert(person.patient)
    answer = ask(nurse, closed, "undo")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "opened-anew")


def test_a_unit_that_was_told_it_is_over_is_told_that_somebody_has_it_when_that_is_undone(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    press(app, make.device("pendant"), person.patient)
    closed = did(nurse, listed(nurse)[0], "close", {"outcome": "contact", "confirm": True})
    did(nurse, closed, "undo")
    told = run(app, "select payload ->> 'state' as state from downlink order by id")
    assert [one.state for one in told] == ["resolved", "being_handled"]
