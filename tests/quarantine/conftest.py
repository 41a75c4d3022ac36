"""The desk of these tests."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Connection

from tests.browsing import Browser
from tests.factories import Factory
from tests.quarantine.desk_of import Desk


@pytest.fixture
def desk(app: Flask, make: Factory, browse: Callable[..., Browser], connection: Connection) -> Desk:
    """A nurse, and two people on her list who agreed to be monitored."""
    nurse, rose, fern = make.practitioner(), make.patient(given_name="Rose"), make.patient(given_name="Fern")
    make.team([nurse], [rose, fern])
    for person in (rose, fern):
        make.monitoring_consent(person)
    browser = browse(make.account(practitioner=nurse), "team")
    return Desk(app, make, connection, nurse, browser, rose, fern)
