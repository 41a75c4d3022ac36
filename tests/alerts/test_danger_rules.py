"""Glucose that takes consciousness, and falls that came as measurements: both sides of each edge."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from backend.alerts.history import History
from backend.alerts.rules import fall_seen, glucose_danger
from backend.observations.codes import Code
from backend.observations.reading import Reading, Special

T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


# Reference: under 3.0 mmol/L or LO is an emergency (IHSG level 2); 30 or more or HI is one.
@pytest.mark.hazard("H33")
@pytest.mark.parametrize(
    ("value", "level", "words"),
    [
        (Special.LO, "emergency", "LO"), ("0.9", "emergency", "0.9"), ("2.9", "emergency", "2.9"),
        ("2.9975", "emergency", "under 3.0"), ("3.0", None, ""), ("3.9", None, ""), ("5.5", None, ""),
        ("29.9999", None, ""), ("30", "emergency", "30"), ("33.3", "emergency", "33.3"),
        (Special.HI, "emergency", "HI"),
    ],
)  # fmt: skip
def test_a_glucose_that_takes_consciousness_is_an_emergency_at_once(
    value: str | Special, level: str | None, words: str
) -> None:
    said = value if isinstance(value, Special) else Decimal(value)
    found = glucose_danger.evaluate(History((Reading(Code.GLUCOSE, said, "mmol/L", T),), T))
    assert (found.severity.value if found else None) == level
    assert found is None or (words in found.reason and found.recheck_at is None)


@pytest.mark.parametrize(("code", "value", "is_heard"), [
    (Code.FALL, 1, True), (Code.PENDANT, 1, True), (Code.FALL, 0, False), (Code.MOVEMENT, 1, False),
])  # fmt: skip
def test_a_fall_sent_as_a_measurement_is_an_emergency(code: Code, value: int, is_heard: bool) -> None:
    found = fall_seen.evaluate(History((Reading(code, Decimal(value), "1", T),), T))
    assert (found is not None and found.severity.value == "emergency") is is_heard
