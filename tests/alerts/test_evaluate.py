"""From a waiting person to an open episode, on the real database: once, late, paused, broken."""

from typing import Any

import pytest
from flask import Flask

from backend.alerts import evaluate
from backend.alerts.episodes import raise_episodes
from backend.alerts.rules import spo2_low
from backend.core.db import transaction
from backend.observations.codes import Code
from backend.observations.reading import Special
from tests.alerts.people import Monitored, judge, monitored, run
from tests.device_gateway.rig import until
from tests.factories import Factory


@pytest.fixture
def person(app: Flask, make: Factory) -> Monitored:
    """Somebody with a prescribed oxygen target of 88 to 92."""
    found = monitored(app, make)
    found.limit(Code.SPO2, "88", "92")
    return found


def test_83_with_a_target_of_88_to_92_is_an_emergency_told_to_team_and_person(person: Monitored) -> None:
    person.measures("83")
    assert judge(person.app) == 1
    (alert,) = person.alerts()
    assert (alert.rule, alert.level, alert.kind) == ("spo2_low", "emergency", "clinical")
    assert alert.reason == "Oxygen 83%, target 88 to 92"
    assert alert.care_team_id == person.team.id
    assert not alert.late
    assert alert.contact_by > alert.acknowledge_by > alert.opened_at
    assert person.told() == [("care-team", "alert-for-team"), ("patient", "alert-for-person")]
    assert person.waits() == []


def test_90_on_a_target_of_88_to_92_raises_nothing(person: Monitored) -> None:
    person.measures("90")
    assert judge(person.app) == 1
    assert person.alerts() == []


def test_a_first_86_asks_for_a_repeat_and_a_second_raises(person: Monitored) -> None:
    person.measures("86", ago=5)
    judge(person.app)
    assert person.alerts() == []
    assert person.told() == [("patient", "please-measure-again")]
    (wait,) = person.waits()
    assert wait.after.total_seconds() == 600
    person.measures("86")
    judge(person.app)
    (alert,) = person.alerts()
    assert alert.level == "urgent"
    assert alert.reason == "Oxygen 86%, two readings in 5 minutes, target 88 to 92"
    assert len(alert.evidence) == 2


@pytest.mark.hazard("H13")
def test_no_repeat_within_10_minutes_raises_it_as_unconfirmed(person: Monitored) -> None:
    # A few seconds before its repeat is overdue: nothing is faked, the database's clock runs on.
    person.measures("86", ago=9.85)
    judge(person.app)
    assert person.alerts() == []
    until(lambda: judge(person.app) == 1, what="it is judged once more")
    (alert,) = person.alerts()
    assert alert.reason == "Oxygen 86%, one reading, no repeat in 10 minutes, unconfirmed, target 88 to 92"


@pytest.mark.hazard("H07")
def test_the_same_reading_judged_again_changes_nothing_open_or_closed(person: Monitored) -> None:
    person.measures("82")
    judge(person.app)
    mark = (
        "insert into evaluation_wait (patient_id, codes, effective_from)"
        " values (:p, '{5}', now() - interval '1 h')"
    )
    person.run(mark, p=person.patient.id)
    judge(person.app)
    assert [(a.repeats, a.version) for a in person.alerts()] == [(0, 1)]
    person.run("update alert set closed_at = clock_timestamp(), outcome = 'contact' where patient_id = :p",
               p=person.patient.id)  # fmt: skip
    person.run(mark, p=person.patient.id)
    judge(person.app)
    assert len(person.alerts()) == 1
    assert person.events() == ["raised"]


@pytest.mark.hazard("H07")
def test_new_low_readings_join_the_open_episode_and_a_worse_one_raises_its_level(person: Monitored) -> None:
    person.measures("86", ago=12)
    person.measures("86", ago=8)
    judge(person.app)
    person.measures("85", ago=4)
    judge(person.app)
    (alert,) = person.alerts()
    assert (alert.level, alert.repeats, alert.version) == ("urgent", 1, 1)
    person.measures("81")
    judge(person.app)
    (alert,) = person.alerts()
    assert (alert.level, alert.version) == ("emergency", 2)
    assert alert.reason == "Oxygen 81%, target 88 to 92"
    assert person.events() == ["raised", "repeated", "worse"]


@pytest.mark.hazard("H11")
def test_a_late_reading_is_judged_as_of_its_time_and_labelled(person: Monitored) -> None:
    person.measures("91", ago=5, waits=False)
    person.measures("82", ago=300, arrived=0)
    judge(person.app)
    (alert,) = person.alerts()
    assert alert.late
    assert (alert.known_at - alert.true_at).total_seconds() > 4 * 3600
    assert "arrived late, in range since" in alert.reason


@pytest.mark.hazard("H12")
@pytest.mark.hazard("H11")
def test_a_late_milder_reading_does_not_overwrite_a_newer_state(person: Monitored) -> None:
    person.measures("82")
    judge(person.app)
    person.measures("86", ago=240, arrived=0)
    judge(person.app)
    (alert,) = person.alerts()
    assert (alert.level, alert.reason) == ("emergency", "Oxygen 82%, target 88 to 92")
    assert person.events() == ["raised", "repeated"]


@pytest.mark.parametrize("status", ["paused", "referred", "awaiting-kit", "ended"])
@pytest.mark.hazard("H28")
def test_who_is_not_live_is_not_judged(app: Flask, make: Factory, status: str) -> None:
    person = monitored(app, make, status)
    person.measures("70")
    assert judge(app) == 1
    assert person.alerts() == []


