"""Rows and arrays in PostgreSQL's binary form: value by value a batch costs the driver more than the server."""

import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any, Self

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

# What a binary COPY begins and ends with (PostgreSQL manual, COPY, "Binary Format").
COPY_BEGIN, COPY_END = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0), struct.pack("!h", -1)
NULL = struct.pack("!i", -1)

# So many pieces of rows are sent together: the server stores them while the next are made.
TOGETHER = 2_000

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# The lengths of short values as they are sent, by the length.
_LENGTHS = tuple(struct.pack("!i", size) for size in range(512))
# The length of a number of eight bytes, in an array that has been turned round already.
_EIGHT = array("i", struct.pack("!i", 8))
_NUMERIC_CACHE: dict[str, bytes] = {}
_MOST_CACHED = 10_000
# The server keeps at most so many digits after the point, and before it far fewer than this.
_MOST_DIGITS = 1_000


def micros(at: datetime) -> int:
    """A timestamptz as the server holds it: microseconds since 2000 in UTC."""
    apart = at - _EPOCH
    return (apart.days * 86_400 + apart.seconds) * 1_000_000 + apart.microseconds


def blocks(rows: Iterator[bytes]) -> Iterator[bytes]:
    """What a COPY takes, in blocks: `rows` in pieces, with its beginning and its end."""
    pieces = chain((COPY_BEGIN,), rows, (COPY_END,))
    while block := b"".join(islice(pieces, TOGETHER)):
        yield block


def sized(value: bytes | None) -> bytes:
    """A value with its length before it, as COPY and arrays take it."""
    if value is None:
        return NULL
    size = len(value)
    return (_LENGTHS[size] if size < len(_LENGTHS) else struct.pack("!i", size)) + value


def numeric(value: Decimal) -> bytes:
    """A numeric with its scale. Raises psycopg.DataError for one of over 1,000 digits."""
    text = str(value)
    found = _NUMERIC_CACHE.get(text)
    if found is None:
        if len(_NUMERIC_CACHE) >= _MOST_CACHED:
            _NUMERIC_CACHE.clear()
        found = _NUMERIC_CACHE[text] = _numeric(value)
    return found


def _numeric(value: Decimal) -> bytes:
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or abs(exponent) > _MOST_DIGITS or len(digits) > _MOST_DIGITS:
        raise psycopg.DataError("a number that no numeric can hold")
    scale = max(0, -exponent)
    whole = ("".join(map(str, digits)) + "0" * max(0, exponent)).rjust(scale, "0")
    before, after = whole[: len(whole) - scale], whole[len(whole) - scale :]
    before = before.rjust(-(-len(before) // 4) * 4, "0")
    after = after.ljust(-(-len(after) // 4) * 4, "0")
    groups = [int((before + after)[n : n + 4]) for n in range(0, len(before) + len(after), 4)]
    weight = len(before) // 4 - 1
    while groups and groups[0] == 0:
        del groups[0]
        weight -= 1
    while groups and groups[-1] == 0:
        groups.pop()
    head = (len(groups), weight if groups else 0, 0x4000 if sign and groups else 0, scale)
    return struct.pack(f"!hhHH{len(groups)}h", *head, *groups)


def _in_order(numbers: "array[int]") -> "array[int]":
    """Numbers in the order of bytes that they are sent in."""
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


class _Array(bytes):
    """One array parameter, ready to send; its class says of what."""

    element = 0
    oid = 0

    @classmethod
    def of(cls, values: Sequence[bytes | None]) -> Self:
        """An array of one dimension from values in their binary form."""
        return cls._around(len(values), b"".join(map(sized, values)), has_null=None in values)

    @classmethod
    def nulls(cls, count: int) -> Self:
        """So many nulls."""
        return cls._around(count, NULL * count, has_null=True)

    @classmethod
    def _around(cls, count: int, elements: bytes, *, has_null: bool = False) -> Self:
        if not count:
            return cls(struct.pack("!iii", 0, 0, cls.element))
        return cls(struct.pack("!iiiii", 1, has_null, cls.element, count, 1) + elements)


class Int4s(_Array):
    """integer[], also for what is stored as smallint"""

    element, oid = 23, 1007

    @classmethod
    def of_numbers(cls, values: Sequence[int]) -> Self:
        """From numbers without null."""
        words = array("i", bytes(8 * len(values)))
        words[0::2] = array("i", [4]) * len(values)
        words[1::2] = array("i", values)
        return cls._around(len(values), _in_order(words).tobytes())


class Int8s(_Array):
    """bigint[]"""

    element, oid = 20, 1016

    @classmethod
    def of_numbers(cls, values: Sequence[int]) -> Self:
        """From numbers without null."""
        halves = array("i", _in_order(array("q", values)).tobytes())
        words = array("i", bytes(12 * len(values)))
        words[0::3] = _EIGHT * len(values)
        words[1::3] = halves[0::2]
        words[2::3] = halves[1::2]
        return cls._around(len(values), words.tobytes())


class Times(Int8s):
    """timestamptz[], from microseconds since 2000"""

    element, oid = 1184, 1185


class Numerics(_Array):
    """numeric[]"""

    element, oid = 1700, 1231


class Texts(_Array):
    """text[], from UTF-8"""

    element, oid = 25, 1009


def _register(kind: type[_Array]) -> None:
    class AsItIs(Dumper):
        """Sends the bytes that were made."""

        oid = kind.oid
        format = Format.BINARY

        def dump(self, obj: Any) -> bytes:
            return bytes(obj)

    psycopg.adapters.register_dumper(kind, AsItIs)


for _kind in (Int4s, Int8s, Times, Numerics, Texts):
    _register(_kind)
