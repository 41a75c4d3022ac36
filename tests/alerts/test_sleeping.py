"""A device may speak more often than staff ask and sleep as long as staff allow; it never stretches its own silence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from backend.alerts.jobs import sweep
from backend.alerts.rules.device_silent import cover
from backend.core.db import transaction
from backend.devices.service import devices_of, note_presence
from backend.observations.reading import Presence
from tests.alerts.people import Monitored, monitored, run
from tests.factories import Factory, Ref

HOUR = 3600


def pendant(app: Flask, make: Factory, hb_s: int = HOUR) -> tuple[Monitored, Ref]:
    person = monitored(app, make)
    kit = make.device("pendant", hb_s=hb_s)
    make.wears(person.patient, kit)
    return person, kit


def says(app: Flask, kit: Ref, hours_ago: float, *, retained: bool = False, **said: Any) -> None:
    """A birth, sleep or will of so many hours ago, and that was its last sign of life."""
    at = datetime.now(UTC) - timedelta(hours=hours_ago)
    with app.app_context(), transaction():
        note_presence(kit.name, Presence(**({"state": "ready", "boot": "b1"} | said)), at, retained=retained)


def state(app: Flask, person: Monitored) -> str:
    with app.app_context():
        (worn,) = devices_of(person.patient.id)
    return cover(
        worn.every_s, worn.bound_at, worn.last_seen_at, datetime.now(UTC), worn.asleep_until, worn.lost_at
    )


def swept(app: Flask, person: Monitored) -> list[Any]:
    with app.app_context():
        sweep()
    return person.alerts()


@pytest.mark.hazard("H03")
@pytest.mark.parametrize(
    ("staff_s", "said_s", "every_s"),
    [(HOUR, 90_000, HOUR), (HOUR, 600, 600), (HOUR, None, HOUR), (90_000, HOUR, HOUR)],
)
def test_a_device_may_shorten_its_interval_and_never_stretch_it(
    app: Flask, make: Factory, staff_s: int, said_s: int | None, every_s: int
) -> None:
    person, kit = pendant(app, make, hb_s=staff_s)
    says(app, kit, 0, hb_s=said_s)
    with app.app_context():
        assert [one.every_s for one in devices_of(person.patient.id)] == [every_s]


@pytest.mark.hazard("H03")
@pytest.mark.parametrize(
    ("hours_quiet", "wake_after_s", "silent"),
    [
        (2.0, None, False), (2.6, None, True),
        # Wakes after two and a quarter hours: waited for until then and a quarter of an hour more.
        (2.6, 9_000, False), (2.8, 9_000, True), (2.3, 60, False), (2.6, 60, True),
        # A week of sleep is cut to the two and a half hours that staff allow.
        (2.7, 7 * 86_400, False), (2.8, 7 * 86_400, True), (2.8, 2**53 - 1, True),
    ],
)  # fmt: skip
def test_one_that_sleeps_is_waited_for_until_it_said_it_wakes_but_no_longer_than_staff_allow(
    app: Flask, make: Factory, hours_quiet: float, wake_after_s: int | None, silent: bool
) -> None:
    person, kit = pendant(app, make)
    says(app, kit, hours_quiet, state="sleeping", next_wake_s=wake_after_s)
    assert (state(app, person) == "silent") == silent
    assert bool(swept(app, person)) == silent


def test_sleep_is_over_once_the_device_is_born_again(app: Flask, make: Factory) -> None:
    person, kit = pendant(app, make, hb_s=600)
    says(app, kit, 0.6, state="sleeping", next_wake_s=1500)
    says(app, kit, 0.5, state="ready", boot="b2")
    assert state(app, person) == "silent"


def test_a_retained_copy_of_an_old_sleep_starts_no_new_one(app: Flask, make: Factory) -> None:
    person, kit = pendant(app, make)
    says(app, kit, 2.8, state="sleeping", next_wake_s=9_000)
    says(app, kit, 0, state="sleeping", next_wake_s=9_000, retained=True)
    assert state(app, person) == "silent"


@pytest.mark.parametrize(("seconds", "expected"), [(30, "ok"), (119, "ok"), (121, "late"), (3000, "late")])
def test_a_lost_connection_is_late_after_two_minutes_and_calls_nobody(
    app: Flask, make: Factory, seconds: int, expected: str
) -> None:
    person, kit = pendant(app, make)
    says(app, kit, (seconds + 60) / HOUR)
    says(app, kit, seconds / HOUR, state="lost")
    assert state(app, person) == expected
    assert swept(app, person) == []


def test_the_late_will_of_an_older_life_does_not_make_a_device_late_that_is_back(
    app: Flask, make: Factory
) -> None:
    person, kit = pendant(app, make)
    says(app, kit, 0.2, boot="b1")
    says(app, kit, 0.1, boot="b2")
    says(app, kit, 0.09, state="lost", boot="b1")
    assert state(app, person) == "ok"


def test_the_silence_is_told_to_the_person_in_plain_words(app: Flask, make: Factory) -> None:
    person, kit = pendant(app, make)
    says(app, kit, 3)
    (alert,) = swept(app, person)
    assert alert.reason == "No sign from the pendant for 3 hours, expected every 1 hour"
    assert run(
        app, "select template from communication where to_kind = 'patient' and alert_id = :a", a=alert.id
    ) == [("device-not-heard",)]