@pytest.mark.parametrize("status", ["paused", "referred", "awaiting-kit", "ended"])
@pytest.mark.parametrize("code", [Code.FALL, Code.PENDANT])
@pytest.mark.hazard("H28")
def test_a_fall_or_a_press_sent_as_a_measurement_is_told_whoever_is_watched(
    app: Flask, make: Factory, status: str, code: Code
) -> None:
    person = monitored(app, make, status)
    person.says({code: "1", Code.SPO2: "70"})
    judge(app)
    assert [(alert.rule, alert.level) for alert in person.alerts()] == [("fall_seen", "emergency")]


def pauses(person: Monitored, minutes_ago: float) -> None:
    """What a pause leaves behind, as long as it lasts."""
    person.run(
        "insert into pause (patient_id, span, kind, reason) values"
        " (:p, tstzrange(db_now() - :ago * interval '1 minute', db_now() + interval '1 day'), 'pause', 'test')",
        p=person.patient.id, ago=minutes_ago,
    )  # fmt: skip
    person.run("update enrolment set status = 'paused' where patient_id = :p", p=person.patient.id)


@pytest.mark.hazard("H28")
def test_a_pause_swallows_nothing_that_was_measured_before_it(app: Flask, make: Factory) -> None:
    person = monitored(app, make)
    person.measures("85", ago=40)
    pauses(person, minutes_ago=38)
    judge(app)
    (alert,) = person.alerts()
    assert (alert.rule, alert.level) == ("spo2_low", "emergency")


@pytest.mark.hazard("H28")
def test_what_is_measured_in_a_pause_is_not_judged_but_for_a_fall(app: Flask, make: Factory) -> None:
    person = monitored(app, make)
    pauses(person, minutes_ago=40)
    person.measures("70", ago=38)
    judge(app)
    assert person.alerts() == []
    person.says({Code.FALL: "1"}, ago=1)
    judge(app)
    assert [alert.rule for alert in person.alerts()] == ["fall_seen"]


def test_a_device_that_says_LO_is_an_emergency_and_never_a_number(person: Monitored) -> None:  # noqa: N802 - LO is what the device says
    person.measures(Special.LO)
    judge(person.app)
    (alert,) = person.alerts()
    assert alert.level == "emergency"
    assert alert.evidence[0]["value"] == "LO"


def test_severe_blood_pressure_is_urgent_after_a_repeat(person: Monitored) -> None:
    person.measures(("184", "96"), ago=6)
    person.measures(("182", "95"))
    judge(person.app)
    (alert,) = person.alerts()
    assert (alert.rule, alert.level) == ("bp_severe", "urgent")
    assert alert.reason.startswith("Blood pressure 182 over 95, two readings in 6 minutes")


@pytest.mark.hazard("H04")
def test_a_rule_that_breaks_on_one_person_stops_nobody_else_and_is_tried_again(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch, person: Monitored
) -> None:
    broken = monitored(app, make)
    sound = spo2_low.evaluate

    def breaks_without_target(history: Any) -> Any:
        if Code.SPO2 not in history.limits:
            raise ZeroDivisionError
        return sound(history)

    monkeypatch.setattr(spo2_low, "evaluate", breaks_without_target)
    broken.measures("85")
    person.measures("80")
    assert judge(app) == 2
    assert [alert.rule for alert in person.alerts()] == ["spo2_low"]
    (alert,) = broken.alerts()
    assert (alert.rule, alert.kind) == ("check_failed", "technical")
    assert len(broken.waits()) == 1
    monkeypatch.setattr(spo2_low, "evaluate", sound)
    broken.run("update evaluation_wait set not_before = clock_timestamp()")
    judge(app)
    assert [a.rule for a in broken.alerts()] == [
        "check_failed"
    ]  # a first 85 without a target asks for a repeat
    assert len(broken.waits()) == 1


@pytest.mark.hazard("H04")
def test_a_batch_that_cannot_be_written_is_done_one_by_one_and_only_its_spoiler_waits(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch, person: Monitored
) -> None:
    spoiler = monitored(app, make)
    spoiler.limit(Code.SPO2, "88", "92")
    sound = raise_episodes

    def breaks(occurrences: Any) -> Any:
        if any(o.subject.patient_id == spoiler.patient.id for o in occurrences):
            raise ValueError("cannot be written")
        return sound(occurrences)

    monkeypatch.setattr(evaluate, "raise_episodes", breaks)
    spoiler.measures("80")
    person.measures("80")
    judge(app)
    assert len(person.alerts()) == 1
    assert spoiler.alerts() == []
    assert len(spoiler.waits()) == 1


def test_a_canary_is_judged_and_flagged_and_nobody_is_told(app: Flask, make: Factory) -> None:
    canary = monitored(app, make, is_canary=True)
    canary.measures("93")
    judge(app)
    (alert,) = canary.alerts()
    assert alert.is_canary
    assert canary.told() == []


def test_all_that_waits_for_somebody_is_judged_in_one_look(person: Monitored) -> None:
    for minute in range(30):
        person.measures("80" if minute == 7 else "90", ago=60 - minute)
    with person.app.app_context(), transaction():
        assert evaluate.evaluate_waiting(1) == 30
    assert [alert.rule for alert in person.alerts()] == ["spo2_low"]


@pytest.mark.hazard("H06")
def test_red_waits_are_taken_before_others(app: Flask, make: Factory, person: Monitored) -> None:
    run(app, "insert into evaluation_wait (patient_id, priority, codes, effective_from)"
             " select 1000000 + n, 0, '{8}', now() from generate_series(1, 250) n")  # fmt: skip
    person.measures("80")
    run(app, "update evaluation_wait set priority = 2 where 5 = any(codes)")
    with app.app_context(), transaction():
        assert evaluate.evaluate_waiting(200) == 200
    assert len(person.alerts()) == 1
