"""A device's account on the real broker: revoked it is gone at once, rotated it comes back, strangers are put out."""

import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from paho.mqtt.client import Client, MQTTMessage
from sqlalchemy import Connection, text

from backend.core.db import transaction
from backend.devices.credentials import Credentials
from backend.kit import accounts
from backend.kit.jobs import compare_accounts, finish_revocations
from backend.supervise import certificates
from backend.supervise.mosquitto import Mosquitto
from tests.device_gateway.rig import service_client, until
from tests.factories import Ref
from tests.kit.conftest import House, new_id
from tests.kit.device import connects, device
from tests.kit.test_claims import claim, code_for

GONE_WITHIN_S = 3.0  # the contract's; the broker itself takes less than half a second on a quiet machine


@pytest.fixture
def heard(with_broker: Mosquitto) -> Iterator[list[tuple[str, bytes, bool]]]:
    """What the gateway's account hears of every device."""
    said: list[tuple[str, bytes, bool]] = []

    def hear(_client: Client, _data: object, message: MQTTMessage) -> None:
        said.append((message.topic, bytes(message.payload), message.retain))

    client = service_client(with_broker.service_url("al-gateway-obs"), f"ear-{new_id()}", hear)
    client.subscribe("al/v1/+/up/#", qos=1)
    yield said
    client.disconnect()
    client.loop_stop()


def claimed(house: House, app: Flask) -> tuple[Ref, dict[str, Any]]:
    """Kit that has claimed its account, and what it was told."""
    kit = house.make.device(device_id=new_id())
    told = claim(app.test_client(), code_for(house, kit), f"192.0.2.{kit.id % 250}").get_json()
    return kit, told


def stands_retained(broker: Mosquitto, name: str) -> bool:
    """Whether the broker still keeps something of this device."""
    kept: list[str] = []
    client = service_client(
        broker.service_url("al-gateway-obs"), f"look-{new_id()}", lambda *said: kept.append(said[2].topic)
    )
    client.subscribe(f"al/v1/{name}/up/#", qos=1)
    time.sleep(1)
    client.disconnect()
    client.loop_stop()
    return bool(kept)


def test_a_revoked_live_device_is_put_out_by_its_broker_and_stays_out(
    house: House, app: Flask, with_broker: Mosquitto
) -> None:
    kit, told = claimed(house, app)
    with device(told) as speaking:
        birth = json.dumps({"v": 1, "state": "ready", "boot": "b1"}).encode()
        speaking.publish(f"al/v1/{kit.name}/up/presence", birth, retain=True)
        assert stands_retained(with_broker, kit.name)
        version = house.nurse.read(kit)["version"]
        began = time.monotonic()
        done = house.nurse.send(kit, "/revoke", {"reason": "stolen", "note": "Taken"}, version)
        assert done.status_code == 200, done.get_data(as_text=True)
        assert speaking.gone.wait(60)
        # Five times the promise: a busy machine may not decide, and a broker that lets it live on would.
        assert speaking.gone_at - began < 5 * GONE_WITHIN_S
    row = done.get_json()
    assert (row["state"], row["flags"], row["credential_at"]) == ("lost", ["revoked"], None)
    assert row["history"][0]["note"] == "Taken"
    assert not connects(told)
    assert not stands_retained(with_broker, kit.name)


def test_a_device_delivers_nothing_on_the_topic_of_another_and_hears_nothing_of_it(
    house: House, app: Flask, with_broker: Mosquitto, heard: list[tuple[str, bytes, bool]]
) -> None:
    (_, told), (other, told_other) = claimed(house, app), claimed(house, app)
    with device(told) as speaking, device(told_other) as another:
        assert speaking.publish(f"al/v1/{other.name}/up/alarm", b'{"spoofed":1}') != 0
        assert speaking.publish(f"al/v1/{other.name}/up/presence", b"", retain=True) != 0
        assert speaking.publish("$CONTROL/dynamic-security/v1", b'{"commands":[]}') != 0
        assert another.publish(f"al/v1/{other.name}/up/obs", b'{"own":1}') == 0
        until(lambda: [one for one in list(heard) if one[1] == b'{"own":1}'], 120)
    assert not [one for one in heard if b"spoofed" in one[1]]


