"""NEWS2 on every row of the college's chart, on both sides of each edge, and what it must never do with a gap."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.scores import news2
from backend.scores.case import BadCase

# A busy machine is no reason to fail.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

WELL: dict[str, Any] = {
    "respiratory_rate": 16, "spo2": 97, "oxygen": False, "systolic": 130, "pulse": 70, "consciousness": "A",
    "temperature": "37.0",
}  # fmt: skip

# Typed from the college's chart 1; the odd tenths lie between two bands and score as the worse of them.
CHART: dict[str, dict[Any, int]] = {
    "respiratory_rate": {
        0: 3, 8: 3, "8.5": 3, 9: 1, 11: 1, "11.5": 1, 12: 0, 20: 0, "20.5": 2, 21: 2, 24: 2, "24.5": 3, 25: 3, 60: 3,
    },
    "spo2": {50: 3, 91: 3, "91.5": 3, 92: 2, 93: 2, "93.9": 2, 94: 1, 95: 1, "95.5": 1, 96: 0, 100: 0},
    "oxygen": {True: 2, False: 0},
    "systolic": {
        50: 3, 90: 3, "90.5": 3, 91: 2, 100: 2, "100.5": 2, 101: 1, 110: 1, "110.5": 1, 111: 0, 219: 0, "219.5": 3,
        220: 3, 300: 3,
    },
    "pulse": {
        20: 3, 40: 3, "40.5": 3, 41: 1, 50: 1, "50.5": 1, 51: 0, 90: 0, "90.5": 1, 91: 1, 110: 1, "110.5": 2, 111: 2,
        130: 2, "130.5": 3, 131: 3, 220: 3,
    },
    "consciousness": {"A": 0, "C": 3, "V": 3, "P": 3, "U": 3},
    "temperature": {
        "30": 3, "35.0": 3, "35.05": 3, "35.1": 1, "36.0": 1, "36.05": 1, "36.1": 0, "38.0": 0, "38.05": 1, "38.1": 1,
        "39.0": 1, "39.05": 2, "39.1": 2, "42": 2,
    },
}  # fmt: skip
# Scale 2: (on air, on oxygen).
SCALE_2: dict[Any, tuple[int, int]] = {
    70: (3, 3), 83: (3, 3), "83.5": (3, 3), 84: (2, 2), 85: (2, 2), "85.5": (2, 2), 86: (1, 1), 87: (1, 1),
    "87.5": (1, 1), 88: (0, 0), 92: (0, 0), "92.5": (0, 1), 93: (0, 1), 94: (0, 1), "94.5": (0, 2), 95: (0, 2),
    96: (0, 2), "96.5": (0, 3), 97: (0, 3), 98: (0, 3), 100: (0, 3),
}  # fmt: skip


def wrong_rows() -> list[tuple[str, Any, int]]:
    """The rows of the chart that do not come out; a planted wrong edge must make one."""
    rows = [(name, value, points) for name, chart in CHART.items() for value, points in chart.items()]
    bad = [row for row in rows if news2.score(WELL | {row[0]: row[1]})["points"][row[0]] != row[2]]
    for value, both in SCALE_2.items():
        for oxygen, points in zip((False, True), both, strict=True):
            case = WELL | {"spo2": value, "spo2_scale": 2, "oxygen": oxygen}
            if news2.score(case)["points"]["spo2"] != points:
                bad.append((f"spo2 on scale 2, oxygen {oxygen}", value, points))
    return bad


@pytest.mark.hazard("H13")
def test_every_row_of_the_chart_on_both_sides_of_each_edge() -> None:
    assert wrong_rows() == []


@pytest.mark.parametrize(
    ("changed", "total", "single_red", "band"),
    [
        ({}, 0, False, "low"),
        ({"pulse": 91}, 1, False, "low"),
        ({"pulse": 111, "oxygen": True}, 4, False, "low"),
        ({"oxygen": True}, 2, False, "low"),
        ({"pulse": 131}, 3, True, "low-medium"),
        ({"consciousness": "C"}, 3, True, "low-medium"),
        ({"pulse": 131, "temperature": "38.1"}, 4, True, "low-medium"),
        ({"pulse": 111, "oxygen": True, "temperature": "38.1"}, 5, False, "medium"),
        ({"pulse": 131, "oxygen": True}, 5, True, "medium"),
        ({"pulse": 111, "oxygen": True, "temperature": "39.1"}, 6, False, "medium"),
        ({"pulse": 111, "oxygen": True, "temperature": "39.1", "spo2": 95}, 7, False, "high"),
        ({"respiratory_rate": 25, "spo2": 91, "oxygen": True, "systolic": 90, "pulse": 131, "consciousness": "U",
          "temperature": "35.0"}, 20, True, "high"),
    ],
)  # fmt: skip
def test_total_and_band_of_a_whole_set(
    changed: dict[str, Any], total: int, single_red: bool, band: str
) -> None:
    found = news2.score(WELL | changed)
    assert (found["complete"], found["missing"]) == (True, [])
    assert (found["total"], found["known_points"], found["max_possible"]) == (total, total, total)
    assert (found["single_red"], found["band"]) == (single_red, band)


@pytest.mark.parametrize(
    ("case", "missing", "known", "most", "band"),
    [
        ({}, list(WELL), 0, 20, None),
        (WELL | {"consciousness": None}, ["consciousness"], 0, 3, None),
        (WELL | {"oxygen": None}, ["oxygen"], 0, 2, None),
        (WELL | {"pulse": 131, "oxygen": None}, ["oxygen"], 3, 5, "low-medium"),
        (WELL | {"pulse": 131, "spo2": 92, "oxygen": None}, ["oxygen"], 5, 7, "medium"),
        (WELL | {"pulse": 131, "spo2": 92, "systolic": 100, "oxygen": None}, ["oxygen"], 7, 9, "high"),
        # On scale 2 a high saturation means nothing until somebody says whether oxygen is in use.
        (WELL | {"spo2": 97, "spo2_scale": 2, "oxygen": None}, ["oxygen"], 0, 5, None),
        (WELL | {"spo2": 94, "spo2_scale": 2, "oxygen": None}, ["oxygen"], 0, 3, None),
        (WELL | {"spo2": 90, "spo2_scale": 2, "oxygen": None}, ["oxygen"], 0, 2, None),
        (WELL | {"spo2": 83, "spo2_scale": 2, "oxygen": None}, ["oxygen"], 3, 5, "low-medium"),
    ],
)  # fmt: skip
@pytest.mark.hazard("H13")
def test_a_missing_parameter_has_no_total_and_never_reassures(
    case: dict[str, Any], missing: list[str], known: int, most: int, band: str | None
) -> None:
    found = news2.score(case)
    assert (found["complete"], found["total"], found["missing"]) == (False, None, missing)
    assert (found["known_points"], found["max_possible"], found["band"]) == (known, most, band)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({"pulse": "fast"}, "pulse must be a number"), ({"pulse": True}, "pulse must be a number"),
        ({"pulse": float("nan")}, "pulse must be a number"), ({"pulse": -1}, "pulse must be 0 or more"),
        ({"spo2": 101}, "spo2 must be 100 or less"), ({"spo2_scale": 3}, "spo2_scale must be 1 or 2"),
        ({"temperature": "98.6"}, "temperature must be 50 or less"), ({"oxygen": "no"}, "oxygen must be true, false"),
        ({"consciousness": "sleepy"}, "consciousness must be one of A, C, V, P, U"),
        ({"age": 15}, "not for anybody under 16"), ({"pregnant": True}, "not for use in pregnancy"),
    ],
)  # fmt: skip
def test_a_case_that_cannot_be_scored_says_why(case: dict[str, Any], words: str) -> None:
    with pytest.raises(BadCase, match=words):
        news2.score(WELL | case)


def test_scale_2_is_never_chosen_by_itself() -> None:
    assert news2.score(WELL | {"spo2": 90})["points"]["spo2"] == 3
    assert news2.score(WELL | {"spo2": 90, "diagnosis": "COPD"})["points"]["spo2"] == 3
    assert news2.score(WELL | {"spo2": 90, "spo2_scale": 2})["points"]["spo2"] == 0


CASES = st.fixed_dictionaries({}, optional={
    "respiratory_rate": st.integers(0, 60) | st.decimals(Decimal(0), Decimal(60), places=1),
    "spo2": st.integers(50, 100) | st.decimals(Decimal(80), Decimal(100), places=1),
    "oxygen": st.booleans(), "systolic": st.integers(40, 260), "pulse": st.integers(20, 220),
    "consciousness": st.sampled_from("ACVPU"), "temperature": st.decimals(Decimal(33), Decimal(42), places=2),
    "spo2_scale": st.sampled_from([1, 2]),
})  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6), st.lists, max_leaves=3
)


@CALM
@given(
    some=CASES,
    rest=st.tuples(
        st.integers(0, 60), st.integers(50, 100), st.booleans(), st.integers(40, 260), st.integers(20, 220),
        st.sampled_from("ACVPU"), st.decimals(Decimal(33), Decimal(42), places=1),
    ),
)  # fmt: skip
@pytest.mark.hazard("H13")
def test_known_points_and_most_possible_hold_every_completion_between_them(
    some: dict[str, Any], rest: tuple[Any, ...]
) -> None:
    partial = news2.score(some)
    whole = news2.score(dict(zip(news2.PARAMETERS, rest, strict=True)) | some)
    assert partial["known_points"] <= whole["total"] <= partial["max_possible"]
    assert whole["complete"]
    assert not partial["single_red"] or whole["single_red"]


@CALM
@given(case=st.dictionaries(st.sampled_from([*news2.PARAMETERS, "spo2_scale", "age", "pregnant"]), JSON))
def test_whatever_is_typed_it_is_scored_or_refused_in_words(case: Mapping[str, Any]) -> None:
    try:
        found = news2.score(case)
    except BadCase:
        return
    assert found["complete"] == (found["total"] is not None) == (not found["missing"])
