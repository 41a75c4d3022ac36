"""What holds for any readings of glucose, ketones, peak flow and weight, and not only for those in a table."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.alerts.history import Facts, History
from backend.alerts.judge import judge, rules
from backend.observations.codes import Code
from backend.observations.reading import Reading, StoredReading
from backend.scores import glucose
from tests.alerts.rules.rows import T, reading

FACTS = st.builds(
    Facts,
    insulin=st.sampled_from([None, False, True]),
    sulfonylurea=st.sampled_from([None, False, True]),
    sglt2_inhibitor=st.sampled_from([None, False, True]),
    type1=st.sampled_from([None, False, True]),
    personal_best_peak_flow=st.sampled_from([None, Decimal(400)]),
    dry_weight=st.sampled_from([None, Decimal(80)]),
)
# A code, a value within every band of it, and how far values of it are drawn.
IN_BAND = [
    ("glucose_danger", Code.GLUCOSE, "6.0", 40), ("glucose_low", Code.GLUCOSE, "6.0", 40),
    ("glucose_high", Code.GLUCOSE, "6.0", 40), ("ketones", Code.KETONES, "0.3", 8),
    ("peak_flow", Code.PEAK_FLOW, "400", 500), ("dry_weight", Code.WEIGHT, "80", 120),
]  # fmt: skip


def history(readings: list[Reading], facts: Facts) -> History:
    return History(tuple(readings), readings[-1].effective_at, facts=facts)


@pytest.mark.parametrize(("rule", "code", "value", "most"), IN_BAND)
@given(tenths=st.lists(st.integers(1, 5000), max_size=6), facts=FACTS)
def test_a_newer_reading_inside_the_band_never_raises(
    rule: str, code: Code, value: str, most: int, tenths: list[int], facts: Facts
) -> None:
    before = [reading(code, str(Decimal(t % (most * 10)) / 10), 20 * n) for n, t in enumerate(tenths)]
    readings = [*before, reading(code, value, 20 * len(before))]
    assert rules()[rule].evaluate(history(readings, facts)) is None


@given(tenths=st.lists(st.integers(700, 900), min_size=1, max_size=6))
def test_a_weight_no_higher_than_the_days_before_never_raises(tenths: list[int]) -> None:
    before = [reading(Code.WEIGHT, str(Decimal(t) / 10), 1440 * n) for n, t in enumerate(tenths)]
    lowest = str(Decimal(min(tenths)) / 10)
    readings = [*before, reading(Code.WEIGHT, lowest, 1440 * len(before))]
    assert rules()["weight_gain"].evaluate(history(readings, Facts())) is None


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([Code.GLUCOSE, Code.KETONES, Code.UNWELL]), st.integers(0, 8), st.integers(0, 300)
        ),
        min_size=1, max_size=10, unique_by=lambda row: row[:2],
    ),
    facts=FACTS, seed=st.randoms(use_true_random=False),
)  # fmt: skip
@pytest.mark.hazard("H12")
def test_what_was_measured_at_one_moment_may_arrive_in_any_order(
    rows: list[tuple[Code, int, int]], facts: Facts, seed: Any
) -> None:
    made = [
        reading(code, str(tenths % 2) if code is Code.UNWELL else str(Decimal(tenths) / 10), 30 * step)
        for code, step, tenths in rows
    ]
    shuffled = list(made)
    seed.shuffle(shuffled)

    def verdict(readings: list[Reading]) -> Any:
        ordered = sorted(readings, key=lambda one: one.effective_at)
        stored = [StoredReading(one, one.effective_at, None, None) for one in ordered]
        now = ordered[-1].effective_at
        return judge(rules()["glucose_high"], History((), now, facts=facts), stored, T, now).finding

    one, other = verdict(made), verdict(shuffled)
    assert (one and (one.severity, one.reason, set(one.evidence))) == (
        other and (other.severity, other.reason, set(other.evidence))
    )


@given(milli=st.integers(1, 40_000), facts=FACTS)
@pytest.mark.hazard("H10")
def test_a_glucose_of_a_meter_in_mg_is_judged_as_the_same_in_mmol(milli: int, facts: Facts) -> None:
    value = Decimal(milli) / 1000
    converted = glucose.mmol(value * Decimal("18.016"))
    for rule in ("glucose_danger", "glucose_low", "glucose_high"):
        levels = [
            found and found.severity
            for one in (value, converted)
            for found in [rules()[rule].evaluate(history([reading(Code.GLUCOSE, str(one))], facts))]
        ]
        assert levels[0] == levels[1]


@given(milli=st.integers(1, 2999), facts=FACTS)
@pytest.mark.hazard("H33")
def test_under_three_is_an_emergency_of_one_rule_and_no_second_alert(milli: int, facts: Facts) -> None:
    one = history([reading(Code.GLUCOSE, str(Decimal(milli) / 1000))], facts)
    raised = [
        name for name in ("glucose_danger", "glucose_low", "glucose_high") if rules()[name].evaluate(one)
    ]
    assert raised == ["glucose_danger"]


def test_weights_of_the_same_minute_of_the_day_three_days_apart_count_whatever_the_clock_does() -> None:
    """The night the clocks go back has 25 hours: Saturday 8:00 and Tuesday 8:10 are three days apart."""
    saturday = reading(Code.WEIGHT, "80")
    saturday = Reading(Code.WEIGHT, saturday.value, "kg", T.replace(month=10, day=24, hour=7))
    tuesday = Reading(
        Code.WEIGHT, Decimal("82.1"), "kg", saturday.effective_at + timedelta(days=3, hours=1, minutes=10)
    )
    assert rules()["weight_gain"].evaluate(history([saturday, tuesday], Facts())) is not None
