"""A contact ends the ladder for what was known then, and for nothing that comes after it: a press, a worse value."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from backend.escalation.jobs import climb
from backend.observations.codes import Code
from backend.observations.reading import AlarmKind, Phase
from tests.alerts.people import Monitored, judge, monitored, run
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.desk.acting import Row, ask, did, listed, step
from tests.factories import Factory, Ref

REACHED = {"to": "person", "how": "call", "result": "reached"}


@pytest.fixture
def person(app: Flask, make: Factory) -> Iterator[Monitored]:
    """Somebody with a target of 88 to 92, on the list of a team."""
    found = monitored(app, make)
    found.limit(Code.SPO2, "88", "92")
    yield found
    run(app, "select set_config('alongside.clock_offset', '', false)")


@pytest.fixture
def nurse(person: Monitored, browse: Callable[..., Browser], make: Factory) -> Browser:
    """Their nurse, signed in."""
    return browse(make.account(practitioner=person.nurse), "team")


@pytest.fixture
def pendant(make: Factory) -> Ref:
    """What they wear."""
    return make.device("pendant")


def spoken_to(nurse: Browser) -> Row:
    """The one card, claimed, and its person reached."""
    (row,) = listed(nurse)
    return did(nurse, did(nurse, row, "claim"), "contact", REACHED)


def told_of(app: Flask, alarm_id: str) -> list[str]:
    asked = "select payload ->> 'state' as state from downlink where payload ->> 'alarm' = :a order by id"
    return [row.state for row in run(app, asked, a=alarm_id)]


def of_rule(person: Monitored, rule: str) -> Any:
    return next(alert for alert in person.alerts() if alert.rule == rule)


@pytest.mark.hazard("H23")
def test_a_press_after_the_contact_rings_and_climbs_as_a_first_one_does(
    app: Flask, person: Monitored, nurse: Browser, pendant: Ref
) -> None:
    press(app, pendant, person.patient, alarm_id="alarm-first")
    before = spoken_to(nurse)
    assert told_of(app, "alarm-first")[-1] == "being_handled"
    step(app, "25 minutes")
    told = len(person.told())
    press(app, pendant, person.patient, alarm_id="alarm-second")
    (alert,) = person.alerts()
    assert (alert.claimed_at, alert.contacted_at, alert.unreached_at, alert.rung) == (None, None, None, 0)
    assert alert.rung_due_at == alert.acknowledge_by
    assert alert.owner_id == person.nurse.id
    (left,) = run(app, "select extract(epoch from acknowledge_by - db_now()) as s from alert")
    assert 50 < left.s <= 60
    assert ("care-team", "alert-for-team") in person.told()[told:]
    assert person.events()[-2:] == ["pressed-again", "woken"]
    # What the gateway answers by itself is `received`; nothing here says more, and what said more is taken back.
    assert (told_of(app, "alarm-first")[-1], told_of(app, "alarm-second")) == ("received", [])
    (row,) = listed(nurse)
    assert (row["state"], row["next_action"]["what"]) == ("open", "claim")
    assert row["climbs_at"] is not None
    assert ask(nurse, before, "close", {"outcome": "advice", "confirm": True}).status_code == 412
    step(app, "27 minutes")
    with app.app_context():
        climb()
    assert len(run(app, "select 1 from escalation_step where alert_id = :a", a=alert.id)) > 0


@pytest.mark.hazard("H07")
@pytest.mark.parametrize(
    ("message", "phase", "minutes", "rings"),
    [
        ("m2", Phase.RAISE, 11, True),
        ("m2", Phase.RAISE, 9, False),
        ("m", Phase.RAISE, 11, False),
        ("m2", Phase.REPEAT, 11, False),
    ],
    ids=["new message", "still the same press", "delivered twice", "repeat"],
)
def test_a_used_alarm_id_raised_anew_long_after_its_last_word_rings_on_an_open_card_too(
    app: Flask, person: Monitored, nurse: Browser, pendant: Ref,
    message: str, phase: Phase, minutes: int, rings: bool,
) -> None:  # fmt: skip
    press(app, pendant, person.patient, alarm_id="SOS-only")
    version = spoken_to(nurse)["version"]
    run(app, "update alarm_event set received_at = received_at - :m * interval '1 minute'", m=minutes)
    press(app, pendant, person.patient, alarm_id="SOS-only", phase=phase, message_id=message)
    (alert,) = person.alerts()
    assert (alert.rung_due_at is not None, alert.contacted_at is None) == (rings, rings)
    assert (alert.version > version) == rings
    # Whoever comes back to the broker hears what is true now.
    assert told_of(app, "SOS-only")[-1] == ("received" if rings else "being_handled")


@pytest.mark.hazard("H06")
@pytest.mark.parametrize(
    "kind", [AlarmKind.DOOR, AlarmKind.INACTIVITY, AlarmKind.TECHNICAL, AlarmKind.LOW_BATTERY]
)
def test_an_alarm_put_aside_wakes_when_it_comes_anew_and_a_low_battery_sleeps_on(
    app: Flask, person: Monitored, nurse: Browser, make: Factory, kind: AlarmKind
) -> None:
    device = make.device("door-sensor")
    press(app, device, person.patient, kind=kind)
    (row,) = listed(nurse)
    did(nurse, row, "snooze", {"minutes": 60, "why": "A visit is arranged"})
    press(app, device, person.patient, kind=kind)
    (alert,) = person.alerts()
    sleeps = kind is AlarmKind.LOW_BATTERY
    assert (alert.snoozed_until is not None, alert.claimed_at is not None) == (sleeps, sleeps)
    assert (alert.rung_due_at == alert.acknowledge_by) != sleeps


@pytest.mark.hazard("H23")
def test_a_worry_said_once_more_after_the_contact_waits_for_somebody_anew(
    app: Flask, person: Monitored, nurse: Browser, browse: Callable[..., Browser], make: Factory
) -> None:
    mine = browse(make.account(patient=person.patient))
    assert mine.post(f"/patients/{person.patient.public_id}/concern", {}).status_code == 201
    spoken_to(nurse)
    step(app, "10 minutes")
    assert mine.post(f"/patients/{person.patient.public_id}/concern", {}).status_code == 201
    (row,) = listed(nurse)
    assert (row["state"], row["climbs_at"] is not None) == ("open", True)


@pytest.mark.hazard("H06")
@pytest.mark.parametrize(
    ("before", "after", "wakes"),
    [
        (["87", "87"], ["86"], False),
        (["87", "87"], ["85", "84.5"], True),
        (["87", "86", "91"], ["86", "86"], True),
    ],
    ids=["about as low", "lower", "well when they were spoken to"],
)
def test_oxygen_worse_than_when_they_were_spoken_to_wakes_the_alert(
    app: Flask, person: Monitored, nurse: Browser, before: list[str], after: list[str], wakes: bool
) -> None:
    for n, value in enumerate(before):
        person.measures(value, ago=40 - 8 * n)
    judge(app)
    version = spoken_to(nurse)["version"]
    told = person.told().count(("care-team", "alert-for-team"))
    for n, value in enumerate(after):
        run(app, "select set_config('alongside.clock_offset', :m, false)", m=f"{n + 1} minutes")
        person.measures(value, ago=-n - 0.5)
    step(app, "5 minutes")
    judge(app)
    alert = of_rule(person, "spo2_low")
    assert (alert.contacted_at is None, alert.rung_due_at is not None, alert.claimed_at is None) == (
        wakes,
    ) * 3
    assert (alert.version > version, person.told().count(("care-team", "alert-for-team")) > told) == (
        wakes,
        wakes,
    )


@pytest.mark.hazard("H23")
def test_a_press_on_a_finding_that_is_not_the_head_cannot_be_closed_unseen(
    app: Flask, person: Monitored, nurse: Browser, make: Factory, pendant: Ref
) -> None:
    make.alert(person.patient)
    press(app, pendant, person.patient)
    (row,) = listed(nurse)
    seen = did(nurse, row, "claim")
    press(app, pendant, person.patient)
    answer = ask(nurse, seen, "close", {"outcome": "advice", "confirm": True})
    assert answer.status_code == 412, answer.get_data(as_text=True)
    assert [alert.closed_at for alert in person.alerts()] == [None, None]
