"""Glucose, peak flow and weight scores on both sides of each edge, and the numbers as they go out."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scores import glucose, hf_weight, peak_flow
from backend.scores.asked import answer


def score(name: str, text: str) -> dict[str, Any]:
    shown, well = answer(name, text)
    assert well, shown
    result: dict[str, Any] = json.loads(shown, parse_float=Decimal)
    return result


# Reference: <3.0 level 2, <4.0 low, >14.0 high, >=30 very high; 18.016 mg/dL per mmol/L; compared before rounding.
@pytest.mark.parametrize(
    ("field", "value", "band", "display"),
    [
        ("mmol_L", "2.9", "level-2-hypo", "2.9"), ("mmol_L", "2.99", "level-2-hypo", "3.0"),
        ("mmol_L", "3.0", "hypo", "3.0"), ("mmol_L", "3.9", "hypo", "3.9"), ("mmol_L", "3.96", "hypo", "4.0"),
        ("mmol_L", "4.0", "in-range", "4.0"), ("mmol_L", "14.0", "in-range", "14.0"),
        ("mmol_L", "14.04", "high", "14.0"), ("mmol_L", "14.1", "high", "14.1"), ("mmol_L", "20.1", "high", "20.1"),
        ("mmol_L", "29.99", "high", "30.0"), ("mmol_L", "30", "very-high", "30.0"),
        ("mg_dL", "54.04", "level-2-hypo", "3.0"), ("mg_dL", "54.048", "hypo", "3.0"),
        ("mg_dL", "54.05", "hypo", "3.0"),
        ("mg_dL", "72", "hypo", "4.0"), ("mg_dL", "72.064", "in-range", "4.0"),
        ("mg_dL", "252.224", "in-range", "14.0"),
        ("mg_dL", "252.23", "high", "14.0"), ("mg_dL", "540", "high", "30.0"), ("mg_dL", "540.48", "very-high", "30.0"),
    ],
)  # fmt: skip
def test_a_glucose_has_one_band_in_either_unit(field: str, value: str, band: str, display: str) -> None:
    for typed in (value, f'"{value}"'):
        found = score("glucose", f'{{"{field}": {typed}}}')
        assert (found["band"], str(found["mmol_display"])) == (band, display)


@pytest.mark.parametrize(("shown", "band"), [("LO", "level-2-hypo"), ("HI", "very-high")])
def test_a_meter_that_shows_a_word_is_taken_for_the_worst_it_can_mean(shown: str, band: str) -> None:
    for field in ("mmol_L", "mg_dL"):
        assert score("glucose", json.dumps({field: shown})) == {"band": band, "mmol_display": None}


@given(milli=st.integers(min_value=0, max_value=60_000))
def test_milligrams_and_millimoles_of_one_glucose_are_in_one_band(milli: int) -> None:
    value = Decimal(milli) / 1000
    assert glucose.mmol(value * Decimal("18.016")) == value
    assert glucose.band(glucose.mmol(value * Decimal("18.016"))) == glucose.band(value)


# Reference: green 80% or more of personal best, amber 50 to under 80, red under 50; under 33 999 first.
@pytest.mark.parametrize(
    ("pef", "best", "percent", "zone", "call_999"),
    [
        ("400", "500", "80", "green", False), ("399.9", "500", "79.98", "amber", False),
        ("250", "500", "50", "amber", False), ("249.9", "500", "49.98", "red", False),
        ("165", "500", "33", "red", False), ("164.9", "500", "32.98", "red", True),
        ("320", "450", "71.11", "amber", False), ("500", "500", "100", "green", False),
        ("600", "500", "120", "green", False), ("0", "500", "0", "red", True),
    ],
)  # fmt: skip
def test_a_peak_flow_is_in_its_zone_of_personal_best(
    pef: str, best: str, percent: str, zone: str, call_999: bool
) -> None:
    found = score("peak_flow", f'{{"pef": {pef}, "personal_best": {best}}}')
    assert (str(found["percent"]), found["zone"], found["call_999"]) == (percent, zone, call_999)


@given(pef=st.integers(1, 1000), best=st.integers(1, 1000), times=st.integers(1, 50))
def test_a_zone_is_of_the_share_and_not_of_the_litres(pef: int, best: int, times: int) -> None:
    one = peak_flow.zone(Decimal(pef), Decimal(best))
    assert one == peak_flow.zone(Decimal(pef) * times, Decimal(best) * times)


# Reference: a gain of MORE than 2.0 kg against any reading in the previous 3 days.
@pytest.mark.parametrize(
    ("series", "expected"),
    [
        ("[[1, 80], [4, 82.1]]", (True, "2.1", True)), ("[[1, 80], [4, 82.0]]", (True, "2", False)),
        ("[[1, 80.1], [4, 82.1]]", (True, "2", False)), ("[[1, 80], [5, 82.1]]", (False, "None", False)),
        ("[[1, 80]]", (False, "None", False)), ("[]", (False, "None", False)),
        ("[[3, 82.5], [1, 80.4], [2, 81]]", (True, "2.1", True)), ("[[1, 80], [2, 79.5]]", (True, "-0.5", False)),
        ("[[1, 80], [2, null], [3, 82.01]]", (True, "2.01", True)),
        ('[["2026-10-24", "80"], ["2026-10-27", "82.1"]]', (True, "2.1", True)),
        ("[[1, 81], [2, 80], [3, 82.05]]", (True, "2.05", True)),
    ],
)  # fmt: skip
def test_weight_gained_is_over_the_lowest_of_the_days_before(
    series: str, expected: tuple[bool, str, bool]
) -> None:
    found = score("hf_weight", f'{{"series": {series}}}')
    assert (found["evaluable"], str(found["gain"]), found["alert"]) == expected


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(700, 900)), max_size=8, unique_by=lambda row: row[0]),
       st.randoms(use_true_random=False))  # fmt: skip
def test_the_order_in_which_weights_are_listed_changes_nothing(
    series: list[tuple[int, int]], seed: Any
) -> None:
    rows = [[day, Decimal(tenths) / 10] for day, tenths in series]
    shuffled = list(rows)
    seed.shuffle(shuffled)
    assert hf_weight.score({"series": shuffled}) == hf_weight.score({"series": rows})


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("glucose", "{}", "one of them"), ("glucose", '{"mmol_L": 5, "mg_dL": 90}', "one of them"),
        ("glucose", '{"mmol_L": "five"}', "must be a number"), ("glucose", '{"mmol_L": true}', "must be a number"),
        ("glucose", '{"mmol_L": -1}', "0 or more"), ("glucose", '{"mmol_L": NaN}', "NaN is not a measurement"),
        ("glucose", '{"mmol_L": "Infinity"}', "must be a number"), ("glucose", '{"mmol_L": 1e99}', "digits"),
        ("glucose", '{"mmol_L": 4, "mmol_L": 5}', "given twice"), ("glucose", "[1]", "JSON object"),
        ("glucose", "5.5", "JSON object"), ("glucose", "{", "no JSON"), ("glucose", "", "no JSON"),
        ("peak_flow", '{"pef": 300}', "personal_best is missing"), ("peak_flow", '{"personal_best": 300}', "pef"),
        ("peak_flow", '{"pef": 300, "personal_best": 0}', "more than 0"),
        ("hf_weight", '{"series": [[1]]}', "list of 2"), ("hf_weight", '{"series": [[1.5, 80]]}', "whole number"),
        ("hf_weight", '{"series": [["Monday", 80]]}', "must be a number"), ("hf_weight", "{}", "must be a list"),
        ("falls_risk", "{}", "there is no score 'falls_risk': choose one of"),
    ],
)  # fmt: skip
def test_a_case_that_cannot_be_scored_is_answered_with_one_error_in_words(
    name: str, text: str, words: str
) -> None:
    shown, well = answer(name, text)
    assert not well
    found = json.loads(shown)
    assert words in found["error"]
