"""What a clinician may set a range for and between which ends, the same wherever one is set."""

from decimal import Decimal

from backend.observations.codes import Code

# Alarms and states are so or not so.
LIMITED = (
    Code.SPO2, Code.SYSTOLIC, Code.DIASTOLIC, Code.PULSE, Code.WEIGHT, Code.TEMPERATURE, Code.RESPIRATORY_RATE,
    Code.GLUCOSE, Code.PEAK_FLOW,
)  # fmt: skip


def range_errors(code: Code, low: Decimal | None, high: Decimal | None) -> dict[str, list[str]]:
    """Why this is no range for `code` (in its one unit), by the end that is wrong; empty when it is one."""
    hard = code.info.hard
    errors: dict[str, list[str]] = {}
    for name, value in (("low", low), ("high", high)):
        if value is not None and not hard[0] <= value <= hard[1]:
            errors[name] = [f"Between {hard[0]} and {hard[1]} {code.unit}."]
    if low is None and high is None:
        errors["low"] = ["Give the lowest or the highest value, or both."]
    elif low is not None and high is not None and low >= high:
        errors["low"] = ["The lowest must be below the highest."]
    return errors
