"""Reads continuous Bluetooth pulse oximetry (0x2A5F): a stream without times, worn through the night.

SOURCE. Bluetooth Pulse Oximeter Service 1.0.1: flags (0 fast average, 1 slow average, 2 measurement status,
3 device and sensor status, 4 pulse amplitude index): other flags than those of a spot check.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from backend.observations.codes import Code
from backend.observations.reading import DeviceMessage, Quality, Reading
from device_gateway import gatt, plx
from device_gateway.gatt import Beside, Fields, Measured, sample

CHANNEL = "raw/gatt-2a5f"


def decode(message: DeviceMessage) -> list[Reading]:
    """Oxygen saturation and, where measured, the pulse, as averaged in the usual way; raises Undecodable."""
    return gatt.decode(message, measure)


def measure(raw: bytes) -> Measured:
    """The bytes of the characteristic; raises Undecodable."""
    fields = Fields(raw)
    flags = fields.whole(1, "flags")
    spo2, pulse = fields.sfloat("spo2"), fields.sfloat("pulse")
    averages = tuple(
        one for bit, name in ((1, "fast"), (2, "slow")) if flags & bit for one in _average(fields, name)
    )
    status, sensor = plx.optional_standing(fields, bool(flags & 4), bool(flags & 8))
    amplitude = plx.amplitude(fields.sfloat("pulse amplitude index")) if flags & 16 else ()
    fields.end()
    standing = plx.standing(status, sensor)
    values, unmeasured = plx.saturation(spo2, pulse)
    beside = unmeasured + averages + standing.beside + amplitude
    return Measured(values, None, True, standing.from_memory, standing.quality, beside=beside)


def _average(fields: Fields, name: str) -> Beside:
    """Two numbers averaged over another time; they are said beside, the record has one oxygen at a time."""
    spo2, pulse = fields.sfloat(f"{name} spo2"), fields.sfloat(f"{name} pulse")
    return (f"{name}_spo2", plx.said(spo2)), (f"{name}_pulse", plx.said(pulse))


_AT = datetime(2026, 11, 22, 8, 15, 2, tzinfo=UTC)
_BESIDE = (
    ("fast_spo2", "90"),
    ("fast_pulse", "71"),
    ("low_perfusion", "yes"),
    ("pulse_amplitude_index", "1.2"),
)
# Samples are decoded as if received at 2026-11-22T08:15:04Z.
SAMPLES: Sequence[tuple[bytes, Sequence[Reading]]] = (
    (
        sample("19 5c00 4600 5a00 4700 200000 0cf0", head='"clock":{"src":"none","up_ms":9000},"up_ms":7000'),
        (
            Reading(
                Code.SPO2, Decimal(92), "%", _AT, quality=Quality.SUSPECT, method="uptime", beside=_BESIDE
            ),
            Reading(
                Code.PULSE, Decimal(70), "/min", _AT, quality=Quality.SUSPECT, method="uptime", beside=_BESIDE
            ),
        ),
    ),
)
