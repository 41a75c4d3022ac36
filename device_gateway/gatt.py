"""Reads a captured Bluetooth characteristic field by field and gives each value its time, for every decoder of one."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec import UNSET

from backend.observations.codes import Code
from backend.observations.reading import UNKNOWN_SLOT, DeviceMessage, Quality, Reading, Source, Special
from device_gateway.clock import Judged, Local, Said, judge_local, moments
from device_gateway.envelope import Captured, moment, read
from device_gateway.ieee11073 import Number, float32, sfloat
from device_gateway.plausible import refuse_contradiction, refuse_implausible
from device_gateway.refusal import Undecodable

Beside = tuple[tuple[str, str], ...]
UNKNOWN_USER = 0xFF
MOST_DIGITS = 20
GREENWICH = ZoneInfo("UTC")
# Bluetooth counts from the Gregorian calendar's first year to 9999; the last one is no time in every zone.
FIRST_YEAR, LAST_YEAR = 1582, 9998


@dataclass(frozen=True, slots=True)
class Value:
    """One value in the unit of its code, with what the payload said of it alone."""

    code: Code
    value: Number
    beside: Beside = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """What a characteristic says. `at` is the sensor's local time without a zone, None when it says none."""

    values: tuple[Value, ...]
    at: datetime | None = None
    is_clock_set: bool = True
    from_memory: bool = False
    quality: Quality = Quality.OK
    slot: int | None = None
    beside: Beside = ()


class Fields:
    """The bytes of a characteristic, taken one field after another; little-endian throughout.

    `is_clock_set` turns False over a time that is no time: a clock that shows the 31st of June shows nothing.
    """

    def __init__(self, raw: bytes) -> None:
        self._raw, self._at = raw, 0
        self.is_clock_set = True

    def _take(self, count: int, field: str) -> bytes:
        self._at += count
        if self._at > len(self._raw):
            raise Undecodable("gatt", f"{len(self._raw)} bytes; they end within `{field}`")
        return self._raw[self._at - count : self._at]

    def whole(self, count: int, field: str) -> int:
        """An unsigned integer of so many bytes."""
        return int.from_bytes(self._take(count, field), "little")

    def signed(self, count: int, field: str) -> int:
        """A two's complement integer of so many bytes."""
        return int.from_bytes(self._take(count, field), "little", signed=True)

    def sfloat(self, field: str) -> Number:
        """A 16-bit number of ISO/IEEE 11073."""
        return sfloat(self._take(2, field))

    def float32(self, field: str) -> Number:
        """A 32-bit number of ISO/IEEE 11073."""
        return float32(self._take(4, field))

    def local_time(self) -> datetime | None:
        """Year, month, day, hours, minutes, seconds without a zone; None when year, month or day is 0 (not known)."""
        year = self.whole(2, "time")
        month, day, hour, minute, second = self._take(5, "time")
        if 0 in (year, month, day):
            return None
        try:
            return datetime(year if FIRST_YEAR <= year <= LAST_YEAR else 0, month, day, hour, minute, second)  # noqa: DTZ001 - it has no zone
        except ValueError:
            self.is_clock_set = False
            return None

    def end(self) -> None:
        """Nothing may be left over: then the flags say something else than the bytes."""
        if self._at != len(self._raw):
            raise Undecodable("gatt", f"{len(self._raw) - self._at} bytes more than the flags say")


def words(bits: int, names: dict[int, str]) -> list[str]:
    """The names of the bits that are set."""
    return [name for bit, name in names.items() if bits >> bit & 1]


def plain(value: Decimal) -> Decimal:
    """Without the zeros a conversion leaves behind, and not as 1E+2 where digits can hold it."""
    trimmed = value.normalize()
    return (
        trimmed
        if trimmed.adjusted() > MOST_DIGITS or trimmed != trimmed // 1
        else trimmed.quantize(Decimal(1))
    )


def user(number: int) -> tuple[int, Beside]:
    """The slot of a sensor's user, and what to say of it; UNKNOWN_SLOT when the sensor does not know who it was."""
    if number == UNKNOWN_USER:
        return UNKNOWN_SLOT, (("user", "unknown"),)
    return number, (("user", str(number)),)


