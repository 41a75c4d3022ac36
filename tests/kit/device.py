"""A device as a vendor would write it: knows what the claim told it, and nothing else of ours."""

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion


class ClaimedDevice:
    """Connects over TLS with what it was told; keeps an old and a new secret until the new one has connected."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told, self.secrets = told, [str(told["secret"])]
        self.revisions = [0]
        self.connected, self.refused, self.gone = threading.Event(), threading.Event(), threading.Event()
        self._listening = threading.Event()
        self.gone_at = 0.0
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id=told["device_id"], protocol=MQTTProtocolVersion.MQTTv5
        )
        trust = ssl.create_default_context(cadata=told["ca"])
        self._client.tls_set_context(trust)
        self._client.username_pw_set(told["username"], self.secrets[0])
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_subscribe = lambda *_: self._listening.set()
        self._client.on_message = self._on_message
        self._client.reconnect_delay_set(1, 1)
        self._client.connect(told["host"], told["port"], keepalive=10)
        self._client.loop_start()

    def wait_connected(self, seconds: float = 60) -> bool:
        """Whether it came in and listens."""
        return self.connected.wait(seconds) and self._listening.wait(seconds)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> int:
        """Publish at QoS 1; the broker's reason code."""
        done, codes = threading.Event(), [255]

        def answered(_client: Client, _data: object, _mid: int, code: Any, _more: object) -> None:
            codes[0] = int(code.value)
            done.set()

        self._client.on_publish = answered
        self._client.publish(topic, payload, qos=1, retain=retain)
        done.wait(60)
        return 0 if codes[0] == 16 else codes[0]  # 16: taken, and nobody listens

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, client: Client, _data: object, _flags: object, code: Any, _more: object) -> None:
        if code.is_failure:
            # The old secret has ended: the new one is tried.
            client.username_pw_set(self.told["username"], self.secrets[-1])
            self.refused.set()
            return
        self.gone.clear()
        self.connected.set()
        client.subscribe(f"al/v1/{self.told['device_id']}/down/#", qos=1)

    def _on_disconnect(self, *_: object) -> None:
        self.gone_at = time.monotonic()
        self.connected.clear()
        self.gone.set()

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        if message.topic.endswith("/down/config") and message.payload:
            said = json.loads(message.payload)
            if said["rev"] in self.revisions:
                return  # as the contract says: a revision it has is ignored
            self.revisions.append(said["rev"])
            secret = said.get("set", {}).get("secret")
            if secret:
                self.secrets.append(str(secret))


@contextmanager
def device(told: dict[str, Any]) -> Iterator[ClaimedDevice]:
    """A connected device, closed at the end."""
    speaking = ClaimedDevice(told)
    try:
        assert speaking.wait_connected()
        yield speaking
    finally:
        speaking.close()


def connects(told: dict[str, Any]) -> bool:
    """Whether the broker lets somebody in with this."""
    trying = ClaimedDevice(told)
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end and not (trying.connected.is_set() or trying.refused.is_set()):
            time.sleep(0.02)
        return trying.connected.is_set()
    finally:
        trying.close()
