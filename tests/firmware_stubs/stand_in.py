"""A real broker and the smallest far end that can give or withhold receipts, to test devices against."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cbor2
import paho.mqtt.client as mqtt
from jsonschema import Draft202012Validator
from paho.mqtt.enums import CallbackAPIVersion

CONTRACT = Path(__file__).resolve().parents[2] / "device_gateway" / "contract"

# Checking a message costs more than sending it: under load the far end would be what is measured.
CHECKED_A_TOPIC = 40


def free_port() -> int:
    """A TCP port of the loopback that nobody has now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def wait_until(true: Callable[[], bool], seconds: float = 120.0) -> None:
    """Wait for `true()`; fail the test after `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.02)


class Broker:
    """A Mosquitto of this test that can be killed and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.port, self._folder = free_port(), folder
        (folder / "broker.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n"
            "set_tcp_nodelay true\nmax_packet_size 65536\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        self._process = subprocess.Popen(
            ["/usr/sbin/mosquitto", "-c", str(self._folder / "broker.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self._answers)

    def kill(self) -> None:
        """Kill it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=10).close()
        except OSError:
            return False
        return True


class FarEnd:
    """What stands where the gateway stands: it stores ids in memory and answers, or does not.

    `giving` switches receipts; `refusing` maps a device to the code its readings are refused with.
    """

    def __init__(self, port: int, account: tuple[str, str] | None = None) -> None:
        self.giving, self.refusing = True, dict[str, str]()
        self.by_upto = False
        self.messages: list[tuple[str, str, dict[str, Any]]] = []
        self.stored: dict[str, str] = {}
        self.arrivals: dict[str, int] = defaultdict(int)
        self.wrong: list[str] = []
        self._checked: dict[str, int] = defaultdict(int)
        self._owed: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._lock = threading.Lock()
        self._schema = json.loads((CONTRACT / "schema.json").read_text())
        self._validators: dict[str, Any] = {}
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"far-end-{port}")
        if account is not None:
            self._client.username_pw_set(*account)
        self._client.on_connect = lambda client, *_: client.subscribe("al/v1/+/up/#", qos=1)
        self._client.on_message = self._on_message
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._running = True
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()
        wait_until(self._client.is_connected)

    def close(self) -> None:
        """Let the broker go."""
        self._running = False
        self._thread.join()
        self._client.disconnect()
        self._client.loop_stop()

    def of(self, device: str, channel: str) -> list[dict[str, Any]]:
        """Every message of one device on one channel, in order of arrival."""
        return [body for who, where, body in self.messages if (who, where) == (device, channel)]

    def say(self, device: str, channel: str, body: object) -> None:
        """Say anything to a device (str or bytes as they are); receipts at QoS 0, as the contract has it."""
        payload = body if isinstance(body, (str, bytes)) else json.dumps(body)
        self._client.publish(f"al/v1/{device}/down/{channel}", payload, qos=0 if channel == "ack" else 1)

    def alarm_state(self, device: str, alarm: str, state: str) -> None:
        """Tell a device the state of its alarm."""
        self.say(device, "alarm", {"v": 1, "alarm": alarm, "state": state, "at": _now()})

    def _on_message(self, _client: Any, _userdata: Any, message: mqtt.MQTTMessage) -> None:
        _, _, device, _, channel = message.topic.split("/", 4)
        body = _read(bytes(message.payload))
        with self._lock:
            self.messages.append((device, channel, body))
            self._checked[message.topic] += 1
            if self._checked[message.topic] <= CHECKED_A_TOPIC:
                self.wrong += [f"{message.topic}: {error.message}" for error in self._faults(channel, body)]
            if channel == "obs" or channel.startswith("raw/"):
                self.arrivals[body["id"]] += 1
                if self.giving and device not in self.refusing:
                    self.stored[body["id"]] = device
                self._owed[device].append(body)

    def _faults(self, channel: str, body: Any) -> list[Any]:
        if channel not in self._validators:
            # `time` is the answer; a device asks by a question of another shape.
            named = "timeRequest" if channel == "time" else channel.partition("/")[0]
            part = {**self._schema, "$ref": f"#/$defs/{named}"}
            self._validators[channel] = Draft202012Validator(part)
        return list(self._validators[channel].iter_errors(body))

    def _answer(self) -> None:
        while self._running:
            time.sleep(0.05)
            with self._lock:
                owed, self._owed = (self._owed, defaultdict(list)) if self.giving else ({}, self._owed)
            for device, bodies in owed.items():
                for start in range(0, len(bodies), 500):
                    self.say(device, "ack", self._receipt(device, bodies[start : start + 500]))

    def _receipt(self, device: str, bodies: list[dict[str, Any]]) -> dict[str, Any]:
        for body in bodies:
            if device not in self.refusing:
                self.stored[body["id"]] = device
        base = {"v": 1, "at": _now()}
        if device in self.refusing:
            return {**base, "rejected": [{"id": b["id"], "code": self.refusing[device]} for b in bodies]}
        if self.by_upto:
            return {**base, "boot": bodies[-1]["boot"], "upto": max(body["seq"] for body in bodies)}
        return {**base, "ids": [body["id"] for body in bodies]}


def _read(payload: bytes) -> Any:
    """A message in JSON or CBOR, as its schema speaks of it: bytes are base64 text there."""
    if payload[:1] < b"\xa0" or payload[:1] > b"\xbf":
        return json.loads(payload)
    said = cbor2.loads(payload)
    return {name: b64encode(one).decode() if isinstance(one, bytes) else one for name, one in said.items()}


def _now() -> str:
    return datetime.now(UTC).isoformat()
