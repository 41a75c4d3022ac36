"""A device on the broker as we configure it: TLS, its own secret, its own topics and nobody else's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from backend.devices.credentials import Credentials, new_secret
from backend.supervise.mosquitto import Mosquitto
from firmware_stubs.journal import read_ledger
from tests.firmware_stubs.conftest import Planner, Starter
from tests.firmware_stubs.stand_in import FarEnd, wait_until

LONG = 120.0


@pytest.fixture
def far_end(mosquitto_broker: Mosquitto) -> Iterator[FarEnd]:
    """A far end in the gateway's place, with the gateway's own account."""
    url = urlsplit(mosquitto_broker.service_url("al-gateway-obs"))
    one = FarEnd(mosquitto_broker.plain_port, (url.username or "", unquote(url.password or "")))
    yield one
    one.close()
    assert one.wrong == []


def test_a_device_with_its_secret_is_heard_over_tls_and_one_with_a_wrong_secret_is_not(
    mosquitto_broker: Mosquitto, far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path
) -> None:
    with Credentials(mosquitto_broker.control_url()) as credentials:
        issued = credentials.issue_many(["ox-known-01", "ox-guess-01"])
    devices = [
        {"stub": "pulse_oximeter", "device_id": "ox-known-01", "secret": issued["ox-known-01"]},
        {"stub": "pulse_oximeter", "device_id": "ox-guess-01", "secret": "a-guess"},
    ]
    line = {"host": "localhost", "port": mosquitto_broker.tls_port, "ca_file": str(mosquitto_broker.ca_file)}
    process = start("fleet", "--plan", plan(devices, broker=line))
    wait_until(lambda: bool(read_ledger(tmp_path / "state").receipted_ids()))
    assert far_end.of("ox-known-01", "presence")[0]["state"] == "ready"
    assert far_end.of("ox-guess-01", "presence") == []
    assert set(read_ledger(tmp_path / "state").waiting["ox-guess-01"])
    assert process.poll() is None


def test_a_device_does_not_talk_to_a_broker_that_another_authority_vouches_for(
    mosquitto_broker: Mosquitto, far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path
) -> None:
    with Credentials(mosquitto_broker.control_url()) as credentials:
        secret = credentials.issue("ox-known-02")
    other = "/etc/ssl/certs/ca-certificates.crt"
    if not Path(other).exists():
        pytest.skip("this machine trusts no public authority to be wrong about")
    line = {"host": "localhost", "port": mosquitto_broker.tls_port, "ca_file": other}
    process = start(
        "fleet",
        "--plan",
        plan([{"stub": "canary", "device_id": "ox-known-02", "secret": secret}], broker=line),
        "--seconds",
        3,
    )
    assert process.wait(60) == 0
    assert far_end.of("ox-known-02", "presence") == []
    assert read_ledger(tmp_path / "state").waiting_count == 1


def test_a_device_given_a_new_secret_comes_back_with_it_and_still_knows_it_after_a_restart(
    mosquitto_broker: Mosquitto, far_end: FarEnd, plan: Planner, start: Starter
) -> None:
    device, told = "ox-known-03", new_secret()
    path = running(mosquitto_broker, plan, device)
    process = start("fleet", "--plan", path)
    wait_until(lambda: births(far_end, device) == 1, LONG)
    tell(far_end, device, told)
    with Credentials(mosquitto_broker.control_url()) as credentials:
        credentials.rotate(device, told)
    wait_until(lambda: births(far_end, device) >= 2, LONG)
    process.kill()
    process.wait(60)
    before = births(far_end, device)
    # The plan still names the old secret, as a device's memory from the factory would.
    start("fleet", "--plan", path)
    wait_until(lambda: births(far_end, device) > before, LONG)


def test_a_device_whose_new_secret_is_refused_comes_back_with_its_old_one(
    mosquitto_broker: Mosquitto, far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path
) -> None:
    device = "ox-known-04"
    path = running(mosquitto_broker, plan, device)
    start("fleet", "--plan", path)
    wait_until(lambda: births(far_end, device) == 1, LONG)
    tell(far_end, device, new_secret())
    old = json.loads(path.read_text())["devices"][0]["secret"]
    with Credentials(mosquitto_broker.control_url()) as credentials:
        # The broker keeps the old one; being told it again cuts the connection.
        credentials.rotate(device, old)
    wait_until(lambda: births(far_end, device) >= 2, LONG)
    assert read_ledger(tmp_path / "state").secrets[device][-1] == old


def running(broker: Mosquitto, plan: Planner, device: str) -> Path:
    """A plan of one device with an account."""
    with Credentials(broker.control_url()) as credentials:
        secret = credentials.issue(device)
    line = {"host": "localhost", "port": broker.tls_port, "ca_file": str(broker.ca_file)}
    return plan([{"stub": "pulse_oximeter", "device_id": device, "secret": secret}], broker=line)


def births(far_end: FarEnd, device: str) -> int:
    """How often it came up."""
    return sum(one["state"] == "ready" for one in far_end.of(device, "presence"))


def tell(far_end: FarEnd, device: str, secret: str) -> None:
    """Send it a new secret, and wait until it says that it has it."""
    far_end.say(device, "config", {"v": 1, "rev": 3, "set": {"secret": secret}})
    wait_until(lambda: any(one.get("config_rev") == 3 for one in far_end.of(device, "status")), LONG)
