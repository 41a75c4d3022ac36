"""The desk and a real gateway: what is asked for is done once, also when the gateway is killed in the middle."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from backend.app import create_app
from backend.core.db import db, plain_dsn
from backend.core.live import hub
from backend.core.notices import CHANNEL
from backend.supervise.mosquitto import Mosquitto
from tests.browsing import Browser
from tests.conftest import Database
from tests.device_gateway.rig import GatewayProcess, World, ago, obs, speaking, spo2, until
from tests.factories import Factory, Ref

MESSAGES = 50


@dataclass
class Whole:
    """A desk with a gateway process beside it, on a database of the test's own."""

    world: World
    gateway: GatewayProcess
    make: Factory
    browser: Browser
    rose: Ref

    def sends_unbound(self, count: int) -> Ref:
        """A device that nobody wears sends so many readings, which are all held."""
        device = self.make.device()
        with speaking(self.world.broker, device.name) as (speaker,):
            bodies = [obs([spo2(90 + n % 8)], taken=ago(minutes=count - n), seq=n) for n in range(count)]
            for body in bodies:
                speaker.send("obs", body)
            until(lambda: set(speaker.rejected()) == {body["id"] for body in bodies}, 120, "all are refused")
        return device

    def stored(self) -> tuple[int, int]:
        """How many oxygen values there are, and how many different times of measurement they have."""
        (found,) = self.world.all("select count(*), count(distinct effective_at) from observation")
        return found[0], found[1]


@pytest.fixture
def whole(flow_database: Database, mosquitto_broker: Mosquitto, tmp_path: Path) -> Iterator[Whole]:
    """A nurse signed in, a gateway about to be started."""
    app = create_app(flow_database.config(tmp_path))
    make = Factory(app)
    nurse, rose = make.practitioner(), make.patient(given_name="Rose")
    make.team([nurse], [rose])
    make.monitoring_consent(rose)
    browser = Browser(app, "team")
    assert browser.sign_in(make.account(practitioner=nurse)).status_code == 200
    world = World(flow_database.url("al_migrate"), flow_database.url("al_gateway"), mosquitto_broker)
    gateway = GatewayProcess(world, tmp_path)
    yield Whole(world, gateway, make, browser, rose)
    gateway.stop()
    with app.app_context():
        hub().stop()
        db.engine.dispose()
    world.db.close()


@pytest.mark.parametrize("point", ["replay-before-commit:2", "replay-after-commit:1"])
def test_a_gateway_killed_in_the_middle_of_a_replay_loses_nothing_and_stores_nothing_twice(
    whole: Whole, point: str
) -> None:
    whole.gateway.start(ALONGSIDE_CRASH_AT=point)
    device = whole.sends_unbound(MESSAGES)
    # Given somebody has entered since when Rose wears it
    whole.make.wears(whole.rose, device)
    # When all of them are tried again and the gateway is killed with kill -9 among them
    asked = whole.browser.post("/quarantine/replays", {"device": device.name}).get_json()
    assert asked["total"] == MESSAGES
    process = whole.gateway.process
    assert process is not None
    assert process.wait(60) == -9
    # Then what was not committed waits
    found = whole.browser.get(f"/quarantine/replays/{asked['id']}").get_json()
    assert found["waiting"] == MESSAGES - found["stored"] > 0
    assert whole.stored() == (found["stored"], found["stored"])
    # And the next life does the rest, once
    whole.gateway.start()
    path = f"/quarantine/replays/{asked['id']}"
    until(lambda: whole.browser.get(path).get_json()["waiting"] == 0, 120, "the replay is done")
    done = whole.browser.get(path).get_json()
    assert (done["stored"], done["duplicate"], done["refused"]) == (MESSAGES, 0, 0)
    assert whole.stored() == (MESSAGES, MESSAGES)
    assert whole.browser.get("/quarantine").get_json()["rows"] == []


@pytest.mark.hazard("H01")
def test_a_given_reading_is_in_the_record_and_every_open_page_hears_of_it(
    whole: Whole,
) -> None:
    whole.gateway.start()
    whole.sends_unbound(1)
    (row,) = whole.browser.get("/quarantine").get_json()["rows"]
    with psycopg.connect(plain_dsn(whole.world.owner_dsn), autocommit=True) as line:
        line.execute(f"listen {CHANNEL}")
        body = {"patient_id": str(whole.rose.public_id), "reason": "Hers"}
        asked = whole.browser.post(f"/quarantine/{row['id']}/attribution", body).get_json()
        path = f"/quarantine/replays/{asked['id']}"
        until(lambda: whole.browser.get(path).get_json()["stored"] == 1, 120, "it is stored")
        told: set[str] = set()

        def is_told() -> bool:
            told.update(json.loads(notice.payload)["t"] for notice in line.notifies(timeout=0.5))
            return told >= {"observation", "quarantine", "waiting"}

        until(is_told, what="every open page is told")
    assert whole.stored() == (1, 1)
    # The device's own resend of the same message is known
    assert whole.world.one("select count(*) from message_key") == 1