def test_a_connected_device_is_given_a_new_secret_over_the_air_and_comes_back(
    house: House, app: Flask, with_broker: Mosquitto, connection: Connection
) -> None:
    kit, told = claimed(house, app)
    with device(told) as speaking:
        house.make.says(kit, presence="ready")
        connection.execute(
            text("insert into device_config (device_id, rev, body) values (:id, 4, :body)"),
            {"id": kit.id, "body": '{"hb_s": 600, "set": {}}'},
        )
        version = house.nurse.read(kit)["version"]
        answer = house.nurse.send(kit, "/rotate", {}, version)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        until(lambda: len(speaking.secrets) == 2 and speaking.wait_connected(0.1), 120, "it comes back")
        assert speaking.publish(f"al/v1/{kit.name}/up/obs", b"{}") == 0
        new = speaking.secrets[1]
        assert speaking.revisions == [0, 5]
    queued = connection.execute(
        text("select payload, retain from downlink where device = :id"), {"id": kit.name}
    )
    assert [tuple(row) for row in queued] == [({"v": 1, "rev": 5, "hb_s": 600, "set": {}}, True)]
    assert not connects(told)
    assert connects(told | {"secret": new})
    for table in ("device", "kit_event", "downlink", "audit_event", "idempotency_key"):
        kept = connection.execute(text(f"select string_agg(t::text, ' ') from {table} t")).scalar()
        assert new not in str(kept), table
    with Credentials(with_broker.control_url()) as broker:
        assert not [name for name in broker.accounts() if name.startswith("al-courier-")]


def test_a_device_that_is_not_connected_needs_a_new_code_instead(
    house: House, app: Flask, with_broker: Mosquitto
) -> None:
    kit, told = claimed(house, app)
    for presence in ("lost", "sleeping", "ready"):
        # "ready" by its last word, and yet nobody listens: the broker says so.
        house.make.says(kit, presence=presence)
        answer = house.nurse.send(kit, "/rotate", {})
        assert (answer.status_code, answer.get_json()["code"]) == (412, "not-connected"), presence
    assert connects(told)


def test_what_is_revoked_while_the_broker_is_away_is_cut_off_when_it_is_back(
    house: House, app: Flask, with_broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit, told = claimed(house, app)
    with monkeypatch.context() as away:
        away.setitem(app.config, "MQTT_CONTROL_URL", "mqtt://al-control:x@127.0.0.1:1")
        row = house.nurse.do(kit, "/revoke", reason="faulty")
        assert (row["state"], row["revoked_at"] is not None) == ("collected", True)
        assert row["credential_at"] is not None
    assert connects(told)
    with app.app_context():
        finish_revocations()
    assert not connects(told)
    assert house.nurse.read(kit)["credential_at"] is None


def test_a_revoked_device_that_is_cleaned_checked_and_wiped_can_claim_again(
    house: House, app: Flask, with_broker: Mosquitto
) -> None:
    kit, _ = claimed(house, app)
    house.nurse.do(kit, "/revoke", reason="returned")
    house.nurse.do(kit, "/state", to="cleaned")
    house.nurse.do(kit, "/state", to="checked", wiped=True)
    assert house.nurse.do(kit, "/state", to="in-stock")["revoked_at"] is None
    assert connects(claim(app.test_client(), code_for(house, kit)).get_json())


def test_accounts_nobody_knows_go_and_the_missing_are_shown_on_the_page(
    house: House, app: Flask, with_broker: Mosquitto, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit, _ = claimed(house, app)
    stranger = new_id()
    with Credentials(with_broker.control_url()) as broker:
        broker.issue(stranger)
        broker.revoke(kit.name)
    monkeypatch.setattr(accounts, "MOST_STRANGERS", 10_000)
    with app.app_context():
        compare_accounts()
    page = house.nurse.browser.get("/kit").get_json()
    assert page["credentials"]["missing"] == [kit.name]
    assert page["credentials"]["withdrawn"] >= 1
    assert house.nurse.read(kit)["flags"][0] == "no-account"
    with Credentials(with_broker.control_url()) as broker:
        assert stranger not in broker.accounts()


def test_a_list_that_knows_nobody_puts_nobody_out(
    house: House, app: Flask, with_broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    strangers = [new_id() for _ in range(3)]
    with Credentials(with_broker.control_url()) as broker:
        broker.issue_many(strangers)
    monkeypatch.setattr(accounts, "MOST_STRANGERS", 2)
    with app.app_context(), transaction():
        found = accounts.reconcile()
    assert (found.withdrawn, found.held_back >= 3) == (0, True)
    with Credentials(with_broker.control_url()) as broker:
        assert set(strangers) <= set(broker.accounts())
        broker.revoke_many(strangers)


def test_the_authority_a_device_is_told_of_is_the_brokers_and_another_is_refused(
    house: House, app: Flask, with_broker: Mosquitto, tmp_path: Path
) -> None:
    _, told = claimed(house, app)
    certificates.ensure(tmp_path, ("localhost",))
    for authority, good in ((told["ca"], True), ((tmp_path / "ca.crt").read_text(), False)):
        trust = ssl.create_default_context(cadata=authority)
        with socket.create_connection((told["host"], told["port"]), timeout=60) as line:
            expected = nullcontext() if good else pytest.raises(ssl.SSLCertVerificationError)
            with expected, trust.wrap_socket(line, server_hostname=told["host"]) as secured:
                assert secured.version() in ("TLSv1.2", "TLSv1.3")
