"""Proves what a device may and may not do at our broker, with Debian's own client over TLS."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from backend.core.config import MqttAddress
from backend.core.errors import Invalid, Unavailable
from backend.devices.credentials import Credentials
from backend.supervise import debian
from backend.supervise.broker_view import look
from backend.supervise.mosquitto import Mosquitto
from backend.supervise.process import wait_gone


@pytest.fixture
def credentials(mosquitto_broker: Mosquitto) -> Iterator[Credentials]:
    """The account that issues devices' credentials, signed in."""
    with Credentials(mosquitto_broker.control_url()) as signed_in:
        yield signed_in


class Ear:
    """A process of ours that hears what devices publish."""

    def __init__(self, url: str, topic: str) -> None:
        address = MqttAddress.parse(url)
        self.heard: list[tuple[str, bytes]] = []
        self._subscribed = threading.Event()
        self.client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"ear-{os.urandom(4).hex()}",
            protocol=MQTTProtocolVersion.MQTTv5,
        )
        self.client.username_pw_set(address.username, address.password)
        self.client.on_message = self._hear
        self.client.on_subscribe = lambda *_: self._subscribed.set()
        self.client.connect(address.host, address.port)
        self.client.loop_start()
        self.client.subscribe(topic, qos=1)
        assert self._subscribed.wait(60)

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.heard.append((message.topic, bytes(message.payload)))

    def wait(self, seconds: float = 60.0) -> list[tuple[str, bytes]]:
        """Return what was heard, waiting for the first."""
        until = time.monotonic() + seconds
        while not self.heard and time.monotonic() < until:
            time.sleep(0.02)
        return self.heard

    def close(self) -> None:
        """Leave."""
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def gateway_ear(mosquitto_broker: Mosquitto) -> Iterator[Ear]:
    """The gateway's account, listening to every device."""
    ear = Ear(mosquitto_broker.service_url("al-gateway-obs"), "al/v1/+/up/obs")
    yield ear
    ear.close()


