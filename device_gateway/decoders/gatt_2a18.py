"""Reads Bluetooth blood glucose (0x2A18), where LO and HI are the readings that matter most.

SOURCE. Bluetooth Glucose Service: flags (0 time offset, 1 concentration with type and location, 2 mol/L else kg/L,
3 sensor status, 4 context follows). Type is the low nibble, location the high one (Nordic, Wireshark; several public
apps have them the other way round). Minus infinity is LO, plus infinity HI. 18.016 mg/dL are 1 mmol/L.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from backend.observations.codes import Code
from backend.observations.reading import DeviceMessage, Quality, Reading, Special
from device_gateway import gatt
from device_gateway.gatt import Beside, Fields, Measured, Value, needed, plain, sample, words
from device_gateway.ieee11073 import Number
from device_gateway.refusal import Undecodable

CHANNEL = "raw/gatt-2a18"

MGDL_PER_MMOL = Decimal("18.016")
# Ten times finer than any meter shows: the quotient has no end in decimals.
FINEST = Decimal("0.0001")
TYPES = {
    1: "capillary whole blood", 2: "capillary plasma", 3: "venous whole blood", 4: "venous plasma",
    5: "arterial whole blood", 6: "arterial plasma", 7: "whole blood", 8: "plasma", 9: "interstitial fluid",
}  # fmt: skip
LOCATIONS = {1: "finger", 2: "alternate site", 3: "earlobe", 15: "not given"}
CONTROL_TYPE, CONTROL_LOCATION = 10, 4
TOO_HIGH, TOO_LOW, TIME_FAULT = 5, 6, 11
STATUS = {
    0: "battery_low", 1: "sensor_malfunction", 2: "sample_too_small", 3: "strip_insertion_error",
    4: "strip_type_incorrect", TOO_HIGH: "above_what_the_meter_reads", TOO_LOW: "below_what_the_meter_reads",
    7: "sensor_too_hot", 8: "sensor_too_cold", 9: "strip_pulled_too_soon", 10: "device_fault", TIME_FAULT: "time_fault",
}  # fmt: skip
DOUBTFUL = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10
# Minutes from the base time that mean "more than can be said", in either direction.
OVERRUN = (0x7FFF, -0x8000)


def decode(message: DeviceMessage) -> list[Reading]:
    """The glucose in mmol/L, or LO or HI; raises Undecodable, over a control solution with `control-solution`."""
    return gatt.decode(message, measure)


def measure(raw: bytes) -> Measured:
    """The bytes of the characteristic; raises Undecodable."""
    fields = Fields(raw)
    flags = fields.whole(1, "flags")
    beside: Beside = (("sequence", str(fields.whole(2, "sequence number"))),)
    at = fields.local_time()
    offset = fields.signed(2, "time offset") if flags & 1 else 0
    number, kind = (fields.sfloat("concentration"), fields.whole(1, "type")) if flags & 2 else (None, 0)
    status = fields.whole(2, "sensor status") if flags & 8 else 0
    fields.end()
    sampled, location = kind & 15, kind >> 4
    if sampled == CONTROL_TYPE or location == CONTROL_LOCATION:
        raise Undecodable("control-solution", "the meter says that it measured a control solution")
    value = _value(number, bool(flags & 4), status)
    if flags & 2:
        beside += (
            ("sample", TYPES.get(sampled, str(sampled))),
            ("location", LOCATIONS.get(location, str(location))),
        )
    beside += tuple((one, "yes") for one in words(status, STATUS))
    is_clock_set = fields.is_clock_set and not status >> TIME_FAULT & 1 and offset not in OVERRUN
    if at is not None and is_clock_set:
        at += timedelta(minutes=offset)
    quality = Quality.SUSPECT if status & DOUBTFUL else Quality.OK
    return Measured((value,), at, is_clock_set, quality=quality, beside=beside)


def _value(number: Number | None, in_mol: bool, status: int) -> Value:
    """A status that says out of range counts more than whatever number stands beside it."""
    if status >> TOO_LOW & 1 and status >> TOO_HIGH & 1:
        raise Undecodable("gatt", "the meter says both above and below what it reads")
    if status >> TOO_LOW & 1:
        return Value(Code.GLUCOSE, Special.LO)
    if status >> TOO_HIGH & 1:
        return Value(Code.GLUCOSE, Special.HI)
    if number is None:
        raise Undecodable("not-a-measurement", "there is no concentration in it")
    if not isinstance(number, Decimal):
        return Value(Code.GLUCOSE, needed(number, "concentration"))
    if in_mol:
        return Value(Code.GLUCOSE, number.scaleb(3))
    in_mgdl = number.scaleb(5)
    return Value(Code.GLUCOSE, _mmol(in_mgdl), (("original", f"{in_mgdl:f} mg/dL"),))


def _mmol(mgdl: Decimal) -> Decimal:
    exact = mgdl / MGDL_PER_MMOL
    return plain(exact if abs(exact) > Code.GLUCOSE.info.hard[1] else exact.quantize(FINEST))


_AT = datetime(2026, 3, 29, 7, 5, 9, tzinfo=UTC)
_FINGER = (("sequence", "42"), ("sample", "capillary whole blood"), ("location", "finger"))
# Samples are decoded as if received at 2026-11-22T08:15:04Z.
SAMPLES: Sequence[tuple[bytes, Sequence[Reading]]] = (
    (
        sample("06 2a00 ea07031d080509 37c0 11"),
        (
            Reading(
                Code.GLUCOSE, Decimal("5.5"), "mmol/L", _AT, taken_at=_AT, method="local", beside=_FINGER
            ),
        ),
    ),
    (
        sample("02 2a00 ea07031d080509 64b0 11"),
        (
            Reading(
                Code.GLUCOSE, Decimal("5.5506"), "mmol/L", _AT, taken_at=_AT, method="local",
                beside=(("original", "100 mg/dL"), *_FINGER),
            ),
        ),
    ),
    (
        sample("07 2a00 ea07031d080509 f6ff 0208 11"),
        (
            Reading(
                Code.GLUCOSE, Special.LO, "mmol/L", _AT - timedelta(minutes=10), taken_at=_AT - timedelta(minutes=10),
                method="local", beside=_FINGER,
            ),
        ),
    ),
)  # fmt: skip
