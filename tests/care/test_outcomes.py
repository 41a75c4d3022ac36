"""How a card may end, and what never ends one (care rules, section 2)."""

from typing import Any

import pytest
from flask import Flask

from tests.alerts.people import Monitored
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.desk.acting import did, listed, stored
from tests.factories import Factory

OUTCOMES: dict[str, dict[str, Any]] = {
    "contact": {}, "advice": {}, "change-of-care": {}, "visit": {}, "no-change": {}, "999-or-admitted": {},
    "in-hospital": {}, "died": {}, "passed-on": {"passed_to": "Community matron", "accepted": True},
    "wrong-alert": {"note": "Somebody else's cuff"},
}  # fmt: skip


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_outcome_is_offered_on_the_card_and_is_what_the_record_says(
    make: Factory, person: Monitored, nurse: Browser, outcome: str
) -> None:
    make.alert(person.patient)
    (row,) = listed(nurse)
    offered = [one["value"] for one in nurse.get(f"/alerts/{row['id']}").get_json()["outcomes"]]
    assert sorted(offered) == sorted(OUTCOMES)
    did(nurse, row, "close", {"outcome": outcome, "confirm": True} | OUTCOMES[outcome])
    assert stored(person).outcome == outcome
    assert stored(person).closed_at is not None


@pytest.mark.hazard("H22")
@pytest.mark.parametrize("way", ["person", "second-number", "key-holder", "welfare-check", "999"])
def test_no_reply_by_any_way_closes_nothing_stops_no_ladder_and_is_timed_and_logged(
    app: Flask, make: Factory, person: Monitored, nurse: Browser, way: str
) -> None:
    press(app, make.device("pendant"), person.patient)
    row = did(nurse, listed(nurse)[0], "claim")
    due = stored(person).rung_due_at
    after = did(nurse, row, "contact", {"to": way, "how": "call", "result": "no-reply"})
    alert = stored(person)
    assert (alert.closed_at, alert.contacted_at) == (None, None)
    assert alert.rung_due_at <= due
    assert (after["next_action"]["what"], after["next_action"]["by"] is not None) == ("try-again", True)
    (tried,) = nurse.get(f"/alerts/{row['id']}").get_json()["tries"]
    assert (tried["to"], tried["result"], tried["by"]) == (way, "no-reply", person.nurse.name)
    assert tried["at"] is not None