def publish(
    broker: Mosquitto, device: str | None, secret: str | None, topic: str, client_id: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Publish `{}` with mosquitto_pub over TLS, as a device or as nobody."""
    found = debian.mosquitto()
    assert found.publish is not None
    who = ["-u", device, "-P", secret] if device and secret else []
    where = ["-h", "localhost", "-p", str(broker.tls_port), "--cafile", str(broker.ca_file), "-V", "mqttv5"]
    what = ["-i", client_id or device or "nobody-at-all", *who, "-q", "1", "-t", topic, "-m", "{}"]
    return subprocess.run(
        [str(found.publish), *where, *what],
        capture_output=True, text=True, timeout=300, check=False, env=dict(found.environment),
    )  # fmt: skip


def test_a_device_publishes_over_tls_to_its_own_topic(
    mosquitto_broker: Mosquitto, credentials: Credentials, gateway_ear: Ear
) -> None:
    secret = credentials.issue("test-oxi-0001")
    done = publish(mosquitto_broker, "test-oxi-0001", secret, "al/v1/test-oxi-0001/up/obs")
    assert done.returncode == 0, done.stderr
    assert gateway_ear.wait() == [("al/v1/test-oxi-0001/up/obs", b"{}")]


def test_a_device_cannot_publish_to_the_topic_of_another(
    mosquitto_broker: Mosquitto, credentials: Credentials, gateway_ear: Ear
) -> None:
    secret = credentials.issue_many(["test-oxi-0002", "test-oxi-0003"])["test-oxi-0002"]
    done = publish(mosquitto_broker, "test-oxi-0002", secret, "al/v1/test-oxi-0003/up/obs")
    assert "Not authorized" in done.stderr
    assert gateway_ear.wait(0.5) == []


def test_nobody_connects_without_an_account(mosquitto_broker: Mosquitto) -> None:
    done = publish(mosquitto_broker, None, None, "al/v1/test-oxi-0001/up/obs")
    assert done.returncode != 0
    assert "not authori" in done.stderr.lower()


def test_an_account_works_only_under_its_own_client_id(
    mosquitto_broker: Mosquitto, credentials: Credentials
) -> None:
    secret = credentials.issue("test-oxi-0004")
    done = publish(mosquitto_broker, "test-oxi-0004", secret, "al/v1/test-oxi-0004/up/obs", "test-oxi-9999")
    assert done.returncode != 0


def test_a_rotated_secret_ends_the_old_one_and_a_revoked_device_stays_out(
    mosquitto_broker: Mosquitto, credentials: Credentials
) -> None:
    topic = "al/v1/test-oxi-0005/up/obs"
    old = credentials.issue("test-oxi-0005")
    new = credentials.rotate("test-oxi-0005")
    assert publish(mosquitto_broker, "test-oxi-0005", old, topic).returncode != 0
    assert publish(mosquitto_broker, "test-oxi-0005", new, topic).returncode == 0
    assert (
        publish(mosquitto_broker, "test-oxi-0005", credentials.issue("test-oxi-0005"), topic).returncode == 0
    )
    credentials.revoke("test-oxi-0005")
    credentials.revoke("test-oxi-0005")
    assert publish(mosquitto_broker, "test-oxi-0005", new, topic).returncode != 0


def test_accounts_our_database_does_not_know_are_withdrawn_and_missing_ones_named(
    credentials: Credentials,
) -> None:
    issued = credentials.issue_many([f"test-many-{number:04d}" for number in range(60)])
    kept = sorted(issued)[:55]
    found = credentials.reconcile([*kept, "test-absent-0001"])
    assert set(sorted(issued)[55:]) <= set(found.withdrawn)
    assert found.missing == ("test-absent-0001",)
    assert credentials.reconcile(kept).withdrawn == ()


@pytest.mark.parametrize("device_id", ["+", "#", "abcdefg/+", "al-gateway-obs", "UPPER-CASE", "short"])
def test_an_id_that_could_reach_other_topics_gets_no_account(
    credentials: Credentials, device_id: str
) -> None:
    with pytest.raises(Invalid):
        credentials.issue(device_id)


def test_the_brokers_own_counters_and_echo_are_there_for_status() -> None:
    # A broker that has run for minutes has forgotten what did not change; a new one tells it all.
    home = Path(tempfile.mkdtemp(prefix="alongside-test-"))
    home.chmod(0o711)
    broker = Mosquitto(home)
    broker.start()
    try:
        view = look(broker.service_url("al-observer"), seconds=8)
    finally:
        broker.stop()
        shutil.rmtree(home, ignore_errors=True)
    assert view.echo_ms is not None
    assert view.counters["dropped"] == 0


def test_the_gateway_cannot_manage_accounts(mosquitto_broker: Mosquitto) -> None:
    with (
        pytest.raises(Unavailable),
        Credentials(mosquitto_broker.service_url("al-gateway-obs"), patience=1.0),
    ):
        pass


def test_two_who_manage_devices_at_once_each_get_their_own_answers(mosquitto_broker: Mosquitto) -> None:
    """The broker answers everybody on one topic: the worker compares accounts while a list of kit is let in."""
    done = threading.Event()
    trouble: list[Exception] = []

    def compare() -> None:
        with Credentials(mosquitto_broker.control_url()) as other:
            while not done.is_set():
                try:
                    other.accounts()
                except Exception as error:
                    trouble.append(error)
                    return

    comparing = threading.Thread(target=compare)
    comparing.start()
    try:
        with Credentials(mosquitto_broker.control_url()) as control:
            names = [f"test-both-{number:04d}" for number in range(20)]
            for _ in range(10):
                assert sorted(control.issue_many(names)) == names
            control.revoke_many(names)
    finally:
        done.set()
        comparing.join(60)
    assert trouble == []


def test_a_killed_broker_starts_again_with_every_account(real_home: Path) -> None:
    home = real_home / "broker-crash"
    home.mkdir(exist_ok=True)
    home.chmod(0o711)
    broker = Mosquitto(home)
    broker.start()
    try:
        with Credentials(broker.control_url()) as control:
            secret = control.issue("test-oxi-0006")
        before, ports = broker.pid, (broker.plain_port, broker.tls_port)
        assert before is not None
        os.kill(before, signal.SIGKILL)
        assert wait_gone(before, 60)
        broker.start()
        assert (broker.plain_port, broker.tls_port) == ports
        done = publish(broker, "test-oxi-0006", secret, "al/v1/test-oxi-0006/up/obs")
        assert done.returncode == 0, done.stderr
        for name in (
            "secrets.json",
            "mosquitto/dynamic-security.json",
            "mosquitto/server.key",
            "mosquitto/ca.key",
        ):
            assert stat.S_IMODE((home / name).stat().st_mode) == 0o600, name
    finally:
        broker.stop()
