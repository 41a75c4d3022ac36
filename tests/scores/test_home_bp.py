"""Home blood pressure averages as NICE NG136 says: which sets are valid, what is left out, and each stage's edges."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.scores import home_bp
from backend.scores.case import BadCase

# A busy machine is no reason to fail.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _week(systolic: Any, diastolic: Any, days: int = 7, a_day: int = 4) -> dict[str, Any]:
    """A set with a first day so high that it would be seen in the average."""
    rest = [[day, systolic, diastolic] for day in range(2, days + 1) for _ in range(a_day)]
    return {"readings": [[1, 220, 130]] * a_day + rest}


# Stage 1: 135/85 or more. Stage 2: 150/95 or more. Either component is enough.
STAGES = [
    ("134.9", "84.9", 0), ("134.99", 80, 0), (135, "84.9", 1), ("134.9", 85, 1), ("149.9", "94.9", 1), (150, 80, 2),
    ("149.9", 95, 2), (120, 95, 2), (120, 85, 1), (135, 60, 1), (150, 95, 2),
]  # fmt: skip


def wrong_rows() -> list[tuple[Any, Any, int]]:
    """The rows that do not come out; a planted wrong edge must make one."""
    return [row for row in STAGES if home_bp.score(_week(row[0], row[1]))["stage"] != row[2]]


def test_every_stage_on_both_sides_of_each_edge() -> None:
    assert wrong_rows() == []


@pytest.mark.parametrize(
    ("days", "a_day", "valid", "n"),
    [
        (7, 4, True, 24),
        (4, 4, True, 12),
        (4, 2, True, 6),
        (3, 4, False, 8),
        (7, 1, False, 6),
        (1, 4, False, 0),
    ],
)
def test_a_set_needs_four_days_and_leaves_the_first_one_out(
    days: int, a_day: int, valid: bool, n: int
) -> None:
    found = home_bp.score(_week(140, 80, days, a_day))
    assert (found["valid"], found["n"]) == (valid, n)
    assert (found["sys"], found["dia"], found["stage"]) == ((140, 80, 1) if valid else (None, None, None))


def test_the_average_is_compared_before_it_is_rounded() -> None:
    case = _week(135, 80)
    case["readings"][-1] = [7, "134.9", 80]
    found = home_bp.score(case)
    assert (str(found["sys"]), found["stage"]) == ("135", 0)


def test_readings_may_come_in_any_order_and_with_dates() -> None:
    rows = [[f"2026-11-0{day}", 152, 80] for day in range(2, 7) for _ in range(2)]
    found = home_bp.score({"readings": [*rows, ["2026-11-01", 90, 50], ["2026-11-01", 90, 50]]})
    assert found == {"valid": True, "n": 10, "sys": 152, "dia": 80, "stage": 2}


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({}, "readings must be a list"), ({"readings": [[1, 120]]}, "must be a list of 3"),
        ({"readings": [["soon", 120, 80]]}, "day of reading 1 must be"),
        ({"readings": [[1.5, 120, 80]]}, "whole number"),
        ({"readings": [["2026-13-01", 120, 80]]}, "or a date"),
        ({"readings": [[None, 120, 80]]}, "day of reading 1 is missing"),
        ({"readings": [[1, 120, "eighty"]]}, "diastolic of reading 1 must be a number"),
    ],
)  # fmt: skip
def test_a_set_that_cannot_be_averaged_says_why(case: dict[str, Any], words: str) -> None:
    with pytest.raises(BadCase, match=words):
        home_bp.score(case)


JSON = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)


@CALM
@given(readings=st.lists(st.lists(JSON, min_size=2, max_size=4) | JSON, max_size=12) | JSON)
def test_whatever_is_typed_it_is_averaged_or_refused_in_words(readings: Any) -> None:
    try:
        found = home_bp.score({"readings": readings})
    except BadCase:
        return
    assert found["valid"] == (found["stage"] is not None)
