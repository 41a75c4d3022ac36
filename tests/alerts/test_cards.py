"""One person, one card: what is found within a day has one owner, and technical faults stand apart."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backend.alerts.episodes import raise_episodes
from backend.alerts.levels import Severity
from backend.alerts.mended import mend
from backend.alerts.occurrence import Occurrence, Subject
from backend.alerts.service import close_all
from backend.core.clock import now
from backend.core.db import database_app, transaction
from backend.desk.jobs import ask_for_rechecks
from tests.alerts.people import Monitored, judge, monitored
from tests.alerts.test_alarms import press
from tests.conftest import Database
from tests.factories import Factory


@pytest.fixture
def app(database: Database, tmp_path: Path, in_this_test: Callable[[Flask], Flask]) -> Flask:
    """No web here: a worker's app inside this test's transaction."""
    return in_this_test(database_app(database.config(tmp_path)))


@pytest.fixture
def person(app: Flask, make: Factory) -> Monitored:
    """Somebody on a team's list."""
    return monitored(app, make)


def found(
    person: Monitored, rule: str, kind: str = "clinical", level: Severity = Severity.URGENT, value: str = "1"
) -> None:
    """A rule is true of the person now."""
    at = now()
    subject = Subject(person.patient.id, person.patient.public_id, person.team.id, False)
    evidence = [{"at": at.isoformat(), "code": "spo2", "value": value}]
    with person.app.app_context(), transaction():
        raise_episodes([Occurrence(subject, rule, kind, level, rule, rule, at, at, evidence=evidence)])


def cards(person: Monitored) -> dict[str, Any]:
    """Rule -> the rule of its card's first alert."""
    rows = person.alerts()
    rule = {row.id: row.rule for row in rows}
    return {row.rule: rule[row.card_id] for row in rows}


@pytest.mark.hazard("H07")
def test_a_fall_a_missed_weighing_and_a_rising_pulse_are_one_card(person: Monitored) -> None:
    press(person.app, None, person.patient)
    found(person, "readings_missed")
    found(person, "own_baseline_pulse", level=Severity.SOON)
    assert cards(person) == {"sos": "sos", "readings_missed": "sos", "own_baseline_pulse": "sos"}
    (head, *_) = person.alerts()
    assert head.version == 3


@pytest.mark.hazard("H07")
def test_several_found_at_once_are_one_card(person: Monitored) -> None:
    at = now()
    subject = Subject(person.patient.id, person.patient.public_id, person.team.id, False)
    rules = ("spo2_low", "pulse_abnormal", "temperature")
    evidence = [{"at": at.isoformat(), "code": "spo2", "value": "80"}]
    some = [
        Occurrence(subject, r, "clinical", Severity.URGENT, r, r, at, at, evidence=evidence) for r in rules
    ]
    with person.app.app_context(), transaction():
        raise_episodes(some)
    assert set(cards(person).values()) == {"spo2_low"}


@pytest.mark.hazard("H07")
def test_technical_and_clinical_are_two_cards(person: Monitored) -> None:
    found(person, "device_silent", kind="technical", level=Severity.SOON)
    found(person, "spo2_low")
    found(person, "battery", kind="technical", level=Severity.ROUTINE)
    assert cards(person) == {
        "device_silent": "device_silent",
        "spo2_low": "spo2_low",
        "battery": "device_silent",
    }


@pytest.mark.parametrize(("hours", "joins"), [(23.9, True), (24.1, False)])
def test_a_card_is_joined_for_a_day_from_its_opening(person: Monitored, hours: float, joins: bool) -> None:
    found(person, "spo2_low")
    person.run(
        "update alert set opened_at = db_now() - :h * interval '1 hour' where patient_id = :p",
        h=hours, p=person.patient.id,
    )  # fmt: skip
    found(person, "temperature")
    assert cards(person)["temperature"] == ("spo2_low" if joins else "temperature")


