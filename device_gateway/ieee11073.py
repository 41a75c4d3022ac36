"""Reads the SFLOAT and FLOAT of ISO/IEEE 11073-20601, which every Bluetooth health sensor speaks, exactly.

SOURCE. ISO/IEEE 11073-20601 as carried by the Bluetooth GATT specification supplement; special values checked
against the HL7 PHD implementation guide, Wireshark and Nordic. Exponent and mantissa are both two's complement;
there is no bias.
"""

from decimal import Decimal

from backend.observations.reading import Special

Number = Decimal | Special

# What stands for no number, at exactly these bits. Whatever else there is, is a number.
SFLOAT_SPECIALS = {
    0x07FF: Special.NOT_A_NUMBER,
    0x0800: Special.NOT_AT_THIS_RESOLUTION,
    0x07FE: Special.HI,
    0x0802: Special.LO,
    0x0801: Special.NOT_A_NUMBER,  # reserved, and so no number either
}
FLOAT_SPECIALS = {
    0x007FFFFF: Special.NOT_A_NUMBER,
    0x00800000: Special.NOT_AT_THIS_RESOLUTION,
    0x007FFFFE: Special.HI,
    0x00800002: Special.LO,
    0x00800001: Special.NOT_A_NUMBER,
}


def sfloat(raw: bytes) -> Number:
    """Two bytes, little-endian: 4 bits of exponent, 12 of mantissa. 0x0B2E is -1234; minus infinity is LO."""
    bits = int.from_bytes(raw, "little")
    return SFLOAT_SPECIALS.get(bits) or _number(bits & 0xFFF, 12, bits >> 12, 4)


def float32(raw: bytes) -> Number:
    """Four bytes, little-endian: 8 bits of exponent, 24 of mantissa. Not an IEEE 754 float."""
    bits = int.from_bytes(raw, "little")
    return FLOAT_SPECIALS.get(bits) or _number(bits & 0xFFFFFF, 24, bits >> 24, 8)


def _number(mantissa: int, mantissa_bits: int, exponent: int, exponent_bits: int) -> Decimal:
    """The mantissa as it is, its digits kept: 20 with exponent -1 is 2.0, not 2."""
    return Decimal(_signed(mantissa, mantissa_bits)).scaleb(_signed(exponent, exponent_bits))


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value
