"""A device held by the test: publishes what it is told over MQTT and TLS, and notes each receipt."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from secrets import token_hex
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties


class ByHand:
    """One device of ours. `device` is what `alongside up --json` says: id, secret, host, port, ca_file."""

    def __init__(self, device: dict[str, Any]) -> None:
        self.id: str = device["id"]
        self.stored: set[str] = set()
        self.rejected: dict[str, str] = {}
        self._device = device
        self._boot = f"b{token_hex(6)}"
        self._seq = count(1)
        self._subscribed = threading.Event()
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id=self.id, protocol=MQTTProtocolVersion.MQTTv5
        )
        self._client.username_pw_set(self.id, device["secret"])
        self._client.tls_set(ca_certs=device["ca_file"])
        self._client.reconnect_delay_set(1, 2)
        self._client.on_connect = lambda client, *_: client.subscribe(f"al/v1/{self.id}/down/#", qos=1)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_disconnect = lambda *_: self._subscribed.clear()
        self._client.on_message = lambda _c, _u, said: self._heard(said.topic, bytes(said.payload))

    def connect(self) -> ByHand:
        """Connect over TLS and wait until receipts can be heard."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho leaves it untyped
        properties.SessionExpiryInterval = 3600
        self._client.connect(
            self._device["host"], self._device["port"], 30, clean_start=False, properties=properties
        )
        self._client.loop_start()
        assert self._subscribed.wait(60), "the broker did not let the device in"
        return self

    def close(self) -> None:
        """Go."""
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def is_connected(self) -> bool:
        """True while receipts can be heard; it tries again by itself when the broker cuts it off."""
        return self._subscribed.is_set()

    def test_press(self) -> dict[str, Any]:
        """A press made to prove an installation: an alarm in the phase test."""
        return self.reading(m=None, alarm=f"test-{token_hex(6)}", phase="test", kind="sos", raised=ago())

    def reading(self, *entries: dict[str, Any], **other: Any) -> dict[str, Any]:
        """A message with these entries of `m`, taken now; `other` replaces fields, None leaves one out."""
        body: dict[str, Any] = {
            "v": 1,
            "id": f"by-hand-{token_hex(8)}",
            "boot": self._boot,
            "seq": next(self._seq),
            "clock": {"src": "ntp"},
            "taken": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "m": list(entries),
        }
        return {name: value for name, value in (body | other).items() if value is not None}

    def send(self, body: dict[str, Any] | bytes, channel: str = "obs") -> str:
        """Publish on up/`channel` and return the message id ("" when there is none)."""
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._client.publish(f"al/v1/{self.id}/up/{channel}", payload, qos=1)
        return str(body.get("id", "")) if isinstance(body, dict) else ""

    def _heard(self, topic: str, payload: bytes) -> None:
        if topic.endswith("/down/ack"):
            said = json.loads(payload)
            self.stored |= set(said.get("ids", ()))
            self.rejected |= {one["id"]: one["code"] for one in said.get("rejected", ())}


def pressure(systolic: int, diastolic: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A blood pressure as two entries of `m`."""
    return (
        {"k": "bp.systolic", "val": systolic, "u": "mm[Hg]"},
        {"k": "bp.diastolic", "val": diastolic, "u": "mm[Hg]"},
    )


def ago(**time_ago: float) -> str:
    """A time in the past, as it is written on the wire."""
    return (datetime.now(UTC) - timedelta(**time_ago)).isoformat(timespec="milliseconds")


def until(true: Callable[[], object], seconds: float, what: str) -> float:
    """Wait until `true`; returns the seconds it took, or fails saying what was waited for."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, f"not within {seconds:g} s: {what}"
        time.sleep(0.05)
    return time.monotonic() - began
