"""A wrong edge in a rule of the clock is caught by that rule's own examples, so that none of them cannot fail."""

from datetime import timedelta
from typing import Any

import pytest

from backend.alerts.judge import rules
from backend.alerts.levels import Severity
from backend.alerts.rules import (
    bed_exit,
    door_night,
    fall_recurrent,
    inactivity,
    no_sign,
    readings_missed,
    unprotected,
)


def wrong(name: str) -> int:
    """How many of a rule's examples it does not do."""
    rule = rules()[name]
    return sum(rule.evaluate(history) != expected for history, expected in rule.EXAMPLES)


@pytest.mark.parametrize(
    ("name", "place", "constant", "planted"),
    [
        ("no_sign", no_sign, "HOURS", "25"),
        ("no_sign", no_sign, "HOURS", "23"),
        ("inactivity", inactivity, "MARGIN_PERCENT", "60"),
        ("inactivity", inactivity, "MARGIN_PERCENT", "49"),
        ("inactivity", inactivity, "LEAST_DAYS", 13),
        ("door_night", door_night, "MINUTES", "16"),
        ("door_night", door_night, "MINUTES", "14"),
        ("door_night", door_night, "NIGHT_FROM", "02:01"),
        ("door_night", door_night, "NIGHT_UNTIL", "09:01"),
        ("bed_exit", bed_exit, "MINUTES", "31"),
        ("bed_exit", bed_exit, "MINUTES", "29"),
        ("fall_recurrent", fall_recurrent, "FALLS", 3),
        ("fall_recurrent", fall_recurrent, "FALLS", 1),
        ("fall_recurrent", fall_recurrent, "LOOKBACK", timedelta(days=366)),
        ("unprotected", unprotected, "URGENT_AFTER", timedelta(hours=5)),
        ("unprotected", unprotected, "URGENT_AFTER", timedelta(hours=3)),
        ("unprotected", unprotected, "URGENT_AFTER_ALONE", timedelta(hours=2)),
        ("readings_missed", readings_missed, "LEVELS", {"same-day-call": Severity.ROUTINE}),
    ],
)
def test_a_planted_wrong_edge_is_caught(
    monkeypatch: pytest.MonkeyPatch, name: str, place: Any, constant: str, planted: object
) -> None:
    assert wrong(name) == 0
    monkeypatch.setattr(place, constant, planted)
    assert wrong(name) > 0


@pytest.mark.parametrize(("hours", "steps"), [(3.99, ["nudge"]), (4, ["nudge", "same-day-call"])])
def test_a_step_by_the_hour_is_reached_at_its_hour(hours: float, steps: list[str]) -> None:
    history = rules()["readings_missed"].EXAMPLES[-1][0]
    row = history.home.missed[0]
    assert readings_missed.reached(row, row.since + timedelta(hours=hours)) == steps
