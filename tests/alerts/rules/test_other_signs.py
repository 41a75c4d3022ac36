"""Pulse, temperature, breathing and consciousness: each boundary on both sides, typed from the reference."""

from decimal import Decimal
from types import ModuleType

import pytest

from backend.alerts.history import Facts, History
from backend.alerts.rules import consciousness, pulse_abnormal, pulse_irregular, respiratory_rate, temperature
from backend.observations.codes import Code
from backend.observations.reading import Special
from tests.alerts.rules.tables import Row, Table, Value, level, seen

Own = tuple[str | None, str | None] | None


def _of(rule: ModuleType, code: Code, value: Value, own: Own) -> str | None:
    return level(rule.evaluate(seen((code, value), own={code: own} if own else None)))


def _pulse(value: Value, own: Own) -> str | None:
    return _of(pulse_abnormal, Code.PULSE, value, own)


# pulse-low: 40 or less. pulse-high: 131 or more. pulse-mid: 111 to 130.
PULSE = Table("pulse_abnormal", pulse_abnormal, [
    ("39.9", None, "urgent"), ("40", None, "urgent"), ("40.1", None, None), ("41", None, None), ("110.9", None, None),
    ("111", None, "soon"), ("130", None, "soon"), ("130.9", None, "soon"), ("131", None, "urgent"),
    (Special.LO, None, "urgent"), (Special.HI, None, "urgent"), (Special.NOT_A_NUMBER, None, None),
    ("100", ("50", "100"), None), ("100.1", ("50", "100"), "soon"), ("49.9", ("50", "100"), "soon"),
    ("40", ("50", "100"), "urgent"), ("131", ("50", "100"), "urgent"), ("40", ("38", None), None),
    ("37.9", ("38", None), "urgent"), ("40", ("40", None), None), ("40", ("40.1", None), "urgent"),
    ("131", (None, "131"), None), ("131.1", (None, "131"), "urgent"), ("131", (None, "130.9"), "urgent"),
    ("135", (None, "140"), None), ("111", (None, "140"), None),
], _pulse)  # fmt: skip


def _breathing(value: Value, own: Own) -> str | None:
    return _of(respiratory_rate, Code.RESPIRATORY_RATE, value, own)


# rr-low: 8 or less. rr-high: 25 or more. rr-mid: 21 to 24.
BREATHING = Table("respiratory_rate", respiratory_rate, [
    ("7.9", None, "emergency"), ("8", None, "emergency"), ("8.1", None, None), ("9", None, None), ("20.9", None, None),
    ("21", None, "soon"), ("24", None, "soon"), ("24.9", None, "soon"), ("25", None, "urgent"),
    (Special.LO, None, "emergency"), (Special.HI, None, "urgent"),
    ("24", (None, "24"), None), ("24.1", (None, "24"), "soon"), ("25", (None, "24.9"), "urgent"),
    ("25", (None, "25"), None), ("25.1", (None, "25"), "urgent"), ("8", ("8", None), None),
    ("7.9", ("8", None), "emergency"), ("8", ("8.1", None), "emergency"), ("9", ("10", None), "soon"),
], _breathing)  # fmt: skip


def _temperature(value: Value, immunosuppressed: bool | None, unwell: bool, own: Own) -> str | None:
    said = ((Code.UNWELL, 1),) if unwell else ()
    facts = Facts(immunosuppressed=immunosuppressed)
    own_limits = {Code.TEMPERATURE: own} if own else None
    return level(temperature.evaluate(seen((Code.TEMPERATURE, value), *said, facts=facts, own=own_limits)))


