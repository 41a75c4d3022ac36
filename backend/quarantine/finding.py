"""Shows the bytes of a kept message as text or hex, and where in it lies what the decoder found wrong; pure."""

import json
import re
from dataclasses import dataclass
from typing import Literal

# Enough to see what is wrong with it; a message of the contract has at most 32 KiB.
MOST_CHARACTERS = 4_000
HEX_BYTES, HEX_LINE = 1_024, 16
_PATH = re.compile(r"at `\$([^`]*)`")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_NAME = re.compile(r"`([^`$]+)`")
_BLANK = re.compile(r"[ \t\n\r]*")
_JSON = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Shown:
    """A payload for a page. `mark` is where the finding lies in `text`, in characters; None when nowhere."""

    form: Literal["text", "hex"]
    text: str
    mark: tuple[int, int] | None
    is_whole: bool


def show(payload: bytes, detail: str) -> Shown:
    """The payload as text when it is one, else as hex with its letters beside; `detail` is the decoder's finding."""
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text or not all(sign.isprintable() or sign in "\n\r\t" for sign in text):
        return Shown("hex", _hex(payload[:HEX_BYTES]), None, len(payload) <= HEX_BYTES)
    mark = _mark(text, detail)
    shown = text[:MOST_CHARACTERS]
    return Shown(
        "text",
        shown,
        mark if mark is not None and mark[1] <= len(shown) else None,
        len(shown) == len(text),
    )


def _hex(payload: bytes) -> str:
    lines = []
    for start in range(0, len(payload), HEX_LINE):
        part = payload[start : start + HEX_LINE]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        lines.append(f"{start:04x}  {part.hex(' '):<{HEX_LINE * 3}} {letters}")
    return "\n".join(lines)


def _mark(text: str, detail: str) -> tuple[int, int] | None:
    path = _PATH.search(detail)
    if path is not None:
        return _at(text, _STEP.findall(path[1]))
    name = _NAME.search(detail)
    return None if name is None else _named(text, name[1])


def _named(text: str, name: str) -> tuple[int, int] | None:
    """The entry of `m` of this kind, or the field of this name with its value."""
    quoted = re.escape(json.dumps(name))
    for form in (rf"\{{[^{{}}]*:\s*{quoted}[^{{}}]*\}}", rf'{quoted}\s*:\s*("[^"]*"|[^,}}\]]*)'):
        found = re.search(form, text)
        if found is not None:
            return found.span()
    return None


def _at(text: str, steps: list[tuple[str, str]]) -> tuple[int, int] | None:
    """Where the value at a path stands, by reading the text as JSON; None when the path leads nowhere."""
    try:
        start = _after_blank(text, 0)
        for key, place in steps:
            start = _field(text, start, key) if key else _item(text, start, int(place))
        return start, _JSON.raw_decode(text, start)[1]
    except (ValueError, IndexError, RecursionError):
        return None


def _after_blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    assert found is not None
    return found.end()


def _field(text: str, at: int, wanted: str) -> int:
    _expect(text, at, "{")
    while True:
        key, at = _JSON.raw_decode(text, _after_blank(text, at + 1))
        at = _after_blank(text, at)
        _expect(text, at, ":")
        at = _after_blank(text, at + 1)
        if key == wanted:
            return at
        at = _after_blank(text, _JSON.raw_decode(text, at)[1])
        _expect(text, at, ",")


def _item(text: str, at: int, wanted: int) -> int:
    _expect(text, at, "[")
    at = _after_blank(text, at + 1)
    for _ in range(wanted):
        at = _after_blank(text, _JSON.raw_decode(text, at)[1])
        _expect(text, at, ",")
        at = _after_blank(text, at + 1)
    return at


def _expect(text: str, at: int, sign: str) -> None:
    if text[at] != sign:
        raise ValueError(sign)
