"""A device on the broker as we configure it: TLS, its own secret, its own topics and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from backend.devices.credentials import Credentials
from backend.supervise.mosquitto import Mosquitto
from firmware_stubs.journal import read_ledger
from tests.firmware_stubs.conftest import Planner, Starter
from tests.firmware_stubs.stand_in import FarEnd, wait_until


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
    assert process.wait(20) == 0
    assert far_end.of("ox-known-02", "presence") == []
    assert read_ledger(tmp_path / "state").waiting_count == 1
