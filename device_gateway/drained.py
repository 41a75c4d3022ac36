"""paho's client with a reader that takes all the PUBLISHes one recv brought: that is where the library spends itself.

Plain paho asks the socket three times a packet, makes a dozen objects of it, and writes one PUBACK a send.
Connecting, keep-alive, TLS, reconnecting, writing and every other packet stay paho's own (2.2.0, pinned);
ALONGSIDE_MQTT_PLAIN=1 goes back to plain paho altogether. Measured by `python -m bench ingest`.
"""

import struct
import time
from collections.abc import Callable, Sequence
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import MQTTErrorCode

RECEIVE_BYTES = 65_536
# After so many reads the writing side has its turn, so that PUBACKs and pings never starve.
READS_A_TURN = 20
PUBACK = 0x40
# A PUBLISH at QoS 1, whatever its DUP and RETAIN bits.
PUBLISH_QOS_1, WITHOUT_FLAGS, RETAIN = 0x32, 0xF6, 0x01

Arrive = Callable[[str, bytes, int, bool], None]
Publish = tuple[str, bytes, int, bool]


class BufferedSocket:
    """A connected socket whose small reads come from one large one. Everything else is the socket's own."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._held = b""
        self._at = 0

    def recv(self, size: int) -> bytes:
        """Up to `size` bytes; b"" when the other side has closed. Raises BlockingIOError when nothing is there."""
        if self._at >= len(self._held):
            self._held, self._at = self._sock.recv(RECEIVE_BYTES), 0
        data = self._held[self._at : self._at + size]
        self._at += len(data)
        return data

    def pending(self) -> int:
        """Bytes that can be read without asking the network; paho does not wait while there are any."""
        inner = self._sock.pending() if hasattr(self._sock, "pending") else 0
        return len(self._held) - self._at + int(inner)

    def take_publish(self) -> Publish | None:
        """The next packet (topic, payload, number, retained) when it is a whole MQTT 5 PUBLISH at QoS 1, else None.

        None takes nothing, so that paho reads the packet as it would have, and judges it if it is broken.
        """
        held, at = self._held, self._at
        if at >= len(held) or held[at] & WITHOUT_FLAGS != PUBLISH_QOS_1:
            return None
        size, start = _variable(held, at + 1)
        end = start + size
        if size < 5 or end > len(held):
            return None
        topic_end = start + 2 + (held[start] << 8 | held[start + 1])
        if topic_end + 3 > end:
            return None
        properties, body = _variable(held, topic_end + 2)
        body += properties
        if properties < 0 or body > end:
            return None
        number = held[topic_end] << 8 | held[topic_end + 1]
        self._at = end
        topic = held[start + 2 : topic_end].decode()
        return topic, held[body:end], number, bool(held[at] & RETAIN)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


def _variable(held: bytes, at: int) -> tuple[int, int]:
    """A variable byte integer at `at` and where it ends; (-1, at) when it is cut off or too long."""
    value = 0
    for place in range(4):
        if at + place >= len(held):
            break
        digit = held[at + place]
        value |= (digit & 127) << 7 * place
        if digit < 128:
            return value, at + place + 1
    return -1, at


class DrainedClient(Client):
    """A paho client for a consumer of many small messages; MQTT 5 only."""

    # Told of each PUBLISH at QoS 1 in place of `on_message`; paho's own objects are never made for it.
    arrive: Arrive | None = None

    def _create_socket(self) -> Any:
        return BufferedSocket(super()._create_socket())

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Take every whole PUBLISH that is held, let paho read what is not one, until nothing is held."""
        rc = MQTTErrorCode.MQTT_ERR_SUCCESS
        for _ in range(READS_A_TURN):
            self._take_publishes()
            rc = super().loop_read(max_packets)
            sock: Any = self._sock
            if rc != MQTTErrorCode.MQTT_ERR_SUCCESS or sock is None or not sock.pending():
                break
        return rc

    def _take_publishes(self) -> None:
        sock: Any = self._sock
        # A packet that paho has begun to read is paho's to end.
        if sock is None or self.arrive is None or self._in_packet["command"] != 0:
            return
        publish: Publish | None = sock.take_publish()
        if publish is None:
            return
        while publish is not None:
            self.arrive(*publish)
            publish = sock.take_publish()
        with self._msgtime_mutex:
            self._last_bytes_received = time.monotonic()

    def ack_all(self, mids: Sequence[int]) -> None:
        """PUBACK (success) for each message number, in this order, as one write."""
        if mids:
            self._write(b"".join(struct.pack("!BBH", PUBACK, 2, mid) for mid in mids))

    def publish_all(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Publish (topic, payload) at QoS 0 as one write; without a connection they are dropped."""
        if messages and self.is_connected():
            self._write(b"".join(_publish(topic.encode(), payload) for topic, payload in messages))

    def _write(self, packets: bytes) -> None:
        # Named a PUBACK to paho: of a PUBLISH it would keep an account that nobody here asks for.
        self._packet_queue(PUBACK, packets, 0, 0)


def _publish(topic: bytes, payload: bytes) -> bytes:
    size, header = 3 + len(topic) + len(payload), bytearray(b"\x30")
    while True:
        size, digit = divmod(size, 128)
        header.append(digit | (128 if size else 0))
        if not size:
            return bytes(header) + struct.pack("!H", len(topic)) + topic + b"\x00" + payload
