"""What was answered or typed without a signal, and signed out since, is judged as soon as it comes."""

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from backend.core.clock import now
from tests.alerts.people import Monitored, run
from tests.browsing import Browser
from tests.factories import Factory
from tests.phones.sealer import PhoneOf

Browse = Callable[..., Browser]


@pytest.fixture
def sealed(person: Monitored, make: Factory, browse: Browse) -> PhoneOf:
    """The person's own phone, on which the session has ended."""
    found = PhoneOf(browse(), make.account(patient=person.patient))
    found.browser.delete("/session")
    return found


@pytest.mark.hazard("H83")
def test_item_9_answered_signed_out_is_urgent_as_soon_as_it_comes(
    person: Monitored, sealed: PhoneOf, browse: Browse
) -> None:
    body = {"questionnaire": "phq9", "version": "1", "answers": {"9": 1}, "state": "draft"}
    path = f"/patients/{person.patient.public_id}/check-ins/{uuid4()}"
    command = sealed.command(path, body=json.dumps(body))
    assert [sealed.bring(command, browse()).status_code for _ in range(2)] == [204, 204]
    assert [(alert.rule, alert.level) for alert in person.alerts()] == [("phq9_item9", "urgent")]
    (row,) = run(person.app, "select made_at, made_offline from questionnaire_response")
    assert (row.made_at.isoformat(), row.made_offline) == ("2026-11-20T08:05:00+00:00", True)


@pytest.mark.hazard("H84")
def test_a_dangerous_reading_typed_signed_out_is_judged_as_soon_as_it_comes(
    person: Monitored, sealed: PhoneOf, browse: Browse
) -> None:
    at = (now() - timedelta(minutes=20)).isoformat()
    body = {"kind": "pulse", "values": {"pulse": "150"}, "effective_at": at}
    path = f"/patients/{person.patient.public_id}/readings"
    command = sealed.command(path, body=json.dumps(body))
    assert [sealed.bring(command, browse()).status_code for _ in range(2)] == [204, 204]
    assert [alert.rule for alert in person.alerts()] == ["pulse_abnormal"]
    assert len(run(person.app, "select 1 from reading_typed")) == 1
