"""The messages of contract/schema.json as typed structs, because a table of limits must run at wire speed."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from device_gateway.cbor import MOST_BYTES, as_json
from device_gateway.refusal import Undecodable

BIG = 9007199254740991
LARGEST_BYTES = MOST_BYTES

Count = Annotated[int, Meta(ge=0, le=BIG)]
Text64 = Annotated[str, Meta(max_length=64)]
Time = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
    ),
]
LocalTime = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$")]
# A JSON number or boolean, by its own grammar: msgspec hands the text over untouched, so nothing is rounded.
SCALAR = re.compile(rb"(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false)\Z")


class Clock(Struct, frozen=True):
    """What the device says of its own clock; `up_ms` is its uptime at the moment of sending.

    `synced` is when it was last set, or false when nobody has set it since the device started.
    """

    src: Literal["ntp", "gateway", "cellular", "manual", "none"]
    acc_ms: Count | UnsetType = UNSET
    synced: Time | bool | UnsetType = UNSET
    up_ms: Count | UnsetType = UNSET


class Envelope(Struct, frozen=True, kw_only=True):
    """The head every message of a device but presence has."""

    v: Literal[1]
    id: Annotated[str, Meta(min_length=16, max_length=64, pattern="^[A-Za-z0-9_-]+$")]
    boot: Annotated[str, Meta(max_length=36)]
    seq: Count
    clock: Clock
    sent: Time | UnsetType = UNSET


class Measured(Struct, frozen=True):
    """One entry of `m`: a number with its unit, or a text."""

    k: Annotated[str, Meta(pattern="^[a-z][a-z0-9_.]{1,63}$")]
    val: Raw | UnsetType = UNSET
    u: Annotated[str, Meta(max_length=32)] | UnsetType = UNSET
    code: Text64 | UnsetType = UNSET
    q: Literal["ok", "suspect", "invalid", "motion", "demo"] | UnsetType = UNSET
    txt: Annotated[str, Meta(max_length=256)] | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.val is not UNSET:
            if not SCALAR.match(self.val):
                raise ValueError("`val` is neither a number nor a boolean")
            if self.u is not UNSET:
                return
        if self.txt is UNSET:
            raise ValueError("`val` with `u`, or `txt`, is needed")


class Obs(Envelope, frozen=True, kw_only=True):
    """One measurement act."""

    m: Annotated[list[Measured], Meta(min_length=1, max_length=64)]
    taken: Time | UnsetType = UNSET
    up_ms: Count | UnsetType = UNSET
    slot: Annotated[int, Meta(ge=0, le=32767)] | UnsetType = UNSET
    sensor: Text64 | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.taken is UNSET and self.up_ms is UNSET:
            raise ValueError("`taken` or `up_ms` is needed")


class Captured(Envelope, frozen=True, kw_only=True):
    """Bytes a hub captured from a sensor, with what the hub knows of when.

    `up_ms` and `taken` are the hub's own at the moment of capture. `device_now` is the sensor's clock, read at
    that moment; like every Bluetooth time it has no zone.
    """

    raw: Annotated[bytes, Meta(min_length=1, max_length=513)]
    taken: Time | UnsetType = UNSET
    up_ms: Count | UnsetType = UNSET
    device_now: LocalTime | UnsetType = UNSET
    slot: Annotated[int, Meta(ge=0, le=32767)] | UnsetType = UNSET
    sensor: Text64 | UnsetType = UNSET


class Scaip(Struct, frozen=True):
    """The codes an alarm centre speaks (SCAIP: device type, status, location, priority)."""

    dty: Annotated[str, Meta(pattern="^[0-9]{4}$")] | UnsetType = UNSET
    stc: Annotated[str, Meta(pattern="^[0-9]{4}$")] | UnsetType = UNSET
    lco: Annotated[str, Meta(pattern="^[0-9]{3}$")] | UnsetType = UNSET
    pri: Annotated[int, Meta(ge=0, le=9)] | UnsetType = UNSET


class AlarmBody(Envelope, frozen=True, kw_only=True):
    """An alarm event; `alarm` is the press, the same through raise, repeat, cancel and clear."""

    alarm: Annotated[str, Meta(min_length=8, max_length=64)]
    phase: Literal["raise", "repeat", "cancel", "clear", "test"]
    kind: Literal[
        "sos", "fall", "inactivity", "smoke", "co", "gas", "heat", "flood", "door", "bed", "epilepsy",
        "medication", "tamper", "low_battery", "power", "technical",
    ]  # fmt: skip
    raised: Time
    scaip: Scaip | UnsetType = UNSET
    loc: dict[str, Any] | UnsetType = UNSET
    voice: bool | UnsetType = UNSET


class StatusBody(Envelope, frozen=True, kw_only=True):
    """What a device says of itself at each heartbeat."""

    bat_pct: Annotated[float, Meta(ge=0, le=100)] | UnsetType = UNSET
    bat_mv: Count | UnsetType = UNSET
    mains: bool | UnsetType = UNSET
    rssi_dbm: Annotated[int, Meta(ge=-1000, le=1000)] | UnsetType = UNSET
    buffered: Count | UnsetType = UNSET
    self_test: Literal["pass", "fail", "not_run"] | UnsetType = UNSET
    config_rev: Count | UnsetType = UNSET


class PresenceBody(Struct, frozen=True, kw_only=True):
    """A birth or a last will; the will of an older life is told apart by `boot`."""

    v: Literal[1]
    state: Literal["ready", "sleeping", "going_offline", "lost"]
    boot: Annotated[str, Meta(max_length=36)]
    type: Literal["presence"] | UnsetType = UNSET
    model: Annotated[str, Meta(max_length=128)] | UnsetType = UNSET
    fw: Text64 | UnsetType = UNSET
    caps: Annotated[list[Text64], Meta(max_length=64)] | UnsetType = UNSET
    hb_s: Annotated[int, Meta(ge=10, le=90000)] | UnsetType = UNSET
    next_wake_s: Count | UnsetType = UNSET
    seq_next: Count | UnsetType = UNSET
    buffered: Count | UnsetType = UNSET


class TimeBody(Struct, frozen=True, kw_only=True):
    """A question for the time; it has no head, because nothing of it is kept."""

    v: Literal[1]
    nonce: Text64
    up_ms: Count | UnsetType = UNSET


class Head(Struct, frozen=True):
    """What is read of any message before it is judged, as leniently as a receipt needs."""

    id: Annotated[str, Meta(min_length=16, max_length=64, pattern="^[A-Za-z0-9_-]+$")]
    boot: Annotated[str, Meta(max_length=36)] = ""
    seq: Count = -1
    sent: str = ""
    slot: int = 0

    def seq_or_none(self) -> int | None:
        """The place in the row of this boot, None when the message did not say."""
        return None if self.seq < 0 else self.seq


class OnlyId(Struct, frozen=True):
    """The last try: a broken head whose id can still be named in the refusal."""

    id: Annotated[str, Meta(min_length=16, max_length=64, pattern="^[A-Za-z0-9_-]+$")]


class OnlyVersion(Struct, frozen=True):
    """Tells a message of a later contract apart from a broken one."""

    v: int


T = TypeVar("T")
# Everything the JSON reader raises; RecursionError for a text nested some thousand deep.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
DECODERS: dict[type, msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(kind)
    for kind in (Obs, Captured, AlarmBody, StatusBody, PresenceBody, TimeBody, Head, OnlyId, OnlyVersion)
}


def read_head(payload: bytes) -> Head | None:
    """The head as far as it can be read; None when not even an id can."""
    try:
        payload = as_json(payload)
        head: Head = DECODERS[Head].decode(payload)
    except Undecodable:
        return None
    except UNREADABLE:
        try:
            return Head(id=DECODERS[OnlyId].decode(payload).id)
        except UNREADABLE:
            return None
    return head


def read(kind: type[T], payload: bytes) -> T:
    """The payload as `kind`; raises Undecodable with too-large, not-json, not-cbor, version or schema."""
    if len(payload) > LARGEST_BYTES:
        raise Undecodable("too-large", f"{len(payload)} bytes; at most {LARGEST_BYTES} are read")
    payload = as_json(payload)
    try:
        found: T = DECODERS[kind].decode(payload)
    except msgspec.ValidationError as error:
        raise Undecodable(_version_or_schema(payload), str(error)[:300]) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Undecodable("not-json", str(error)[:300]) from None
    except RecursionError:
        raise Undecodable("not-json", "nested too deeply") from None
    return found


def _version_or_schema(payload: bytes) -> str:
    try:
        return "schema" if DECODERS[OnlyVersion].decode(payload).v == 1 else "version"
    except UNREADABLE:
        return "schema"


def moment(text: str, field: str) -> datetime:
    """A time of the wire in UTC; raises Undecodable("time") for the 30th of February and such."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Undecodable("time", f"`{field}` is not a real date and time") from None
