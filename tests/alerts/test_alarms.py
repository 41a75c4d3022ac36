"""An alarm is on a desk as it arrives, in every state of binding, monitoring, consent and clock."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask

from backend.alerts.alarms import MEANINGS
from backend.alerts.occurrence import Episode
from backend.alerts.service import raise_alarm
from backend.core.db import transaction
from backend.observations.reading import Alarm, AlarmKind, Phase
from tests.alerts.people import monitored, run
from tests.factories import Factory, Ref, ended

_ids = count(1)


def press(
    app: Flask,
    device: Ref | None = None,
    patient: Ref | None = None,
    *,
    kind: AlarmKind = AlarmKind.SOS,
    phase: Phase = Phase.RAISE,
    alarm_id: str | None = None,
    raised_at: datetime | None = None,
    name: str = "pendant-nobody-knows",
    message_id: str | None = "m",
) -> Episode | None:
    alarm = Alarm(
        alarm_id or f"alarm-{next(_ids):06d}", phase, kind, raised_at, datetime.now(UTC),
        device.name if device else name, message_id=message_id,
    )  # fmt: skip
    with app.app_context(), transaction():
        return raise_alarm(alarm, device.id if device else None, patient.id if patient else None)


def alert(app: Flask, episode: Episode | None) -> Any:
    assert episode is not None
    return run(app, "select * from alert where id = :id", id=episode.alert_id)[0]


def test_an_alarm_from_an_unknown_device_reaches_the_duty_desk(app: Flask) -> None:
    row = alert(app, press(app))
    assert (row.level, row.kind, row.patient_id, row.rule) == ("emergency", "alarm", None, "sos")
    assert row.title == "Unassigned device"
    (told,) = run(app, "select to_kind, template from communication where alert_id = :id", id=row.id)
    assert (told.to_kind, told.template) == ("duty", "alert-for-team")


def test_an_alarm_from_an_unbound_device_reaches_the_duty_desk_with_its_last_address(
    app: Flask, make: Factory
) -> None:
    device = make.device("pendant", last_known_address="Flat 2, 14 Test Row")
    row = alert(app, press(app, device))
    assert row.title == "Unassigned pendant"
    assert "Last known address: Flat 2, 14 Test Row" in row.reason


@pytest.mark.parametrize("status", ["live", "paused", "referred", "awaiting-kit", "ended"])
@pytest.mark.parametrize("consent", ["given", "withdrawn", "never asked"])
@pytest.mark.hazard("H28")
def test_no_state_of_monitoring_or_consent_holds_an_alarm(
    app: Flask, make: Factory, status: str, consent: str
) -> None:
    person = monitored(app, make, status)
    if consent != "never asked":
        make.monitoring_consent(person.patient, ended() if consent == "withdrawn" else None)
    row = alert(app, press(app, make.device("pendant"), person.patient))
    assert (row.level, row.care_team_id) == ("emergency", person.team.id)


@pytest.mark.parametrize("days", [-3650, -1, 0, 1, 3650])
@pytest.mark.hazard("H08")
def test_a_wrong_clock_neither_holds_nor_dates_an_alarm(app: Flask, make: Factory, days: int) -> None:
    person = monitored(app, make)
    said = datetime.now(UTC) + timedelta(days=days)
    row = alert(app, press(app, make.device("pendant"), person.patient, raised_at=said))
    assert abs((row.true_at - datetime.now(UTC)).total_seconds()) < 120
    assert not row.late
    assert row.level == "emergency"


def test_a_pendant_and_a_fall_have_a_minute_and_then_three(app: Flask, make: Factory) -> None:
    for kind in (AlarmKind.SOS, AlarmKind.FALL):
        row = alert(app, press(app, make.device(), monitored(app, make).patient, kind=kind))
        assert (row.acknowledge_by - row.opened_at).total_seconds() == 60
        assert (row.contact_by - row.acknowledge_by).total_seconds() == 180


@pytest.mark.hazard("H07")
def test_repeats_of_one_alarm_open_one_alert_and_do_not_change_its_version(app: Flask, make: Factory) -> None:
    person, device = monitored(app, make), make.device("pendant")
    first = press(app, device, person.patient, alarm_id="alarm-same")
    for _ in range(12):
        press(app, device, person.patient, alarm_id="alarm-same", phase=Phase.REPEAT)
    (row,) = person.alerts()
    assert (row.id, row.repeats, row.version) == (first and first.alert_id, 12, 1)
    assert len(run(app, "select 1 from alarm_event where alarm_id = 'alarm-same'")) == 13
    assert len(person.told()) == 2


@pytest.mark.hazard("H07")
def test_a_repeat_after_closing_never_opens_it_anew_but_a_new_press_does(app: Flask, make: Factory) -> None:
    person, device = monitored(app, make), make.device("pendant")
    press(app, device, person.patient, alarm_id="alarm-done")
    run(
        app,
        "update alert set closed_at = now(), outcome = 'contact' where patient_id = :p",
        p=person.patient.id,
    )
    again = press(app, device, person.patient, alarm_id="alarm-done", phase=Phase.REPEAT)
    assert again is not None
    assert again.state == "closed"
    assert len(person.alerts()) == 1
    press(app, device, person.patient, alarm_id="alarm-new1")
    assert [row.closed_at is None for row in person.alerts()] == [False, True]


def test_an_alarm_id_used_again_days_later_is_a_new_press(app: Flask, make: Factory) -> None:
    person, device = monitored(app, make), make.device("pendant")
    press(app, device, person.patient, alarm_id="alarm-0001")
    run(app, "update alert set closed_at = now(), outcome = 'contact'")
    run(app, "update alarm_event set received_at = received_at - interval '3 days'")
    press(app, device, person.patient, alarm_id="alarm-0001")
    assert len(person.alerts()) == 2


@pytest.mark.hazard("H23")
def test_a_second_press_joins_the_open_alert_and_cannot_be_closed_unseen(app: Flask, make: Factory) -> None:
    person, device = monitored(app, make), make.device("pendant")
    press(app, device, person.patient)
    press(app, device, person.patient)
    (row,) = person.alerts()
    assert (row.repeats, row.version) == (1, 2)
    assert person.events() == ["raised", "pressed-again"]


@pytest.mark.parametrize("phase", [Phase.CANCEL, Phase.CLEAR])
def test_a_cancel_is_written_on_the_alert_and_closes_nothing(app: Flask, make: Factory, phase: Phase) -> None:
    person, device = monitored(app, make), make.device("pendant")
    press(app, device, person.patient, alarm_id="alarm-oops")
    press(app, device, person.patient, alarm_id="alarm-oops", phase=phase)
    (row,) = person.alerts()
    assert row.closed_at is None
    assert person.events() == ["raised", phase.value]


def test_a_press_whose_cancel_came_first_is_still_raised(app: Flask, make: Factory) -> None:
    person, device = monitored(app, make), make.device("pendant")
    assert press(app, device, person.patient, alarm_id="alarm-odd1", phase=Phase.CANCEL) is None
    press(app, device, person.patient, alarm_id="alarm-odd1")
    assert len(person.alerts()) == 1


@pytest.mark.hazard("H26")
def test_a_test_press_is_kept_and_pages_nobody_and_a_real_one_after_it_does(
    app: Flask, make: Factory
) -> None:
    person, device = monitored(app, make), make.device("pendant")
    assert press(app, device, person.patient, alarm_id="alarm-test", phase=Phase.TEST) is None
    assert person.alerts() == []
    assert person.told() == []
    assert len(run(app, "select 1 from alarm_event where alarm_id = 'alarm-test'")) == 1
    press(app, device, person.patient, alarm_id="alarm-test")
    assert len(person.alerts()) == 1


@pytest.mark.parametrize("kind", list(AlarmKind))
def test_every_kind_of_alarm_has_a_level_and_words(app: Flask, make: Factory, kind: AlarmKind) -> None:
    row = alert(app, press(app, make.device(), monitored(app, make).patient, kind=kind))
    # What kit says of nobody moving is not the card of the rule that works it out.
    assert row.rule == ("inactivity_alarm" if kind is AlarmKind.INACTIVITY else kind.value)
    assert row.reason == MEANINGS[kind].words


EMERGENCIES = {"sos", "fall", "smoke", "co", "gas", "heat", "epilepsy"}


def test_danger_to_life_is_an_emergency_and_trouble_with_kit_is_not() -> None:
    assert {kind.value for kind, m in MEANINGS.items() if m.level.value == "emergency"} == EMERGENCIES
    assert MEANINGS[AlarmKind.TECHNICAL].level.value == "urgent"
    assert MEANINGS[AlarmKind.LOW_BATTERY].level.value == "routine"


def test_the_canarys_alarm_is_flagged_and_told_to_nobody(app: Flask, make: Factory) -> None:
    for patient in (monitored(app, make, is_canary=True).patient, None):
        row = alert(app, press(app, make.device(is_canary=True), patient))
        assert row.is_canary
        assert run(app, "select 1 from communication where alert_id = :id", id=row.id) == []


def test_a_canary_device_on_a_real_person_hides_nothing(app: Flask, make: Factory) -> None:
    person = monitored(app, make)
    row = alert(app, press(app, make.device("pendant", is_canary=True), person.patient))
    assert not row.is_canary
    assert ("care-team", "alert-for-team") in person.told()


def test_the_cancel_of_the_canarys_alarm_is_told_to_no_desk(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr("backend.alerts.alarms.notify", lambda *notices: told.extend(notices))
    device = make.device(is_canary=True)
    for phase in (Phase.RAISE, Phase.CANCEL):
        press(app, device, alarm_id="alarm-canary", phase=phase)
    assert told == []


@pytest.mark.hazard("H07")
@pytest.mark.parametrize("closed", [False, True])
def test_a_fall_whose_first_message_was_unreadable_becomes_an_emergency_with_its_repeat(
    app: Flask, make: Factory, closed: bool
) -> None:
    person, device = monitored(app, make), make.device("pendant")
    press(app, device, person.patient, alarm_id="alarm-torn", kind=AlarmKind.TECHNICAL)
    run(app, "update alert set closed_at = now(), outcome = 'contact' where :closed", closed=closed)
    press(app, device, person.patient, alarm_id="alarm-torn", kind=AlarmKind.FALL, phase=Phase.REPEAT)
    press(app, device, person.patient, alarm_id="alarm-torn", kind=AlarmKind.FALL, phase=Phase.REPEAT)
    assert [(row.rule, row.level) for row in person.alerts()] == [
        ("technical", "urgent"),
        ("fall", "emergency"),
    ]


@pytest.mark.hazard("H07")
@pytest.mark.parametrize(
    ("message", "phase", "minutes", "opens"),
    [
        ("m2", Phase.RAISE, 11, True),
        (None, Phase.RAISE, 11, True),
        ("m2", Phase.RAISE, 9, False),
        ("m", Phase.RAISE, 11, False),
        ("m2", Phase.REPEAT, 11, False),
    ],
    ids=["new message", "unreadable", "still the same press", "delivered twice", "repeat"],
)
def test_a_used_alarm_id_raised_anew_long_after_closing_is_a_new_press(
    app: Flask, make: Factory, message: str | None, phase: Phase, minutes: int, opens: bool
) -> None:
    person, device = monitored(app, make), make.device("pendant")
    press(app, device, person.patient, alarm_id="alarm-0001")
    run(app, "update alert set closed_at = now(), outcome = 'contact'")
    run(app, "update alarm_event set received_at = received_at - :m * interval '1 minute'", m=minutes)
    press(app, device, person.patient, alarm_id="alarm-0001", phase=phase, message_id=message)
    assert len(person.alerts()) == (2 if opens else 1)
