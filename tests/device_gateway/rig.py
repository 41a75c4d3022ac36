"""Starts a gateway on a database and broker of its own and lets a test speak as its devices."""

import json
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from backend.core.config import MqttAddress
from backend.core.db import plain_dsn
from backend.devices.credentials import Credentials
from backend.supervise.mosquitto import Mosquitto

Json = dict[str, Any]
ALWAYS = "[2020-01-01,)"


def until(true: Callable[[], object], seconds: float = 240.0, what: str = "") -> Any:
    """Wait for something to become true and return it; fails with `what` when it does not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.02)
    raise AssertionError(f"did not happen in {seconds} s: {what or true}")


class World:
    """A migrated database with people and devices in it."""

    def __init__(self, owner_url: str, gateway_url: str, broker: Mosquitto) -> None:
        self.gateway_url, self.broker = gateway_url, broker
        self.owner_dsn = plain_dsn(owner_url)
        self.db: psycopg.Connection[tuple[Any, ...]] = psycopg.connect(self.owner_dsn, autocommit=True)

    def connect(self) -> None:
        """Open this test's own connection, again after the server was away."""
        self.db.close()
        self.db = psycopg.connect(self.owner_dsn, autocommit=True)

    def one(self, sql: str, *parameters: object) -> Any:
        """The first column of the first row."""
        row = self.db.execute(sql, parameters).fetchone()
        return None if row is None else row[0]

    def all(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Every row."""
        return self.db.execute(sql, parameters).fetchall()

    def patient(self, *, consent: str | None = ALWAYS) -> int:
        """A person, by default one who agreed to monitoring; returns the inside key."""
        number = f"{9990000000 + int(uuid4()) % 9_999_999:010d}"
        patient_id: int = self.one(
            "insert into patient (nhs_number, given_name, family_name, birth_date)"
            " values (%s, 'Test', 'Person', '1950-01-01') returning id",
            number,
        )
        if consent is not None:
            self.db.execute(
                "insert into consent (patient_id, kind, valid) values (%s, 'monitoring', %s)",
                (patient_id, consent),
            )
        return patient_id

    def device(self, kind: str = "pulse-oximeter") -> str:
        """A device that nobody wears; returns its device id."""
        device = f"test-{uuid4().hex[:12]}"
        self.db.execute("insert into device (device_id, kind) values (%s, %s)", (device, kind))
        return device

    def bind(self, device: str, patient_id: int, valid: str = ALWAYS, slot: int = 0) -> None:
        """Put a device on a person for a range of time."""
        self.db.execute(
            "insert into device_association (device_id, patient_id, valid, slot)"
            " select id, %s, %s, %s from device where device_id = %s",
            (patient_id, valid, slot, device),
        )

    def worn(self, kind: str = "pulse-oximeter") -> tuple[str, int]:
        """A device bound to a person who agreed, for always."""
        device, patient_id = self.device(kind), self.patient()
        self.bind(device, patient_id)
        return device, patient_id


class Speaker:
    """A device's connection: publishes on its topics and keeps what comes down."""

    def __init__(self, broker: Mosquitto, device: str, *, durable: bool = False) -> None:
        self.device, self._port = device, broker.plain_port
        self.configs: list[Json] = []
        self.times: list[Json] = []
        self.acks: list[Json] = []
        self.alarm_states: list[Json] = []
        self.acked_at: list[float] = []
        with Credentials(broker.control_url()) as credentials:
            secret = credentials.issue(device)
        self.secret = secret
        self._expiry_s = 3600 if durable else 0
        self.come()

    def come(self) -> None:
        """Connect and subscribe; a durable one is given what it missed."""
        device, ready = self.device, queue.SimpleQueue[bool]()
        self.client = Client(
            CallbackAPIVersion.VERSION2, client_id=device, protocol=MQTTProtocolVersion.MQTTv5
        )
        self.client.username_pw_set(device, self.secret)
        self.client.on_message = self._on_message
        self.client.on_connect = lambda client, *_: client.subscribe(f"al/v1/{device}/down/#", 1)
        self.client.on_subscribe = lambda *_: ready.put(True)
        session = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho left it untyped
        session.SessionExpiryInterval = self._expiry_s
        self.client.connect("127.0.0.1", self._port, clean_start=False, properties=session)
        self.client.loop_start()
        ready.get(timeout=60)

    def close(self) -> None:
        """Leave."""
        self.client.disconnect()
        self.client.loop_stop()

    def send(self, channel: str, body: Json | bytes, *, retain: bool = False) -> None:
        """Publish at QoS 1 and wait for the broker to have it."""
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.client.publish(f"al/v1/{self.device}/up/{channel}", payload, 1, retain).wait_for_publish(60)

    def stored(self) -> set[str]:
        """Message ids receipted as stored."""
        return {one for ack in list(self.acks) for one in ack.get("ids", [])}

    def rejected(self) -> dict[str, str]:
        """What was refused -> its reason code."""
        return {one["id"]: one["code"] for ack in list(self.acks) for one in ack.get("rejected", [])}

    def states(self, alarm_id: str) -> list[str]:
        """What was said of an alarm, in order."""
        return [said["state"] for said in list(self.alarm_states) if said["alarm"] == alarm_id]

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        said = json.loads(message.payload)
        channel = message.topic.rsplit("/", 1)[1]
        if channel == "ack":
            self.acks.append(said)
            self.acked_at.append(time.monotonic())
        else:
            {"alarm": self.alarm_states, "config": self.configs, "time": self.times}[channel].append(said)


class GatewayProcess:
    """`python -m device_gateway.main` as the supervisor starts it."""

    def __init__(self, world: World, home: Path) -> None:
        self._world, self._home = world, home
        self.process: subprocess.Popen[bytes] | None = None
        self.log = home / "gateway.log"

    def start(self, **more: str) -> "GatewayProcess":
        """Start, with more environment, and wait until both sessions listen at the broker."""
        broker = self._world.broker
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self._world.gateway_url,
            "MQTT_URL": broker.service_url("al-gateway-obs"),
            "MQTT_ALARM_URL": broker.service_url("al-gateway-alarm"),
            "ALONGSIDE_HOME": str(self._home),
            **more,
        }
        before = self._listening()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "device_gateway.main"], env=environment, stderr=log, stdout=log
            )
        until(lambda: self._listening() >= before + 2, 120, "the gateway listens")
        return self

    def _listening(self) -> int:
        return self.log.read_text().count(": listening") if self.log.exists() else 0

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(60)

    def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(60)


