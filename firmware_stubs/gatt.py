"""The bytes of Bluetooth sensors, as a pretend one gives them to its hub (GATT specification supplement)."""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Final

SFLOAT_MOST: Final = 2047


def sfloat(value: float, exponent: int) -> bytes:
    """IEEE 11073 SFLOAT, little-endian: a mantissa of 12 and an exponent of 4 bits, both two's complement.

    Raises ValueError when the mantissa does not fit.
    """
    mantissa = round(value / 10.0**exponent)
    if not -SFLOAT_MOST <= mantissa <= SFLOAT_MOST:
        raise ValueError(f"{value} has no SFLOAT with exponent {exponent}")
    return struct.pack("<H", (exponent & 0xF) << 12 | mantissa & 0xFFF)


def date_time(at: datetime) -> bytes:
    """The seven bytes of a sensor's clock, which knows no zone."""
    return struct.pack("<HBBBBB", at.year, at.month, at.day, at.hour, at.minute, at.second)


def glucose(mmol_l: float, number: int, at: datetime) -> bytes:
    """0x2A18: flags, sequence number, time, mol/L as SFLOAT, capillary whole blood from a finger."""
    has_concentration, is_mol = 0x02, 0x04
    head = struct.pack("<BH", has_concentration | is_mol, number & 0xFFFF)
    return head + date_time(at) + sfloat(mmol_l / 1000.0, -4 if mmol_l >= 20 else -5) + b"\x11"


def blood_pressure(systolic: float, diastolic: float, pulse: float, at: datetime) -> bytes:
    """0x2A35: flags, both pressures and their mean in mmHg, time, pulse."""
    has_time, has_pulse = 0x02, 0x04
    mean = diastolic + (systolic - diastolic) / 3
    pressures = sfloat(systolic, 0) + sfloat(diastolic, 0) + sfloat(round(mean), 0)
    return bytes([has_time | has_pulse]) + pressures + date_time(at) + sfloat(pulse, 0)
