"""Shows a vendor at a desk what the gateway makes of a payload: the values, or the refusal with what to do about it.

The same decoders run here as in the gateway. A Bluetooth payload is given bare, without the envelope a hub puts
around it, and is taken as captured at the moment it is said to be received.
"""

import argparse
import json
import re
import string
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from backend.core.clock import now
from backend.observations.reading import UNKNOWN_SLOT, DeviceMessage, DeviceProfile, Reading
from backend.plugs import discover
from device_gateway.cbor import is_cbor
from device_gateway.clock import Said
from device_gateway.contract import reasons
from device_gateway.gatt import readings
from device_gateway.refusal import Undecodable

FAILED = 2
HEX = re.compile(r"\s*(0x)?([0-9a-fA-F]{2}[\s:-]*)+")
EXAMPLE = "alongside decode gatt:2a35 '1e 8000 5200 6100 ea07031d080509 4800 01 0400'"


class BadInputError(ValueError):
    """What was asked cannot be tried: an unknown format, a file that is not there, bytes that are no hex."""


def main(argv: Sequence[str] | None = None) -> int:
    """Decode one payload and print JSON; returns 0, or 2 with one JSON object that says what is wrong."""
    parser = argparse.ArgumentParser(
        prog="alongside decode", description=__doc__.splitlines()[0], epilog=f"example: {EXAMPLE}"
    )
    parser.add_argument(
        "format", nargs="?", help="gatt:2a35, al-json, al-cbor, al-json:alarm ...; --list has all"
    )
    parser.add_argument("payload", nargs="*", help="hex (spaces allowed), a file, or - for standard input")
    parser.add_argument("--zone", default="Europe/London", help="zone of the home, for Bluetooth times")
    parser.add_argument("--received-at", help="when it is taken to be received (RFC 3339; default: now)")
    parser.add_argument("--list", action="store_true", help="print every format and what it reads")
    options = parser.parse_args(argv)
    try:
        _print(_formats() if options.list else _shown(options))
    except Undecodable as refused:
        reason = reasons()[refused.reason]
        _print(_error(refused.reason, reason.words, reason.what_to_do, refused.detail))
        return FAILED
    except BadInputError as wrong:
        _print(_error("input", str(wrong), f"See --help; for example {EXAMPLE}", ""))
        return FAILED
    return 0


def _error(code: str, words: str, what_to_do: str, detail: str) -> dict[str, str]:
    return {"error": code, "code": code, "words": words, "what_to_do": what_to_do, "detail": detail}


def _print(shown: object) -> None:
    sys.stdout.write(json.dumps(shown, indent=1, ensure_ascii=False) + "\n")


def decoders() -> Mapping[str, Callable[[bytes, datetime, ZoneInfo], Sequence[object]]]:
    """Format -> what reads it: each Bluetooth characteristic, and each channel of our own in JSON and in CBOR."""
    found: dict[str, Callable[[bytes, datetime, ZoneInfo], Sequence[object]]] = {}
    for module in discover("device_gateway.decoders").values():
        channel: str = module.CHANNEL
        if channel.startswith("raw/"):
            found[channel.removeprefix("raw/").replace("-", ":", 1)] = _bare(module)
            continue
        for form in ("al-json", "al-cbor"):
            found[form if channel == "obs" else f"{form}:{channel}"] = _whole(module, form == "al-cbor")
    return dict(sorted(found.items()))


def _bare(module: ModuleType) -> Callable[[bytes, datetime, ZoneInfo], Sequence[object]]:
    def read(payload: bytes, received_at: datetime, zone: ZoneInfo) -> Sequence[object]:
        said = Said("none", None, None, None, None, received_at)
        return readings(module.measure(payload), said, zone, live=True)

    return read


def _whole(module: ModuleType, wants_cbor: bool) -> Callable[[bytes, datetime, ZoneInfo], Sequence[object]]:
    def read(payload: bytes, received_at: datetime, zone: ZoneInfo) -> Sequence[object]:
        if is_cbor(payload) is not wants_cbor:
            raise Undecodable("not-cbor" if wants_cbor else "not-json", "the payload is in the other form")
        topic = f"al/v1/a-device/up/{module.CHANNEL}"
        message = DeviceMessage("a-device", "", topic, payload, received_at, DeviceProfile(zone=zone.key))
        found: Sequence[object] = module.decode(message)
        return found

    return read


def _formats() -> list[dict[str, str]]:
    by_channel = {module.CHANNEL: module for module in discover("device_gateway.decoders").values()}
    listed = []
    for name in decoders():
        form, _, rest = name.partition(":")
        module = by_channel[f"raw/gatt-{rest}" if form == "gatt" else rest or "obs"]
        listed.append({"format": name, "reads": (module.__doc__ or "").splitlines()[0]})
    return listed


def _shown(options: argparse.Namespace) -> list[dict[str, object]]:
    read = decoders().get(str(options.format).lower())
    if read is None:
        raise BadInputError(f"There is no format {options.format}: it is one of {', '.join(decoders())}.")
    items = read(_payload(" ".join(options.payload)), _received_at(options.received_at), _zone(options.zone))
    return [_item(one) for one in items]


def _payload(text: str) -> bytes:
    if not text:
        raise BadInputError("There is no payload: give hex, a file, or - for standard input.")
    if text == "-":
        return _content(sys.stdin.buffer.read())
    if HEX.fullmatch(text):
        return _unhexed(text)
    if text.lstrip().startswith("{"):
        return text.encode()
    try:
        return _content(Path(text).read_bytes())
    except OSError as error:
        raise BadInputError(f"{text} is neither hex of whole bytes nor a file: {error.strerror}.") from None
    except ValueError:
        raise BadInputError("The payload is neither hex of whole bytes nor a file.") from None


def _content(found: bytes) -> bytes:
    """What a file holds: its hex when it is nothing but hex, else its bytes."""
    text = found.decode("ascii", "replace")
    return _unhexed(text) if HEX.fullmatch(text) else found


def _unhexed(text: str) -> bytes:
    digits = text.strip().removeprefix("0x")
    return bytes.fromhex("".join(one for one in digits if one in string.hexdigits))


def _received_at(text: str | None) -> datetime:
    if text is None:
        return now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadInputError("--received-at is no RFC 3339 time, such as 2026-11-22T08:15:04Z.") from None
    if at.tzinfo is None:
        raise BadInputError("--received-at needs its UTC offset, such as 2026-11-22T08:15:04Z.")
    return at.astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise BadInputError("--zone is no zone such as Europe/London.") from None


def _item(item: object) -> dict[str, object]:
    if isinstance(item, Reading):
        return {
            "code": item.code.value,
            "value": f"{item.value:f}" if isinstance(item.value, Decimal) else _plain(item.value),
            "unit": item.unit,
            "effective_at": _plain(item.effective_at),
            "quality": item.quality.name.lower(),
            "method": item.method,
            "taken_at": _plain(item.taken_at),
            "slot": None if item.slot == UNKNOWN_SLOT else item.slot,
            "beside": dict(item.beside),
        }
    assert is_dataclass(item)
    assert not isinstance(item, type)
    found: dict[str, object] = _plain(asdict(item))
    return found


def _plain(value: object) -> Any:
    """A value as JSON holds it: words for what is an Enum, text for what is a number with its digits."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Enum):
        return value.value if isinstance(value.value, str) else value.name
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


if __name__ == "__main__":
    raise SystemExit(main())
