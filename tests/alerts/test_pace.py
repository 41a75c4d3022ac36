"""A worker on a slow machine judges fewer at a time, and never none (H09)."""

import pytest

from backend.alerts.pace import LEAST, Pace


@pytest.mark.hazard("H09")
def test_a_slow_round_makes_the_next_smaller_and_a_quick_one_larger_within_bounds() -> None:
    pace = Pace(50, 200)
    for seconds, limit in (
        (0.2, 100),
        (0.2, 200),
        (0.2, 200),
        (3.0, 200),
        (9.0, 50),
        (9.0, 12),
        (9.0, 3),
        (9.0, LEAST),
    ):
        pace.took(seconds)
        assert pace.limit == limit
    pace.took(60.0)
    assert pace.limit == LEAST


def test_a_round_that_fails_is_timed_too_and_its_failure_goes_on() -> None:
    pace = Pace(50, 200)

    def fails(limit: int) -> int:
        raise ValueError(str(limit))

    with pytest.raises(ValueError, match="50"):
        pace.timed(fails)
    assert pace.timed(lambda limit: limit) == 100