# temp-low: 35.0 or less. temp-fever: 38.1 or more. temp-high: 39.1 or more. temp-immunosuppressed: 38.0 or more,
# under 36.0 or unwell.
TEMPERATURE = Table("temperature", temperature, [
    ("34.9", False, False, None, "urgent"), ("35.0", False, False, None, "urgent"), ("35.05", False, False, None, None),
    ("35.1", False, False, None, None), ("38.0", False, False, None, None), ("38.05", False, False, None, None),
    ("38.1", False, False, None, "routine"), ("39.0", False, False, None, "routine"),
    ("39.05", False, False, None, "routine"), ("39.1", False, False, None, "soon"),
    ("38.0", None, False, None, None), ("38.1", None, False, None, "routine"), ("38.1", False, True, None, "routine"),
    ("37.9", True, False, None, None), ("37.95", True, False, None, None), ("38.0", True, False, None, "emergency"),
    ("36.0", True, False, None, None), ("35.95", True, False, None, "emergency"),
    ("35.9", True, False, None, "emergency"),
    ("37.0", True, True, None, "emergency"),
    (Special.LO, False, False, None, "urgent"), (Special.HI, False, False, None, "soon"),
    (Special.HI, True, False, None, "emergency"),
    ("37.8", False, False, (None, "37.8"), None), ("37.9", False, False, (None, "37.8"), "routine"),
    ("38.5", False, False, (None, "38.5"), None), ("39.1", False, False, (None, "39.5"), "soon"),
    ("35.9", False, False, ("36", None), "routine"),
], _temperature, step=Decimal("0.05"))  # fmt: skip


def _conscious(value: int) -> str | None:
    return level(consciousness.evaluate(seen((Code.ACVPU, value))))


CONSCIOUS = Table(
    "consciousness",
    consciousness,
    [(0, None), (1, "urgent"), (2, "emergency"), (3, "emergency"), (4, "emergency")],
    _conscious,
    step=Decimal(1),
)

TABLES = (PULSE, BREATHING, TEMPERATURE, CONSCIOUS)


@pytest.mark.parametrize(("table", "row"), [(t, row) for t in TABLES for row in t.rows])
def test_each_sign_on_both_sides_of_each_boundary(table: Table, row: Row) -> None:
    assert table.found(*row[:-1]) == row[-1]


def _sessions(flags: str, facts: Facts, apart: float = 24 * 60) -> History:
    """A cuff used once per letter: i with the flag of an irregular pulse, r without."""
    readings: list[tuple[Code, Value, float]] = []
    for number, flag in enumerate(flags):
        readings.append((Code.SYSTOLIC, "130", number * apart))
        if flag == "i":
            readings.append((Code.IRREGULAR_PULSE, 1, number * apart))
    return seen(*readings, facts=facts)


# pulse-irregular: noticed in 2 of 3 sessions running, no atrial fibrillation known.
@pytest.mark.parametrize(
    ("flags", "known", "expected"),
    [
        ("rri", None, None), ("iri", None, "routine"), ("rii", None, "routine"), ("ii", False, "routine"),
        ("iir", None, None), ("irri", None, None), ("i", None, None), ("iii", True, None), ("iii", False, "routine"),
    ],
)  # fmt: skip
def test_an_irregular_pulse_in_two_of_three_sessions(
    flags: str, known: bool | None, expected: str | None
) -> None:
    assert level(pulse_irregular.evaluate(_sessions(flags, Facts(atrial_fibrillation=known)))) == expected


def test_readings_within_half_an_hour_are_one_session() -> None:
    assert level(pulse_irregular.evaluate(_sessions("ii", Facts(), apart=30))) is None
    assert level(pulse_irregular.evaluate(_sessions("ii", Facts(), apart=30.1))) == "routine"


def test_being_unwell_is_enough_for_somebody_immunosuppressed() -> None:
    history = seen((Code.UNWELL, 1), facts=Facts(immunosuppressed=True))
    found = temperature.evaluate(history)
    assert found is not None
    assert found.reason == "Unwell and immunosuppressed, temperature not measured, by their plan"
    assert temperature.evaluate(seen((Code.UNWELL, 1))) is None


def test_a_fever_says_when_nobody_knows_about_the_immune_system() -> None:
    unknown, known = (
        temperature.evaluate(seen((Code.TEMPERATURE, "38.5"), facts=Facts(immunosuppressed=one)))
        for one in (None, False)
    )
    assert unknown is not None
    assert known is not None
    assert "not known whether immunosuppressed" in unknown.reason
    assert "immunosuppressed" not in known.reason


def test_breathing_that_nearly_stops_and_somebody_who_does_not_wake_come_with_999_first() -> None:
    slow, fast = (respiratory_rate.evaluate(seen((Code.RESPIRATORY_RATE, one))) for one in ("8", "25"))
    assert slow is not None
    assert slow.call_999
    assert fast is not None
    assert not fast.call_999
    confused, asleep = (consciousness.evaluate(seen((Code.ACVPU, one))) for one in (1, 2))
    assert confused is not None
    assert not confused.call_999
    assert asleep is not None
    assert asleep.call_999
