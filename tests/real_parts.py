"""Fixtures that start a real PostgreSQL and Mosquitto for each test process, since mocks hide what breaks."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.supervise.mosquitto import Mosquitto
from backend.supervise.postgres import Postgres


@pytest.fixture(scope="session")
def real_home() -> Iterator[Path]:
    """A home of this test process: a folder directly under /tmp, which a server's own account can walk to."""
    home = Path(tempfile.mkdtemp(prefix="alongside-test-"))
    home.chmod(0o711)
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(real_home: Path) -> Iterator[Postgres]:
    """A running PostgreSQL with the database `alongside` and our four roles, empty of tables."""
    server = Postgres(real_home)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def mosquitto_broker(real_home: Path) -> Iterator[Mosquitto]:
    """A running Mosquitto with our services' accounts and no device."""
    broker = Mosquitto(real_home)
    broker.start()
    yield broker
    broker.stop()
