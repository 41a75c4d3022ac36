"""Staffed hours by a table: inside, before, after, over midnight, and over a change to summer time."""

from datetime import UTC, datetime, time

import pytest

from backend.access.hours import in_words, watch

EIGHT, TWENTY = time(8), time(20)


@pytest.mark.parametrize(
    ("opens", "closes", "at", "watching", "next_at"),
    [
        (EIGHT, TWENTY, "2026-11-22T08:00", True, None),
        (EIGHT, TWENTY, "2026-11-22T19:59", True, None),
        (EIGHT, TWENTY, "2026-11-22T20:00", False, "2026-11-23T08:00"),
        (EIGHT, TWENTY, "2026-11-22T03:00", False, "2026-11-22T08:00"),
        (TWENTY, EIGHT, "2026-11-22T23:00", True, None),
        (TWENTY, EIGHT, "2026-11-22T07:59", True, None),
        (TWENTY, EIGHT, "2026-11-22T12:00", False, "2026-11-22T20:00"),
        (EIGHT, EIGHT, "2026-11-22T03:00", True, None),
        # Clocks go forward at 01:00 UTC on 29 March 2026: eight in London is then seven in UTC.
        (EIGHT, TWENTY, "2026-03-28T22:00", False, "2026-03-29T07:00"),
        (EIGHT, TWENTY, "2026-07-01T19:30", False, "2026-07-02T07:00"),
    ],
)
def test_a_team_watches_in_its_hours_by_its_own_clock(
    opens: time, closes: time, at: str, watching: bool, next_at: str | None
) -> None:
    found = watch(opens, closes, "Europe/London", datetime.fromisoformat(at).replace(tzinfo=UTC))
    expected = datetime.fromisoformat(next_at).replace(tzinfo=UTC) if next_at else None
    assert (found.now, found.next_at) == (watching, expected)


def test_hours_are_said_as_people_say_them() -> None:
    assert in_words(EIGHT, TWENTY) == "8am to 8pm, every day"
    assert in_words(time(7, 30), time(0)) == "7:30am to 12am, every day"
    assert in_words(EIGHT, EIGHT) == "24 hours a day"
