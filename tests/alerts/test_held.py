"""A reading nobody can place is raised at once when it is dangerous, unconfirmed, and to no more people than needed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.dialects.postgresql import Range

from backend.alerts.service import HeldReading, raise_held
from backend.core.db import transaction
from backend.observations.codes import Code
from backend.observations.reading import Reading, Special
from tests.alerts.people import Monitored, monitored, run
from tests.factories import Factory, Ref

NOW = datetime.now(UTC)


def held(
    app: Flask, device: str, value: str | Special, reason: str = "not-bound", code: Code = Code.SPO2,
    *, ago: timedelta = timedelta(minutes=2),
) -> None:  # fmt: skip
    reading = Reading(code, value if isinstance(value, Special) else Decimal(value), code.unit, NOW - ago)
    with app.app_context(), transaction():
        raise_held([HeldReading(device, reason, NOW, (reading,))])


def cards(app: Flask, device: str) -> list[Any]:
    return run(app, "select * from alert where device = :d order by id", d=device)


DANGEROUS = [
    (Code.SPO2, "91"), (Code.SPO2, "91.0"), (Code.SYSTOLIC, "180"), (Code.SYSTOLIC, "90"), (Code.PULSE, "40"),
    (Code.PULSE, "131"), (Code.TEMPERATURE, "35.0"), (Code.TEMPERATURE, "39.1"), (Code.GLUCOSE, "2.9"),
    (Code.GLUCOSE, "2.9999"), (Code.KETONES, "3.0"), (Code.GLUCOSE, Special.LO), (Code.GLUCOSE, Special.HI),
]  # fmt: skip
FINE = [
    (Code.SPO2, "91.1"), (Code.SYSTOLIC, "179.9"), (Code.SYSTOLIC, "90.1"), (Code.PULSE, "41"), (Code.PULSE, "130"),
    (Code.TEMPERATURE, "35.1"), (Code.TEMPERATURE, "39.0"), (Code.GLUCOSE, "3.0"), (Code.KETONES, "2.9"),
    (Code.WEIGHT, "20"), (Code.GLUCOSE, Special.NOT_A_NUMBER),
]  # fmt: skip


@pytest.mark.hazard("H43")
@pytest.mark.parametrize(("code", "value"), DANGEROUS)
def test_a_dangerous_value_that_is_held_is_on_a_desk_at_once(
    app: Flask, make: Factory, code: Code, value: str | Special
) -> None:
    device = make.device(last_known_address="Flat 2, 14 Test Row")
    held(app, device.name, value, code=code)
    (card,) = cards(app, device.name)
    assert (card.patient_id, card.level, card.rule) == (None, "urgent", "held_reading")
    assert "someone in this home" in card.reason
    assert "Not confirmed" in card.reason
    assert "Last known address: Flat 2, 14 Test Row" in card.reason
    assert [
        told.to_kind for told in run(app, "select to_kind from communication where alert_id = :a", a=card.id)
    ] == ["duty"]


@pytest.mark.parametrize(("code", "value"), FINE)
def test_a_held_value_that_is_not_dangerous_for_anybody_disturbs_nobody(
    app: Flask, make: Factory, code: Code, value: str | Special
) -> None:
    device = make.device()
    held(app, device.name, value, code=code)
    assert cards(app, device.name) == []


def worn(
    app: Flask, make: Factory, device: Ref, *spans: tuple[timedelta, timedelta | None]
) -> list[Monitored]:
    """People who wore it one after another: (began so long ago, ended so long ago or not)."""
    wearers = [monitored(app, make) for _ in spans]
    for person, (began, end) in zip(wearers, spans, strict=True):
        make.wears(person.patient, device, Range(NOW - began, None if end is None else NOW - end))
    return wearers


DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.hazard("H43")
@pytest.mark.parametrize(
    "reason", ["not-bound", "ahead", "clock-not-set", "implausible", "ambiguous-time", "slot-unknown"]
)
def test_when_one_person_may_be_meant_their_team_has_it_as_unconfirmed(
    app: Flask, make: Factory, reason: str
) -> None:
    device = make.device()
    # Bound a minute after the measurement of two minutes ago.
    (person,) = worn(app, make, device, (MINUTE, None) if reason == "not-bound" else (9 * DAY, None))
    held(app, device.name, "84", reason)
    (card,) = person.alerts()
    assert (card.title, card.level, card.care_team_id) == (
        "Dangerous reading, not confirmed", "urgent", person.team.id,
    )  # fmt: skip
    assert card.reason.startswith("A reading we could not place: Oxygen 84% from the pulse oximeter")
    assert "Not confirmed as theirs" in card.reason
    assert run(app, "select 1 from observation where patient_id = :p", p=person.patient.id) == []


@pytest.mark.hazard("H01")
@pytest.mark.parametrize("reason", ["not-bound", "ahead", "clock-not-set"])
def test_when_it_was_handed_over_meanwhile_it_is_nobodys_and_on_every_desk(
    app: Flask, make: Factory, reason: str
) -> None:
    device = make.device()
    before, after = worn(app, make, device, (9 * DAY, 2 * HOUR), (HOUR, None))
    held(app, device.name, "84", reason, ago=90 * MINUTE)
    assert before.alerts() == after.alerts() == []
    (card,) = cards(app, device.name)
    assert card.patient_id is None


@pytest.mark.hazard("H01")
def test_another_user_of_a_shared_device_is_not_taken_for_the_one_we_know(app: Flask, make: Factory) -> None:
    device = make.device()
    (person,) = worn(app, make, device, (9 * DAY, None))
    held(app, device.name, "84", "not-bound")
    assert person.alerts() == []
    assert len(cards(app, device.name)) == 1


def test_one_open_card_a_device_and_rule_however_often_it_comes(app: Flask, make: Factory) -> None:
    device = make.device()
    for minutes in (9, 6, 3, 3):
        held(app, device.name, "84", ago=minutes * MINUTE)
    (card,) = cards(app, device.name)
    assert card.repeats == 2
    assert len(run(app, "select 1 from communication where alert_id = :a", a=card.id)) == 1


@pytest.mark.hazard("H11")
def test_a_danger_of_days_ago_is_no_matter_of_minutes_and_says_that_it_came_late(
    app: Flask, make: Factory
) -> None:
    device = make.device()
    held(app, device.name, "84", ago=3 * DAY)
    (card,) = cards(app, device.name)
    assert (card.level, card.late) == ("soon", True)


@pytest.mark.hazard("H44")
def test_of_somebody_who_has_not_agreed_neither_name_nor_value_is_shown_but_somebody_is_asked_to_ring(
    app: Flask, make: Factory
) -> None:
    device = make.device(last_known_address="Flat 2, 14 Test Row")
    (person,) = worn(app, make, device, (9 * DAY, None))
    held(app, device.name, "83.917", "no-consent")
    assert person.alerts() == []
    (card,) = cards(app, device.name)
    assert (card.patient_id, card.rule, card.level) == (None, "held_no_consent", "urgent")
    said = card.title + card.reason + str(card.evidence)
    assert "83.9" not in said
    assert "Oxygen" not in said
    assert "spo2" not in said
    assert person.patient.name not in said
    assert "Ring them" in card.reason


def test_nothing_of_a_value_is_in_a_log(app: Flask, make: Factory, caplog: pytest.LogCaptureFixture) -> None:
    held(app, make.device().name, "83.917")
    assert "83.9" not in caplog.text


def test_a_device_nobody_knows_is_on_the_duty_desk_too(app: Flask) -> None:
    held(app, "stranger-000001", "84", "unknown-device")
    (card,) = cards(app, "stranger-000001")
    assert "the device is not registered" in card.reason


def test_a_faulty_devices_backlog_is_one_card_and_few_queries(app: Flask, make: Factory) -> None:
    device = make.device()
    reading = [Reading(Code.SPO2, Decimal(84), "%", NOW - timedelta(minutes=n)) for n in range(400)]
    with app.app_context(), transaction():
        assert len(raise_held([HeldReading(device.name, "not-bound", NOW, (one,)) for one in reading])) == 1
