"""Reads Bluetooth blood pressure (0x2A35): what most upper-arm cuffs send.

SOURCE. Bluetooth Blood Pressure Service: flags (0 kPa, 1 time, 2 pulse, 3 user, 4 status); systolic, diastolic and
mean as SFLOAT; status bits 0 movement, 1 cuff loose, 2 irregular pulse, 3-4 pulse rate range (two bits together),
5 improper position. 1 kPa = 7.500616 mm[Hg].
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from backend.observations.codes import Code
from backend.observations.reading import DeviceMessage, Quality, Reading
from device_gateway import gatt
from device_gateway.gatt import Fields, Measured, Value, needed, optional, plain, sample, words
from device_gateway.ieee11073 import Number

CHANNEL = "raw/gatt-2a35"

MMHG_PER_KPA = Decimal("7.500616")
MOVEMENT, IRREGULAR = 0, 2
STATUS = {MOVEMENT: "body_movement", 1: "cuff_loose", IRREGULAR: "irregular_pulse", 5: "improper_position"}
RATE_RANGE = {1: "above", 2: "below", 3: "unknown"}


def decode(message: DeviceMessage) -> list[Reading]:
    """Systolic, diastolic, and where measured mean, pulse and an irregular pulse; raises Undecodable."""
    return gatt.decode(message, measure)


def measure(raw: bytes) -> Measured:
    """The bytes of the characteristic; raises Undecodable."""
    fields = Fields(raw)
    flags = fields.whole(1, "flags")
    systolic, diastolic, mean = (fields.sfloat(name) for name in ("systolic", "diastolic", "mean"))
    at = fields.local_time() if flags & 2 else None
    pulse = fields.sfloat("pulse") if flags & 4 else None
    slot, who = gatt.user(fields.whole(1, "user")) if flags & 8 else (None, ())
    status = fields.whole(2, "status") if flags & 16 else 0
    fields.end()
    in_kpa = bool(flags & 1)
    values = [
        _pressure(Code.SYSTOLIC, needed(systolic, "systolic"), in_kpa),
        _pressure(Code.DIASTOLIC, needed(diastolic, "diastolic"), in_kpa),
    ]
    means, unmeasured = optional(Code.MEAN_ARTERIAL, mean, "mean")
    values += [_pressure(one.code, one.value, in_kpa) for one in means]
    if pulse is not None:
        pulses, no_pulse = optional(Code.PULSE, pulse, "pulse")
        values, unmeasured = [*values, *pulses], unmeasured + no_pulse
    if status >> IRREGULAR & 1:
        values.append(Value(Code.IRREGULAR_PULSE, Decimal(1)))
    beside = unmeasured + who + tuple((name, "yes") for name in words(status, STATUS))
    rate = RATE_RANGE.get(status >> 3 & 3)
    if rate is not None:
        beside += (("pulse_rate_range", rate),)
    return Measured(
        tuple(values), at, fields.is_clock_set, quality=_quality(status), slot=slot, beside=beside
    )


def _pressure(code: Code, said: Number, in_kpa: bool) -> Value:
    """In mm[Hg]; a pressure in kPa keeps what the cuff said beside it."""
    if not in_kpa or not isinstance(said, Decimal):
        return Value(code, said)
    return Value(code, plain(said * MMHG_PER_KPA), (("original", f"{said:f} kPa"),))


def _quality(status: int) -> Quality:
    if status >> MOVEMENT & 1:
        return Quality.MOTION
    return Quality.SUSPECT if status & 0b111110 else Quality.OK


_AT = datetime(2026, 3, 29, 7, 5, 9, tzinfo=UTC)
_BESIDE = (("user", "1"), ("irregular_pulse", "yes"))


def _as_said(code: Code, value: int) -> Reading:
    return Reading(
        code, Decimal(value), code.unit, _AT, quality=Quality.SUSPECT, taken_at=_AT, method="local", slot=1,
        beside=_BESIDE,
    )  # fmt: skip


# Samples are decoded as if received at 2026-11-22T08:15:04Z. The first is the example of the clinical reference:
# a cuff's time of 08:05:09 in the summer time that began four hours before.
SAMPLES: Sequence[tuple[bytes, Sequence[Reading]]] = (
    (
        sample("1e 8000 5200 6100 ea07031d080509 4800 01 0400"),
        (
            _as_said(Code.SYSTOLIC, 128),
            _as_said(Code.DIASTOLIC, 82),
            _as_said(Code.MEAN_ARTERIAL, 97),
            _as_said(Code.PULSE, 72),
            _as_said(Code.IRREGULAR_PULSE, 1),
        ),
    ),
    (
        sample("01 abf0 6df0 ff07", head='"clock":{"src":"none","up_ms":61000},"up_ms":57000'),
        (
            Reading(
                Code.SYSTOLIC, Decimal("128.2605336"), "mm[Hg]", datetime(2026, 11, 22, 8, 15, tzinfo=UTC),
                method="uptime", beside=(("original", "17.1 kPa"), ("mean", "not measured")),
            ),
            Reading(
                Code.DIASTOLIC, Decimal("81.7567144"), "mm[Hg]", datetime(2026, 11, 22, 8, 15, tzinfo=UTC),
                method="uptime", beside=(("original", "10.9 kPa"), ("mean", "not measured")),
            ),
        ),
    ),
)  # fmt: skip
