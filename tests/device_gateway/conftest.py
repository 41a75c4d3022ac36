"""One database, one broker and one gateway process for the tests of this folder."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from backend.core.db import plain_dsn
from backend.supervise.mosquitto import Mosquitto
from tests.conftest import TEMPLATE, Database
from tests.device_gateway.rig import GatewayProcess, Speaker, World


@pytest.fixture(scope="session")
def world(database: Database, mosquitto_broker: Mosquitto) -> Iterator[World]:
    """A database of this folder's own (a gateway commits) and the broker."""
    name = "gateway_world"
    with psycopg.connect(plain_dsn(database.server.admin_url()), autocommit=True) as admin:
        admin.execute(f"drop database if exists {name} with (force)")
        admin.execute(f"create database {name} template {TEMPLATE} owner al_migrate")
    own = Database(database.server, name)
    found = World(own.url("al_migrate"), own.url("al_gateway"), mosquitto_broker)
    yield found
    found.db.close()


@pytest.fixture(scope="session")
def gateway(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    """A running gateway."""
    process = GatewayProcess(world, tmp_path_factory.mktemp("gateway")).start()
    yield process
    assert process.stop() == 0


@pytest.fixture
def speak(world: World, gateway: GatewayProcess) -> Iterator[Callable[[str], Speaker]]:
    """Connects as a device; closed after the test."""
    made: list[Speaker] = []

    def connect(device: str) -> Speaker:
        made.append(Speaker(world.broker, device))
        return made[-1]

    yield connect
    for speaker in made:
        speaker.close()
