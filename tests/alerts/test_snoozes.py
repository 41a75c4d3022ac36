"""A snooze ends when something is worse: the level, a value within it, a new symptom, another rule."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backend.alerts.levels import Severity
from backend.alerts.worse import broken_by
from backend.core.db import database_app
from backend.observations.codes import Code
from tests.alerts.people import Monitored, judge, monitored
from tests.conftest import Database
from tests.factories import Factory

URGENT = (Severity.URGENT, Severity.URGENT)


def rows(code: Code, *values: str) -> list[dict[str, Any]]:
    return [
        {"at": f"2026-11-02T09:0{n}:00+00:00", "code": code.value, "value": v} for n, v in enumerate(values)
    ]


# Care rule: broken by a worse value within the level, oxygen by 2 and systolic by 15.
@pytest.mark.parametrize(
    ("code", "then", "now", "breaks"),
    [
        (Code.SPO2, "87", "86", False), (Code.SPO2, "87", "85.1", False), (Code.SPO2, "87", "85", True),
        (Code.SPO2, "87", "90", False), (Code.SPO2, "87", "LO", True), (Code.SPO2, "LO", "LO", False),
        (Code.SYSTOLIC, "182", "196", False), (Code.SYSTOLIC, "182", "196.9", False),
        (Code.SYSTOLIC, "182", "197", True), (Code.SYSTOLIC, "182", "160", False),
        (Code.SYSTOLIC, "95", "80", True), (Code.SYSTOLIC, "95", "81", False), (Code.SYSTOLIC, "95", "110", False),
    ],
)  # fmt: skip
@pytest.mark.hazard("H06")
def test_a_worse_value_within_the_level_ends_a_snooze(code: Code, then: str, now: str, breaks: bool) -> None:
    said = broken_by("any", {"level": "urgent", "values": {code.value: then}}, URGENT, [], rows(code, now))
    assert (said is not None) == breaks
    # Where the desk did not say the value, the newest that the alert had counts.
    said = broken_by("any", {"level": "urgent"}, URGENT, rows(code, "50", then), rows(code, now))
    assert (said is not None) == breaks


def test_too_much_oxygen_is_worse_upwards() -> None:
    snooze = {"level": "urgent", "values": {"spo2": "96"}}
    assert broken_by("spo2_high_on_oxygen", snooze, URGENT, [], rows(Code.SPO2, "98")) is not None
    assert broken_by("spo2_high_on_oxygen", snooze, URGENT, [], rows(Code.SPO2, "94")) is None


@pytest.mark.hazard("H06")
def test_a_worse_level_ends_a_snooze_whatever_the_values() -> None:
    levels = (Severity.URGENT, Severity.EMERGENCY)
    assert broken_by("any", {"level": "urgent"}, levels, [], []) == "worse: emergency"


@pytest.fixture
def app(database: Database, tmp_path: Path, in_this_test: Callable[[Flask], Flask]) -> Flask:
    """No web here: a worker's app inside this test's transaction."""
    return in_this_test(database_app(database.config(tmp_path)))


@pytest.fixture
def person(app: Flask, make: Factory) -> Monitored:
    """Somebody with a target of 88 to 92, at 87 twice, and snoozed."""
    found = monitored(app, make)
    found.limit(Code.SPO2, "88", "92")
    found.measures("87", ago=12)
    found.measures("87", ago=8)
    judge(found.app)
    found.run("update alert set rung = 2, rung_due_at = null, contacted_at = db_now()")
    found.snooze("spo2_low", why="Rescue pack started", values={"spo2": "87"})
    assert found.snoozed() == ["spo2_low"]
    return found


def readings(person: Monitored, values: Sequence[str]) -> None:
    for n, value in enumerate(values):
        person.measures(value, ago=len(values) - n)
        judge(person.app)


@pytest.mark.hazard("H06")
def test_one_as_low_stays_snoozed_and_two_lower_wakes_it(person: Monitored) -> None:
    readings(person, ["86"])
    assert person.snoozed() == ["spo2_low"]
    readings(person, ["85"])
    assert person.snoozed() == []
    (alert,) = person.alerts()
    assert (alert.rung, alert.contacted_at, alert.snooze) == (0, None, None)
    assert alert.rung_due_at is not None
    assert alert.rung_due_at == alert.acknowledge_by
    assert person.events()[-2:] == ["repeated", "snooze-broken"]


@pytest.mark.hazard("H06")
def test_the_owners_clock_starts_again(person: Monitored) -> None:
    person.run("update alert set owner_id = :n, claimed_at = db_now(), contact_by = db_now() - interval '1 h',"
               " contacted_at = null", n=person.nurse.id)  # fmt: skip
    readings(person, ["85", "84"])
    (alert,) = person.alerts()
    assert alert.claimed_at is not None
    assert alert.rung_due_at == alert.contact_by
    (row,) = person.run("select a.contact_by > db_now() + interval '50 min' as anew from alert a")
    assert row.anew


@pytest.mark.hazard("H06")
def test_after_a_contact_what_is_worse_is_nobodys_until_it_is_claimed_again(person: Monitored) -> None:
    person.run("update alert set owner_id = :n, claimed_at = db_now()", n=person.nurse.id)
    readings(person, ["85"])
    (alert,) = person.alerts()
    assert (alert.owner_id, alert.claimed_at) == (person.nurse.id, None)
    assert alert.rung_due_at == alert.acknowledge_by


@pytest.mark.hazard("H06")
def test_a_worse_level_wakes_it(person: Monitored) -> None:
    readings(person, ["82"])
    assert person.snoozed() == []


@pytest.mark.hazard("H06")
def test_a_new_symptom_wakes_it(person: Monitored) -> None:
    person.says({Code.UNWELL: "1"})
    judge(person.app)
    assert "spo2_low" not in person.snoozed()


def test_a_symptom_known_before_the_snooze_does_not(person: Monitored) -> None:
    person.says({Code.UNWELL: "1"}, ago=120, arrived=119)
    judge(person.app)
    assert person.snoozed() == ["spo2_low"]


@pytest.mark.hazard("H06")
def test_another_rule_joining_the_card_wakes_it(person: Monitored) -> None:
    person.measures(("184", "125"), ago=8)
    person.measures(("186", "126"), ago=2)
    judge(person.app)
    assert len({alert.card_id for alert in person.alerts()}) == 1
    assert person.snoozed() == []
    assert "snooze-broken" in person.events()
