"""A person on a list, their nurse at the desk, and a colleague of the same team."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from backend.observations.codes import Code
from tests.alerts.people import Monitored, monitored, run
from tests.browsing import Browser
from tests.factories import Factory, Ref

Browse = Callable[..., Browser]


@pytest.fixture
def person(app: Flask, make: Factory) -> Iterator[Monitored]:
    """Somebody with a target of 88 to 92, on the list of a team."""
    found = monitored(app, make)
    found.limit(Code.SPO2, "88", "92")
    yield found
    run(app, "select set_config('alongside.clock_offset', '', false)")


@pytest.fixture
def nurse(person: Monitored, browse: Browse, make: Factory) -> Browser:
    """Their nurse, signed in."""
    return browse(make.account(practitioner=person.nurse), "team")


@pytest.fixture
def second(person: Monitored, make: Factory) -> Ref:
    """Another nurse of the same team."""
    found = make.practitioner()
    make.membership(person.team, found)
    return found


@pytest.fixture
def colleague(second: Ref, browse: Browse, make: Factory) -> Browser:
    """The other nurse, signed in."""
    return browse(make.account(practitioner=second), "team")
