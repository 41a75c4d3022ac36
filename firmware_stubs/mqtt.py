"""MQTT 5 and 3.1.1 in bytes, as much as a device speaks: one packet costs microseconds, so a thousand devices fit."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MQTT5: Final = 5
CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP, DISCONNECTED = 0x20, 0x30, 0x40, 0x90, 0xD0, 0xE0
PING: Final = b"\xc0\x00"
LONGEST: Final = 1 << 20
# How long the value of each property is that a server may put in a CONNACK (MQTT 5.0, 2.2.2.2): -1 is a text
# or binary of its own length, -2 a pair of texts.
PROPERTY_BYTES: Final = {
    0x11: 4, 0x12: -1, 0x13: 2, 0x15: -1, 0x16: -1, 0x1A: -1, 0x1C: -1, 0x1F: -1, 0x21: 2, 0x22: 2, 0x24: 1,
    0x25: 1, 0x26: -2, 0x27: 4, 0x28: 1, 0x29: 1, 0x2A: 1,
}  # fmt: skip
SESSION_EXPIRY, RECEIVE_MAXIMUM = 0x11, 0x21
USUAL_RECEIVE_MAXIMUM: Final = 65_535


class BrokenPacketError(ValueError):
    """What came is not MQTT: the connection is of no more use."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What a CONNECT says of the device. `will` is topic and payload, published retained at QoS 1."""

    client_id: str
    password: str
    will: tuple[str, bytes]
    protocol: int
    keepalive_s: int
    session_expiry_s: int


@dataclass(frozen=True, slots=True)
class Welcome:
    """A CONNACK: `reason` is 0 for yes; at most `receive_maximum` publishes may go without their PUBACK."""

    reason: int
    receive_maximum: int


@dataclass(frozen=True, slots=True)
class Said:
    """A PUBLISH that came down. `mid` is None at QoS 0; at QoS 1 it wants a PUBACK."""

    topic: str
    payload: bytes
    mid: int | None


def connect(hello: Hello) -> bytes:
    """CONNECT to a session that is kept, with user name = client id."""
    is5 = hello.protocol == MQTT5
    flags = 0x80 | 0x40 | 0x20 | 0x08 | 0x04  # user, password, will retained, will QoS 1, will; clean off
    body = b"\x00\x04MQTT" + struct.pack("!BBH", hello.protocol, flags, hello.keepalive_s)
    if is5:
        body += b"\x05" + struct.pack("!BI", SESSION_EXPIRY, hello.session_expiry_s)
    topic, payload = hello.will
    body += _text(hello.client_id) + (b"\x00" if is5 else b"") + _text(topic)
    body += struct.pack("!H", len(payload)) + payload + _text(hello.client_id) + _text(hello.password)
    return b"\x10" + _length(len(body)) + body


def subscribe(topic: str, mid: int, protocol: int) -> bytes:
    """SUBSCRIBE to one filter at QoS 1."""
    properties = b"\x00" if protocol == MQTT5 else b""
    body = struct.pack("!H", mid) + properties + _text(topic) + b"\x01"
    return b"\x82" + _length(len(body)) + body


def publish(topic: str, payload: bytes, mid: int, protocol: int, *, retain: bool = False) -> bytes:
    """PUBLISH at QoS 1."""
    properties = b"\x00" if protocol == MQTT5 else b""
    head = _text(topic) + struct.pack("!H", mid) + properties
    return (b"\x33" if retain else b"\x32") + _length(len(head) + len(payload)) + head + payload


def puback(mid: int) -> bytes:
    """PUBACK: this device has it."""
    return b"\x40\x02" + struct.pack("!H", mid)


def disconnect() -> bytes:
    """DISCONNECT: the broker then drops the will."""
    return b"\xe0\x00"


def welcome(body: bytes, protocol: int) -> Welcome:
    """Read a CONNACK; raises BrokenPacketError."""
    if len(body) < 2:
        raise BrokenPacketError("a CONNACK without its reason")
    most = _properties(body, 2).get(RECEIVE_MAXIMUM) if protocol == MQTT5 else None
    return Welcome(body[1], USUAL_RECEIVE_MAXIMUM if most is None else int.from_bytes(most, "big"))


def said(first: int, body: bytes, protocol: int) -> Said:
    """Read a PUBLISH; raises BrokenPacketError."""
    try:
        (size,) = struct.unpack_from("!H", body)
        topic, at = body[2 : 2 + size].decode(), 2 + size
        mid = None
        if first & 0x06:
            (mid,) = struct.unpack_from("!H", body, at)
            at += 2
        if protocol == MQTT5:
            size, at = _number(body, at)
            at += size
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise BrokenPacketError("a PUBLISH that ends too soon") from error
    return Said(topic, body[at:], mid)


def message_id(body: bytes) -> int:
    """The mid of a PUBACK or SUBACK; raises BrokenPacketError."""
    if len(body) < 2:
        raise BrokenPacketError("a packet without its number")
    return body[0] << 8 | body[1]


class Stream:
    """Cuts what a socket gives into packets, however it came in pieces."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Whole packets as (first byte, body); raises BrokenPacketError for one longer than we take."""
        held, at = self._held, 0
        held += data
        while len(held) - at >= 2:
            try:
                size, start = _number(held, at + 1)
            except IndexError:
                break
            if size > LONGEST:
                raise BrokenPacketError(f"a packet of {size} bytes")
            if len(held) < start + size:
                break
            yield held[at], bytes(held[start : start + size])
            at = start + size
        del held[:at]


def _properties(body: bytes, at: int) -> dict[int, bytes]:
    """The properties that begin at `at`, up to the first one that we do not know."""
    found: dict[int, bytes] = {}
    try:
        size, at = _number(body, at)
        end = at + size
        while at < end:
            name = body[at]
            size, at = PROPERTY_BYTES[name], at + 1
            for _ in range(-size if size < 0 else 0):
                (length,) = struct.unpack_from("!H", body, at)
                at += 2 + length
            if size > 0:
                found[name] = body[at : at + size]
                at += size
    except (KeyError, IndexError, struct.error):
        return found
    return found


def _number(data: bytes | bytearray, at: int) -> tuple[int, int]:
    """A variable byte integer at `at`, and where it ends; IndexError when it is not whole yet."""
    value = 0
    for shift in (0, 7, 14, 21):
        digit = data[at]
        at += 1
        value |= (digit & 0x7F) << shift
        if not digit & 0x80:
            return value, at
    raise BrokenPacketError("a length of more than four bytes")


def _length(size: int) -> bytes:
    out = bytearray()
    while True:
        size, digit = divmod(size, 128)
        out.append(digit | (0x80 if size else 0))
        if not size:
            return bytes(out)


def _text(words: str) -> bytes:
    said_as = words.encode()
    return struct.pack("!H", len(said_as)) + said_as
