"""Snooze and recheck: both end, and what was promised comes back (care.md 2)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from backend.alerts import service
from backend.core.db import db
from backend.desk.jobs import ask_for_rechecks, end_snoozes
from tests.alerts.people import Monitored, judge, run
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.desk.acting import Row, ask, did, listed, step, stored
from tests.factories import Factory

WHY = {"why": "Will rest, then measure again"}


def on_list(make: Factory, person: Monitored, nurse: Browser, level: str) -> Row:
    """A finding of a level, claimed."""
    make.alert(person.patient, level=level)
    return did(nurse, listed(nurse)[0], "claim")


@pytest.mark.parametrize(
    ("level", "minutes", "status"),
    [
        ("urgent", 60, 200), ("urgent", 61, 422), ("soon", 24 * 60, 200), ("soon", 24 * 60 + 1, 422),
        ("routine", 72 * 60, 200), ("routine", 72 * 60 + 1, 422), ("emergency", 1, 409), ("emergency", 60, 409),
    ],
)  # fmt: skip
def test_a_snooze_is_no_longer_than_its_level_allows_and_an_emergency_has_none(
    make: Factory, person: Monitored, nurse: Browser, level: str, minutes: int, status: int
) -> None:
    """care.md 2: urgent at most 60 min, emergency never."""
    row = on_list(make, person, nurse, level)
    answer = ask(nurse, row, "snooze", WHY | {"minutes": minutes})
    assert answer.status_code == status
    assert (stored(person).snoozed_until is not None) is (status == 200)


@pytest.mark.parametrize("body", [WHY, {"minutes": 5}, WHY | {"until": "2020-01-01T00:00:00Z"}])
def test_a_snooze_names_its_end_and_why(
    make: Factory, person: Monitored, nurse: Browser, body: dict[str, Any]
) -> None:
    row = on_list(make, person, nurse, "soon")
    assert ask(nurse, row, "snooze", body).status_code == 422


def test_a_snooze_keeps_the_level_and_the_newest_values_and_leaves_the_card_on_the_list(
    app: Flask, person: Monitored, nurse: Browser
) -> None:
    """care.md 2: so that a worse level or a worse value within the level breaks it."""
    person.measures("86", ago=6)
    person.measures("86", ago=1)
    run(app, "insert into latest (patient_id, code, quality, source, effective_at, received_at, value)"
             " values (:p, 5, 0, 0, now(), now(), 86)", p=person.patient.id)  # fmt: skip
    judge(app)
    (row,) = listed(nurse)
    did(nurse, row, "snooze", WHY | {"minutes": 30})
    alert = stored(person)
    assert alert.snooze["level"] == alert.level
    assert alert.snooze["values"] == {"spo2": "86"}
    assert (alert.snooze["by"], alert.snooze["why"]) == (person.nurse.name, WHY["why"])
    (after,) = listed(nurse)
    assert after["snooze"]["by"] == person.nurse.name
    assert after["next_action"]["what"] == "look-again"


def test_when_a_snooze_ends_the_owners_clock_starts_again(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    row = on_list(make, person, nurse, "urgent")
    did(nurse, row, "snooze", WHY | {"minutes": 30})
    until = stored(person).snoozed_until
    with app.app_context():
        assert end_snoozes() == 0
    step(app, "31 minutes")
    with app.app_context():
        assert end_snoozes() == 1
        assert end_snoozes() == 0
    alert = stored(person)
    assert (alert.snoozed_until, alert.owner_id) == (None, person.nurse.id)
    assert alert.rung_due_at - until == timedelta(minutes=60)
    assert person.events()[-1] == "snooze-over"


def test_what_joins_a_snoozed_card_is_not_snoozed(make: Factory, person: Monitored, nurse: Browser) -> None:
    """A snooze never hides a new rule."""
    row = on_list(make, person, nurse, "urgent")
    did(nurse, row, "snooze", WHY | {"minutes": 30})
    head = stored(person)
    make.alert(person.patient, rule="fall_seen", card_id=head.id)
    (now,) = listed(nurse)
    assert (now["snooze"], now["state"], now["new_findings"]) == (None, "open", 1)


def by(**ahead: float) -> str:
    """A time ahead, as it is sent."""
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


@pytest.mark.parametrize("closes", [False, True], ids=["an open card", "a closed card"])
@pytest.mark.hazard("H22")
def test_a_recheck_that_is_not_done_brings_the_card_back_unclaimed(
    app: Flask, make: Factory, person: Monitored, nurse: Browser, closes: bool
) -> None:
    """care.md 2: "Recheck by" on any card reopens it when the recheck is not done."""
    row = did(nurse, on_list(make, person, nurse, "urgent"), "recheck", {"by": by(hours=2), "why": "Inhaler"})
    if closes:
        did(nurse, row, "close", {"outcome": "advice", "confirm": True})
        owed = nurse.get("/worklist").get_json()
        assert (owed["rows"], owed["counts"]["rechecks"], len(owed["rechecks"])) == ([], 1, 1)
    step(app, "2 hours 1 minute")
    with app.app_context():
        assert ask_for_rechecks() == 1
        assert ask_for_rechecks() == 0
    step(app, "0")
    (back,) = listed(nurse)
    assert (back["state"], back["owner"], back["recheck"], back["outcome"]) == ("open", None, None, None)
    alert = stored(person)
    assert alert.rung_due_at == alert.acknowledge_by
    assert person.events()[-1] == "recheck-missed"


def test_a_recheck_that_was_done_brings_nothing_back(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    row = did(nurse, on_list(make, person, nurse, "soon"), "recheck", {"by": by(hours=2), "why": "Inhaler"})
    closed = did(nurse, row, "close", {"outcome": "advice"})
    did(nurse, closed, "recheck/done", {"note": "Better"})
    step(app, "3 hours")
    with app.app_context():
        assert ask_for_rechecks() == 0
    step(app, "0")
    assert listed(nurse) == []


def test_a_missed_recheck_never_opens_a_second_episode_of_one_rule(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    row = did(nurse, on_list(make, person, nurse, "soon"), "recheck", {"by": by(hours=2), "why": "Inhaler"})
    did(nurse, row, "close", {"outcome": "advice"})
    make.alert(person.patient, level="soon")
    step(app, "3 hours")
    with app.app_context():
        assert ask_for_rechecks() == 1
    step(app, "0")
    assert len(listed(nurse)) == 1


@pytest.mark.hazard("H22")
def test_a_missed_recheck_of_nobodys_device_stops_nobody_elses(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    pendant = make.device("pendant")
    press(app, pendant)
    row = did(nurse, listed(nurse)[0], "recheck", {"by": by(minutes=5), "why": "Ring again"})
    did(nurse, row, "close", {"outcome": "visit", "confirm": True})
    press(app, pendant)
    make.alert(person.patient)
    (other,) = (one for one in listed(nurse) if one["patient"])
    did(nurse, other, "recheck", {"by": by(minutes=5), "why": "Inhaler"})
    step(app, "10 minutes")
    with app.app_context():
        assert ask_for_rechecks() == 2
    step(app, "0")
    assert stored(person).recheck_by is None
    assert len([one for one in listed(nurse) if one["unassigned"]]) == 1


@pytest.mark.parametrize("sweep", [ask_for_rechecks, end_snoozes])
def test_one_card_that_cannot_be_swept_stops_no_other(
    app: Flask, make: Factory, person: Monitored, nurse: Browser, monkeypatch: pytest.MonkeyPatch,
    sweep: Callable[[], int],
) -> None:  # fmt: skip
    bad = on_list(make, person, nurse, "soon")
    another = make.patient()
    make.caseload(person.team, another)
    make.alert(another, level="soon")
    for row in listed(nurse):
        row = did(nurse, row, "snooze", WHY | {"minutes": 30})
        did(nurse, row, "recheck", {"by": by(minutes=30), "why": "Inhaler"})
    spoilt, real = stored(person).id, service.tell_devices

    def tells(alert_id: int, *rest: Any) -> None:
        if alert_id == spoilt:
            db.session.execute(text("select 1 / 0"))
        real(alert_id, *rest)

    monkeypatch.setattr(service, "tell_devices", tells)
    step(app, "31 minutes")
    with app.app_context():
        assert sweep() == 1
    monkeypatch.undo()
    with app.app_context():
        assert sweep() == 1
    step(app, "0")
    assert bad["id"] in [row["id"] for row in listed(nurse)]


@pytest.mark.hazard("H22")
def test_an_urgent_card_nobody_was_reached_about_rests_an_hour_in_all(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    """care.md 2: urgent at most 60 min, and not an hour at a time for ever."""
    row = did(nurse, on_list(make, person, nurse, "urgent"), "snooze", WHY | {"minutes": 40})
    step(app, "41 minutes")
    with app.app_context():
        end_snoozes()
    (row,) = listed(nurse)
    answer = ask(nurse, row, "snooze", WHY | {"minutes": 30})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "snooze-long")
    assert "20 minutes" in answer.get_json()["detail"]
    row = did(nurse, row, "snooze", WHY | {"minutes": 20})
    step(app, "62 minutes")
    with app.app_context():
        end_snoozes()
    (row,) = listed(nurse)
    answer = ask(nurse, row, "snooze", WHY | {"minutes": 1})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "snooze-long")
    assert "already" in answer.get_json()["detail"]
    row = did(nurse, row, "contact", {"to": "person", "how": "call", "result": "reached"})
    did(nurse, row, "snooze", WHY | {"minutes": 60})
    step(app, "0")


def test_a_snooze_taken_back_or_cut_short_counts_for_as_long_as_it_was(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    row = did(nurse, on_list(make, person, nurse, "urgent"), "snooze", WHY | {"minutes": 60})
    row = did(nurse, row, "undo")
    row = did(nurse, row, "snooze", WHY | {"minutes": 50})
    step(app, "10 minutes")
    row = did(nurse, row, "snooze", WHY | {"minutes": 15})
    step(app, "26 minutes")
    with app.app_context():
        end_snoozes()
    (row,) = listed(nurse)
    assert ask(nurse, row, "snooze", WHY | {"minutes": 36}).status_code == 422
    did(nurse, row, "snooze", WHY | {"minutes": 35})
    step(app, "0")
