"""Reads the ordinary reading at wire speed; whatever is not plainly one is left to the decoder, which alone refuses.

Ordinary: JSON, a good clock that gave the time of measurement, and numbers in their own unit. What is answered here
is what `decoders/al_obs.py` answers (a property test holds the two together), read once and not twice.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from backend.observations.codes import Code
from backend.observations.reading import Quality, Reading, Source
from device_gateway.clock import AHEAD, SET_SINCE, TRUSTED
from device_gateway.contract import Kind, kinds
from device_gateway.decoders.al_obs import LONGEST_NUMBER, QUALITY, TRUTHS
from device_gateway.envelope import BIG, LARGEST_BYTES, SCALAR, UNREADABLE, Count, Head, Text64
from device_gateway.plausible import contradicts

# A fleet says the same numbers and, within a batch, the same seconds again and again.
MOST_KEPT = 10_000
STAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)

Text32 = Annotated[str, Meta(max_length=32)]


class _Clock(Struct, frozen=True, gc=False):
    src: Literal["ntp", "gateway", "cellular", "manual", "none"]
    acc_ms: Count | UnsetType = UNSET
    synced: Raw | UnsetType = UNSET
    up_ms: Count | UnsetType = UNSET


class _Entry(Struct, frozen=True, gc=False):
    k: str
    val: Raw
    u: Text32
    code: Text64 | UnsetType = UNSET
    q: Literal["ok", "suspect", "motion"] | UnsetType = UNSET
    txt: Annotated[str, Meta(max_length=256)] | UnsetType = UNSET


class _Obs(Struct, frozen=True, gc=False):
    v: Literal[1]
    id: Annotated[str, Meta(min_length=16, max_length=64)]
    boot: Annotated[str, Meta(max_length=36)]
    seq: Annotated[int, Meta(ge=0, le=BIG)]
    clock: _Clock
    taken: str
    m: Annotated[list[_Entry], Meta(min_length=1, max_length=64)]
    sent: str | UnsetType = UNSET
    up_ms: Count | UnsetType = UNSET
    slot: Annotated[int, Meta(ge=0, le=32767)] = 0
    sensor: Text64 | UnsetType = UNSET


class _Numbers:
    """One kind of measurement with the numbers lately said of it, each judged once."""

    def __init__(self, kind: Kind) -> None:
        self.code: Code = kind.code
        self.unit, self.names = kind.unit, kind.names
        self._hard = kind.hard
        self.known: dict[bytes, Decimal] = {}

    def read(self, text: bytes) -> Decimal | None:
        """A number that can be a measurement, kept for the next time; None for anything else."""
        if text in TRUTHS or len(text) > LONGEST_NUMBER or not SCALAR.match(text):
            return None
        value = Decimal(text.decode("ascii")) if b"e" not in text.lower() else None
        if value is None or not self._hard[0] <= value <= self._hard[1]:
            return None
        if len(self.known) >= MOST_KEPT:
            self.known.clear()
        self.known[text] = value
        return value


# Kinds whose numbers stand for words are few and stay with the decoder.
_KINDS: Mapping[str, _Numbers] = {name: _Numbers(kind) for name, kind in kinds().items() if not kind.states}
_QUALITY: Mapping[Any, Quality] = {
    UNSET: Quality.OK,
    **{name: QUALITY[name] for name in ("ok", "suspect", "motion")},
}
_DECODE = msgspec.json.Decoder(_Obs).decode
_STAMPS: dict[str, datetime] = {}


def read_obs(payload: bytes, received_at: datetime) -> tuple[Head, list[Reading]] | None:
    """The head and the readings of an ordinary message of up/obs; None when it has to be read with care."""
    if len(payload) > LARGEST_BYTES:
        return None
    try:
        body = _DECODE(payload)
    except UNREADABLE:
        return None
    said_id = body.id
    if not (said_id.isascii() and said_id.replace("-", "").replace("_", "").isalnum()):
        return None
    clock = body.clock
    taken = _moment(body.taken)
    if (
        taken is None
        or clock.src not in TRUSTED
        or clock.synced is not UNSET
        or not SET_SINCE <= taken <= received_at + AHEAD
        or (body.sent is not UNSET and body.sent != body.taken and _moment(body.sent) is None)
    ):
        return None
    readings = _readings(body.m, taken)
    sent = "" if body.sent is UNSET else body.sent
    return None if readings is None else (Head(said_id, body.boot, body.seq, sent, body.slot), readings)


def _readings(entries: list[_Entry], at: datetime) -> list[Reading] | None:
    found: list[Reading] = []
    for entry in entries:
        kind = _KINDS.get(entry.k)
        if kind is None or entry.u != kind.unit or (entry.code is not UNSET and entry.code not in kind.names):
            return None
        text = bytes(entry.val)
        value = kind.known.get(text) or kind.read(text)
        if value is None:
            return None
        found.append(Reading(kind.code, value, kind.unit, at, Source.DEVICE, _QUALITY[entry.q], at, "device"))
    return None if len(found) > 1 and contradicts(found) else found


def _moment(text: str) -> datetime | None:
    """A time of the wire in UTC; None for what is none."""
    found = _STAMPS.get(text)
    if found is None and STAMP.fullmatch(text):
        try:
            found = datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
        if len(_STAMPS) >= MOST_KEPT:
            _STAMPS.clear()
        _STAMPS[text] = found
    return found