def test_a_closed_card_is_not_joined(person: Monitored) -> None:
    found(person, "spo2_low")
    person.run(
        "update alert set closed_at = db_now(), outcome = 'contact' where patient_id = :p",
        p=person.patient.id,
    )
    found(person, "temperature")
    assert cards(person) == {"spo2_low": "spo2_low", "temperature": "temperature"}


def test_what_joins_a_claimed_card_is_unacknowledged_until_it_is_claimed_again(person: Monitored) -> None:
    found(person, "spo2_low")
    person.run(
        "update alert set owner_id = :n, claimed_at = db_now() where patient_id = :p",
        n=person.nurse.id, p=person.patient.id,
    )  # fmt: skip
    found(person, "temperature")
    first, second = person.alerts()
    assert (first.owner_id, second.owner_id, second.card_id) == (person.nurse.id, None, first.id)
    assert second.rung_due_at == second.acknowledge_by


def test_a_worse_level_gives_the_card_a_new_version(person: Monitored) -> None:
    found(person, "spo2_low")
    found(person, "temperature")
    (before, _) = person.alerts()
    found(person, "temperature", level=Severity.EMERGENCY, value="2")
    head, worse = person.alerts()
    assert head.version == before.version + 1
    assert worse.level == "emergency"


def test_a_new_alert_starts_its_ladder_and_a_worse_one_after_a_contact_starts_it_anew(
    person: Monitored,
) -> None:
    found(person, "spo2_low")
    (alert,) = person.alerts()
    assert alert.rung_due_at == alert.acknowledge_by
    person.run(
        "update alert set contacted_at = db_now(), rung = 3, rung_due_at = null where patient_id = :p",
        p=person.patient.id,
    )
    found(person, "spo2_low", value="2")
    (alert,) = person.alerts()
    assert (alert.rung, alert.rung_due_at) == (3, None)
    found(person, "spo2_low", level=Severity.EMERGENCY, value="3")
    (alert,) = person.alerts()
    assert (alert.rung, alert.contacted_at) == (0, None)
    assert alert.rung_due_at is not None


def test_a_canary_climbs_no_ladder(app: Flask, make: Factory) -> None:
    canary = monitored(app, make, is_canary=True)
    canary.measures("80")
    judge(app)
    assert [alert.rung_due_at for alert in canary.alerts() if alert.rung_due_at is not None] == []


def test_closing_all_of_a_person_closes_everything_once_and_says_why(person: Monitored) -> None:
    press(person.app, None, person.patient)
    found(person, "device_silent", kind="technical")
    for expected in (2, 0):
        with person.app.app_context(), transaction():
            assert (
                close_all(person.patient.id, "died", "Told by the family", person.nurse.public_id) == expected
            )
    assert {(a.outcome, a.note, a.rung_due_at) for a in person.alerts()} == {
        ("died", "Told by the family", None)
    }
    assert person.events().count("closed") == 2


@pytest.mark.hazard("H23")
def test_what_was_to_be_checked_again_of_somebody_who_died_never_comes_back(person: Monitored) -> None:
    press(person.app, None, person.patient)
    person.run(
        "update alert set closed_at = db_now(), outcome = 'visit', recheck_why = 'pulse',"
        " recheck_by = db_now() - interval '1 minute'"
    )
    for _ in range(2):
        with person.app.app_context(), transaction():
            assert close_all(person.patient.id, "died", None, None) == 0
    with person.app.app_context():
        ask_for_rechecks()
    (alert,) = person.alerts()
    assert alert.closed_at is not None
    assert (alert.recheck_by, alert.recheck_why, alert.outcome) == (None, None, "visit")
    assert person.events()[-1] == "recheck-dropped"


@pytest.mark.hazard("H23")
def test_a_finding_that_mends_itself_changes_the_card_that_a_desk_has_seen(person: Monitored) -> None:
    found(person, "unprotected", kind="technical")
    found(person, "device_silent", kind="technical")
    head, joined = person.alerts()
    with person.app.app_context(), transaction():
        assert mend([joined.id], "It is well again") == 1
    after, mended = person.alerts()
    assert (after.version, mended.closed_at is not None) == (head.version + 1, True)
