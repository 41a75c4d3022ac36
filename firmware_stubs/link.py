"""One device's connection to the broker: it comes back by itself, and keeps nothing that must not be lost."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from firmware_stubs.loop import Loop

SESSION_EXPIRY_S = 7 * 86_400
KEEPALIVE_S = 30
CHECK_S = 5.0
ANSWER_WITHIN_S = 15.0
FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 10.0
ON_THE_WIRE = 20
# paho leaves this constructor untyped.
new_properties: Callable[[int], Properties] = Properties


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is. `protocol` is 5, or 4 for MQTT 3.1.1; without `ca_file` the line is plain."""

    host: str
    port: int
    ca_file: Path | None = None
    protocol: int = 5

    def tls(self) -> ssl.SSLContext | None:
        """A context that trusts only `ca_file`, TLS 1.2 or newer; None for a plain line."""
        if self.ca_file is None:
            return None
        context = ssl.create_default_context(cafile=str(self.ca_file))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


class Endpoint(Protocol):
    """What the link tells its device."""

    def came_up(self) -> None:
        """The session is there and subscribed."""

    def went_down(self) -> None:
        """The connection is gone: nothing that was on the wire can be counted on."""

    def heard(self, topic: str, payload: bytes) -> None:
        """A message for this device."""

    def taken(self, mid: int) -> None:
        """The broker has message `mid` (in its memory: that is not a receipt)."""


class Link:
    """A paho client on our loop, made anew for each connection.

    A new client each time, because a paho client resends its own old messages on reconnect: the
    journal is the only buffer here, and two buffers would send everything twice.
    """

    def __init__(
        self,
        loop: Loop,
        broker: Broker,
        tls: ssl.SSLContext | None,
        account: tuple[str, str],
        endpoint: Endpoint,
    ) -> None:
        self._loop, self._broker, self._tls, self._endpoint = loop, broker, tls, endpoint
        self._device_id, self._secret = account
        self._client: mqtt.Client | None = None
        self._will: Callable[[], tuple[str, bytes]] | None = None
        self._subscribe_to = ""
        self._retry_s = FIRST_RETRY_S
        self._opened_at = 0.0
        self._checking = False
        self.up = False
        self.closing = False

    def open(self, subscribe_to: str, will: Callable[[], tuple[str, bytes]]) -> None:
        """Connect, and stay connected until `close`. `will` gives topic and payload of the last will."""
        self._subscribe_to, self._will = subscribe_to, will
        self._connect()
        if not self._checking:
            self._checking = True
            self._loop.call_later(random.uniform(0.2, CHECK_S), self._check)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> int | None:
        """Hand a QoS 1 message to the connection and return its mid; None while it is down."""
        if self._client is None or not self.up:
            return None
        sent = self._client.publish(topic, payload, qos=1, retain=retain)
        return sent.mid if sent.rc == MQTTErrorCode.MQTT_ERR_SUCCESS else None

    def close(self) -> None:
        """Say goodbye properly (the broker then drops the will) and do not come back."""
        self.closing = True
        if self._client is not None:
            self._client.disconnect()

    def readable(self) -> None:
        """Read one packet, and all that TLS has already decrypted: epoll cannot see those bytes."""
        client = self._client
        if client is None:
            return
        client.loop_read()
        sock = client.socket()
        while isinstance(sock, ssl.SSLSocket) and sock.pending():
            client.loop_read()
            sock = client.socket()

    def writable(self) -> None:
        """Write what is queued; ask to be called again if the socket would not take all of it."""
        client = self._client
        if client is None:
            return
        client.loop_write()
        sock = client.socket()
        if sock is not None:
            self._loop.wait_to_write(sock.fileno(), client.want_write())

    def _connect(self) -> None:
        if self.closing:
            return
        self._client = client = self._new_client()
        self._opened_at = time.monotonic()
        host, port = self._broker.host, self._broker.port
        try:
            if self._broker.protocol == MQTTProtocolVersion.MQTTv5:
                properties = new_properties(PacketTypes.CONNECT)
                properties.SessionExpiryInterval = SESSION_EXPIRY_S
                client.connect(host, port, KEEPALIVE_S, clean_start=False, properties=properties)
            else:
                client.connect(host, port, KEEPALIVE_S)
        except OSError:
            self._client = None
            self._retry_later()

    def _new_client(self) -> mqtt.Client:
        protocol = MQTTProtocolVersion(self._broker.protocol)
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._device_id,
            clean_session=None if protocol == MQTTProtocolVersion.MQTTv5 else False,
            protocol=protocol,
        )
        client.connect_timeout = 3.0
        client.max_inflight_messages_set(ON_THE_WIRE)
        client.username_pw_set(self._device_id, self._secret)
        if self._tls is not None:
            client.tls_set_context(self._tls)
        if self._will is not None:
            topic, payload = self._will()
            client.will_set(topic, payload, qos=1, retain=True)
        client.on_socket_open = lambda _c, _u, sock: self._loop.watch(sock.fileno(), self)
        client.on_socket_close = lambda _c, _u, sock: self._loop.forget(sock.fileno())
        client.on_socket_register_write = lambda _c, _u, _s: self._loop.touch(self)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = lambda *_: self._came_up()
        client.on_message = lambda _c, _u, said: self._endpoint.heard(said.topic, bytes(said.payload))
        client.on_publish = lambda _c, _u, mid, _r, _p: self._endpoint.taken(mid)
        return client

    def _on_connect(self, client: mqtt.Client, _u: Any, _flags: Any, reason: Any, _p: Any) -> None:
        if reason.is_failure:
            # Refused (wrong secret, or revoked): ask again, but slowly; paho closes this socket.
            self._retry_s = LONGEST_RETRY_S
            return
        # Always, though the session may have it: a subscription that was once refused heals by itself,
        # and the broker says the retained config again.
        client.subscribe(self._subscribe_to, qos=1)

    def _came_up(self) -> None:
        if not self.up:
            self.up = True
            self._retry_s = FIRST_RETRY_S
            self._endpoint.came_up()

    def _on_disconnect(self, client: mqtt.Client, *_: Any) -> None:
        if client is not self._client:
            return
        self._client = None
        was_up, self.up = self.up, False
        if was_up:
            self._endpoint.went_down()
        self._retry_later()

    def _retry_later(self) -> None:
        if not self.closing:
            self._loop.call_later(self._retry_s * random.uniform(0.7, 1.3), self._connect)
            self._retry_s = min(self._retry_s * 2, LONGEST_RETRY_S)

    def _check(self) -> None:
        """Keep-alive, and a broker that takes the connection but never answers."""
        client = self._client
        if client is not None:
            client.loop_misc()
            silent_s = time.monotonic() - self._opened_at
            if client is self._client and not self.up and silent_s > ANSWER_WITHIN_S:
                self._abandon(client)
        if not self.closing:
            self._loop.call_later(CHECK_S, self._check)

    def _abandon(self, client: mqtt.Client) -> None:
        self._client = None
        client.on_socket_close = None
        sock = client.socket()
        if sock is not None:
            self._loop.forget(sock.fileno())
            sock.close()
        self._retry_later()
