"""A door at night and an empty bed: what is waited for is somebody who comes back."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from backend.observations.codes import Code
from tests.alerts.clock.stepped import now, on_pathway, step, step_to
from tests.alerts.people import Monitored, judge, run
from tests.factories import Factory

# Two in the morning in winter time.
NIGHT = datetime(2080, 11, 4, 2, 0, tzinfo=UTC)


def at_home(app: Flask, make: Factory, at: datetime = NIGHT, name: str = "dementia_telecare") -> Monitored:
    step_to(app, at)
    run(app, "select ensure_partitions(1, 0, :at)", at=at)
    person = on_pathway(app, make, name)
    person.run("update enrolment set valid = '[2020-01-01,)' where patient_id = :p", p=person.patient.id)
    return person


def sees(person: Monitored, code: Code, value: int) -> None:
    at = now(person.app)
    person.run(
        "insert into observation (patient_id, code, effective_at, received_at, value) values (:p, :c, :at, :at, :v)",
        p=person.patient.id, c=code.number, at=at, v=value,
    )  # fmt: skip
    person.run(
        "insert into evaluation_wait (patient_id, codes, effective_from) values (:p, array[cast(:c as smallint)], :at)",
        p=person.patient.id, c=code.number, at=at,
    )  # fmt: skip
    judge(person.app)


def later(app: Flask, minutes: float) -> None:
    step(app, minutes=minutes)
    judge(app)


@pytest.mark.parametrize(
    ("code", "did"), [(Code.PROPERTY_EXIT, "left the home"), (Code.DOOR, "opened the door")]
)
def test_who_went_out_at_night_and_is_not_back_in_a_quarter_of_an_hour_is_looked_for(
    app: Flask, make: Factory, code: Code, did: str
) -> None:
    person = at_home(app, make)
    sees(person, code, 1)
    later(app, 14)
    assert person.alerts() == []
    later(app, 1.1)
    (alert,) = person.alerts()
    assert (alert.rule, alert.level) == ("door_night", "urgent")
    assert alert.reason == f"Somebody {did} at 02:00 and has not come back"
    # Nobody is asked to measure again: what was waited for is a person.
    assert ("patient", "please-measure-again") not in person.told()


def test_who_left_just_before_the_night_began_is_looked_for_in_it(app: Flask, make: Factory) -> None:
    person = at_home(app, make, NIGHT - timedelta(hours=3, minutes=2))
    sees(person, Code.PROPERTY_EXIT, 1)
    later(app, 15.1)
    (alert,) = person.alerts()
    assert (alert.rule, alert.reason) == (
        "door_night",
        "Somebody left the home at 22:58 and has not come back",
    )


def test_who_comes_back_is_left_in_peace(app: Flask, make: Factory) -> None:
    person = at_home(app, make)
    sees(person, Code.PROPERTY_EXIT, 1)
    step(app, minutes=10)
    sees(person, Code.MOVEMENT, 1)
    later(app, 20)
    assert person.alerts() == []


def test_by_day_and_on_another_pathway_a_door_says_nothing(app: Flask, make: Factory) -> None:
    day = at_home(app, make, NIGHT + timedelta(hours=8))
    sees(day, Code.PROPERTY_EXIT, 1)
    later(app, 60)
    assert day.alerts() == []
    other = at_home(app, make, NIGHT, "frailty_falls")
    sees(other, Code.PROPERTY_EXIT, 1)
    later(app, 60)
    assert [alert for alert in other.alerts() if alert.rule == "door_night"] == []


def test_a_bed_left_at_night_for_longer_than_a_persons_own_limit_is_told(app: Flask, make: Factory) -> None:
    person = at_home(app, make)
    person.limit(Code.BED_OCCUPANCY, None, "45")
    sees(person, Code.BED_OCCUPANCY, 1)
    step(app, minutes=20)
    sees(person, Code.BED_OCCUPANCY, 0)
    later(app, 44)
    assert person.alerts() == []
    later(app, 1.1)
    (alert,) = person.alerts()
    assert (alert.rule, alert.level) == ("bed_exit", "soon")
    assert alert.reason == "Out of bed since 02:20, 45 minutes, and not back"


@pytest.mark.parametrize(("hours", "minutes"), [(8, 0), (0, -190)])
def test_a_bed_left_hours_after_going_to_it_or_just_before_the_night_is_told(
    app: Flask, make: Factory, hours: int, minutes: int
) -> None:
    # Into bed at nine and out at five; and into bed at half past ten and out ten minutes before the night begins.
    person = at_home(
        app, make, NIGHT + timedelta(hours=-5 if hours else 0, minutes=minutes - 20 if minutes else 0)
    )
    sees(person, Code.BED_OCCUPANCY, 1)
    step(app, hours=hours, minutes=20 if minutes else 0)
    sees(person, Code.BED_OCCUPANCY, 0)
    later(app, 31)
    assert [alert.rule for alert in person.alerts()] == ["bed_exit"]


def test_hours_of_the_night_are_those_on_the_wall_in_summer_too(app: Flask, make: Factory) -> None:
    # Half past ten in the evening in UTC is half past eleven on the wall.
    person = at_home(app, make, datetime(2080, 7, 1, 22, 30, tzinfo=UTC))
    sees(person, Code.PROPERTY_EXIT, 1)
    later(app, 16)
    assert [alert.rule for alert in person.alerts()] == ["door_night"]
    assert "at 23:30" in person.alerts()[0].reason
