"""Oxygen too low, too high on oxygen and under the person's usual: both sides of each boundary of the reference."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec import structs

from backend.alerts.history import Facts
from backend.alerts.judge import judge, rules
from backend.alerts.rules import spo2_drop, spo2_high_on_oxygen, spo2_low
from backend.observations.codes import Code
from backend.observations.reading import Quality, Special, StoredReading
from tests.alerts.rules.tables import Row, T, Table, level, seen

SPO2, OXYGEN, UNWELL = Code.SPO2, Code.OXYGEN_USE, Code.UNWELL
COPD = {SPO2: ("88", "92")}


def _low(value: str | Special, target: str | None, high: str | None, as_of: float = 10) -> str | None:
    own = {SPO2: (target, high)} if target else None
    return level(spo2_low.evaluate(seen((SPO2, value), as_of=as_of, own=own)))


# spo2-red: 92 or less. spo2-amber: 93 to 94. spo2-scale2-low: 84 to 87 with a target of 88 to 92.
# spo2-scale2-emergency: 83 or less with that target.
LOW = Table("spo2_low", spo2_low, [
    ("91", None, None, "emergency"), ("92", None, None, "emergency"), ("92.1", None, None, "urgent"),
    ("93", None, None, "urgent"), ("94", None, None, "urgent"), ("94.9", None, None, "urgent"),
    ("95", None, None, None), ("95.1", None, None, None),
    ("82.9", "88", "92", "emergency"), ("83", "88", "92", "emergency"), ("83.1", "88", "92", "urgent"),
    ("84", "88", "92", "urgent"), ("87", "88", "92", "urgent"), ("87.9", "88", "92", "urgent"),
    ("88", "88", "92", None), ("90", "88", "92", None), ("92", "88", "92", None), ("97", "88", "92", None),
    # Under a target of 93 a target decides alone; from 93 on 92 is the edge of danger as for everybody.
    ("92", "92.9", "96", "urgent"), ("87.9", "92.9", "96", "emergency"),
    ("92", "93", "97", "emergency"), ("92.1", "93", "97", "urgent"), ("92", "94", "98", "emergency"),
    ("93", "94", "98", "urgent"), ("94", "94", "98", None),
    # At 83 or less nobody waits for a repeat.
    ("82.9", None, None, 0, "emergency"), ("83", None, None, 0, "emergency"), ("83.1", None, None, 0, "ask a repeat"),
    ("83", "88", "92", 0, "emergency"), ("83.1", "88", "92", 0, "ask a repeat"),
    (Special.LO, None, None, "emergency"), (Special.LO, "88", "92", "emergency"), (Special.HI, None, None, None),
], _low)  # fmt: skip


def _on_oxygen(value: str, litres: str | None, minutes: float, target: tuple[str, str] | None) -> str | None:
    said = () if litres is None else ((OXYGEN, litres, 0.0),)
    history = seen(*said, (SPO2, value, minutes), own={SPO2: target} if target else None)
    return level(spo2_high_on_oxygen.evaluate(history))


# spo2-scale2-high-on-o2: 93 or more on oxygen where the target is 88 to 92.
HIGH = Table("spo2_high_on_oxygen", spo2_high_on_oxygen, [
    ("92", "2", 0, ("88", "92"), None), ("92.9", "2", 0, ("88", "92"), None), ("93", "2", 0, ("88", "92"), "urgent"),
    ("93.1", "2", 0, ("88", "92"), "urgent"), ("99", "0.1", 0, ("88", "92"), "urgent"),
    ("99", "0", 0, ("88", "92"), None), ("99", None, 0, ("88", "92"), None), ("99", "2", 0, None, None),
    ("99", "2", 15, ("88", "92"), "urgent"), ("99", "2", 15.1, ("88", "92"), None),
    ("99", "2", 0, ("92.9", "96"), "urgent"), ("99", "2", 0, ("93", "96"), None), ("99", "2", 0, ("94", "98"), None),
], _on_oxygen)  # fmt: skip


def _drop(value: str, usual: str | None, target: tuple[str, str] | None) -> str | None:
    facts = Facts(usual_spo2=None if usual is None else Decimal(usual))
    return level(spo2_drop.evaluate(seen((SPO2, value), facts=facts, own={SPO2: target} if target else None)))


# spo2-drop: a fall of 3 points or more from the person's usual.
DROP = Table("spo2_drop", spo2_drop, [
    ("95.1", "98", None, None), ("95", "98", None, "soon"), ("95", "98.1", None, "soon"), ("95.2", "98.1", None, None),
    ("88", "91", ("88", "92"), "soon"), ("88.1", "91", ("88", "92"), None), ("89", "91", ("88", "92"), None),
    # spo2_low has them already.
    ("94", "98", None, None), ("87", "91", ("88", "92"), None),
    ("95", None, None, None),
], _drop)  # fmt: skip

TABLES = (LOW, HIGH, DROP)


@pytest.mark.parametrize(("table", "row"), [(t, row) for t in TABLES for row in t.rows])
@pytest.mark.hazard("H13")
def test_oxygen_on_both_sides_of_each_boundary(table: Table, row: Row) -> None:
    assert table.found(*row[:-1]) == row[-1]


@pytest.mark.parametrize(
    ("unwell", "minute", "expected"),
    [(1, 0.0, "emergency"), (1, -49.9, "emergency"), (0, 0.0, "ask a repeat"), (1, 2.0, "emergency")],
)
def test_a_repeat_is_not_waited_for_with_symptoms(unwell: int, minute: float, expected: str) -> None:
    history = seen((SPO2, "91", 0), (UNWELL, unwell, minute), as_of=3)
    assert level(spo2_low.evaluate(history)) == expected


@pytest.mark.hazard("H13")
@pytest.mark.parametrize(
    ("then", "quality", "expected"),
    [("97", Quality.OK, None), ("97", Quality.MOTION, "emergency"), ("97", Quality.SUSPECT, "emergency"),
     (Special.HI, Quality.OK, "emergency"), (Special.NOT_A_NUMBER, Quality.OK, "emergency"),
     ("84", Quality.MOTION, "emergency")],
)  # fmt: skip
def test_only_a_sound_number_clears_an_oxygen_that_waits(
    then: str | Special, quality: Quality, expected: str | None
) -> None:
    history = seen((SPO2, "85", 0), (SPO2, then, 5), as_of=10)
    calming = structs.replace(history.readings[-1], quality=quality)
    found = spo2_low.evaluate(replace(history, readings=(history.readings[0], calming)))
    assert level(found) == expected


def test_symptoms_of_more_than_an_hour_ago_are_another_story() -> None:
    assert level(spo2_low.evaluate(seen((SPO2, "91", 60), (UNWELL, 1, 0), as_of=60))) == "emergency"
    assert level(spo2_low.evaluate(seen((SPO2, "91", 60.1), (UNWELL, 1, 0), as_of=60.1))) == "ask a repeat"


def test_two_readings_within_30_minutes_confirm_each_other_and_not_later() -> None:
    assert level(spo2_low.evaluate(seen((SPO2, "91", 0), (SPO2, "91", 30)))) == "emergency"
    assert level(spo2_low.evaluate(seen((SPO2, "91", 0), (SPO2, "91", 30.1)))) == "ask a repeat"


@pytest.mark.parametrize(
    ("litres", "home_oxygen", "words"),
    [
        ("0", True, "on air"), ("2", True, "on oxygen 2 litres a minute"), ("2", None, "on oxygen 2 litres a minute"),
        (None, True, "home oxygen prescribed, use now not known"),
    ],
)  # fmt: skip
@pytest.mark.hazard("H13")
def test_unknown_oxygen_is_never_air(litres: str | None, home_oxygen: bool | None, words: str) -> None:
    said = () if litres is None else ((OXYGEN, litres),)
    found = spo2_low.evaluate(
        seen((SPO2, "86"), *said, as_of=10, facts=Facts(home_oxygen=home_oxygen), own=COPD)
    )
    assert found is not None
    assert (
        found.reason
        == f"Oxygen 86%, one reading, no repeat in 10 minutes, unconfirmed, target 88 to 92, {words}"
    )


@pytest.mark.hazard("H13")
def test_90_on_air_with_a_target_of_88_to_92_raises_nothing_at_all() -> None:
    facts = Facts(home_oxygen=True, usual_spo2=Decimal(91))
    history = seen((SPO2, "90"), (OXYGEN, "0"), facts=facts, own=COPD)
    assert [rule.evaluate(history) for rule in (spo2_low, spo2_drop, spo2_high_on_oxygen)] == [
        None,
        None,
        None,
    ]


def test_the_oxygen_said_nearest_in_time_counts() -> None:
    on_then_off = seen((OXYGEN, "2", 0), (SPO2, "95", 10), (OXYGEN, "0", 12), own=COPD)
    assert spo2_high_on_oxygen.evaluate(on_then_off) is None
    off_then_on = seen((OXYGEN, "0", 0), (SPO2, "95", 10), (OXYGEN, "2", 12), own=COPD)
    assert level(spo2_high_on_oxygen.evaluate(off_then_on)) == "urgent"


def _stored(code: Code, value: str, minute: float) -> StoredReading:
    reading = seen((code, value, minute)).readings[0]
    return StoredReading(reading, reading.effective_at, None, None)


def test_a_symptom_said_after_the_reading_ends_the_wait_for_a_repeat_as_one_said_before_it() -> None:
    low, unwell = _stored(SPO2, "91", 0), _stored(UNWELL, "1", 2)
    base, now = seen((SPO2, "91", 0)), T + timedelta(minutes=3)
    alone = judge(rules()["spo2_low"], base, [low], T, now)
    assert alone.finding is None
    assert alone.pending is not None
    later = judge(rules()["spo2_low"], base, [low, unwell], unwell.reading.effective_at, now)
    together = judge(rules()["spo2_low"], base, [low, unwell], T, now)
    assert later.finding == together.finding
    assert later.finding is not None
    assert later.finding.reason == "Oxygen 91%, one reading, unwell, unconfirmed, 95 or more expected"
