"""Reads Bluetooth body weight (0x2A9D), in kilograms or pounds as the scale was set.

SOURCE. Bluetooth Weight Scale Service: flags (0 imperial, 1 time, 2 user, 3 BMI and height); weight in 0.005 kg or
0.01 lb, 0xFFFF when the scale could not weigh. 1 lb = 0.45359237 kg exactly.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from backend.observations.codes import Code
from backend.observations.reading import DeviceMessage, Reading
from device_gateway import gatt
from device_gateway.gatt import Beside, Fields, Measured, Value, plain, sample
from device_gateway.refusal import Undecodable

CHANNEL = "raw/gatt-2a9d"

UNSUCCESSFUL = 0xFFFF
KG_PER_LB = Decimal("0.45359237")
KG_STEP, LB_STEP = Decimal("0.005"), Decimal("0.01")


def decode(message: DeviceMessage) -> list[Reading]:
    """The weight in kilograms; raises Undecodable."""
    return gatt.decode(message, measure)


def measure(raw: bytes) -> Measured:
    """The bytes of the characteristic; raises Undecodable."""
    fields = Fields(raw)
    flags = fields.whole(1, "flags")
    steps = fields.whole(2, "weight")
    at = fields.local_time() if flags & 2 else None
    slot, who = gatt.user(fields.whole(1, "user")) if flags & 4 else (None, ())
    is_imperial = bool(flags & 1)
    body = _body(fields, is_imperial) if flags & 8 else ()
    fields.end()
    if steps == UNSUCCESSFUL:
        raise Undecodable("not-a-measurement", "the scale says that it could not weigh")
    value = Value(Code.WEIGHT, plain(steps * KG_STEP))
    if is_imperial:
        pounds = plain(steps * LB_STEP)
        value = Value(Code.WEIGHT, plain(pounds * KG_PER_LB), (("original", f"{pounds:f} [lb_av]"),))
    return Measured((value,), at, fields.is_clock_set, slot=slot, beside=who + body)


def _body(fields: Fields, is_imperial: bool) -> Beside:
    """What the scale made of the height somebody typed in: said beside, and no measurement."""
    bmi = plain(fields.whole(2, "bmi") * Decimal("0.1"))
    height = plain(fields.whole(2, "height") * Decimal("0.1" if is_imperial else "0.001"))
    return ("bmi", f"{bmi:f}"), ("height", f"{height:f} {'[in_i]' if is_imperial else 'm'}")


_AT = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
# Samples are decoded as if received at 2026-11-22T08:15:04Z.
SAMPLES: Sequence[tuple[bytes, Sequence[Reading]]] = (
    (
        sample("00 703f", head='"clock":{"src":"ntp"},"taken":"2026-11-22T07:00:00Z"'),
        (Reading(Code.WEIGHT, Decimal("81.2"), "kg", _AT),),
    ),
    (
        sample("0f ec45 ea070b16070000 02 fb00 a602"),
        (
            Reading(
                Code.WEIGHT, Decimal("81.1930342300"), "kg", _AT, taken_at=_AT, method="local", slot=2,
                beside=(("original", "179 [lb_av]"), ("user", "2"), ("bmi", "25.1"), ("height", "67.8 [in_i]")),
            ),
        ),
    ),
)  # fmt: skip
