"""Puts a person's plan together with their own ranges in words, for the phone, the team and the printed page."""

from collections.abc import Mapping
from decimal import Decimal

from backend.access.record import Record
from backend.alerts import service as alerts
from backend.observations.codes import Code
from backend.observations.reading import Limit
from backend.plans import service as plans

_NAMES: Mapping[Code, str] = {
    Code.SPO2: "My oxygen",
    Code.PULSE: "My pulse",
    Code.WEIGHT: "My weight",
    Code.TEMPERATURE: "My temperature",
    Code.GLUCOSE: "My glucose",
    Code.PEAK_FLOW: "My peak flow",
}


def plan_page(record: Record) -> dict[str, object]:
    """The plan as this reader may see it."""
    return plans.page(record) | {"range_words": range_words(alerts.limits_for(record.patient))}


def range_words(limits: Mapping[Code, Limit]) -> list[str]:
    """Each range that counts in one sentence; the upper number of a blood pressure stands before the lower."""
    pressure = limits.get(Code.SYSTOLIC), limits.get(Code.DIASTOLIC)
    found = []
    if (
        pressure[0] is not None
        and pressure[1] is not None
        and None not in (pressure[0].high, pressure[1].high)
    ):
        found.append(f"My blood pressure: {_said(pressure[0].high)} over {_said(pressure[1].high)} or lower")
    elif pressure[0] is not None:
        found.append(f"My blood pressure, upper number: {_between(pressure[0])}")
    found += [f"{name}: {_between(limits[code])}" for code, name in _NAMES.items() if code in limits]
    return found


def _between(limit: Limit) -> str:
    if limit.low is not None and limit.high is not None:
        return f"{_said(limit.low)} to {_said(limit.high)}"
    return f"{_said(limit.low)} or more" if limit.high is None else f"{_said(limit.high)} or less"


def _said(value: Decimal | None) -> str:
    assert value is not None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
