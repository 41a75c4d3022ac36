"""The way a held reading goes when it is dangerous: refused, kept in quarantine, on a desk, and in no record."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from device_gateway.arrival import Arrived
from device_gateway.ingest import Ingest
from tests.alerts.people import monitored, run
from tests.device_gateway.rig import Json, obs, spo2
from tests.factories import Factory, ended

LONG_AGO, FAR_AHEAD = "1970-01-01T00:00:10Z", "2099-01-01T00:00:00Z"
CASES: dict[str, tuple[str, Json]] = {
    "bound to nobody": ("not-bound", obs([spo2(84)])),
    "a clock of 1970": ("clock-not-set", obs([spo2(84)], taken=LONG_AGO, sent=None)),
    "a clock of 2099": ("ahead", obs([spo2(84)], taken=FAR_AHEAD, sent=None)),
    "a value that cannot be": ("implausible", obs([spo2(20)])),
    "too low for the meter": ("not-bound", obs([{"k": "glucose", "txt": "LO"}])),
}


@pytest.mark.hazard("H43")
@pytest.mark.parametrize(("reason", "body"), CASES.values(), ids=list(CASES))
def test_a_dangerous_reading_that_is_refused_is_on_the_desk_and_in_no_record(
    app: Flask, make: Factory, reason: str, body: Json
) -> None:
    person, device = monitored(app, make), make.device(last_known_address="Flat 2, 14 Test Row")
    make.monitoring_consent(person.patient)
    if reason != "not-bound":
        make.wears(person.patient, device)
    (card,) = after(app, device.name, body, reason)
    expected = None if reason == "not-bound" else person.patient.id
    assert (card.rule, card.patient_id, card.level) == ("held_reading", expected, "urgent")


@pytest.mark.hazard("H44")
def test_a_dangerous_reading_of_somebody_who_withdrew_is_a_card_without_name_or_value(
    app: Flask, make: Factory
) -> None:
    person, device = monitored(app, make), make.device()
    make.monitoring_consent(person.patient, ended())
    make.wears(person.patient, device)
    (card,) = after(app, device.name, obs([spo2(84)]), "no-consent")
    assert (card.rule, card.patient_id) == ("held_no_consent", None)
    assert person.alerts() == []


@pytest.mark.parametrize("quality", ["invalid", "demo"])
def test_what_the_device_itself_calls_no_measurement_disturbs_nobody(
    app: Flask, make: Factory, quality: str
) -> None:
    device = make.device()
    assert after(app, device.name, obs([spo2(84, q=quality)]), "not-a-measurement") == []


def test_a_resend_of_the_same_held_reading_opens_no_second_card(app: Flask, make: Factory) -> None:
    device, body = (
        make.device(),
        obs([spo2(84)], taken=(datetime.now(UTC) - timedelta(minutes=3)).isoformat()),
    )
    for _ in range(3):
        (card,) = after(app, device.name, body, "not-bound")
    assert card.repeats == 0


def after(app: Flask, device: str, body: Json, reason: str) -> list[Any]:
    """The cards of this device once it has said that; it was refused for that reason, kept, and is in no record."""
    with app.app_context():
        (verdict,) = Ingest().handle(
            [Arrived(f"al/v1/{device}/up/obs", json.dumps(body).encode(), datetime.now(UTC))]
        )
    assert verdict.refused == reason
    assert run(app, "select 1 from quarantine where device = :d and reason = :r", d=device, r=reason)
    assert (
        run(
            app,
            "select 1 from observation o join device d on d.id = o.device_id where d.device_id = :d",
            d=device,
        )
        == []
    )
    return run(app, "select * from alert where device = :d order by id", d=device)
