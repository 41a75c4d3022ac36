"""Carries one thing down one device's topics: an account with that right alone, gone a second later."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from paho.mqtt.client import Client, ConnectFlags
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from backend.core.config import MqttAddress
from backend.core.errors import Unavailable
from backend.devices.credentials import Credentials

NAME = "al-courier-"
NO_SUBSCRIBERS = 16  # MQTT 5, PUBACK: nobody is there to hear it
PATIENCE_S = 5.0


class Courier:
    """A connection that may publish to the topics it was made for, and nothing else."""

    def __init__(self, address: MqttAddress, name: str, password: str) -> None:
        self._ready = threading.Event()
        self._answered = threading.Event()
        self._code = 0
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5
        )
        self._client.username_pw_set(name, password)
        self._client.on_connect = self._on_connect
        self._client.on_publish = self._on_publish
        self._client.connect(address.host, address.port, keepalive=30)
        self._client.loop_start()
        if not self._ready.wait(PATIENCE_S):
            self.close()
            raise Unavailable("broker-unavailable", "The broker did not take a message for a device.")

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Give the broker one message at QoS 1; False when no session is there to hear it. Raises Unavailable."""
        self._answered.clear()
        self._client.publish(topic, payload, qos=1, retain=retain)
        if not self._answered.wait(PATIENCE_S):
            raise Unavailable("broker-unavailable", "The broker did not take a message for a device.")
        return self._code != NO_SUBSCRIBERS

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(
        self, _client: Client, _data: object, _flags: ConnectFlags, code: ReasonCode, _more: Properties | None
    ) -> None:
        if not code.is_failure:
            self._ready.set()

    def _on_publish(
        self, _client: Client, _data: object, _mid: int, code: ReasonCode, _more: Properties | None
    ) -> None:
        self._code = int(code.value)
        self._answered.set()


@contextmanager
def courier(credentials: Credentials, control_url: str, topics: Sequence[str]) -> Iterator[Courier]:
    """A courier for these literal topics. Its account is made for it and deleted after; raises Unavailable."""
    name, password = f"{NAME}{secrets.token_hex(8)}", secrets.token_urlsafe(32)
    credentials.let_in(name, password, topics)
    try:
        carrying = Courier(MqttAddress.parse(control_url), name, password)
        try:
            yield carrying
        finally:
            carrying.close()
    except OSError as away:
        raise Unavailable("broker-unavailable", "The broker cannot be reached.") from away
    finally:
        credentials.revoke(name)
