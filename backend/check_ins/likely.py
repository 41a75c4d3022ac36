"""Says whether a typed value is so far from what is usual that it is asked for once more, and never refused."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from backend.alerts.baseline import LEAST_READINGS, Usual, usual
from backend.observations import service as observations
from backend.observations.codes import Code
from backend.observations.reading import Quality

# Alongside defaults, not national guidance: how far back is looked, how many spreads away is unlikely, and the least
# spread of each code, because steady people would otherwise be asked for nothing. A slip of a digit is what is meant:
# whether a value is dangerous is asked of the rules, on every value.
BACK = timedelta(days=90)
SPREADS = Decimal(4)
LEAST: Mapping[Code, Decimal] = {
    Code.SYSTOLIC: Decimal(10),
    Code.DIASTOLIC: Decimal(7),
    Code.SPO2: Decimal("1.5"),
    Code.PULSE: Decimal(8),
    Code.WEIGHT: Decimal("0.7"),
    Code.TEMPERATURE: Decimal("0.5"),
    Code.GLUCOSE: Decimal("2.5"),
    Code.PEAK_FLOW: Decimal(30),
}


def usual_of(values: Mapping[Code, list[Decimal]]) -> dict[Code, tuple[Decimal, Decimal]]:
    """Between which values each code is likely, for codes with values enough; pure."""
    return {
        code: _edges(usual(found, LEAST[code]))
        for code, found in values.items()
        if code in LEAST and len(found) >= LEAST_READINGS
    }


def _edges(known: Usual) -> tuple[Decimal, Decimal]:
    return known.centre - SPREADS * known.spread, known.centre + SPREADS * known.spread


def is_unlikely(patient_id: int, values: Mapping[Code, Decimal], at: datetime) -> bool:
    """Whether one of these values is outside its soft range, or far from what this person's are."""
    if any(_is_outside(value, code.info.soft) for code, value in values.items()):
        return True
    before: dict[Code, list[Decimal]] = {}
    for one in observations.series(patient_id, list(values), at - BACK, at):
        if isinstance(one.reading.value, Decimal) and one.reading.quality is Quality.OK:
            before.setdefault(one.reading.code, []).append(one.reading.value)
    known = usual_of(before)
    return any(code in known and _is_outside(value, known[code]) for code, value in values.items())


def _is_outside(value: Decimal, edges: tuple[Decimal, Decimal]) -> bool:
    return not edges[0] <= value <= edges[1]
