"""By when an answer is due, by the hours of whoever was written to."""

from datetime import UTC, datetime, time, timedelta

import pytest

from backend.threads.clock import practice_answers_by, team_answers_by

LONDON = "Europe/London"


def at(text: str) -> datetime:
    """A time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-23T10:00", "2026-11-23T20:00"),  # In hours: by the end of today's.
        ("2026-11-23T18:00", "2026-11-23T20:00"),
        ("2026-11-23T18:01", "2026-11-24T20:00"),  # Shortly before the end: tomorrow.
        ("2026-11-23T23:00", "2026-11-24T20:00"),
        ("2026-11-23T03:00", "2026-11-23T20:00"),
        ("2026-07-01T06:59", "2026-07-01T19:00"),  # Summer time: 8pm in London is 7pm UTC.
    ],
)
def test_a_team_answers_by_the_end_of_its_next_working_period(received: str, due: str) -> None:
    assert team_answers_by(time(8), time(20), LONDON, at(received), danger=False) == at(due)


def test_a_night_team_answers_by_its_morning() -> None:
    assert team_answers_by(time(20), time(8), LONDON, at("2026-11-23T22:00"), danger=False) == at(
        "2026-11-24T08:00"
    )
    assert team_answers_by(time(20), time(8), LONDON, at("2026-11-23T12:00"), danger=False) == at(
        "2026-11-24T08:00"
    )


def test_a_team_that_never_closes_answers_within_eight_hours() -> None:
    received = at("2026-11-23T10:00")
    assert team_answers_by(time(0), time(0), LONDON, received, danger=False) == received + timedelta(hours=8)


@pytest.mark.parametrize("received", ["2026-11-23T10:00", "2026-11-22T03:00"])
def test_words_of_danger_wait_an_hour_whatever_the_hours_are(received: str) -> None:
    hour = at(received) + timedelta(minutes=60)
    assert team_answers_by(time(8), time(20), LONDON, at(received), danger=True) == hour
    assert practice_answers_by(3, at(received), danger=True) == hour


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-11-23T10:00", 3, "2026-11-26T18:30"),  # Monday to Thursday.
        ("2026-11-27T10:00", 3, "2026-12-02T18:30"),  # Friday to Wednesday, over the weekend.
        ("2026-11-22T10:00", 1, "2026-11-23T18:30"),  # Sunday to Monday.
        ("2026-07-06T10:00", 1, "2026-07-07T17:30"),  # Summer time.
    ],
)
def test_a_practice_answers_within_its_stated_working_days(received: str, days: int, due: str) -> None:
    assert practice_answers_by(days, at(received), danger=False) == at(due)
