"""A broker that accepts connections and serves nobody is found by its missing echo, and nothing is lost over it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from backend.core.db import plain_dsn
from backend.supervise.mosquitto import Mosquitto
from tests.conftest import Database
from tests.device_gateway.rig import GatewayProcess, World, alarm, speaking, until

# The real watchdog with shorter times, so that a test need not wait for the three quarters of a minute of use.
QUICK = "import sys; from device_gateway import main; main.DEAF_S, main.HEARTBEAT_S = 8.0, 0.5; sys.exit(main.main())"
DEAF = 69


@pytest.fixture
def broker() -> Iterator[Mosquitto]:
    """A broker of this test's own, which it may stop dead."""
    home = Path(tempfile.mkdtemp(prefix="alongside-test-"))
    home.chmod(0o711)
    found = Mosquitto(home)
    found.start()
    yield found
    found.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def alone(flow_database: Database, broker: Mosquitto) -> Iterator[World]:
    found = World(flow_database.url("al_migrate"), flow_database.url("al_gateway"), broker)
    yield found
    found.db.close()


def quick_gateway(world: World, home: Path) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.environ["PATH"], "DATABASE_URL": world.gateway_url, "ALONGSIDE_HOME": str(home),
        "MQTT_URL": world.broker.service_url("al-gateway-obs"),
        "MQTT_ALARM_URL": world.broker.service_url("al-gateway-alarm"),
    }  # fmt: skip
    log = home / "quick.log"
    with log.open("ab") as out:
        process = subprocess.Popen([sys.executable, "-c", QUICK], env=environment, stderr=out, stdout=out)
    until(lambda: log.read_text().count(": listening") >= 2, 120, "the gateway listens")
    return process


@pytest.mark.hazard("H46")
def test_a_broker_that_stands_still_is_found_by_its_missing_echo_and_the_gateway_ends_itself(
    alone: World, tmp_path: Path
) -> None:
    process = quick_gateway(alone, tmp_path)
    pid = alone.broker.pid
    assert pid is not None
    try:
        until(
            lambda: alone.one("select detail ->> 'echo_ms' from heartbeat where name = 'gateway'"),
            120,
            "an echo",
        )
        os.kill(pid, signal.SIGSTOP)
        age = "select (detail ->> 'echo_age_s')::float > 4 from heartbeat where name = 'gateway'"
        until(lambda: alone.one(age), 120, "the heartbeat says that the echo is missing")
        assert process.wait(60) == DEAF
    finally:
        os.kill(pid, signal.SIGCONT)
        process.kill()
        process.wait(60)
    device, _ = alone.worn("pendant")
    gateway = GatewayProcess(alone, tmp_path).start()
    try:
        with speaking(alone.broker, device) as (speaker,):
            press = alarm()
            speaker.send("alarm", press)
            until(lambda: speaker.states(press["alarm"]), 120, "`received` after the broker came back")
    finally:
        assert gateway.stop() == 0


@pytest.mark.hazard("H31")
def test_a_press_that_the_broker_kept_only_as_a_retained_message_is_raised_once(
    alone: World, tmp_path: Path
) -> None:
    """As after a broker that lost our session: the press was published while nobody was subscribed."""
    device, patient = alone.worn("pendant")
    press = alarm()
    with speaking(alone.broker, device) as (speaker,):
        speaker.send("alarm", press, retain=True)
        gateway = GatewayProcess(alone, tmp_path).start()
        try:
            until(lambda: speaker.states(press["alarm"]) == ["received"], 120, "`received`")
            speaker.send("alarm", press, retain=True)
            until(lambda: len(speaker.states(press["alarm"])) == 2, 120, "a repeat is answered")
        finally:
            gateway.stop()
    with psycopg.connect(plain_dsn(alone.gateway_url)) as db:
        assert db.execute("select patient_id, rule from alert").fetchall() == [(patient, "sos")]
