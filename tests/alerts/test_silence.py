"""Silence is an alert with an owner: swept by one query, judged once, and told when the device is back."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.dialects.postgresql import Range

from backend.alerts.history import Finding, History
from backend.alerts.jobs import sweep
from backend.alerts.rules import device_silent
from tests.alerts.people import monitored, run
from tests.factories import Factory, Ref, since


def sweep_once(app: Flask) -> None:
    with app.app_context():
        sweep()


def heard(app: Flask, device: Ref, ago: str) -> None:
    run(app, "insert into device_state (device_id, last_seen_at) values (:d, now() - cast(:ago as interval))"
             " on conflict (device_id) do update set last_seen_at = excluded.last_seen_at",
        d=device.id, ago=ago)  # fmt: skip


def silent(app: Flask, make: Factory, status: str = "live", **device: Any) -> Any:
    person = monitored(app, make, status)
    kit = make.device(**{"kind": "pulse-oximeter", "expected_every_s": 3600, **device})
    make.wears(person.patient, kit)
    return person, kit


@pytest.mark.hazard("H03")
def test_a_silent_device_raises_one_alert_in_plain_words(app: Flask, make: Factory) -> None:
    person, kit = silent(app, make)
    heard(app, kit, "5 hours")
    sweep_once(app)
    sweep_once(app)
    (alert,) = person.alerts()
    assert (alert.rule, alert.kind, alert.level) == ("device_silent", "technical", "soon")
    assert alert.reason == "No sign from the pulse oximeter for 5 hours, expected every 1 hour"
    assert alert.repeats == 0
    assert person.told() == [("care-team", "alert-for-team"), ("patient", "device-not-heard")]


@pytest.mark.parametrize("ago", ["10 minutes", "2 hours"])
def test_a_device_that_is_only_late_raises_nothing(app: Flask, make: Factory, ago: str) -> None:
    person, kit = silent(app, make)
    heard(app, kit, ago)
    sweep_once(app)
    assert person.alerts() == []


def test_a_device_never_heard_since_it_was_given_out_is_silent(app: Flask, make: Factory) -> None:
    person, _ = silent(app, make)
    sweep_once(app)
    assert person.alerts()[0].reason == "Never heard from the pulse oximeter since it was given out"


def test_a_device_given_out_just_now_has_its_time(app: Flask, make: Factory) -> None:
    person = monitored(app, make)
    kit = make.device(expected_every_s=3600)
    make.wears(person.patient, kit, since(minutes=30))
    heard(app, kit, "30 days")
    sweep_once(app)
    assert person.alerts() == []


@pytest.mark.hazard("H28")
def test_a_pause_silences_a_persons_own_kit_but_not_the_household_alarm(app: Flask, make: Factory) -> None:
    paused, oximeter = silent(app, make, "paused")
    heard(app, oximeter, "5 hours")
    pendant = make.device("pendant", hb_s=3600)
    make.wears(paused.patient, pendant)
    heard(app, pendant, "5 hours")
    sweep_once(app)
    (alert,) = paused.alerts()
    assert "pendant" in alert.title


def test_kit_that_went_back_is_not_missed(app: Flask, make: Factory) -> None:
    person = monitored(app, make)
    kit = make.device(expected_every_s=3600)
    gone: Range[datetime] = Range(None, since(hours=1).lower)
    make.wears(person.patient, kit, gone)
    sweep_once(app)
    assert person.alerts() == []


def test_when_the_device_speaks_again_the_open_card_says_so_once(app: Flask, make: Factory) -> None:
    person, kit = silent(app, make)
    heard(app, kit, "5 hours")
    sweep_once(app)
    heard(app, kit, "-1 seconds")
    sweep_once(app)
    sweep_once(app)
    assert person.events() == ["raised", "heard-again"]
    assert person.alerts()[0].closed_at is None


def test_silent_a_second_time_the_open_card_counts_it(app: Flask, make: Factory) -> None:
    person, kit = silent(app, make)
    heard(app, kit, "9 hours")
    sweep_once(app)
    heard(app, kit, "4 hours")
    sweep_once(app)
    assert [alert.repeats for alert in person.alerts()] == [1]


def test_two_silent_devices_are_one_card_that_names_both(app: Flask, make: Factory) -> None:
    person, oximeter = silent(app, make)
    heard(app, oximeter, "5 hours")
    sweep_once(app)
    pendant = make.device("pendant", hb_s=3600)
    make.wears(person.patient, pendant)
    heard(app, pendant, "3 hours")
    sweep_once(app)
    sweep_once(app)
    (alert,) = person.alerts()
    assert alert.title == "No cover: 2 devices not heard"
    assert "pulse oximeter for 5 hours" in alert.reason
    assert "pendant for 3 hours" in alert.reason
    assert alert.repeats == 1


def test_a_sweep_over_many_people_costs_a_handful_of_queries(app: Flask, make: Factory) -> None:
    from sqlalchemy import event

    for _ in range(12):
        silent(app, make)
    asked: list[str] = []

    def count(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    engine = app.extensions["sqlalchemy"]._app_engines[app][None]
    event.listen(engine, "before_cursor_execute", count)
    try:
        sweep_once(app)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert len([one for one in asked if "savepoint" not in one.lower()]) <= 11


CLOSE = "update alert set closed_at = clock_timestamp() - cast(:ago as interval), outcome = 'contact'"


def test_a_silence_that_somebody_closed_does_not_come_back_at_the_next_look(
    app: Flask, make: Factory
) -> None:
    person, kit = silent(app, make)
    heard(app, kit, "5 hours")
    sweep_once(app)
    run(app, CLOSE, ago="0 seconds")
    sweep_once(app)
    assert len(person.alerts()) == 1


def test_a_closed_silence_comes_back_after_a_day(app: Flask, make: Factory) -> None:
    person, kit = silent(app, make)
    heard(app, kit, "3 days")
    sweep_once(app)
    run(app, CLOSE, ago="25 hours")
    sweep_once(app)
    assert len(person.alerts()) == 2


def test_a_device_that_spoke_after_the_closing_and_fell_silent_again_is_a_new_silence(
    app: Flask, make: Factory
) -> None:
    person, kit = silent(app, make)
    heard(app, kit, "9 hours")
    sweep_once(app)
    run(app, CLOSE, ago="8 hours")
    heard(app, kit, "5 hours")
    sweep_once(app)
    assert len(person.alerts()) == 2


def test_closing_one_devices_silence_says_nothing_of_another(app: Flask, make: Factory) -> None:
    person, kit = silent(app, make)
    heard(app, kit, "5 hours")
    sweep_once(app)
    run(app, CLOSE, ago="0 seconds")
    other = make.device(kind="scale", expected_every_s=3600)
    make.wears(person.patient, other)
    heard(app, other, "5 hours")
    sweep_once(app)
    assert [alert.reason for alert in person.alerts()][-1].startswith("No sign from the scale")


@pytest.mark.hazard("H04")
def test_one_device_that_cannot_be_judged_stops_no_other(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    (broken, kit), (fine, other) = silent(app, make), silent(app, make)
    heard(app, kit, "5 hours")
    heard(app, other, "5 hours")
    judged = device_silent.evaluate

    def fails(history: History) -> Finding | None:
        if history.device is not None and history.device.device_id == kit.name:
            raise ValueError("planted")
        return judged(history)

    monkeypatch.setattr(device_silent, "evaluate", fails)
    sweep_once(app)
    assert [alert.rule for alert in fine.alerts()] == ["device_silent"]
    assert [(alert.rule, alert.kind) for alert in broken.alerts()] == [("check_failed", "technical")]
