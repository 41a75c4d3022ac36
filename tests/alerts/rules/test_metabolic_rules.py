"""Glucose, ketones, peak flow and weight on both sides of every edge of the reference, and each table seen to fail."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from backend.alerts import companions
from backend.alerts.history import Facts, History
from backend.alerts.judge import rules
from backend.alerts.rules import dry_weight, glucose_high, ketones, weight_gain
from backend.observations.codes import Code
from backend.observations.reading import Special
from backend.scores import glucose, hf_weight, peak_flow
from tests.alerts.rules.rows import NOBODY, Case, Value, level, mismatches, personal

INSULIN = Facts(insulin=True)
SULFONYLUREA = Facts(insulin=False, sulfonylurea=True)
NEITHER = Facts(insulin=False, sulfonylurea=False)
TYPE_1 = Facts(type1=True)
SGLT2 = Facts(type1=False, sglt2_inhibitor=True)
TYPE_2 = Facts(type1=False, sglt2_inhibitor=False)
BEST_400 = Facts(personal_best_peak_flow=Decimal(400))
DRY_70 = Facts(dry_weight=Decimal(70))
DAY = 24 * 60


def one(code: Code, value: Value, expected: str | None, facts: Facts = NOBODY, **more: Any) -> Case:
    return Case(((code, value, 0),), expected, facts, **more)


def sugar(value: Value, expected: str | None, facts: Facts) -> Case:
    return one(Code.GLUCOSE, value, expected, facts)


def sugars(expected: str | None, facts: Facts, *seen: tuple[float, str]) -> Case:
    return Case(tuple((Code.GLUCOSE, value, minute) for minute, value in seen), expected, facts)


def weights(expected: str | None, *seen: tuple[float, str], **parameters: str) -> Case:
    return Case(
        tuple((Code.WEIGHT, value, day * DAY) for day, value in seen), expected, parameters=parameters
    )


# Reference glucose-l2: under 3.0 or LO; glucose-very-high: 30 or more, or HI.
DANGER = [
    sugar(Special.LO, "emergency", NEITHER), sugar("2.9", "emergency", NEITHER),
    sugar("2.9999", "emergency", NEITHER), sugar("3.0", None, NEITHER), sugar("3.1", None, INSULIN),
    sugar("29.9", None, NEITHER), sugar("29.9999", None, NEITHER), sugar("30", "emergency", NEITHER),
    sugar("30.1", "emergency", TYPE_1), sugar(Special.HI, "emergency", NEITHER),
    one(Code.GLUCOSE, "2.9", "emergency", limits=personal(Code.GLUCOSE, "2.5", "35")),
]  # fmt: skip
# Reference glucose-hypo: under 4.0 on insulin or a sulfonylurea urgent; glucose-hypo-not-treated: soon.
LOW = [
    sugar("2.9", None, INSULIN), sugar("3.0", "urgent", INSULIN), sugar("3.9", "urgent", INSULIN),
    sugar("3.9999", "urgent", INSULIN), sugar("4.0", None, INSULIN), sugar("4.1", None, INSULIN),
    sugar("3.9", "urgent", SULFONYLUREA), sugar("3.9", "urgent", TYPE_1), sugar("3.9", "soon", NEITHER),
    sugar("4.0", None, NEITHER), sugar("3.9", "urgent", Facts()), sugar("3.9", "urgent", Facts(insulin=False)),
    sugar("3.9", "urgent", Facts(sulfonylurea=False)), sugar("4.0", None, Facts()),
    one(Code.GLUCOSE, "4.9", "urgent", INSULIN, limits=personal(Code.GLUCOSE, low="5")),
    one(Code.GLUCOSE, "5.0", None, INSULIN, limits=personal(Code.GLUCOSE, low="5")),
]  # fmt: skip
# Reference glucose-high: over 14.0 in type 1, SGLT2 or ketosis-prone; unwell asks for ketones whatever the glucose.
# glucose-high-type2: over 20.0 on two readings at least 1 h apart, or once when unwell, any diabetes.
HIGH = [
    sugar("14.0", None, TYPE_1), sugar("14.0001", "soon", TYPE_1), sugar("14.1", "soon", SGLT2),
    sugar("14.1", None, TYPE_2), sugar("14.1", "soon", Facts()), sugar("14.0", None, Facts()),
    sugar("14.1", "soon", Facts(type1=False)), sugar("20.1", None, TYPE_2), sugar("29.9", "soon", TYPE_1),
    sugars("urgent", TYPE_2, (0, "20.1"), (60, "20.1")), sugars(None, TYPE_2, (0, "20.1"), (59.9, "20.1")),
    sugars(None, TYPE_2, (0, "20.0"), (60, "20.1")), sugars(None, TYPE_2, (0, "20.1"), (60, "20.0")),
    sugars("urgent", TYPE_2, (0, "25"), (30, "12"), (61, "20.1")),
    sugars("urgent", TYPE_1, (0, "20.1"), (60, "20.1")),
    Case(((Code.GLUCOSE, "20.1", 0), (Code.UNWELL, "1", 5)), "urgent", TYPE_2),
    Case(((Code.UNWELL, "1", 0), (Code.GLUCOSE, "20.1", 60)), "urgent", TYPE_2),
    Case(((Code.UNWELL, "1", 0), (Code.GLUCOSE, "20.1", 61)), None, TYPE_2),
    Case(((Code.UNWELL, "1", 0), (Code.UNWELL, "0", 1), (Code.GLUCOSE, "20.1", 2)), "urgent", TYPE_2),
    Case(((Code.UNWELL, "1", 0), (Code.GLUCOSE, "20.0", 5)), None, TYPE_2),
    Case(((Code.GLUCOSE, "6", 0), (Code.UNWELL, "1", 5)), "soon", SGLT2),
    Case(((Code.UNWELL, "1", 0),), "soon", TYPE_1), Case(((Code.UNWELL, "1", 0),), None, TYPE_2),
    Case(((Code.UNWELL, "1", 0),), None, Facts()),
    Case(((Code.GLUCOSE, "6", 0), (Code.UNWELL, "1", 5)), "soon", Facts()),
    Case(((Code.KETONES, "0.2", 0), (Code.UNWELL, "1", 5)), None, TYPE_1),
    Case(((Code.KETONES, "0.2", 0), (Code.UNWELL, "1", 61)), "soon", TYPE_1),
    one(Code.GLUCOSE, "12.1", "soon", TYPE_2, limits=personal(Code.GLUCOSE, high="12")),
    one(Code.GLUCOSE, "12.0", None, TYPE_1, limits=personal(Code.GLUCOSE, high="12")),
    one(Code.GLUCOSE, "15", None, TYPE_1, limits=personal(Code.GLUCOSE, high="16")),
]  # fmt: skip
# Reference ketones-mod: 1.5 to 2.9 urgent; ketones-high: 3.0 or more; 0.6 to 1.4 is called raised.
KETONES = [
    one(Code.KETONES, "0.5", None), one(Code.KETONES, "0.5999", None), one(Code.KETONES, "0.6", "routine"),
    one(Code.KETONES, "1.4", "routine"), one(Code.KETONES, "1.4999", "routine"),
    one(Code.KETONES, "1.5", "urgent"), one(Code.KETONES, "2.9", "urgent"), one(Code.KETONES, "2.9999", "urgent"),
    one(Code.KETONES, "3.0", "emergency"), one(Code.KETONES, "3.1", "emergency"),
    one(Code.KETONES, Special.HI, "emergency"), one(Code.KETONES, Special.LO, None),
]  # fmt: skip


# Reference pef-amber: under 80% and 50% or more of personal best; pef-red: under 50; pef-life: under 33, 999 first.
def blows(expected: str | None, *seen: tuple[float, Value], after: float = 10, **more: Any) -> Case:
    return Case(
        tuple((Code.PEAK_FLOW, value, minute) for minute, value in seen),
        expected,
        BEST_400,
        after=after,
        **more,
    )


PEAK_FLOW = [
    blows(None, (0, "320")), blows("soon", (0, "319.9")), blows("soon", (0, "200")), blows("emergency", (0, "199.9")),
    blows("emergency", (0, "132")), blows("999", (0, "131.9")),
    one(Code.PEAK_FLOW, "319.9", None), one(Code.PEAK_FLOW, Special.LO, "999", BEST_400),
    blows("soon", (0, "310"), limits=personal(Code.PEAK_FLOW, low="311")),
    blows(None, (0, "300"), limits=personal(Code.PEAK_FLOW, low="300")),
    blows(None, (0, "320"), (10, "150")), blows("emergency", (0, "320"), (10.1, "150")),
    # The first of three blows waits for the others: to the end of the 10 minutes, under 33% for 2.
    blows("ask a repeat", (0, "150"), after=9.9), blows("ask a repeat", (0, "300"), after=0),
    blows("ask a repeat", (0, "120"), after=1.9), blows("999", (0, "120"), after=2),
    blows(None, (0, "120"), (1, "390"), (2, "395"), after=0),
    blows("emergency", (0, "120"), (5, "150"), (9, "140"), after=1), blows("999", (0, "120"), (1, "121"), after=1),
    # Nobody waits for who is unwell.
    Case(((Code.PEAK_FLOW, "150", 0), (Code.UNWELL, "1", 0)), "emergency", BEST_400),
    Case(((Code.PEAK_FLOW, "120", 0), (Code.UNWELL, "1", 0)), "999", BEST_400),
    Case(((Code.PEAK_FLOW, "150", 0), (Code.UNWELL, "0", 0)), "ask a repeat", BEST_400),
]  # fmt: skip
# Reference hf-weight-3d: a gain of MORE than 2.0 kg against any reading in the previous 3 days.
GAIN = [
    weights("urgent", (0, "80"), (3, "82.1")), weights(None, (0, "80"), (3, "82.0")),
    weights("urgent", (0, "80"), (3, "82.001")), weights(None, (0, "80"), (4, "82.1")),
    weights("urgent", (0, "80"), (3.2, "82.1")), weights(None, (0, "82.1")),
    weights("urgent", (0, "81"), (1, "80"), (2, "82.5")), weights(None, (0, "79"), (2, "81"), (4, "82.9")),
    weights("urgent", (0, "80"), (2, "81.1"), kg="1.0", days="2"),
    weights(None, (0, "80"), (3, "81.1"), kg="1.0", days="2"), weights(None, (0, "80"), (2, "81"), kg="1", days="2"),
    weights("urgent", (0, "80"), (1, "84.0")), weights("ask a repeat", (0, "80"), (1, "84.1")),
    weights("urgent", (0, "80"), (1, "84.1"), (1.005, "84.0")),
]  # fmt: skip
# Reference dry-weight: more than 2.0 kg above or below the agreed dry weight.
DRY = [
    one(Code.WEIGHT, "72.0", None, DRY_70), one(Code.WEIGHT, "72.01", "soon", DRY_70),
    one(Code.WEIGHT, "68.0", None, DRY_70), one(Code.WEIGHT, "67.99", "soon", DRY_70),
    one(Code.WEIGHT, "90", None), one(Code.WEIGHT, "72.5", "soon", DRY_70, parameters={"kg": "2.4"}),
    one(Code.WEIGHT, "72.5", None, DRY_70, parameters={"kg": "2.5"}),
]  # fmt: skip

TABLES: dict[str, Sequence[Case]] = {
    "glucose_danger": DANGER, "glucose_low": LOW, "glucose_high": HIGH, "ketones": KETONES,
    "peak_flow": PEAK_FLOW, "weight_gain": GAIN, "dry_weight": DRY,
}  # fmt: skip


@pytest.mark.parametrize("rule", TABLES)
@pytest.mark.hazard("H13")
def test_every_edge_is_judged_as_the_reference_says(rule: str) -> None:
    assert mismatches(rule, TABLES[rule]) == []


# Each constant moved by the least a meter could show or less: a table that lets it pass would prove nothing.
@pytest.mark.parametrize(
    ("rule", "where", "constant", "wrong"),
    [
        ("glucose_danger", glucose, "LEVEL_2", Decimal("2.9999")),
        ("glucose_danger", glucose, "LEVEL_2", Decimal("3.01")),
        ("glucose_danger", glucose, "VERY_HIGH", Decimal("30.01")),
        ("glucose_danger", glucose, "VERY_HIGH", Decimal("29.9999")),
        ("glucose_low", glucose, "FLOOR", Decimal("3.9999")),
        ("glucose_low", glucose, "FLOOR", Decimal("4.01")),
        ("glucose_high", glucose, "HIGH", Decimal("13.99")),
        ("glucose_high", glucose, "HIGH", Decimal("14.0001")),
        ("glucose_high", glucose_high, "TWICE_OVER", Decimal("20.1")),
        ("glucose_high", glucose_high, "TWICE_OVER", Decimal("19.99")),
        ("glucose_high", glucose_high, "APART", timedelta(minutes=61)),
        ("glucose_high", glucose_high, "APART", timedelta(minutes=59)),
        ("glucose_high", companions, "SYMPTOMS_WITHIN", timedelta(minutes=59)),
        ("glucose_high", companions, "SYMPTOMS_WITHIN", timedelta(minutes=61)),
        ("ketones", ketones, "RAISED", Decimal("0.5999")),
        ("ketones", ketones, "HIGH", Decimal("1.51")),
        ("ketones", ketones, "HIGH", Decimal("1.4999")),
        ("ketones", ketones, "EMERGENCY", Decimal("3.01")),
        ("ketones", ketones, "EMERGENCY", Decimal("2.9999")),
        ("peak_flow", peak_flow, "GREEN", Decimal("79.97")),
        ("peak_flow", peak_flow, "GREEN", Decimal("80.01")),
        ("peak_flow", peak_flow, "AMBER", Decimal("49.97")),
        ("peak_flow", peak_flow, "AMBER", Decimal("50.01")),
        ("peak_flow", peak_flow, "LIFE", Decimal("32.97")),
        ("peak_flow", peak_flow, "LIFE", Decimal("33.01")),
        ("weight_gain", weight_gain, "PARAMETERS", {"kg": "1.99", "days": "3"}),
        ("weight_gain", weight_gain, "PARAMETERS", {"kg": "2.001", "days": "3"}),
        ("weight_gain", weight_gain, "PARAMETERS", {"kg": "2.0", "days": "2"}),
        ("weight_gain", weight_gain, "PARAMETERS", {"kg": "2.0", "days": "4"}),
        ("weight_gain", weight_gain, "JUMP", Decimal("3.9")),
        ("dry_weight", dry_weight, "PARAMETERS", {"kg": "1.99"}),
        ("dry_weight", dry_weight, "PARAMETERS", {"kg": "2.01"}),
    ],
)  # fmt: skip
@pytest.mark.hazard("H13")
@pytest.mark.hazard("H14")
def test_a_planted_wrong_edge_is_caught(
    monkeypatch: pytest.MonkeyPatch, rule: str, where: ModuleType, constant: str, wrong: object
) -> None:
    monkeypatch.setattr(where, constant, wrong)
    assert mismatches(rule, TABLES[rule]) != []


def test_the_rule_and_the_score_hold_one_pair_of_kilograms_and_days() -> None:
    assert Decimal(weight_gain.PARAMETERS["kg"]) == hf_weight.KG == Decimal("2.0")
    assert int(weight_gain.PARAMETERS["days"]) == hf_weight.DAYS == 3


@pytest.mark.parametrize("parameters", [{"days": "8"}, {"days": "0"}, {"kg": "0"}, {"kg": "-2"}])
def test_a_weight_rule_that_cannot_be_done_says_so_and_is_not_silent(parameters: dict[str, str]) -> None:
    history = one(Code.WEIGHT, "80", None, parameters=parameters).history()
    with pytest.raises(ValueError, match="cannot judge"):
        weight_gain.evaluate(history)


def test_a_jump_that_nobody_repeats_is_raised_as_unconfirmed_after_ten_minutes() -> None:
    row = weights("ask a repeat", (0, "80"), (1, "90"))
    history = row.history()
    waited = History(history.readings, history.as_of + timedelta(minutes=10))
    found = rules()["weight_gain"].evaluate(waited)
    assert found is not None
    assert level(found) == "urgent"
    assert "unconfirmed" in found.reason


# Unknown is never "no". A low glucose of somebody whose treatment nobody asked is not made smaller.
@pytest.mark.hazard("H13")
def test_treatment_that_is_not_known_is_said_and_never_taken_for_none() -> None:
    found = rules()["glucose_low"].evaluate(sugar("3.5", None, Facts()).history())
    assert found is not None
    assert (level(found), found.reason) == ("urgent", "Glucose 3.5 mmol/L, under 4.0, treatment not known")
