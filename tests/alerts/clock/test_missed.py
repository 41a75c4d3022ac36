"""A reading that does not come: the person is asked, then a human is told, and who is away is left in peace."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from backend.alerts.home import MissedAction, MissedRow
from backend.alerts.rules import readings_missed
from backend.observations.codes import Code
from backend.pathways import service as pathways
from backend.pathways.service import DueReading, Pack
from tests.alerts.clock.stepped import now, on_pathway, readings, states, step, step_to, takes
from tests.alerts.people import Monitored, run
from tests.factories import Factory

# A Monday in winter time, far enough ahead that no enrolment of a test begins after it.
MORNING = datetime(2080, 11, 4, 7, 0, tzinfo=UTC)
CLOSE = "update alert set closed_at = db_now(), outcome = 'no-change' where patient_id = :p"


def joined(app: Flask, make: Factory, *names: str, at: datetime = MORNING, **other: str) -> Monitored:
    step_to(app, at)
    run(app, "select ensure_partitions(0, 0, :at)", at=at)
    person = on_pathway(app, make, *names, **other)
    person.run("update enrolment set valid = '[2020-01-01,)' where patient_id = :p", p=person.patient.id)
    readings(app)
    return person


def at(app: Flask, hour: int, minute: int = 0, day: int = 4) -> None:
    step_to(app, datetime(2080, 11, day, hour, minute, tzinfo=UTC))
    readings(app)


@pytest.mark.hazard("H03")
def test_a_missed_reading_is_found_when_its_grace_ends_and_the_person_is_asked_first(
    app: Flask, make: Factory
) -> None:
    person = joined(app, make, "copd")
    at(app, 12, 59)
    assert states(person) == [("spo2", "due")]
    at(app, 13, 0)
    assert states(person) == [("spo2", "missed")]
    assert person.told() == [("patient", "reading-waits")]
    assert person.alerts() == []


@pytest.mark.hazard("H03")
def test_two_due_readings_offer_a_contact_and_three_days_are_a_routine_task(
    app: Flask, make: Factory
) -> None:
    person = joined(app, make, "copd")
    for day in (4, 5, 6):
        at(app, 13, 0, day)
    assert [template for _, template in person.told()] == ["reading-waits", "reading-waits-or-call"]
    at(app, 8, 59, 7)
    assert person.alerts() == []
    at(app, 9, 0, 7)
    (alert,) = person.alerts()
    assert (alert.rule, alert.level, alert.kind) == ("readings_missed", "routine", "clinical")
    assert "3 readings in a row not received, the first due 4 Nov 09:00" in alert.reason
    assert alert.judged_by.startswith("copd 2026.4; ")


@pytest.mark.hazard("H03")
def test_on_a_virtual_ward_four_hours_are_a_call_the_same_day(app: Flask, make: Factory) -> None:
    person = joined(app, make, "discharge_reablement")
    at(app, 9, 0)
    assert [template for _, template in person.told()] == ["reading-waits"]
    at(app, 11, 59)
    assert person.alerts() == []
    at(app, 12, 0)
    (alert,) = person.alerts()
    assert (alert.rule, alert.level) == ("readings_missed", "soon")


@pytest.mark.hazard("H03")
def test_running_twice_changes_nothing(app: Flask, make: Factory) -> None:
    person = joined(app, make, "discharge_reablement")
    at(app, 12, 0)
    before = (person.told(), len(person.alerts()), person.events(), states(person))
    readings(app)
    readings(app)
    assert (person.told(), len(person.alerts()), person.events(), states(person)) == before


def test_a_reading_taken_in_time_is_not_missed(app: Flask, make: Factory) -> None:
    person = joined(app, make, "copd")
    takes(person, Code.SPO2, "91", datetime(2080, 11, 4, 6, 30, tzinfo=UTC))
    at(app, 13, 0)
    assert states(person) == [("spo2", "taken")]
    assert person.told() == []


def test_a_reading_after_a_silence_ends_it_and_closes_the_task_nobody_has_taken(
    app: Flask, make: Factory
) -> None:
    person = joined(app, make, "discharge_reablement")
    at(app, 12, 0)
    takes(person, Code.SPO2, "96")
    takes(person, Code.SYSTOLIC, "120")
    takes(person, Code.TEMPERATURE, "36.8")
    readings(app)
    (alert,) = person.alerts()
    assert alert.closed_at is not None
    assert alert.note == "Readings have come again"


def test_what_a_device_kept_and_sent_late_was_taken(app: Flask, make: Factory) -> None:
    person = joined(app, make, "copd")
    at(app, 13, 0)
    takes(person, Code.SPO2, "91", datetime(2080, 11, 4, 9, 5, tzinfo=UTC))
    at(app, 13, 0, 5)
    assert states(person) == [("spo2", "taken"), ("spo2", "missed")]
    assert [template for _, template in person.told()] == ["reading-waits", "reading-waits"]


@pytest.mark.hazard("H03")
def test_kit_that_is_not_heard_is_told_apart_from_a_reading_not_taken(app: Flask, make: Factory) -> None:
    person = joined(app, make, "discharge_reablement")
    for kind in ("pulse-oximeter", "blood-pressure-monitor", "thermometer"):
        make.wears(person.patient, make.device(kind, expected_every_s=3600))
    at(app, 9, 0)
    assert person.told() == [("patient", "device-not-heard")]
    run(
        app,
        "insert into device_state (device_id, last_seen_at) select id, db_now() + interval '3 hours' from device"
        " where kind = 'thermometer'",
    )
    at(app, 12, 0)
    (alert,) = person.alerts()
    assert "the pulse oximeter is not heard, so it may have been taken" in alert.reason
    assert "Temperature: 1 reading not received" in alert.reason
    assert alert.reason.count("the kit is heard, so it was not taken") == 1


@pytest.mark.parametrize("kind", ["pause", "admission"])
@pytest.mark.hazard("H28")
def test_a_pause_and_a_stay_in_hospital_excuse(app: Flask, make: Factory, kind: str) -> None:
    person = joined(app, make, "copd")
    person.run(
        "insert into pause (patient_id, span, kind, reason)"
        " values (:p, tstzrange(db_now(), db_now() + interval '1 day'), :kind, 'test')",
        p=person.patient.id,
        kind=kind,
    )
    at(app, 13, 0)
    assert states(person) == [("spo2", "excused")]
    at(app, 13, 0, 5)
    assert states(person) == [("spo2", "excused"), ("spo2", "missed")]


@pytest.mark.parametrize("status", ["paused", "ended", "awaiting-kit"])
def test_only_who_is_live_is_waited_for(app: Flask, make: Factory, status: str) -> None:
    person = joined(app, make, "copd")
    person.run("update enrolment set status = :s where patient_id = :p", s=status, p=person.patient.id)
    at(app, 13, 0)
    assert states(person) == [("spo2", "excused")]
    person.run("update enrolment set status = 'live' where patient_id = :p", p=person.patient.id)
    at(app, 13, 1)
    at(app, 13, 0, 5)
    assert states(person)[-1] == ("spo2", "missed")


def test_somebody_on_a_pathway_that_waits_for_nothing_is_left_alone(app: Flask, make: Factory) -> None:
    person = joined(app, make, "low_mood")
    at(app, 13, 0)
    assert states(person) == []
    watched = person.run("select rule from clock_watch where patient_id = :p", p=person.patient.id)
    assert [row.rule for row in watched] == ["no_sign"]


def test_two_pathways_that_want_one_pressure_ask_once(app: Flask, make: Factory) -> None:
    person = joined(app, make, "hypertension", "discharge_reablement")
    at(app, 9, 0)
    assert states(person).count(("blood-pressure", "missed")) == 1


@pytest.mark.parametrize(
    ("day", "due"),
    [("2026-10-24", "2026-10-24T08:00"), ("2026-10-25", "2026-10-25T09:00"), ("2027-03-27", "2027-03-27T09:00"),
     ("2027-03-28", "2027-03-28T08:00")],
)  # fmt: skip
@pytest.mark.hazard("H08")
def test_the_morning_stays_the_morning_over_the_night_the_clocks_change(
    app: Flask, make: Factory, day: str, due: str
) -> None:
    person = joined(app, make, "copd", at=datetime.fromisoformat(day + "T00:30+00:00"))
    rows = person.run(
        "select due_at from reading_due where patient_id = :p order by due_at", p=person.patient.id
    )
    assert rows[0].due_at == datetime.fromisoformat(due + "+00:00")
    assert len({row.due_at.date() for row in rows}) == len(rows)


def test_a_silence_that_goes_on_after_its_card_was_closed_comes_back(app: Flask, make: Factory) -> None:
    person = joined(app, make, "discharge_reablement")
    at(app, 12, 0)
    person.run(
        "update alert set closed_at = db_now(), outcome = 'no-change' where patient_id = :p",
        p=person.patient.id,
    )
    at(app, 20, 0)
    assert len(person.alerts()) == 1
    at(app, 12, 1, 5)
    assert len(person.alerts()) == 2


@pytest.mark.hazard("H09")
def test_what_was_due_while_no_worker_ran_is_asked_for_all_the_same(app: Flask, make: Factory) -> None:
    person = joined(app, make, "copd")
    step(app, days=3)
    readings(app)
    assert states(person) == [("spo2", "missed")] * 3


def test_a_canary_is_judged_and_disturbs_nobody(app: Flask, make: Factory) -> None:
    step_to(app, MORNING)
    person = on_pathway(app, make, "discharge_reablement", is_canary=True)
    readings(app)
    at(app, 12, 0)
    assert [alert.is_canary for alert in person.alerts()] == [True]
    assert person.told() == []
    assert now(app).day == 4


def test_a_silence_of_more_than_a_month_is_told_at_its_own_pace_and_not_every_day(
    app: Flask, make: Factory
) -> None:
    person = joined(app, make, "heart_failure")
    told = []
    for _ in range(42):
        step(app, days=1)
        run(app, "select ensure_partitions(0, 0, db_now())")
        readings(app)
        told.append(len(person.alerts()))
        person.run(CLOSE + " and closed_at is null", p=person.patient.id)
    daily = [after - before for before, after in itertools.pairwise(told)]
    # Every three days, and so after the thirty-first day too.
    assert sum(daily[-9:]) == 3
    assert max(daily[i] + daily[i + 1] for i in range(3, len(daily) - 1)) == 1
    (kept,) = person.run(
        "select max(since) as since from reading_silence where patient_id = :p", p=person.patient.id
    )
    assert now(app) - kept.since > timedelta(days=40)


@pytest.mark.hazard("H04")
def test_one_person_who_cannot_be_judged_stops_the_readings_of_nobody_else(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, other = (joined(app, make, "discharge_reablement") for _ in range(2))
    judged = readings_missed.reached

    def fails(row: MissedRow, as_of: datetime) -> list[MissedAction]:
        if row.since in broken:
            raise ValueError("planted")
        return judged(row, as_of)

    person.run(
        "update reading_due set due_at = due_at + interval '1 second' where patient_id = :p",
        p=person.patient.id,
    )
    broken = {
        row.due_at
        for row in person.run("select due_at from reading_due where patient_id = :p", p=person.patient.id)
    }
    monkeypatch.setattr(readings_missed, "reached", fails)
    at(app, 12, 0)
    assert [alert.rule for alert in other.alerts()] == ["readings_missed"]
    (alert,) = person.alerts()
    assert (alert.rule, alert.kind, alert.level) == ("check_failed", "technical", "soon")
    broken.clear()
    at(app, 12, 16)
    assert [alert.rule for alert in person.alerts()] == ["check_failed", "readings_missed"]


@pytest.mark.hazard("H04")
def test_a_pathway_whose_times_cannot_be_worked_out_stops_no_other(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = pathways.due_readings

    def fails(packs: Iterable[Pack], since: datetime, until: datetime) -> list[DueReading]:
        if any(pack.pathway == "copd" for pack in packs):
            raise ValueError("planted")
        return due(packs, since, until)

    monkeypatch.setattr(pathways, "due_readings", fails)
    person, other = joined(app, make, "copd"), joined(app, make, "discharge_reablement")
    at(app, 12, 0)
    assert [alert.rule for alert in other.alerts()] == ["readings_missed"]
    assert [alert.rule for alert in person.alerts()] == ["check_failed"]
    monkeypatch.undo()
    at(app, 12, 20)
    assert states(person) == [("spo2", "due")]
