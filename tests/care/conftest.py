"""Somebody on a list with their nurse at the desk, a house with every role, and a ladder whose clock is stepped."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.alerts.people import Monitored
from tests.caseload.conftest import Desk, House
from tests.caseload.conftest import house as house
from tests.caseload.conftest import step_time as step_time
from tests.conftest import Database
from tests.desk.conftest import nurse as nurse
from tests.desk.conftest import person as person
from tests.escalation.stepped import Stepped, stepped
from tests.factories import Ref
from tests.messages.catchers import Provider, provider

OnList = Callable[..., Monitored]


@pytest.fixture
def ladder(flow_database: Database, tmp_path: Path) -> Iterator[Stepped]:
    """A worker on a database of this test's own, with a clock."""
    with stepped(flow_database, tmp_path) as made:
        yield made


@pytest.fixture
def sms(ladder: Stepped) -> Iterator[Provider]:
    """A provider of text messages that this worker was told of, and a duty line."""
    with provider() as kept:
        ladder.settings(sms_url=kept.url, duty_sms="01632 960999")
        yield kept


@pytest.fixture
def desk(house: House) -> Desk:
    """A nurse of the house, signed in."""
    return house.desk()


@pytest.fixture
def on_list(house: House) -> OnList:
    """Somebody of the house as the rules see them: `on_list("copd", status="paused")`."""

    def made(pathway: str = "hypertension", status: str = "live", **other: Any) -> Monitored:
        patient: Ref = house.patient(pathway, status, **other)
        return Monitored(house.make.app, house.make, patient, house.team, house.make.practitioner())

    return made
