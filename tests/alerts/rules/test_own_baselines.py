"""A person's own usual: the statistics on literal values, what freezes and restarts them, and what they leave alone."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.alerts import baseline, usual
from backend.alerts.history import Finding, History, Span
from backend.alerts.judge import judge, rules
from backend.observations.codes import Code
from backend.observations.reading import Quality, Reading, Special, StoredReading
from tests.alerts.rules.rows import level

T = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
D = Decimal


def days(code: Code, *values: str | None, start: int = 0) -> tuple[Reading, ...]:
    """One value a day at 8, from day `start`; None is a day without."""
    return tuple(
        Reading(code, D(value), code.unit, T + timedelta(days=start + day))
        for day, value in enumerate(values)
        if value is not None
    )


def judged(rule: str, readings: Sequence[Reading], *spans: Span) -> Finding | None:
    return rules()[rule].evaluate(History(tuple(readings), readings[-1].effective_at, closed_spans=spans))


def span(start: int, end: int | None, rule: str = "spo2_low", kind: Any = "episode") -> Span:
    last = None if end is None else T + timedelta(days=end, hours=1)
    return Span(T + timedelta(days=start), last, kind, rule)


# Typed from the textbook formulae, worked by hand.
def test_centre_and_spread_are_the_median_and_the_scaled_deviation_with_a_floor() -> None:
    values = [D(v) for v in (68, 70, 71, 72, 72, 73, 74, 76, 120)]
    known = baseline.usual(values, D("4.0"))
    assert (known.centre, known.spread) == (D(72), D("4.0"))  # 1.4826 x 2 = 2.9652, under the floor
    assert baseline.usual(values, D("1.0")).spread == D("2.9652")
    assert baseline.usual([D(96)] * 12, D("1.0")).spread == D("1.0")
    assert baseline.median([D(3), D(1), D(2), D(10)]) == D("2.5")


@pytest.mark.parametrize(
    ("value", "side"),
    [("86", None), ("86.01", "above"), ("58", None), ("57.99", "below"), ("72", None)],
)
def test_a_value_is_far_out_beyond_three_and_a_half_spreads_and_not_on_them(
    value: str, side: str | None
) -> None:
    assert baseline.far_out(D(value), baseline.Usual(D(72), D(4))) == side


def test_the_limits_of_the_moving_average_widen_as_the_textbook_says() -> None:
    assert round(baseline.ewma_limit(1), 4) == D("0.6000")
    assert round(baseline.ewma_limit(2), 4) == D("0.7684")
    assert round(baseline.ewma_limit(200), 4) == D("1.0000")
    known = baseline.Usual(D(0), D(1))
    assert baseline.ewma([D(1), D(2)], known) == D("0.56")
    assert baseline.cusum([D(2), D(-3), D(1), D("1.5")], known, "above") == (D("1.5"), 2)
    assert baseline.cusum([D(2), D(2)], known, "below") == (D(0), 0)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["3.0", "3.0"], None), (["3.0", "3.0", "0.5"], None), (["3.0", "3.0", "0.51"], ("above", 3)),
        (["5.5"], None), (["5.51"], ("above", 1)), (["-5.51"], ("below", 1)), (["5.51", "-0.1"], None),
    ],
)  # fmt: skip
def test_a_drift_needs_more_than_five_spreads_of_sum_and_a_value_on_that_side(
    values: list[str], expected: tuple[str, int] | None
) -> None:
    known = baseline.Usual(D(0), D(1))
    assert baseline.drift([D(v) for v in values], known, ("above", "below")) == expected


@pytest.mark.parametrize(("constant", "wrong"), [
    ("CUSUM_H", D("5.01")), ("CUSUM_H", D("4.9")), ("CUSUM_K", D("0.49")), ("CUSUM_K", D("0.52")),
])  # fmt: skip
def test_a_planted_wrong_limit_of_drift_is_caught(
    monkeypatch: pytest.MonkeyPatch, constant: str, wrong: Decimal
) -> None:
    monkeypatch.setattr(baseline, constant, wrong)
    known = baseline.Usual(D(0), D(1))
    both: tuple[baseline.Side, ...] = ("above", "below")
    tried = (["5.5"], ["5.51"], ["3", "3", "0.5"])
    got = [baseline.drift([D(v) for v in values], known, both) for values in tried]
    assert got != [None, ("above", 1), None]


# Reference: 10 readings over 14 days.
@pytest.mark.parametrize(
    ("known", "is_known"),
    [
        (["72"] * 14, False), (["72"] * 15, True), (["72"] * 9 + [None] * 5 + ["72"], True),
        (["72"] * 8 + [None] * 6 + ["72"], False), (["72"] * 10, False),
    ],
)  # fmt: skip
def test_nothing_is_called_usual_before_ten_days_over_fourteen(
    known: list[str | None], is_known: bool
) -> None:
    after = days(Code.PULSE, "100", start=len(known))
    found = judged("own_baseline_pulse", (*days(Code.PULSE, *known), *after))
    assert (level(found) is not None) is is_known


@pytest.mark.hazard("H13")
def test_while_an_alert_is_open_deterioration_does_not_become_usual() -> None:
    readings = days(Code.PULSE, *["72"] * 20, *["100"] * 25)
    during = judged("own_baseline_pulse", readings, span(20, None, "own_baseline_pulse"))
    assert during is not None
    assert "own range 64 to 80" in during.reason
    # Without the alert the new level is, after weeks of it, what is usual.
    assert judged("own_baseline_pulse", days(Code.PULSE, *["72"] * 20, *["100"] * 55)[-56:]) is None


def test_the_days_of_an_alert_and_seven_after_are_not_learnt_from() -> None:
    readings = days(Code.PULSE, *["72"] * 8, *["110"] * 11, *["72"] * 14)
    known = usual.own(
        History(readings, readings[-1].effective_at, closed_spans=(span(8, 11),)), Code.PULSE, "x"
    )
    assert known is not None
    learnt = usual.own(History(readings, readings[-1].effective_at), Code.PULSE, "x")
    assert known.usual.centre == D(72)
    assert learnt is not None
    assert learnt.usual.centre == D(110)


def test_after_an_admission_a_baseline_starts_anew_and_in_hospital_nothing_is_said() -> None:
    before = days(Code.WEIGHT, *["80"] * 30)
    home_again = days(Code.WEIGHT, *["76"] * 3, "77", "78", start=35)
    stay = span(30, 34, "", "admission")
    assert judged("weight_trend", (*before, *home_again), stay) is None
    assert (
        judged("weight_trend", (*before, *days(Code.WEIGHT, "84", start=32)), span(30, None, "", "admission"))
        is None
    )
    settled = days(Code.WEIGHT, *["76"] * 16, "77", "77.5", start=35)
    assert level(judged("weight_trend", (*before, *settled), stay)) == "soon"


def test_a_closed_alert_of_the_rule_itself_starts_its_sums_anew() -> None:
    readings = days(Code.WEIGHT, *["80"] * 20, "81", "81", "81", "80.3")
    assert level(judged("weight_trend", readings)) == "soon"
    assert judged("weight_trend", readings, span(22, 22, "weight_trend")) is None
    assert level(judged("weight_trend", readings, span(22, 22, "bp_severe"))) == "soon"


# The usual spread here is the floor, 0.3 kg; the closed alert saw 81.
@pytest.mark.parametrize(
    ("then", "expected"),
    [
        (["81", "81", "81"], None), (["81", "81", "81.3"], None), (["81", "81", "81.31"], "soon"),
        (["81"] * 7, None), (["81"] * 8, "soon"),
    ],
)  # fmt: skip
def test_what_a_nurse_closed_comes_back_within_a_week_only_when_it_is_worse(
    then: list[str], expected: str | None
) -> None:
    readings = days(Code.WEIGHT, *["80"] * 20, "81", "81", "81", *then)
    assert level(judged("weight_trend", readings, span(22, 22, "weight_trend"))) == expected


def test_one_reading_far_out_is_not_enough_and_two_within_a_day_are() -> None:
    usually = days(Code.TEMPERATURE, *["36.2"] * 20)
    at = T + timedelta(days=20)
    first, second = (Reading(Code.TEMPERATURE, D("37.0"), "Cel", at + timedelta(hours=h)) for h in (0, 3))
    assert judged("own_baseline_temperature", (*usually, first)) is None
    assert level(judged("own_baseline_temperature", (*usually, first, second))) == "routine"
    edge = replace_value(second, "36.9")
    assert judged("own_baseline_temperature", (*usually, first, edge)) is None


def replace_value(reading: Reading, value: str) -> Reading:
    return Reading(reading.code, D(value), reading.unit, reading.effective_at)


def test_what_a_device_doubted_or_could_not_measure_teaches_nothing() -> None:
    usually = days(Code.PULSE, *["72"] * 20)
    at = T + timedelta(days=20)
    odd = (
        Reading(Code.PULSE, D(190), "/min", at, quality=Quality.MOTION),
        Reading(Code.PULSE, Special.HI, "/min", at + timedelta(minutes=1)),
    )
    assert judged("own_baseline_pulse", (*usually, *odd)) is None


RULES = [
    "own_baseline_spo2",
    "own_baseline_pulse",
    "own_baseline_systolic",
    "own_baseline_temperature",
    "weight_trend",
]
CODES = dict(zip(RULES, (Code.SPO2, Code.PULSE, Code.SYSTOLIC, Code.TEMPERATURE, Code.WEIGHT), strict=True))


@pytest.mark.parametrize("rule", RULES)
@given(tenths=st.lists(st.integers(-5, 5), min_size=1, max_size=20))
def test_values_within_half_a_spread_of_usual_never_raise(rule: str, tenths: list[int]) -> None:
    code, floor = CODES[rule], usual.FLOORS[CODES[rule]]
    readings = days(code, *["90"] * 15, *[str(D(90) + floor * D(tenth) / 10) for tenth in tenths])
    assert judged(rule, readings) is None


@given(moves=st.lists(st.integers(-8, 8), min_size=3, max_size=18), seed=st.randoms(use_true_random=False))
@pytest.mark.hazard("H12")
def test_the_order_in_which_readings_arrive_changes_no_own_baseline(moves: list[int], seed: Any) -> None:
    readings = days(Code.PULSE, *["72"] * 16, *[str(72 + 3 * move) for move in moves])
    stored = [StoredReading(one, one.effective_at, None, None) for one in readings]
    shuffled = list(stored)
    seed.shuffle(shuffled)
    rule, now = rules()["own_baseline_pulse"], readings[-1].effective_at
    base = History((), now)
    in_order = judge(rule, base, stored, readings[0].effective_at, now)
    again = judge(
        rule, base, sorted(shuffled, key=lambda one: one.reading.effective_at), readings[0].effective_at, now
    )
    assert again == in_order


@pytest.mark.parametrize("rule", RULES)
def test_own_baselines_run_only_where_a_pathway_names_them(rule: str) -> None:
    assert rules()[rule].RUNS == "pack"


# How steady people vary from day to day, and how finely their devices say so.
STEADY = {
    "own_baseline_spo2": ("96", 1.0, "1"), "own_baseline_pulse": ("72", 5.0, "1"),
    "own_baseline_systolic": ("128", 8.0, "1"), "own_baseline_temperature": ("36.4", 0.25, "0.1"),
    "weight_trend": ("80", 0.5, "0.1"),
}  # fmt: skip


def test_people_who_stay_as_they_are_raise_few_alerts_from_their_own_baselines() -> None:
    """At most 0.7 alerts a person and week, all five together: what a team can look at (Alongside default)."""
    people, length, raised = 8, 70, 0
    for seed in range(people):
        chance = random.Random(seed)
        for rule, (centre, sd, step) in STEADY.items():
            values = [str(D(centre) + D(chance.gauss(0, sd)).quantize(D(step))) for _ in range(length)]
            spans: list[Span] = []
            for day in range(15, length):
                if judged(rule, days(CODES[rule], *values[: day + 1])[-56:], *spans) is not None:
                    raised += 1
                    spans.append(span(day, day, rule))
    assert raised / (people * (length - 15) / 7) <= 0.7