def needed(number: Number, field: str) -> Number:
    """A value without which there is no measurement: a number, LO or HI."""
    if number in (Special.NOT_A_NUMBER, Special.NOT_AT_THIS_RESOLUTION):
        raise Undecodable("not-a-measurement", f"`{field}` is no number: the sensor could not measure it")
    return number


def optional(code: Code, number: Number, field: str) -> tuple[tuple[Value, ...], Beside]:
    """A value beside the main one; when the sensor could not measure it, that is said and nothing is invented."""
    if number in (Special.NOT_A_NUMBER, Special.NOT_AT_THIS_RESOLUTION):
        return (), ((field, "not measured"),)
    return (Value(code, number),), ()


def decode(message: DeviceMessage, measure: Callable[[bytes], Measured]) -> list[Reading]:
    """The readings of captured bytes in their envelope; raises Undecodable and nothing else."""
    body = read(Captured, message.payload)
    measured: Measured | None = None
    try:
        measured = measure(body.raw)
        return readings(measured, _said(body, message.received_at), _zone(message), _now(body))
    except Undecodable as refused:
        refused.message_id = body.id
        if measured is not None and not refused.readings:
            # The values were read, and only what surrounds them cannot be: they may be dangerous all the same.
            refused.readings = _at(measured, Judged(message.received_at, "received"), GREENWICH)
        raise


def readings(
    measured: Measured, said: Said, zone: ZoneInfo, now: datetime | None = None, *, live: bool = False
) -> list[Reading]:
    """Every value with the time the clock table gives it; `now` and `live` as in `clock.judge_local`."""
    local = Local(measured.at, zone, now, measured.from_memory, measured.is_clock_set)
    try:
        judged = judge_local(local, said, live=live)
    except Undecodable as refused:
        refused.readings = _at(measured, Judged(said.received_at, "received"), zone)
        raise
    found = _at(measured, judged, zone)
    try:
        for one in measured.values:
            if isinstance(one.value, Decimal):
                refuse_implausible(one.code.value, one.code, one.value)
        refuse_contradiction(found)
    except Undecodable as refused:
        refused.readings = found
        raise
    return list(found)


def _at(measured: Measured, judged: Judged, zone: ZoneInfo) -> tuple[Reading, ...]:
    taken = moments(measured.at, zone)[0] if measured.at is not None else None
    return tuple(
        Reading(
            one.code, one.value, one.code.unit, judged.effective_at, Source.DEVICE, measured.quality, taken,
            judged.method, measured.slot, one.beside + measured.beside,
        )
        for one in measured.values
    )  # fmt: skip


def _said(body: Captured, received_at: datetime) -> Said:
    return Said(
        src=body.clock.src,
        taken=None if body.taken is UNSET else moment(body.taken, "taken"),
        sent=None if body.sent is UNSET else moment(body.sent, "sent"),
        up_now_ms=None if body.clock.up_ms is UNSET else body.clock.up_ms,
        up_then_ms=None if body.up_ms is UNSET else body.up_ms,
        received_at=received_at,
        is_set=body.clock.synced is not False,
    )


def _now(body: Captured) -> datetime | None:
    if body.device_now is UNSET:
        return None
    try:
        return datetime.fromisoformat(body.device_now)
    except ValueError:
        raise Undecodable("time", "`device_now` is not a real date and time") from None


def _zone(message: DeviceMessage) -> ZoneInfo:
    try:
        return ZoneInfo(message.profile.zone)
    except (OSError, ValueError, KeyError):
        raise Undecodable("ambiguous-time", "the zone of the home is not known to this machine") from None


def sample(raw: str, *, head: str = '"clock":{"src":"ntp"}') -> bytes:
    """An envelope, in its JSON form, around captured bytes in hex; for SAMPLES, which are read by people."""
    base64 = b64encode(bytes.fromhex(raw)).decode()
    return f'{{"v":1,"id":"01JD8Z0M3Y6T2Q4R8S1V5W7X9A","boot":"h3","seq":7,{head},"raw":"{base64}"}}'.encode()
