"""Who lives alone and gives no sign, and a home that is quieter than it ever is."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from backend.alerts.service import raise_alarm
from backend.core.db import transaction
from backend.observations.codes import Code
from backend.observations.reading import Alarm, AlarmKind, Phase
from tests.alerts.clock.stepped import now, on_pathway, signs, step, step_to, takes
from tests.alerts.people import Monitored, run
from tests.factories import Factory

NOON = datetime(2080, 11, 4, 12, 0, tzinfo=UTC)


def alone(
    app: Flask, make: Factory, name: str = "frailty_falls", *, lives_alone: bool | None = True
) -> Monitored:
    step_to(app, NOON)
    run(app, "select ensure_partitions(1, 0, :at)", at=NOON)
    person = on_pathway(app, make, name, lives_alone=lives_alone)
    person.run("update enrolment set valid = '[2020-01-01,)' where patient_id = :p", p=person.patient.id)
    signs(app)
    return person


def later(app: Flask, **by: float) -> None:
    step(app, **by)
    signs(app)


@pytest.mark.hazard("H03")
def test_who_lives_alone_and_gives_no_sign_for_a_day_is_called(app: Flask, make: Factory) -> None:
    person = alone(app, make)
    later(app, hours=23, minutes=59)
    assert person.alerts() == []
    later(app, minutes=1, seconds=5)
    (alert,) = person.alerts()
    assert (alert.rule, alert.level, alert.kind) == ("no_sign", "urgent", "clinical")
    assert alert.reason == "Lives alone, no sign from any source for 24 hours. Call today"
    later(app, minutes=30)
    assert person.events() == ["raised"]


@pytest.mark.hazard("H03")
def test_of_whom_it_is_not_known_whether_they_live_alone_is_called_as_who_does(
    app: Flask, make: Factory
) -> None:
    person = alone(app, make, lives_alone=None)
    later(app, hours=24, seconds=5)
    (alert,) = person.alerts()
    assert alert.rule == "no_sign"
    assert alert.reason.startswith("Not known whether anybody lives with them, no sign from any source")


def test_who_lives_with_somebody_is_not_called(app: Flask, make: Factory) -> None:
    person = alone(app, make, lives_alone=False)
    later(app, hours=60)
    assert person.alerts() == []


@pytest.mark.parametrize(
    ("code", "value", "counts"),
    [
        (Code.SPO2, "95", True),
        (Code.MOVEMENT, "1", True),
        (Code.DOOR, "1", True),
        (Code.CONCERN, "0", True),
        # A sensor that reports nobody has seen nobody.
        (Code.MOVEMENT, "0", False),
        (Code.BED_OCCUPANCY, "0", False),
        (Code.STEPS, "0", False),
        # A carer's worry is no sign of the person.
        (Code.CONCERN, "1", True),
        (Code.CONCERN, "2", False),
    ],
)
@pytest.mark.hazard("H03")
def test_a_sign_is_of_the_person_and_not_of_a_sensor(
    app: Flask, make: Factory, code: Code, value: str, counts: bool
) -> None:
    person = alone(app, make)
    step(app, hours=20)
    takes(person, code, value)
    later(app, hours=5)
    assert (person.alerts() == []) is counts
    later(app, hours=20)
    assert len(person.alerts()) == 1


def test_a_press_and_a_contact_on_record_are_signs(app: Flask, make: Factory) -> None:
    person = alone(app, make)
    step(app, hours=20)
    make.alert(person.patient, rule="sos", kind="alarm", opened_at=now(app), closed_at=now(app))
    later(app, hours=10)
    assert [alert.rule for alert in person.alerts()] == ["sos"]


@pytest.mark.hazard("H03")
@pytest.mark.parametrize(("rule", "counts"), [("fall", True), ("inactivity", False), ("smoke", False)])
def test_an_alarm_that_is_not_the_persons_own_is_no_sign_of_them(
    app: Flask, make: Factory, rule: str, counts: bool
) -> None:
    person = alone(app, make)
    step(app, hours=20)
    make.alert(person.patient, rule=rule, kind="alarm", opened_at=now(app), closed_at=now(app))
    later(app, hours=5)
    assert ("no_sign" in [alert.rule for alert in person.alerts()]) is not counts


@pytest.mark.hazard("H04")
def test_a_parameter_that_cannot_be_read_stops_the_check_of_nobody_else_and_is_told(
    app: Flask, make: Factory
) -> None:
    person, other = alone(app, make), alone(app, make)
    person.run(
        "insert into rule_choice (patient_id, version, rule, name, value, chosen_by, reason)"
        " values (:p, 1, 'no_sign', 'hours', 'a day', 'Dr Test', 'test')",
        p=person.patient.id,
    )
    later(app, hours=25)
    later(app, minutes=16)
    assert [alert.rule for alert in other.alerts()] == ["no_sign"]
    (alert,) = person.alerts()
    assert (alert.rule, alert.kind, alert.level) == ("check_failed", "technical", "soon")
    assert "no_sign" in alert.reason
    person.run("delete from rule_choice")
    later(app, minutes=16)
    assert [alert.rule for alert in person.alerts()] == ["check_failed", "no_sign"]


@pytest.mark.hazard("H03")
def test_a_heartbeat_of_a_device_is_no_sign_of_anybody(app: Flask, make: Factory) -> None:
    person = alone(app, make)
    make.wears(person.patient, make.device("pendant"))
    step(app, hours=23)
    run(app, "insert into device_state (device_id, last_seen_at) select id, db_now() from device")
    later(app, hours=2)
    assert [alert.rule for alert in person.alerts()] == ["no_sign"]


def test_after_a_pause_the_day_begins_anew(app: Flask, make: Factory) -> None:
    person = alone(app, make)
    person.run(
        "insert into pause (patient_id, span, kind, reason)"
        " values (:p, tstzrange(db_now(), db_now() + interval '2 days'), 'admission', 'test')",
        p=person.patient.id,
    )
    later(app, hours=71)
    assert person.alerts() == []
    later(app, hours=2)
    assert len(person.alerts()) == 1


def test_a_sign_that_comes_is_told_and_the_card_stays_until_somebody_has_spoken(
    app: Flask, make: Factory
) -> None:
    person = alone(app, make)
    later(app, hours=25)
    takes(person, Code.MOVEMENT, "1")
    later(app, minutes=16)
    later(app, minutes=16)
    assert person.events() == ["raised", "sign-seen"]
    assert person.alerts()[0].closed_at is None


def test_a_closed_card_comes_back_a_day_later_while_nothing_is_heard(app: Flask, make: Factory) -> None:
    person = alone(app, make)
    later(app, hours=25)
    person.run(
        "update alert set closed_at = db_now(), outcome = 'contact' where patient_id = :p",
        p=person.patient.id,
    )
    later(app, hours=23)
    assert len(person.alerts()) == 1
    later(app, hours=2)
    assert len(person.alerts()) == 2


@pytest.mark.parametrize("status", ["paused", "ended", "awaiting-kit"])
def test_who_is_not_live_is_not_watched_for_signs(app: Flask, make: Factory, status: str) -> None:
    person = alone(app, make)
    person.run("update enrolment set status = :s where patient_id = :p", s=status, p=person.patient.id)
    later(app, hours=60)
    assert person.alerts() == []


def lives_in_rhythm(person: Monitored, days: int, every: timedelta = timedelta(minutes=40)) -> None:
    """A movement each 40 minutes from 08:00 to 20:00, for so many days up to yesterday."""
    for day in range(1, days + 1):
        at = (now(person.app) - timedelta(days=day)).replace(hour=8, minute=0)
        while at.hour < 20:
            person.run(
                "insert into observation (patient_id, code, effective_at, received_at, value, device_message_id)"
                " values (:p, :c, :at, :at, 1, 0)",
                p=person.patient.id, c=Code.MOVEMENT.number, at=at,
            )  # fmt: skip
            at += every


def learns_anew(app: Flask, person: Monitored) -> None:
    person.run("update clock_watch set check_at = db_now() where patient_id = :p", p=person.patient.id)
    signs(app)


@pytest.mark.hazard("H03")
def test_a_home_quieter_than_it_ever_is_is_called_at_its_own_threshold(app: Flask, make: Factory) -> None:
    person = alone(app, make, lives_alone=False)
    lives_in_rhythm(person, 15)
    takes(person, Code.MOVEMENT, "1", NOON)
    learns_anew(app, person)
    learns_anew(app, person)
    (pattern,) = person.run("select * from home_pattern where patient_id = :p", p=person.patient.id)
    assert (pattern.days, pattern.usual_gap_s) == (16, 2400)
    # Forty minutes and half again are an hour, and never under two hours.
    later(app, hours=1, minutes=59)
    assert person.alerts() == []
    later(app, minutes=2)
    (alert,) = person.alerts()
    assert (alert.rule, alert.level) == ("inactivity", "urgent")
    assert "No movement at home for 2 h 1 min; here it is seldom over 40 minutes" in alert.reason


def test_thirteen_days_teach_nothing_yet(app: Flask, make: Factory) -> None:
    person = alone(app, make, lives_alone=False)
    lives_in_rhythm(person, 12)
    takes(person, Code.MOVEMENT, "1", NOON)
    learns_anew(app, person)
    learns_anew(app, person)
    later(app, hours=6)
    assert person.alerts() == []


@pytest.mark.hazard("H03")
def test_a_door_somebody_left_by_excuses_the_quiet_for_six_hours_and_no_longer(
    app: Flask, make: Factory
) -> None:
    person = alone(app, make, lives_alone=False)
    lives_in_rhythm(person, 15)
    takes(person, Code.MOVEMENT, "1", NOON)
    learns_anew(app, person)
    takes(person, Code.PROPERTY_EXIT, "1")
    learns_anew(app, person)
    later(app, hours=5, minutes=58)
    assert person.alerts() == []
    later(app, minutes=3)
    (alert,) = person.alerts()
    assert (alert.rule, alert.level) == ("inactivity", "urgent")
    assert "Somebody left at 12:00, and nobody was seen to come back" in alert.reason


@pytest.mark.parametrize("why", ["out", "paused", "sensor silent"])
def test_who_is_away_or_whose_sensor_is_not_heard_is_not_judged_by_quiet(
    app: Flask, make: Factory, why: str
) -> None:
    person = alone(app, make, lives_alone=False)
    lives_in_rhythm(person, 15)
    takes(person, Code.MOVEMENT, "1", NOON)
    learns_anew(app, person)
    if why == "out":
        step(app, minutes=5)
        takes(person, Code.PROPERTY_EXIT, "1")
    elif why == "paused":
        person.run(
            "insert into pause (patient_id, span, kind, reason)"
            " values (:p, tstzrange(db_now(), db_now() + interval '2 days'), 'pause', 'test')",
            p=person.patient.id,
        )
    else:
        make.wears(person.patient, make.device("motion-sensor"))
    learns_anew(app, person)
    later(app, hours=4)
    assert person.alerts() == []


@pytest.mark.hazard("H03")
def test_a_kits_own_alarm_that_nobody_moves_is_another_episode_than_the_clocks(
    app: Flask, make: Factory
) -> None:
    person = alone(app, make, lives_alone=False)
    lives_in_rhythm(person, 15)
    takes(person, Code.MOVEMENT, "1", NOON)
    learns_anew(app, person)
    learns_anew(app, person)
    sensor = make.device("bed-sensor")
    said = Alarm("alarm-1", Phase.RAISE, AlarmKind.INACTIVITY, None, now(app), sensor.name, message_id="m")
    with app.app_context(), transaction():
        raise_alarm(said, sensor.id, person.patient.id)
    later(app, hours=2, minutes=1)
    assert sorted((alert.rule, alert.kind) for alert in person.alerts()) == [
        ("inactivity", "clinical"), ("inactivity_alarm", "alarm"),
    ]  # fmt: skip
