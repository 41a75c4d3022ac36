"""Devices that nobody here wrote, from claim to revoke: MQTT.js and mosquitto_pub against the running system."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from backend.supervise import debian
from backend.supervise.files import last_lines
from tests.flows.by_hand import until
from tests.flows.conftest import System
from tests.vendor.by_api import Staff
from tests.vendor.made_elsewhere import JavaScriptDevice

PATIENCE_S = 120.0


@pytest.fixture
def nurse(system: System) -> Staff:
    """The demo's nurse, over HTTP."""
    return Staff(system.running.url, "demo-nurse", system.running.password("demo-nurse"))


@pytest.fixture
def elsewhere() -> Iterator[JavaScriptDevice]:
    """A device on MQTT.js."""
    device = JavaScriptDevice()
    yield device
    device.close()


def reading(value: int, **more: Any) -> dict[str, Any]:
    """A reading taken now."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return {
        "v": 1, "id": uuid4().hex, "boot": "vendor-boot-1", "seq": 0, "sent": now, "clock": {"src": "ntp"},
        "taken": now, "m": [{"k": "spo2", "val": value, "u": "%"}], **more,
    }  # fmt: skip


def press() -> dict[str, Any]:
    """A pendant pressed now."""
    return {
        "v": 1, "id": uuid4().hex, "boot": "vendor-boot-1", "seq": 1, "clock": {"src": "ntp"},
        "alarm": f"a-{uuid4().hex}", "phase": "raise", "kind": "sos", "raised": datetime.now(UTC).isoformat(),
    }  # fmt: skip


def until_done(system: System, true: Callable[[], object], what: str) -> None:
    """Wait for something to become true; when it does not, say where the gateway and its statements stand."""
    try:
        until(true, PATIENCE_S, what)
    except AssertionError as late:
        os.kill(system.pid("gateway"), signal.SIGUSR1)
        time.sleep(1)
        log = last_lines(system.running.home / "log" / "gateway.log", 120)
        doing = system.rows(
            "select usename, state, wait_event_type, wait_event, left(query, 300), now() - xact_start"
            " from pg_stat_activity where datname = 'alongside' and state <> 'idle'"
        )
        raise AssertionError(f"{late}\n{log}\n{doing}") from late


def stored(system: System, message_id: str) -> int:
    """How many rows the key of a message has."""
    return len(system.rows("select 1 from message_key where message_id = %s", message_id))


@pytest.mark.slow
def test_a_device_on_mqtt_js_goes_from_claim_to_revoke(
    system: System, nurse: Staff, elsewhere: JavaScriptDevice
) -> None:
    kit, patient = nurse.new_kit("pulse-oximeter"), nurse.somebody()
    nurse.give(kit, patient)
    code = nurse.claim_code(kit)
    assert elsewhere.claim(system.running.url, code)["status"] == 200
    assert elsewhere.name == kit["device_id"]
    elsewhere.connect()

    body = reading(95)
    elsewhere.publish("obs", body)
    until_done(system, lambda: body["id"] in elsewhere.receipted(), "the receipt")
    assert stored(system, body["id"]) == 1
    elsewhere.publish("obs", body)
    time.sleep(1)
    assert stored(system, body["id"]) == 1

    pressed = press()
    elsewhere.publish("alarm", pressed)
    until(lambda: elsewhere.states(pressed["alarm"])[:1] == ["received"], PATIENCE_S, "received")
    until(lambda: nurse.alarm_of(patient) is not None, PATIENCE_S, "the press on the worklist")
    nurse.claim(patient)
    until(lambda: "being_handled" in elsewhere.states(pressed["alarm"]), PATIENCE_S, "being handled")
    assert "help_coming" not in elsewhere.states(pressed["alarm"])

    nurse.close(patient)
    before = elsewhere.count("closed")
    nurse.revoke(kit, "lost")
    until(lambda: elsewhere.count("closed") > before, PATIENCE_S, "the live session ends")
    connected = elsewhere.count("connected")
    time.sleep(3)
    assert elsewhere.count("connected") == connected, "it may not come back"


@pytest.mark.slow
def test_what_a_device_publishes_under_anothers_name_reaches_nobody(
    system: System, nurse: Staff, elsewhere: JavaScriptDevice
) -> None:
    kit, other = nurse.new_kit("pulse-oximeter"), system.running.told["device"]["id"]
    nurse.give(kit, nurse.somebody())
    elsewhere.claim(system.running.url, nurse.claim_code(kit))
    elsewhere.connect()
    spoofed, own = reading(80), reading(96)
    elsewhere.publish("obs", spoofed, device=other)
    elsewhere.publish("obs", own)
    until_done(system, lambda: own["id"] in elsewhere.receipted(), "its own reading's receipt")
    assert stored(system, spoofed["id"]) == 0
    assert system.rows("select 1 from quarantine where message_id = %s", spoofed["id"]) == []


@pytest.mark.slow
def test_mosquitto_pub_with_a_claimed_account_is_stored_and_after_a_revoke_refused(
    system: System, nurse: Staff
) -> None:
    kit, patient = nurse.new_kit("pulse-oximeter"), nurse.somebody()
    nurse.give(kit, patient)
    account = nurse.trade(nurse.claim_code(kit))
    trusted = system.running.home / f"{kit['device_id']}.crt"
    trusted.write_text(account["ca"])

    def published(channel: str, body: dict[str, Any]) -> int:
        words = [
            "-h", account["host"], "-p", str(account["port"]), "--cafile", str(trusted), "-i", account["username"],
            "-u", account["username"], "-P", account["secret"], "-q", "1", "-V", "mqttv5",
            "-t", f"al/v1/{account['device_id']}/up/{channel}", "-m", json.dumps(body),
        ]  # fmt: skip
        found = debian.mosquitto()
        assert found.publish is not None
        done = subprocess.run(
            [str(found.publish), *words],
            env=dict(found.environment),
            capture_output=True,
            check=False,
            timeout=300,
        )
        return done.returncode

    body, pressed = reading(94), press()
    assert published("obs", body) == 0
    assert published("alarm", pressed) == 0
    until_done(system, lambda: stored(system, body["id"]) == 1, "stored")
    until(lambda: nurse.alarm_of(patient) is not None, PATIENCE_S, "the press on the worklist")
    nurse.close(patient)
    nurse.revoke(kit, "stolen")
    late = reading(93)
    until(lambda: published("obs", late) != 0, PATIENCE_S, "the account is gone")
    assert stored(system, late["id"]) == 0


def test_a_code_is_good_once(system: System, nurse: Staff, elsewhere: JavaScriptDevice) -> None:
    kit = nurse.new_kit("pulse-oximeter")
    code = nurse.claim_code(kit)
    assert elsewhere.claim(system.running.url, code)["status"] == 200
    again = elsewhere.claim(system.running.url, code)
    assert (again["status"], again["code"]) == (404, "claim-code-unknown")
