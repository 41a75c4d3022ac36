"""Reads a Bluetooth pulse oximetry spot check (0x2A5E): one measurement that somebody sat down for.

SOURCE. Bluetooth Pulse Oximeter Service 1.0.1: flags (0 time, 1 measurement status, 2 device and sensor status,
3 pulse amplitude index, 4 the device's clock is not set); SpO2 and pulse rate as SFLOAT.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from backend.observations.codes import Code
from backend.observations.reading import DeviceMessage, Quality, Reading
from device_gateway import gatt, plx
from device_gateway.gatt import Fields, Measured, sample

CHANNEL = "raw/gatt-2a5e"


def decode(message: DeviceMessage) -> list[Reading]:
    """Oxygen saturation and, where measured, the pulse; raises Undecodable."""
    return gatt.decode(message, measure)


def measure(raw: bytes) -> Measured:
    """The bytes of the characteristic; raises Undecodable."""
    fields = Fields(raw)
    flags = fields.whole(1, "flags")
    spo2, pulse = fields.sfloat("spo2"), fields.sfloat("pulse")
    at = fields.local_time() if flags & 1 else None
    status, sensor = plx.optional_standing(fields, bool(flags & 2), bool(flags & 4))
    amplitude = plx.amplitude(fields.sfloat("pulse amplitude index")) if flags & 8 else ()
    fields.end()
    standing = plx.standing(status, sensor)
    values, unmeasured = plx.saturation(spo2, pulse)
    is_clock_set = fields.is_clock_set and not flags & 16
    beside = unmeasured + standing.beside + amplitude
    return Measured(values, at, is_clock_set, standing.from_memory, standing.quality, beside=beside)


_AT = datetime(2026, 11, 22, 8, 14, 31, tzinfo=UTC)
_TIMED = datetime(2026, 11, 22, 8, 10, tzinfo=UTC)
_SEEN = '"clock":{"src":"ntp"},"taken":"2026-11-22T08:14:31Z"'
# Samples are decoded as if received at 2026-11-22T08:15:04Z.
SAMPLES: Sequence[tuple[bytes, Sequence[Reading]]] = (
    (
        sample("00 6100 4000", head=_SEEN),
        (Reading(Code.SPO2, Decimal(97), "%", _AT), Reading(Code.PULSE, Decimal(64), "/min", _AT)),
    ),
    (
        sample("07 5800 ff07 ea070b16080a00 0040 200000"),
        (
            Reading(
                Code.SPO2,
                Decimal(88),
                "%",
                _TIMED,
                quality=Quality.SUSPECT,
                taken_at=_TIMED,
                method="local",
                beside=(("pulse", "not measured"), ("questionable", "yes"), ("low_perfusion", "yes")),
            ),
        ),
    ),
)
