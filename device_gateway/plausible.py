"""Says what can be a measurement at all, and which unit a number looks like when it cannot.

Alongside default, not national guidance. A number is never converted because it looks like another unit: the
vendor is told what it looks like, the message is held, and people are told when what it says is dangerous.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from backend.observations.codes import Code
from backend.observations.reading import Reading
from device_gateway.refusal import Undecodable

Guard = tuple[str, str, str]

# Code -> (at least, at most, what it looks like).
CONFUSIONS: Mapping[Code, Guard] = {
    Code.TEMPERATURE: ("77", "113", "degrees Fahrenheit; send Cel"),
    Code.SYSTOLIC: ("8", "30", "kilopascal; send mm[Hg]"),
    Code.DIASTOLIC: ("4", "18", "kilopascal; send mm[Hg]"),
    Code.MEAN_ARTERIAL: ("4", "18", "kilopascal; send mm[Hg]"),
    Code.GLUCOSE: ("60", "1100", "mg/dL; send mmol/L"),
    Code.PEAK_FLOW: ("1", "15", "litres a second; send L/min"),
    Code.WEIGHT: ("350", "780", "pounds; send kg"),
    Code.SPO2: ("0", "1", "a fraction; send %"),
}


def refuse_implausible(name: str, code: Code, value: Decimal) -> None:
    """Raises Undecodable("implausible") for what no living body measures; `name` is the field, for the detail."""
    low, high = code.info.hard
    if low <= value <= high:
        return
    raise Undecodable(
        "implausible", f"`{name}` is outside {low} to {high} {code.unit}{_looks_like(code, value)}"
    )


def contradicts(found: Sequence[Reading]) -> bool:
    """Whether a systolic pressure is not above the diastolic one of the same measurement."""
    systolic = diastolic = None
    for one in found:
        if one.code is Code.SYSTOLIC:
            systolic = one.value
        elif one.code is Code.DIASTOLIC:
            diastolic = one.value
    return isinstance(systolic, Decimal) and isinstance(diastolic, Decimal) and systolic <= diastolic


def refuse_contradiction(found: Sequence[Reading]) -> None:
    """Raises Undecodable("implausible") for a blood pressure that contradicts itself."""
    if contradicts(found):
        raise Undecodable(
            "implausible", "the systolic pressure is not above the diastolic one: are they swapped?"
        )


def _looks_like(code: Code, value: Decimal) -> str:
    guard = CONFUSIONS.get(code)
    if guard is None or not Decimal(guard[0]) <= value <= Decimal(guard[1]):
        return ""
    return f": it looks like {guard[2]}"
