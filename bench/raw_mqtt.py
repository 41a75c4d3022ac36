"""A publisher and a listener on bare sockets, so that the consumer is what is measured and not its counterpart."""

import re
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator, Sequence

# At most so many publishes without their PUBACK: the broker's own limit for a publisher is in messages too.
WINDOW = 1_000
CHUNK = 100
LISTED = re.compile(rb'"ids":\[([^\]]*)\]')


def connect(port: int, username: str, password: str, client_id: str) -> socket.socket:
    """A connected MQTT 3.1.1 client on loopback; raises ConnectionError when refused."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=30)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    body = b"\x00\x04MQTT\x04\xc2\x00\x00" + b"".join(
        struct.pack("!H", len(text)) + text.encode() for text in (client_id, username, password)
    )
    sock.sendall(b"\x10" + _length(len(body)) + body)
    answer = sock.recv(4)
    if answer[:1] != b"\x20" or answer[3] != 0:
        raise ConnectionError(f"the broker refuses {client_id}")
    return sock


def _length(size: int) -> bytes:
    out = bytearray()
    while True:
        size, digit = divmod(size, 128)
        out.append(digit | (128 if size else 0))
        if not size:
            return bytes(out)


def publish(sock: socket.socket, messages: Sequence[tuple[str, bytes]]) -> float:
    """Publish all at QoS 1 as fast as the broker confirms; returns the seconds it took."""
    began = time.monotonic()
    confirmed = 0  # bytes: a PUBACK is four, and a read may end in the middle of one
    for start in range(0, len(messages), CHUNK):
        block = bytearray()
        for n, (topic, payload) in enumerate(messages[start : start + CHUNK], start):
            name = topic.encode()
            size = 4 + len(name) + len(payload)
            block += b"\x32" + _length(size) + struct.pack("!H", len(name)) + name
            block += struct.pack("!H", n % 65535 + 1) + payload
        sock.sendall(block)
        while start + CHUNK - confirmed // 4 > WINDOW:
            confirmed += len(sock.recv(65536))
    while confirmed < 4 * len(messages):
        confirmed += len(sock.recv(65536))
    return time.monotonic() - began


def subscribe(sock: socket.socket, topic: str) -> None:
    """Ask for a topic at QoS 0; its SUBACK is left among what is read."""
    name = topic.encode()
    body = b"\x00\x01" + struct.pack("!H", len(name)) + name + b"\x00"
    sock.sendall(b"\x82" + _length(len(body)) + body)


class ReceiptCounter(threading.Thread):
    """Counts the ids receipted to any device, by their quotation marks."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(daemon=True)
        self._sock = sock
        self.counted = 0
        subscribe(sock, "al/v1/+/down/ack")

    def run(self) -> None:
        """Read until the connection closes."""
        held = b""
        self._sock.settimeout(None)
        while data := self._sock.recv(262_144):
            held += data
            end = 0
            for found in LISTED.finditer(held):
                self.counted += found[1].count(b'"') // 2
                end = found.end()
            held = held[end:]


def lines(path: str) -> Iterator[tuple[str, bytes]]:
    """Messages of a file: topic, tab, payload."""
    with open(path, "rb") as file:
        for line in file:
            topic, _, payload = line.rstrip(b"\n").partition(b"\t")
            yield topic.decode(), payload


if __name__ == "__main__":
    # port, username, password, file: one process of its own, so that no interpreter lock is shared.
    port, username, password, path = sys.argv[1:5]
    messages = list(lines(path))
    connection = connect(int(port), username, password, "bench-publisher")
    print("ready", flush=True)
    sys.stdin.readline()
    print(publish(connection, messages), flush=True)
