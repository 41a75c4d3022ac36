"""Every step and time of an alert and of a reading, from measured to how it ended."""

from typing import Any, get_args

import pytest
from flask import Flask

from backend.alerts.device_states import Told
from backend.core.outbox import ToKind
from backend.desk import custody_words
from backend.messages.templates import TEMPLATES
from backend.messages.ways import ORDER
from backend.observations.reading import AlarmKind, Phase
from tests.alerts.people import Monitored, judge, run
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.desk.acting import did, listed
from tests.factories import Factory

REACHED = {"to": "person", "how": "call", "result": "reached"}


def whats(steps: list[dict[str, Any]]) -> list[str]:
    return [step["what"] for step in steps]


@pytest.fixture
def worked(app: Flask, person: Monitored, nurse: Browser) -> dict[str, Any]:
    """A finding that was told, claimed, contacted and closed."""
    person.measures("86", ago=6)
    person.measures("86", ago=1)
    judge(app)
    run(app, "update communication set state = 'sent', sent_at = clock_timestamp()")
    run(app, "insert into receipt (communication_id, channel, provider_ref) select id, channel, 'ref-1'"
             " from communication where to_kind = 'care-team'")  # fmt: skip
    row = did(nurse, listed(nurse)[0], "claim")
    row = did(nurse, row, "contact", REACHED)
    return did(nurse, row, "close", {"outcome": "advice", "confirm": True})


def test_an_alert_is_followed_from_measured_to_how_it_ended(
    person: Monitored, nurse: Browser, worked: dict[str, Any]
) -> None:
    body = nurse.get(f"/alerts/{worked['id']}/custody").get_json()
    steps = body["steps"]
    found = whats(steps)
    for what in ("measured", "received", "raised", "queued", "told", "claimed", "contacted", "closed"):
        assert what in found, what
    for earlier, later in (
        ("measured", "received"),
        ("raised", "claimed"),
        ("claimed", "contacted"),
        ("contacted", "closed"),
    ):
        assert found.index(earlier) < found.index(later)
    times = [step["at"] for step in steps if step["at"]]
    assert times == sorted(times)
    by = {step["what"]: step for step in steps}
    assert (by["claimed"]["who"], by["closed"]["who"]) == (person.nurse.name, person.nurse.name)
    assert by["raised"]["by_version"]
    assert any("ref-1" in step["words"] for step in steps if step["what"] == "told")
    assert all(step["ms_since"] is None or step["ms_since"] >= 0 for step in steps)


def test_every_step_is_said_in_words_and_none_in_codes(
    app: Flask, make: Factory, person: Monitored, nurse: Browser, worked: dict[str, Any]
) -> None:
    press(app, make.device("pendant"), person.patient)
    steps = nurse.get(f"/alerts/{worked['id']}/custody").get_json()["steps"]
    steps += nurse.get(f"/alerts/{listed(nurse)[0]['id']}/custody").get_json()["steps"]
    said = [f"{step['words']} {step['who'] or ''}" for step in steps]
    told = [one for one in said if one.startswith("To be told: the team")]
    assert told[0] == "To be told: the team, that something new needs them the message service"
    for code in (
        "alert-for",
        "care-team",
        "outbox",
        "gateway gateway",
        "being_handled",
        "being handled",
        "Sos",
        "web-push",
    ):
        assert not [one for one in said if code in one], code


def test_a_message_has_words_for_every_template_kind_way_and_alarm_there_is() -> None:
    assert set(TEMPLATES) <= set(custody_words._ABOUT)
    assert set(AlarmKind) == set(custody_words._KINDS)
    assert set(Phase) == set(custody_words._PHASES)
    assert {"log", "best", *ORDER} == set(custody_words._BY)
    assert set(get_args(ToKind)) == set(custody_words._TO)
    assert set(get_args(Told)) == set(custody_words._STATES)


def test_a_press_is_followed_with_what_the_device_was_told(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    press(app, make.device("pendant"), person.patient)
    row = did(nurse, listed(nurse)[0], "claim")
    steps = nurse.get(f"/alerts/{row['id']}/custody").get_json()["steps"]
    assert "device-told" in whats(steps)
    assert any(step["what"] == "received" and step["words"] == "Call for help came" for step in steps)


def test_a_reading_is_followed_from_measured_to_how_its_alert_ended(
    app: Flask, person: Monitored, nurse: Browser, worked: dict[str, Any]
) -> None:
    (newest,) = run(
        app, "select max(effective_at) as at from observation where patient_id = :p", p=person.patient.id
    )
    address = f"/patients/{person.patient.public_id}/readings/custody"
    at = newest.at.isoformat().replace("+", "%2B")
    body = nurse.get(f"{address}?at={at}&code=spo2").get_json()
    found = whats(body["steps"])
    assert found[0] == "measured"
    for what in ("received", "stored", "judged", "raised", "claimed", "closed"):
        assert what in found, what
    assert [one["id"] for one in body["alerts"]] == [worked["id"]]
    assert body["reading"]["message"].startswith("test-message-")


def test_a_reading_that_raised_nothing_says_whether_it_was_judged(
    app: Flask, person: Monitored, nurse: Browser
) -> None:
    person.measures("91", ago=1)
    (newest,) = run(
        app, "select effective_at as at from observation where patient_id = :p", p=person.patient.id
    )
    address = f"/patients/{person.patient.public_id}/readings/custody?at={newest.at.isoformat().replace('+', '%2B')}"
    judged = {step["what"]: step for step in nurse.get(address).get_json()["steps"]}["judged"]
    assert "Not judged" in judged["words"]
    run(app, "insert into patient_watermark (patient_id, judged_to) values (:p, now())"
             " on conflict (patient_id) do update set judged_to = now()", p=person.patient.id)  # fmt: skip
    judged = {step["what"]: step for step in nurse.get(address).get_json()["steps"]}["judged"]
    assert "nothing was found" in judged["words"]


@pytest.mark.parametrize("query", ["?message=unknown", "?at=2026-01-01T00:00:00Z&code=spo2"])
def test_a_reading_that_is_not_there_is_not_found(person: Monitored, nurse: Browser, query: str) -> None:
    address = f"/patients/{person.patient.public_id}/readings/custody"
    assert nurse.get(address + query).status_code == 404
    assert nurse.get(address).status_code == 422
