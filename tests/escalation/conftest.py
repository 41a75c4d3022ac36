"""A ladder whose clock a test steps."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Database
from tests.escalation.stepped import Stepped, stepped
from tests.messages.catchers import Provider, provider


@pytest.fixture
def house(flow_database: Database, tmp_path: Path) -> Iterator[Stepped]:
    """A worker on a database of this test's own, with a clock."""
    with stepped(flow_database, tmp_path) as made:
        yield made


@pytest.fixture
def sms(house: Stepped) -> Iterator[Provider]:
    """A provider of text messages that this worker was told of, and a duty line."""
    with provider() as kept:
        house.settings(sms_url=kept.url, duty_sms="01632 960999")
        yield kept
