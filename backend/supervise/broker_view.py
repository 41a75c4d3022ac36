"""Asks the broker itself whether it serves anybody, because a process that lives may still be deaf."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from backend.core.config import MqttAddress

ECHO_TOPIC = "al/v1/_observer/echo"
COUNTERS = {
    "held": "$SYS/broker/store/messages/count",
    "held_bytes": "$SYS/broker/store/messages/bytes",
    "retained": "$SYS/broker/retained messages/count",
    "dropped": "$SYS/broker/publish/messages/dropped",
    "connected": "$SYS/broker/clients/connected",
}


@dataclass
class BrokerView:
    """What one look at the broker showed: the echo's way in milliseconds (None = none came), its counters."""

    echo_ms: float | None = None
    counters: dict[str, int] = field(default_factory=dict)

    @property
    def queued(self) -> int | None:
        """How many messages wait for somebody: what the broker holds, less what it only retains."""
        if "held" not in self.counters or "retained" not in self.counters:
            return None
        return max(0, self.counters["held"] - self.counters["retained"])


def look(observer_url: str, seconds: float = 3.0) -> BrokerView:
    """Sign in as the observer, send an echo to ourselves and read the broker's counters; never raises."""
    view, heard, address = BrokerView(), threading.Event(), MqttAddress.parse(observer_url)
    names = {topic: name for name, topic in COUNTERS.items()}
    sent_at = 0.0

    def on_connect(
        client: Client, _data: object, _flags: ConnectFlags, code: ReasonCode, _more: Properties | None
    ) -> None:
        if not code.is_failure:
            client.subscribe([(ECHO_TOPIC, 1), *((topic, 0) for topic in names)])

    def on_subscribe(
        client: Client, _data: object, _mid: int, _codes: list[ReasonCode], _more: Properties | None
    ) -> None:
        nonlocal sent_at
        sent_at = time.monotonic()
        client.publish(ECHO_TOPIC, token, qos=1)

    def on_message(_client: Client, _data: object, message: MQTTMessage) -> None:
        if message.topic == ECHO_TOPIC and message.payload == token:
            view.echo_ms = round((time.monotonic() - sent_at) * 1000, 1)
        elif message.topic in names:
            view.counters[names[message.topic]] = int(message.payload)
        if view.echo_ms is not None and len(view.counters) == len(names):
            heard.set()

    token = secrets.token_bytes(12)
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=f"al-observer-{secrets.token_hex(6)}",
        protocol=MQTTProtocolVersion.MQTTv5,
    )
    client.username_pw_set(address.username, address.password)
    client.on_connect, client.on_subscribe, client.on_message = on_connect, on_subscribe, on_message
    try:
        client.connect(address.host, address.port, keepalive=10)
    except OSError:
        return view
    client.loop_start()
    heard.wait(seconds)
    client.disconnect()
    client.loop_stop()
    return view
