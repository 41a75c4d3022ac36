"""Reads when a kept message may have been measured, so that a value is shown only to the team of whoever it is of."""

import re
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

# The two names of the contract under which a device says when. Found in the bytes rather than by decoding them: what
# is kept is often broken, and in CBOR a text stands as it is in JSON, behind one or two bytes of length.
_SAID = re.compile(
    rb'(?:taken|raised)(?:"[ \t\r\n]*:[ \t\r\n]*"|[\x74-\x77]|\x78.)'
    rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2}))",
    re.DOTALL,
)


class _Clock(Struct, frozen=True):
    up_ms: int


class _ByUptime(Struct, frozen=True):
    up_ms: int
    clock: _Clock
    boot: str = ""


_BY_UPTIME = msgspec.json.Decoder(_ByUptime)


def said(payload: bytes) -> set[datetime]:
    """Every time (aware UTC) that a message, JSON or CBOR, says it was measured or raised at."""
    found: set[datetime] = set()
    for written in _SAID.findall(payload):
        try:
            found.add(datetime.fromisoformat(written.decode("ascii")).astimezone(UTC))
        except (ValueError, OverflowError):
            continue
    return found


def by_uptime(payload: bytes, received_at: datetime) -> tuple[str, int, datetime] | None:
    """The boot, the uptime of the measurement in ms, and that counted back from receipt; None where it says none."""
    try:
        message = _BY_UPTIME.decode(payload)
        ago = timedelta(milliseconds=message.clock.up_ms - message.up_ms)
        return message.boot, message.up_ms, received_at - ago
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OverflowError):
        return None
