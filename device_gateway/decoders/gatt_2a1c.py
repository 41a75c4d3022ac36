"""Reads Bluetooth body temperature (0x2A1C), in Celsius or Fahrenheit as the thermometer was set.

SOURCE. Bluetooth Health Thermometer Service: flags (0 Fahrenheit, 1 time, 2 type); the value is a FLOAT of four
bytes. Cel = (degF - 32) x 5 / 9.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from backend.observations.codes import Code
from backend.observations.reading import DeviceMessage, Reading
from device_gateway import gatt
from device_gateway.gatt import Beside, Fields, Measured, Value, needed, plain, sample

CHANNEL = "raw/gatt-2a1c"

SITES = {
    1: "armpit", 2: "body", 3: "ear", 4: "finger", 5: "gastrointestinal", 6: "mouth", 7: "rectum", 8: "toe",
    9: "eardrum",
}  # fmt: skip
# A hundred times finer than a thermometer reads: a ninth has no end in decimals.
FINEST = Decimal("0.0001")


def decode(message: DeviceMessage) -> list[Reading]:
    """The temperature in Celsius; raises Undecodable."""
    return gatt.decode(message, measure)


def measure(raw: bytes) -> Measured:
    """The bytes of the characteristic; raises Undecodable."""
    fields = Fields(raw)
    flags = fields.whole(1, "flags")
    number = fields.float32("temperature")
    at = fields.local_time() if flags & 2 else None
    site: Beside = (("site", SITES.get(kind := fields.whole(1, "type"), str(kind))),) if flags & 4 else ()
    fields.end()
    value = Value(Code.TEMPERATURE, needed(number, "temperature"))
    if flags & 1 and isinstance(number, Decimal):
        value = Value(Code.TEMPERATURE, _celsius(number), (("original", f"{number:f} [degF]"),))
    return Measured((value,), at, fields.is_clock_set, beside=site)


def _celsius(fahrenheit: Decimal) -> Decimal:
    exact = (fahrenheit - 32) * 5 / 9
    return plain(exact if abs(exact) > Code.TEMPERATURE.info.hard[1] else exact.quantize(FINEST))


_AT = datetime(2026, 3, 29, 7, 5, 9, tzinfo=UTC)
# Samples are decoded as if received at 2026-11-22T08:15:04Z.
SAMPLES: Sequence[tuple[bytes, Sequence[Reading]]] = (
    (
        sample("06 7d0100ff ea07031d080509 02"),
        (
            Reading(
                Code.TEMPERATURE, Decimal("38.1"), "Cel", _AT, taken_at=_AT, method="local", beside=(("site", "body"),)
            ),
        ),
    ),
    (
        sample("03 da0300ff ea07031d080509"),
        (
            Reading(
                Code.TEMPERATURE, Decimal("37"), "Cel", _AT, taken_at=_AT, method="local",
                beside=(("original", "98.6 [degF]"),),
            ),
        ),
    ),
)  # fmt: skip
