"""Turns the CBOR form of a message into its JSON form, so that one schema and one reader judge both.

Read strictly after RFC 8949: definite lengths, text keys, no key twice, no tag but 4 (a decimal fraction, for a
device that counts in decimals). A byte string becomes base64 text. A number stays what it was: 36.6 sent in 64
or in 32 bits is 36.6.
"""

import math
import struct
from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache

import msgspec

from device_gateway.refusal import Undecodable

# The same bound as for JSON, held before the first byte is read.
MOST_BYTES = 32_768
DEEPEST = 16
# The most digits a float of 32 bits needs to be told from its neighbours (IEEE 754).
MOST_DIGITS = 9
FORMAT = {2: ">e", 4: ">f", 8: ">d"}
SIMPLE = {20: b"false", 21: b"true", 22: b"null"}
LARGEST_EXPONENT = 1_000_000


def is_cbor(payload: bytes) -> bool:
    """Whether it begins as a CBOR map, which no JSON text does."""
    return bool(payload) and 0xA0 <= payload[0] <= 0xBF


# Head and body of a message are read one after the other, each from its JSON text.
@lru_cache(maxsize=16)
def to_json(payload: bytes) -> bytes:
    """The JSON text of a CBOR map; raises Undecodable("not-cbor") for all that is not exactly one."""
    reader = _Reader(payload)
    try:
        if not is_cbor(payload):
            raise _broken("a map is wanted")
        text = reader.item(0)
    except UnicodeDecodeError:
        raise _broken("a text is not UTF-8") from None
    if reader.at != len(payload):
        raise _broken(f"{len(payload) - reader.at} bytes are left over")
    return text


def as_json(payload: bytes) -> bytes:
    """The payload itself when it is not CBOR, else its JSON text; raises Undecodable: `not-cbor`, `too-large`."""
    if payload[:1] < b"\xa0" or not is_cbor(payload):
        return payload
    if len(payload) > MOST_BYTES:
        raise Undecodable("too-large", f"{len(payload)} bytes; at most {MOST_BYTES} are read")
    return to_json(payload)


def _broken(detail: str) -> Undecodable:
    return Undecodable("not-cbor", detail)


class _Reader:
    """Reads one item after another; `at` is where it stands. Every length is held against what is there."""

    def __init__(self, payload: bytes) -> None:
        self.payload, self.at = payload, 0
        self._majors: tuple[Callable[[int, int], bytes], ...] = (
            self._unsigned, self._negative, self._bytes, self._text, self._array, self._map, self._tag, self._simple,
        )  # fmt: skip

    def item(self, depth: int) -> bytes:
        """The next item as JSON text."""
        if depth > DEEPEST:
            raise _broken(f"nested deeper than {DEEPEST}")
        return self._majors[self._peek() >> 5](self._take(1)[0] & 31, depth)

    def _peek(self) -> int:
        if self.at >= len(self.payload):
            raise _broken("it ends too early")
        return self.payload[self.at]

    def _take(self, count: int) -> bytes:
        if count > len(self.payload) - self.at:
            raise _broken("it ends too early")
        self.at += count
        return self.payload[self.at - count : self.at]

    def _argument(self, info: int) -> int:
        if info < 24:
            return info
        if info > 27:
            raise _broken("a length is not given in advance")
        return int.from_bytes(self._take(1 << (info - 24)), "big")

    def _unsigned(self, info: int, _depth: int) -> bytes:
        return b"%d" % self._argument(info)

    def _negative(self, info: int, _depth: int) -> bytes:
        return b"%d" % (-1 - self._argument(info))

    def _bytes(self, info: int, _depth: int) -> bytes:
        return b'"%s"' % b64encode(self._take(self._argument(info)))

    def _text(self, info: int, _depth: int) -> bytes:
        return msgspec.json.encode(self._take(self._argument(info)).decode("utf-8"))

    def _array(self, info: int, depth: int) -> bytes:
        return b"[%s]" % b",".join([self.item(depth + 1) for _ in range(self._count(info, 1))])

    def _map(self, info: int, depth: int) -> bytes:
        found: dict[bytes, bytes] = {}
        for _ in range(self._count(info, 2)):
            if self._peek() >> 5 != 3:
                raise _broken("a key is not a text")
            key = self.item(depth + 1)
            if key in found:
                raise _broken(f"the key {key.decode()[:66]} stands twice")
            found[key] = self.item(depth + 1)
        return b"{%s}" % b",".join([b"%s:%s" % one for one in found.items()])

    def _count(self, info: int, bytes_each: int) -> int:
        count = self._argument(info)
        if count * bytes_each > len(self.payload) - self.at:
            raise _broken("it ends too early")
        return count

    def _tag(self, info: int, depth: int) -> bytes:
        if self._argument(info) != 4 or self._take(1) != b"\x82":
            raise _broken("the only tag that is read is 4, a decimal fraction [exponent, mantissa]")
        exponent, mantissa = self._whole(depth), self._whole(depth)
        if abs(exponent) > LARGEST_EXPONENT:
            raise _broken("a decimal fraction has an exponent out of all bounds")
        return b"%de%d" % (mantissa, exponent) if exponent else b"%d" % mantissa

    def _whole(self, depth: int) -> int:
        if self._peek() >> 5 > 1:
            raise _broken("a decimal fraction is made of two integers")
        return int(self.item(depth + 1))

    def _simple(self, info: int, _depth: int) -> bytes:
        if info in SIMPLE:
            return SIMPLE[info]
        if not 25 <= info <= 27:
            raise _broken("a simple value is neither true, false nor null")
        return _shortest(self._take(1 << (info - 24))).encode()


def _shortest(raw: bytes) -> str:
    """The float as it is; one of 32 bits as the shortest decimal that is this float and no other of its width.

    Without that, a fever of 39.1 sent in 32 bits would be 39.09999847 and below its limit. One of 16 bits is taken
    as it is: nobody measures so coarsely, but an encoder may write any double that fits in fewer bits.
    """
    value: float = struct.unpack(FORMAT[len(raw)], raw)[0]
    if not math.isfinite(value):
        raise _broken("NaN and infinity are no numbers")
    if len(raw) == 4 and not value.is_integer():
        for digits in range(6, MOST_DIGITS):
            shorter = float(f"{value:.{digits}g}")
            if struct.pack(">f", shorter) == raw:
                return repr(shorter)
        return repr(float(f"{value:.{MOST_DIGITS}g}"))
    return repr(value)
