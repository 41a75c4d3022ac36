"""Reads the QR code that a page drew, so that a test knows what a camera would be sent to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# ISO/IEC 18004, correction level M: data codewords and blocks of versions 1 to 6, where all blocks are of one length.
_DATA = {1: (16, 1), 2: (28, 1), 3: (44, 1), 4: (64, 2), 5: (86, 2), 6: (108, 4)}
_QUIET = 4
_FORMAT_MASK = (1, 0, 1, 0, 1)
_LEVEL_M = (0, 0)
_BYTES = 0b0100

_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, x: y % 2 == 0,
    lambda y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)


def drawn(path: str, size: int) -> list[list[bool]]:
    """The modules of a path of unit squares, without the white around them; `size` is that of the view box."""
    black = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)}
    inside = range(_QUIET, size - _QUIET)
    assert all(x in inside and y in inside for x, y in black), (
        "the white around it is as wide as the standard asks"
    )
    return [[(x, y) in black for x in inside] for y in inside]


def read(modules: list[list[bool]]) -> str:
    """What a code of version 1 to 6 at level M holds; no error is corrected, because a screen makes none."""
    size = len(modules)
    version = (size - 17) // 4
    told = tuple(modules[8][x] ^ bool(bit) for x, bit in enumerate(_FORMAT_MASK))
    assert told[:2] == _LEVEL_M
    mask = _MASKS[told[2] << 2 | told[3] << 1 | told[4]]
    bits = [modules[y][x] ^ mask(y, x) for y, x in _path(size, version)]
    words = [_number(bits[at : at + 8]) for at in range(0, len(bits) - 7, 8)]
    count, blocks = _DATA[version]
    stream = "".join(f"{words[i * blocks + b]:08b}" for b in range(blocks) for i in range(count // blocks))
    assert int(stream[:4], 2) == _BYTES
    length = int(stream[4:12], 2)
    return bytes(int(stream[at : at + 8], 2) for at in range(12, 12 + 8 * length, 8)).decode()


def _number(bits: list[bool]) -> int:
    return int("".join(str(int(bit)) for bit in bits), 2)


def _path(size: int, version: int) -> Iterator[tuple[int, int]]:
    """Where the data stands, in the order in which it is read: two columns at a time, up and down."""
    columns = [x - 1 if x <= 6 else x for x in range(size - 1, 0, -2)]
    for turn, right in enumerate(columns):
        rows = range(size) if turn % 2 else range(size - 1, -1, -1)
        for y in rows:
            for x in (right, right - 1):
                if not _is_fixed(y, x, size, version):
                    yield y, x


def _is_fixed(y: int, x: int, size: int, version: int) -> bool:
    """Whether a module belongs to the patterns that every code of this size has."""
    at_end = size - 8
    finder = (y <= 8 and x <= 8) or (y <= 8 and x >= at_end) or (y >= at_end and x <= 8)
    middle = size - 7
    alignment = version > 1 and abs(y - middle) <= 2 and abs(x - middle) <= 2
    return finder or alignment or y == 6 or x == 6
