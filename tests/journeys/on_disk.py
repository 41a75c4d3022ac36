"""Reads every byte that a browser left in its profile folder, unpacked as Chromium packs it, and looks for words."""

from __future__ import annotations

import base64
import contextlib
import json
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

# LevelDB keeps IndexedDB and local storage: tables of blocks, and logs in pages of 32 kB.
TABLE_MAGIC = bytes.fromhex("57fb808b247547db")
FOOTER, TRAILER = 48, 5
LOG_PAGE, LOG_HEADER = 32768, 7
SNAPPY = 1
# Chromium presses larger values of IndexedDB once more, behind this mark.
PRESSED_VALUE = b"\xff\x11\x02"
GZIP = b"\x1f\x8b\x08"
# What each thing is called, and how it may stand.
Wanted = list[tuple[str, Iterable[bytes]]]


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of LevelDB's and where it ends; IndexError when the bytes end first."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def snappy(data: bytes) -> bytes:
    """What Snappy pressed, by its published format; as much as is whole."""
    try:
        length, at = varint(data, 0)
    except IndexError:
        return b""
    out = bytearray()
    try:
        while len(out) < length:
            tag = data[at]
            at = _literal(data, at, out) if tag & 3 == 0 else _copy(data, at, out)
    except (IndexError, ValueError):
        pass
    return bytes(out)


def _literal(data: bytes, at: int, out: bytearray) -> int:
    size = data[at] >> 2
    at += 1
    if size >= 60:
        wide = size - 59
        size = int.from_bytes(data[at : at + wide], "little")
        at += wide
    size += 1
    if at + size > len(data):
        raise ValueError("cut short")
    out += data[at : at + size]
    return at + size


def _copy(data: bytes, at: int, out: bytearray) -> int:
    tag = data[at]
    kind = tag & 3
    wide = {1: 1, 2: 2, 3: 4}[kind]
    back = int.from_bytes(data[at + 1 : at + 1 + wide], "little")
    size = (tag >> 2) + 1
    if kind == 1:
        size, back = ((tag >> 2) & 7) + 4, back | (tag >> 5) << 8
    if not 0 < back <= len(out):
        raise ValueError("no such place")
    for _ in range(size):
        out.append(out[-back])
    return at + 1 + wide


def _block(data: bytes, offset: int, size: int) -> bytes:
    body = data[offset : offset + size]
    kind = data[offset + size] if offset + size < len(data) else 0
    return snappy(body) if kind == SNAPPY else body


def _handles(index: bytes) -> Iterator[tuple[int, int]]:
    (restarts,) = struct.unpack("<I", index[-4:])
    at, end = 0, len(index) - 4 * (restarts + 1)
    while at < end:
        _, at = varint(index, at)
        key, at = varint(index, at)
        value, at = varint(index, at)
        place = index[at + key : at + key + value]
        at += key + value
        offset, next_at = varint(place, 0)
        yield offset, varint(place, next_at)[0]


def table_blocks(data: bytes) -> Iterator[bytes]:
    """The blocks of a LevelDB table, unpacked; keys and values stand in them one after the other."""
    footer = data[-FOOTER:]
    _, at = varint(footer, 0)
    _, at = varint(footer, at)
    offset, at = varint(footer, at)
    size, _ = varint(footer, at)
    for place in _handles(_block(data, offset, size)):
        yield _block(data, *place)


def log_text(data: bytes) -> bytes:
    """A LevelDB log without the headers that cut a long value into pieces."""
    out = bytearray()
    for page in range(0, len(data), LOG_PAGE):
        at, end = page, min(page + LOG_PAGE, len(data))
        while at + LOG_HEADER <= end:
            size = int.from_bytes(data[at + 4 : at + 6], "little")
            out += data[at + LOG_HEADER : min(at + LOG_HEADER + size, end)]
            at += LOG_HEADER + size
    return bytes(out)


def _unpacked(data: bytes, name: str) -> Iterator[bytes]:
    yield data
    if data.endswith(TABLE_MAGIC):
        yield b"\0".join(table_blocks(data))
    elif name.endswith(".log"):
        yield log_text(data)


def _inner(data: bytes) -> Iterator[bytes]:
    at = data.find(PRESSED_VALUE)
    while at != -1:
        yield snappy(data[at + len(PRESSED_VALUE) :])
        at = data.find(PRESSED_VALUE, at + 1)
    at = data.find(GZIP)
    while at != -1:
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj(31).decompress(data[at:])
        at = data.find(GZIP, at + 1)


def layers(path: Path) -> Iterator[bytes]:
    """A file as it is, and everything that is packed in it."""
    try:
        data = path.read_bytes()
    except OSError:
        return
    for layer in _unpacked(data, path.name):
        yield layer
        yield from _inner(layer)


def forms(word: str) -> set[bytes]:
    """How a word may stand on a disk: as text of 1 or 2 bytes a letter, in an address, in JSON, or in base64."""
    plain = {word.encode(), word.encode("utf-16-le"), quote(word).encode(), json.dumps(word)[1:-1].encode()}
    if word.isascii():
        plain.add(word.encode("utf-16-be"))
    else:
        plain.add(word.encode("latin-1", "ignore"))
    found = set(plain)
    for text in (word.encode(), word.encode("utf-16-le")):
        for lead in range(3):
            packed = base64.b64encode(b"\0" * lead + text).rstrip(b"=")
            # Letters at both ends depend on what stands beside them.
            cut = packed[(lead * 8 + 5) // 6 : -2]
            if len(cut) >= 8:
                found |= {cut, cut.replace(b"+", b"-").replace(b"/", b"_")}
    return found


def forms_of_number(number: int) -> set[bytes]:
    """How a value may stand: as a string or a number of V8's own, under a name in JSON, or as this app writes it."""
    digits = str(number).encode()
    return {
        b'"' + bytes([len(digits)]) + digits,
        b"N" + struct.pack("<d", float(number)),
        b'value":"' + digits,
        b'stolic":"' + digits,
        b'stolic":' + digits,
        digits + b" over ",
        b" over " + digits,
    }


def found_in(profile: Path, wanted: Wanted) -> list[str]:
    """What of `wanted` (what it is called, how it may stand) is in any file: "name in file", sorted."""
    known = [(name, tuple(looks)) for name, looks in wanted]
    found: set[str] = set()
    for path in sorted(path for path in profile.rglob("*") if path.is_file() and not path.is_symlink()):
        for layer in layers(path):
            for name, looks in known:
                if any(look in layer for look in looks):
                    found.add(f"{name} in {path.relative_to(profile)}")
    return sorted(found)


def words(*texts: str) -> Wanted:
    """Each text with all its forms."""
    return [(text, forms(text)) for text in texts]


def numbers(*values: int) -> Wanted:
    """Each value with all its forms."""
    return [(str(value), forms_of_number(value)) for value in values]