def service_client(url: str, client_id: str, on_message: Callable[..., None] | None = None) -> Client:
    """A connected client of one of our service accounts."""
    address = MqttAddress.parse(url)
    client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(address.username, address.password)
    if on_message is not None:
        client.on_message = on_message
    client.connect(address.host, address.port)
    client.loop_start()
    return client


def message_id() -> str:
    """A new id, as a device makes one."""
    return uuid4().hex


def obs(m: Sequence[Json] | None = None, **more: Any) -> Json:
    """A reading taken now by a device with a good clock; None removes a field."""
    now = datetime.now(UTC)
    body: Json = {
        "v": 1, "id": message_id(), "boot": "b1", "seq": 0, "sent": now.isoformat(), "clock": {"src": "ntp"},
        "taken": now.isoformat(), "m": list(m) if m is not None else [spo2(96)], **more,
    }  # fmt: skip
    return {name: value for name, value in body.items() if value is not None}


def receipted(speaker: Speaker, body: Json) -> bool:
    """Whether the device was told that this is stored."""
    return body["id"] in speaker.stored()


def refused(speaker: Speaker, body: Json, reason: str) -> bool:
    """Whether the device was told that this is refused for that reason."""
    return speaker.rejected().get(body["id"]) == reason


def spo2(value: float, **more: Any) -> Json:
    """One oxygen saturation."""
    return {"k": "spo2", "val": value, "u": "%", **more}


def alarm(kind: str = "sos", phase: str = "raise", **more: Any) -> Json:
    """A press just now."""
    now = datetime.now(UTC).isoformat()
    return {
        "v": 1, "id": message_id(), "boot": "b1", "seq": 0, "clock": {"src": "ntp"}, "alarm": f"a-{message_id()}",
        "phase": phase, "kind": kind, "raised": now, **more,
    }  # fmt: skip


def ago(**span: float) -> str:
    """A time in the past, as on the wire."""
    return (datetime.now(UTC) - timedelta(**span)).isoformat()


@contextmanager
def speaking(broker: Mosquitto, *devices: str) -> Iterator[tuple[Speaker, ...]]:
    """Connections of several devices, closed at the end."""
    speakers = tuple(Speaker(broker, device) for device in devices)
    try:
        yield speakers
    finally:
        for speaker in speakers:
            speaker.close()
