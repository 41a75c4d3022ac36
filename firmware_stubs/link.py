"""One device's connection to the broker: it comes back by itself, and keeps nothing that must not be lost."""

from __future__ import annotations

import contextlib
import random
import socket
import ssl
import time
from collections.abc import Callable
from typing import Protocol

from firmware_stubs import mqtt
from firmware_stubs.account import Account
from firmware_stubs.broker import Address, Broker
from firmware_stubs.loop import Loop

SESSION_EXPIRY_S = 7 * 86_400
KEEPALIVE_S = 30
CHECK_S = 5.0
ANSWER_WITHIN_S = 15.0
FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 10.0
ON_THE_WIRE = 20
GOODBYE_S = 0.5
READ_BYTES = 65_536
SUBSCRIBED = 1
HIGHEST_MID = 65_535


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
    """A connection on our loop, made anew each time: TCP, TLS and MQTT one after the other, none of them waited for.

    It resends nothing by itself: the journal is the only buffer here, and two buffers would send everything
    twice.
    """

    def __init__(
        self,
        loop: Loop,
        broker: Broker,
        tls: ssl.SSLContext | None,
        account: Account,
        endpoint: Endpoint,
    ) -> None:
        self._loop, self._broker, self._tls = loop, broker, tls
        self._account, self._endpoint = account, endpoint
        self._sock: socket.socket | None = None
        self._descriptor = -1
        self._tries = 0
        self._proceed: Callable[[], None] = self._read
        self._stream = mqtt.Stream()
        self._out = bytearray()
        self._will: Callable[[], tuple[str, bytes]] | None = None
        self._subscribe_to = ""
        self._retry_s = FIRST_RETRY_S
        self._opened_at = self._spoke_at = self._heard_at = 0.0
        self._mid = SUBSCRIBED
        self._is_queued = False
        self.window = ON_THE_WIRE
        self.up = False
        self.closing = False

    def open(self, subscribe_to: str, will: Callable[[], tuple[str, bytes]]) -> None:
        """Connect, and stay connected until `close`. `will` gives topic and payload of the last will."""
        self._subscribe_to, self._will = subscribe_to, will
        self.closing = False
        self._queue()
        self._loop.call_later(random.uniform(0.2, CHECK_S), self._check)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> int | None:
        """Hand a QoS 1 message to the connection and return its mid; None while it is down."""
        if not self.up:
            return None
        self._mid = self._mid % HIGHEST_MID + 1
        self._say(mqtt.publish(topic, payload, self._mid, self._broker.protocol, retain=retain))
        return self._mid

    def drop(self) -> None:
        """Lose the connection as a dead zone does: without a word, and not to come back until `resume`."""
        self.closing = True
        self._gone()

    def resume(self) -> None:
        """Come back after `drop`."""
        self.closing = False
        self._retry_s = FIRST_RETRY_S
        self._queue()

    def close(self) -> None:
        """Say goodbye properly (the broker then drops the will) and do not come back."""
        self.closing = True
        if self._sock is not None and self.up:
            self._out += mqtt.disconnect()
            self.writable()
            self._hear_out()
        self._gone()

    def _hear_out(self) -> None:
        """Read until the broker hangs up: closed over unread bytes, the connection is reset and the goodbye lost."""
        if self._sock is not None:
            with contextlib.suppress(OSError):
                self._sock.settimeout(GOODBYE_S)
                while self._sock.recv(READ_BYTES):
                    pass

    def readable(self) -> None:
        """What the socket has to say goes to the step this connection is at."""
        self._step(self._proceed)

    def writable(self) -> None:
        """Write what is queued; ask to be called again if the socket would not take all of it."""
        self._step(self._write if self._proceed == self._read else self._proceed)

    # Getting there, step by step; each is called again when its socket is ready.

    def _queue(self) -> None:
        """Wait for a place in the turnstile: two thousand devices that come back at once must not crowd the door."""
        if not (self._is_queued or self.closing or self._sock is not None):
            self._is_queued = True
            self._loop.turnstile.enter(self, self._connect)

    def _connect(self) -> None:
        self._is_queued = False
        if self.closing:
            self._loop.turnstile.leave(self)
            return
        self._opened_at = self._heard_at = time.monotonic()
        self._stream, self._proceed = mqtt.Stream(), self._connected
        self._out.clear()
        try:
            family, where = self._broker.address(self._tries)
            self._sock = sock = socket.socket(family, socket.SOCK_STREAM)
        except OSError:
            self._gone()
            return
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._descriptor = sock.fileno()
        self._loop.watch(self._descriptor, self)
        self._loop.wait_to_write(self._descriptor, True)
        self._step(lambda: self._start(sock, where))

    def _start(self, sock: socket.socket, where: Address) -> None:
        try:
            sock.connect(where)
        except BlockingIOError:
            return

    def _connected(self) -> None:
        sock = self._here()
        if trouble := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(trouble, "connect")
        if self._tls is not None:
            # The wrapper takes the descriptor over, so the loop need not be told.
            self._sock = self._tls.wrap_socket(
                sock, server_hostname=self._broker.host, do_handshake_on_connect=False
            )
            self._proceed = self._shake
            self._shake()
        else:
            self._greet()

    def _shake(self) -> None:
        sock = self._here()
        assert isinstance(sock, ssl.SSLSocket)
        try:
            sock.do_handshake()
        except ssl.SSLWantReadError:
            self._loop.wait_to_write(self._descriptor, False)
        except ssl.SSLWantWriteError:
            self._loop.wait_to_write(self._descriptor, True)
        else:
            self._greet()

    def _greet(self) -> None:
        assert self._will is not None
        self._proceed = self._read
        self._loop.wait_to_write(self._descriptor, False)
        hello = mqtt.Hello(
            client_id=self._account.device_id, password=self._account.secret, will=self._will(),
            protocol=self._broker.protocol, keepalive_s=KEEPALIVE_S, session_expiry_s=SESSION_EXPIRY_S,
        )  # fmt: skip
        self._say(mqtt.connect(hello))

    # Once there.

    def _read(self) -> None:
        sock = self._here()
        more = True
        while more and self._sock is sock:
            try:
                data = sock.recv(READ_BYTES)
            except (BlockingIOError, ssl.SSLWantReadError):
                return
            if not data:
                raise ConnectionResetError("the broker hung up")
            self._heard_at = time.monotonic()
            for first, body in self._stream.feed(data):
                self._packet(first, body)
            # epoll cannot see the bytes that TLS has decrypted already.
            more = isinstance(sock, ssl.SSLSocket)

    def _packet(self, first: int, body: bytes) -> None:
        kind = first & 0xF0
        if kind == mqtt.PUBACK:
            self._endpoint.taken(mqtt.message_id(body))
        elif kind == mqtt.PUBLISH:
            told = mqtt.said(first, body, self._broker.protocol)
            if told.mid is not None:
                self._say(mqtt.puback(told.mid))
            self._endpoint.heard(told.topic, told.payload)
        elif kind == mqtt.CONNACK:
            self._welcomed(mqtt.welcome(body, self._broker.protocol))
        elif kind == mqtt.SUBACK and not self.up:
            self.up = True
            self._retry_s = FIRST_RETRY_S
            self._loop.turnstile.leave(self)
            self._endpoint.came_up()
        elif kind == mqtt.DISCONNECTED:
            raise ConnectionResetError("the broker said goodbye")

    def _welcomed(self, told: mqtt.Welcome) -> None:
        if told.reason:
            # Refused: another secret soon, and after all of them (revoked?) again, but slowly.
            self._retry_s = FIRST_RETRY_S if self._account.refused() else LONGEST_RETRY_S
            raise ConnectionRefusedError(f"reason {told.reason}")
        self.window = min(ON_THE_WIRE, told.receive_maximum)
        # Always: a subscription once refused heals by itself, and the broker says the retained config again.
        self._say(mqtt.subscribe(self._subscribe_to, SUBSCRIBED, self._broker.protocol))

    def _say(self, packet: bytes) -> None:
        self._out += packet
        self._loop.touch(self)

    def _write(self) -> None:
        sock = self._here()
        while self._out:
            try:
                written = sock.send(self._out)
            except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
                break
            del self._out[:written]
            self._spoke_at = time.monotonic()
        self._loop.wait_to_write(self._descriptor, bool(self._out))

    # When it goes wrong.

    def _step(self, step: Callable[[], None]) -> None:
        if self._sock is None:
            return
        try:
            step()
        except (OSError, mqtt.BrokenPacketError):
            self._gone()

    def _here(self) -> socket.socket:
        if self._sock is None:
            raise ConnectionResetError("the connection is gone")
        return self._sock

    def _gone(self) -> None:
        sock, self._sock = self._sock, None
        if sock is not None:
            self._loop.forget(self._descriptor)
            sock.close()
        self._loop.turnstile.leave(self)
        was_up, self.up = self.up, False
        if was_up:
            self._endpoint.went_down()
        if not self.closing:
            self._loop.call_later(self._retry_s * random.uniform(0.7, 1.3), self._queue)
            self._retry_s = min(self._retry_s * 2, LONGEST_RETRY_S)
            self._tries += not was_up

    def _check(self) -> None:
        """Keep-alive, and a broker that takes the connection but never answers."""
        now = time.monotonic()
        if self._sock is not None:
            waited_s = now - (self._heard_at if self.up else self._opened_at)
            if waited_s > (1.5 * KEEPALIVE_S if self.up else ANSWER_WITHIN_S):
                self._gone()
            elif self.up and now - min(self._spoke_at, self._heard_at) > KEEPALIVE_S / 2:
                self._say(mqtt.PING)
        self._loop.call_later(CHECK_S, self._check)
