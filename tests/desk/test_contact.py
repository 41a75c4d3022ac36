"""The ladder does not stop at a tap: claims, contacts and tries (care.md 2)."""

import pytest
from flask import Flask

from tests.alerts.people import Monitored, run
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.desk.acting import Row, ask, did, listed, stored
from tests.factories import Factory

REACHED = {"to": "person", "how": "call", "result": "reached", "note": "Says she is fine"}
NO_REPLY = {"to": "person", "how": "call", "result": "no-reply"}


@pytest.fixture
def row(app: Flask, make: Factory, person: Monitored, nurse: Browser) -> Row:
    """A pressed pendant, as it stands on the list."""
    press(app, make.device("pendant"), person.patient)
    return listed(nurse)[0]


def test_claiming_starts_the_clock_to_contact_and_does_not_stop_the_ladder(
    person: Monitored, nurse: Browser, row: Row
) -> None:
    """care.md 2: claiming starts a second clock, pendant and fall 3 minutes."""
    claimed = did(nurse, row, "claim")
    alert = stored(person)
    assert (alert.contact_by - alert.claimed_at).total_seconds() == 180
    assert alert.rung_due_at == alert.contact_by
    assert claimed["climbs_at"] is not None
    assert claimed["next_action"]["what"] == "contact"


@pytest.mark.parametrize(("level", "minutes"), [("emergency", 10), ("urgent", 60)])
def test_the_second_clock_of_a_finding_is_that_of_its_level(
    make: Factory, person: Monitored, nurse: Browser, level: str, minutes: int
) -> None:
    """care.md 2: other emergency 10 minutes, urgent 60."""
    make.alert(person.patient, level=level)
    did(nurse, listed(nurse)[0], "claim")
    alert = stored(person)
    assert (alert.rung_due_at - alert.claimed_at).total_seconds() == minutes * 60


def test_a_recorded_contact_ends_the_ladder_and_closes_nothing(
    person: Monitored, nurse: Browser, row: Row
) -> None:
    """care.md 2: the clock ends only with a recorded contact."""
    after = did(nurse, did(nurse, row, "claim"), "contact", REACHED)
    alert = stored(person)
    assert (alert.rung_due_at, alert.closed_at) == (None, None)
    assert alert.contacted_at is not None
    assert (after["climbs_at"], after["state"], after["next_action"]["what"]) == (None, "claimed", "close")


@pytest.mark.hazard("H22")
def test_no_reply_never_closes_and_says_whom_to_try_next_and_by_when(
    person: Monitored, nurse: Browser, row: Row
) -> None:
    """care.md 2: try again, second number, key-holder, welfare check or 999, each timed and logged."""
    row = did(nurse, row, "claim")
    suggested = []
    for to in ("person", "second-number", "key-holder", "999"):
        row = did(nurse, row, "contact", NO_REPLY | {"to": to})
        assert row["next_action"]["what"] == "try-again"
        assert row["next_action"]["by"] is not None
        suggested.append(row["next_action"]["suggest"])
    assert suggested == ["second-number", "key-holder", "999", "welfare-check"]
    alert = stored(person)
    assert (alert.closed_at, alert.contacted_at) == (None, None)
    assert alert.rung_due_at is not None
    tries = nurse.get(f"/alerts/{row['id']}").get_json()["tries"]
    assert [one["to"] for one in tries] == ["999", "key-holder", "second-number", "person"]
    assert all(one["at"] for one in tries)
    assert person.events()[-4:] == ["tried"] * 4


@pytest.mark.hazard("H22")
def test_a_try_never_postpones_the_ladder(person: Monitored, nurse: Browser, row: Row) -> None:
    row = did(nurse, row, "claim")
    due = stored(person).rung_due_at
    for _ in range(3):
        row = did(nurse, row, "contact", NO_REPLY)
        assert stored(person).rung_due_at <= due


@pytest.mark.parametrize("result", ["reached", "left-message", "no-reply"])
def test_a_key_holder_on_the_telephone_has_not_seen_the_person(
    person: Monitored, nurse: Browser, row: Row, result: str
) -> None:
    after = did(nurse, row, "contact", {"to": "key-holder", "how": "call", "result": result})
    assert after["contacted_at"] is None
    beside = {"to": "key-holder", "how": "call", "result": "reached", "with_person": True}
    assert did(nurse, after, "contact", beside)["contacted_at"] is not None


def test_whoever_records_a_contact_of_a_free_card_has_it(nurse: Browser, row: Row) -> None:
    assert did(nurse, row, "contact", NO_REPLY)["owner"]["me"]


def test_a_finding_that_joins_after_the_contact_has_its_own_ladder(
    make: Factory, person: Monitored, nurse: Browser, row: Row
) -> None:
    did(nurse, did(nurse, row, "claim"), "contact", REACHED)
    run(person.app, "insert into alert (patient_id, rule, kind, level, title, reason, true_at, known_at, card_id,"
                    " rung_due_at, acknowledge_by) select patient_id, 'late_one', 'clinical', 'urgent', 'T', 'R',"
                    " now(), now(), id, now() + interval '15 min', now() + interval '15 min' from alert")  # fmt: skip
    (now,) = listed(nurse)
    assert (now["contacted_at"], now["new_findings"], now["next_action"]["what"]) == (None, 1, "claim")
    assert now["climbs_at"] is not None


def test_what_is_closed_takes_no_contact(nurse: Browser, row: Row) -> None:
    closed = did(nurse, row, "close", {"outcome": "contact", "confirm": True})
    answer = ask(nurse, closed, "contact", REACHED)
    assert (answer.status_code, answer.get_json()["code"]) == (412, "already-closed")
