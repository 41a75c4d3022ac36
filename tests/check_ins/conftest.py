"""Somebody who is watched, their own phone, a carer's, and their nurse's desk."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.alerts.people import Monitored, monitored, run
from tests.browsing import Browser
from tests.factories import Factory, Ref

Browse = Callable[..., Browser]
ADDS = ("readings", "alerts", "add-readings")


@pytest.fixture
def person(app: Flask, make: Factory) -> Monitored:
    """Somebody live on COPD's pathway, on a team's list."""
    return monitored(app, make)


@pytest.fixture
def phone(person: Monitored, make: Factory, browse: Browse) -> Browser:
    """The person, signed in."""
    return browse(make.account(patient=person.patient))


@pytest.fixture
def carer(person: Monitored, make: Factory) -> Ref:
    """Somebody whom the person lets see readings and alerts, and add readings."""
    found = make.carer()
    make.proxy_consent(person.patient, found, ADDS)
    return found


@pytest.fixture
def carers_phone(carer: Ref, make: Factory, browse: Browse) -> Browser:
    """The carer, signed in."""
    return browse(make.account(carer=carer))


@pytest.fixture
def desk(person: Monitored, make: Factory, browse: Browse) -> Browser:
    """Their nurse, signed in."""
    return browse(make.account(practitioner=person.nurse), "team")


def answer(
    browser: Browser,
    person: Monitored,
    questionnaire: str,
    answers: dict[str, Any],
    *,
    state: str = "complete",
    id_: UUID | None = None,
    headers: dict[str, str] | None = None,
    **more: Any,
) -> TestResponse:
    """Send a check-in as a phone does."""
    body = {"questionnaire": questionnaire, "version": "1", "answers": answers, "state": state, **more}
    return browser.post(
        f"/patients/{person.patient.public_id}/check-ins/{id_ or uuid4()}", body, **(headers or {})
    )


def listed(browser: Browser, person: Monitored) -> dict[str, Any]:
    """GET check-ins."""
    found: dict[str, Any] = browser.get(f"/patients/{person.patient.public_id}/check-ins").get_json()
    return found


def later(app: Flask, minutes: float) -> None:
    """Move the database's clock on, for everything in this test's transaction."""
    run(app, "select set_config('alongside.clock_offset', :by, false)", by=f"{minutes} minutes")
