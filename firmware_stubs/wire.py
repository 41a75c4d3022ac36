"""The wire contract as a device keeps it: topics, ids, the envelope and what a receipt means."""

from __future__ import annotations

import json
import os
import time
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import cbor2
import msgspec

Body: TypeAlias = dict[str, object]

CONTRACT: Final = Path(__file__).resolve().parent.parent / "device_gateway" / "contract"
CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
OBS: Final = "obs"
ALARM: Final = "alarm"
STATUS: Final = "status"
PRESENCE: Final = "presence"
TIME: Final = "time"


def up_topic(device_id: str, channel: str) -> str:
    """The topic a device publishes `channel` on."""
    return f"al/v1/{device_id}/up/{channel}"


def down_filter(device_id: str) -> str:
    """The one filter a device may subscribe to: everything said to it."""
    return f"al/v1/{device_id}/down/#"


def ulid(at_ms: int | None = None) -> str:
    """A new 26-character ULID: 48 bits of milliseconds, then 80 random bits, in Crockford base 32."""
    stamp = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    number = (stamp & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def local_time(at: datetime) -> str:
    """`at` in the zone of this machine, to the millisecond, always with its UTC offset."""
    if at.tzinfo is None:
        raise ValueError("a time on the wire needs its UTC offset")
    return at.astimezone().isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class KindEntry:
    """What the contract says about one `k`: its code (`loinc:` or `mdc:`), if it has one, and its UCUM unit."""

    code: str | None
    unit: str


@cache
def kinds() -> Mapping[str, KindEntry]:
    """Every measurable `k` of the contract that has a number, from `kinds.json`."""
    listed = json.loads((CONTRACT / "kinds.json").read_text(encoding="utf-8"))["kinds"]
    return {k: KindEntry(entry["code"], entry["unit"]) for k, entry in listed.items()}


def measurement(k: str, val: float) -> Body:
    """One entry of `m`, with the unit and code the contract gives for `k` (KeyError if it has none)."""
    kind = kinds()[k]
    coded = {} if kind.code is None else {"code": kind.code}
    return {"k": k, "val": val, "u": kind.unit, **coded, "q": "ok"}


@cache
def scaip(kind: str) -> Body:
    """The SCAIP codes of an alarm of `kind`, from `scaip.json`; a code that nobody knows is left out."""
    listed = json.loads((CONTRACT / "scaip.json").read_text(encoding="utf-8"))["kinds"]
    known = {name: code for name, code in listed[kind].items() if code is not None}
    return {**known, "lco": "000", "pri": 1}


@dataclass(slots=True)
class Uptime:
    """One life of the program: a boot name, when it began, and the counter every device counts by."""

    boot: str
    began: float

    @classmethod
    def begin(cls) -> Uptime:
        """A fresh boot, named by a ULID so that no two lives share it."""
        return cls(boot="b" + ulid(), began=time.monotonic())

    def milliseconds(self) -> int:
        """Milliseconds since this life began, from a clock that nobody sets."""
        return int((time.monotonic() - self.began) * 1000)


def envelope(uptime: Uptime, seq: int) -> Body:
    """The head of a new message: version, id, boot and seq, which stay the same in every resend."""
    return {"v": 1, "id": ulid(), "boot": uptime.boot, "seq": seq, "clock": {"src": "ntp", "acc_ms": 50}}


def stamped(body: Body, uptime: Uptime, now: datetime) -> Body:
    """`body` as it goes out now: with the time of this sending and the uptime then.

    A message made in an earlier boot loses its uptimes: that counter began again, so comparing it
    with today's would give a wrong corrected time.
    """
    said = {**body, "sent": local_time(now)}
    if body.get("boot") == uptime.boot:
        clock = body.get("clock")
        if isinstance(clock, dict):
            said["clock"] = {**clock, "up_ms": uptime.milliseconds()}
    else:
        said.pop("up_ms", None)
    return said


def encode(body: Body, uptime: Uptime, now: datetime) -> bytes:
    """The JSON bytes to publish now."""
    return msgspec.json.encode(stamped(body, uptime, now))


def encode_cbor(body: Body, uptime: Uptime, now: datetime) -> bytes:
    """The CBOR bytes to publish now: the same fields, and `raw` (base64 text in the journal) as bytes."""
    said = stamped(body, uptime, now)
    if isinstance(raw := said.get("raw"), str):
        said["raw"] = b64decode(raw)
    return cbor2.dumps(said)


def compact(body: Body) -> bytes:
    """`body` as the bytes of a message that carries no time of sending (presence)."""
    return msgspec.json.encode(body)


def observation(uptime: Uptime, seq: int, taken: datetime, m: list[Body]) -> Body:
    """A reading taken at `taken` (aware), ready to be kept."""
    return {**envelope(uptime, seq), "taken": local_time(taken), "up_ms": uptime.milliseconds(), "m": m}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What `down/ack` said: stored ids, the highest contiguous seq of a boot, and refusals (id, code)."""

    ids: tuple[str, ...]
    boot: str | None
    upto: int | None
    rejected: tuple[tuple[str, str], ...]


def object_of(payload: bytes) -> Body | None:
    """The JSON object in `payload`, or None: a device ignores what it cannot read and does not reboot."""
    try:
        said = json.loads(payload)
    except ValueError:
        return None
    return said if isinstance(said, dict) and said.get("v") == 1 else None


def receipt(payload: bytes) -> Receipt | None:
    """The receipt in `payload`, keeping only the parts that have the right shape; None if unreadable."""
    said = object_of(payload)
    if said is None:
        return None
    ids, refused, upto, boot = (said.get(name) for name in ("ids", "rejected", "upto", "boot"))
    return Receipt(
        ids=tuple(one for one in ids if isinstance(one, str)) if isinstance(ids, list) else (),
        boot=boot if isinstance(boot, str) else None,
        upto=upto if isinstance(upto, int) and not isinstance(upto, bool) else None,
        rejected=_refusals(refused) if isinstance(refused, list) else (),
    )


def _refusals(listed: list[object]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(one["id"]), str(one.get("code", "")))
        for one in listed
        if isinstance(one, dict) and isinstance(one.get("id"), str)
    )


def utc_now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)
