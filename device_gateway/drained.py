"""paho's client with a reader that takes all the PUBLISHes one recv brought: that is where the library spends itself.

Plain paho asks the socket three times a packet, makes a dozen objects of it, and writes one PUBACK a send.
Connecting, keep-alive, TLS, reconnecting, writing and every other packet stay paho's own (2.2.0, pinned);
ALONGSIDE_MQTT_PLAIN=1 goes back to plain paho altogether. Measured by `python -m bench ingest`.
"""

import ssl
import struct
import time
from collections.abc import Callable, Sequence
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import MQTTErrorCode

RECEIVE_BYTES = 131_072
# After so many reads the writing side has its turn, so that PUBACKs and pings never starve.
READS_A_TURN = 20
PUBACK = 0x40
# A PUBLISH at QoS 1, whatever its DUP and RETAIN bits.
PUBLISH_QOS_1, WITHOUT_FLAGS, RETAIN = 0x32, 0xF6, 0x01
# The shortest that can be: two bytes of topic length, two of packet number, one of properties.
SHORTEST = 5

# Topic, payload, number, retained.
Publish = tuple[str, bytes, int, bool]
Arrive = Callable[[Sequence[Publish]], None]


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

    def fill(self) -> bool:
        """Read on behind what is held; False when the other side has closed. Raises as `recv`."""
        data = self._sock.recv(RECEIVE_BYTES)
        self._held, self._at = self._held[self._at :] + data, 0
        return bool(data)

    def pending(self) -> int:
        """Bytes that can be read without asking the network; paho does not wait while there are any."""
        inner = self._sock.pending() if hasattr(self._sock, "pending") else 0
        return int(inner) + (0 if self.is_short else len(self._held) - self._at)

    @property
    def is_short(self) -> bool:
        """Whether what is held is nothing, or the beginning of a PUBLISH at QoS 1 whose end is still to come."""
        held, at = self._held, self._at
        if at >= len(held):
            return True
        if held[at] & WITHOUT_FLAGS != PUBLISH_QOS_1:
            return False
        size, start = _variable(held, at + 1)
        # Five bytes hold the longest header there can be: with them, a length that cannot be read is broken.
        return len(held) - at < SHORTEST if size < 0 else start + size > len(held)

    def take_publishes(self) -> list[Publish]:
        """Every whole MQTT 5 PUBLISH at QoS 1 that is held, up to the first packet that is none.

        That one is left, so that paho reads it as it would have, and judges it if it is broken.
        """
        held, at = self._held, self._at
        length = len(held)
        found: list[Publish] = []
        while at + SHORTEST <= length and held[at] & WITHOUT_FLAGS == PUBLISH_QOS_1:
            size, start = held[at + 1], at + 2
            if size > 127:
                size, start = _variable(held, at + 1)
            end = start + size
            if size < SHORTEST or end > length:
                break
            topic_end = start + 2 + (held[start] << 8 | held[start + 1])
            if topic_end + 3 > end:
                break
            body = topic_end + 3
            if held[topic_end + 2]:
                properties, body = _variable(held, topic_end + 2)
                body += properties
                if properties < 0 or body > end:
                    break
            number = held[topic_end] << 8 | held[topic_end + 1]
            topic = held[start + 2 : topic_end].decode()
            found.append((topic, held[body:end], number, bool(held[at] & RETAIN)))
            at = end
        self._at = at
        return found

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

    # Told of the PUBLISHes at QoS 1 in place of `on_message`; paho's own objects are never made for them.
    arrive: Arrive | None = None

    def _create_socket(self) -> Any:
        return BufferedSocket(super()._create_socket())

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Take every whole PUBLISH there is, let paho read what is not one, until nothing is there."""
        for _ in range(READS_A_TURN):
            sock: Any = self._sock
            # A packet that paho has begun to read is paho's to end.
            if sock is not None and self.arrive is not None and self._in_packet["command"] == 0:
                self._take(sock)
                if sock.is_short:
                    try:
                        if sock.fill():
                            continue
                    except (BlockingIOError, ssl.SSLWantReadError):
                        return MQTTErrorCode.MQTT_ERR_SUCCESS
                    except OSError:
                        # paho meets it once more, and knows what to do.
                        return super().loop_read(max_packets)
            rc = super().loop_read(max_packets)
            if rc != MQTTErrorCode.MQTT_ERR_SUCCESS or self._sock is None or not sock.pending():
                return rc
        return MQTTErrorCode.MQTT_ERR_SUCCESS

    def _take(self, sock: Any) -> None:
        publishes = sock.take_publishes()
        if publishes and self.arrive is not None:
            self.arrive(publishes)
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
