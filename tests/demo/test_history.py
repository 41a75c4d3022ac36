"""Whether the invented past looks like a person's: rhythm, noise, gaps, and a course that can be seen."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from statistics import mean

import pytest

from backend.demo.history import DAYS, HOME_ZONE, PastReading, course_share, readings
from backend.demo.kit import DemoDevice, devices
from backend.demo.people import BP, OX, PENDANT, PEOPLE, SCALE
from backend.observations.codes import Code

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=DAYS)


def _past(device: DemoDevice) -> list[PastReading]:
    return list(readings(device, NOW.date(), SINCE, NOW))


def _of(number: int, kind: str) -> list[PastReading]:
    return _past(next(one for one in devices() if one.person.number == number and one.kind == kind))


def _values(past: list[PastReading], code: Code) -> list[float]:
    return [float(value) for one in past for its, value in one.values if its is code]


def test_every_live_person_has_readings_on_more_than_40_days() -> None:
    days: dict[int, set[str]] = defaultdict(set)
    for device in devices():
        for one in _past(device):
            days[device.person.number].add(one.taken.astimezone(HOME_ZONE).date().isoformat())
    live = [person.number for person in PEOPLE if person.status == "live"]
    assert len(live) == 23
    assert all(len(days[number]) >= 40 for number in live)


def test_somebody_misses_days_and_everybody_misses_readings() -> None:
    missed = 0
    for device in devices():
        if device.kind == PENDANT or device.person.status != "live":
            continue
        past = _past(device)
        asked = DAYS * (1 if device.kind == SCALE else 2)
        assert len(past) < asked, device.device_id
        missed += DAYS - len({one.taken.astimezone(HOME_ZONE).date() for one in past}) >= 2
    assert missed >= 5


def test_readings_are_taken_in_the_morning_and_the_evening() -> None:
    hours = {one.taken.astimezone(HOME_ZONE).hour for device in devices() for one in _past(device)}
    assert hours <= {5, 6, 7, 8, 9, 16, 17, 18, 19}
    assert len(hours) >= 5


def test_pressure_is_higher_in_the_evening_than_in_the_morning() -> None:
    past = _of(2, BP)
    at = {True: list[float](), False: list[float]()}
    for one in past:
        at[one.taken.astimezone(HOME_ZONE).hour >= 12] += _values([one], Code.SYSTOLIC)
    assert mean(at[True]) > mean(at[False]) + 3


def test_two_people_have_different_levels_and_no_line_is_flat() -> None:
    levels = [mean(_values(_past(one), Code.SYSTOLIC)) for one in devices() if one.kind == BP]
    assert max(levels) - min(levels) > 12
    assert all(len(set(_values(_past(one), Code.SYSTOLIC))) > 8 for one in devices() if one.kind == BP)


def test_the_three_worsening_courses_end_near_or_over_their_limits() -> None:
    assert min(_values(_of(10, BP)[-3:], Code.SYSTOLIC)) >= 180
    assert mean(_values(_of(10, BP)[:40], Code.SYSTOLIC)) < 155
    assert mean(_values(_of(11, OX)[:60], Code.SPO2)) > 90.5
    assert mean(_values(_of(11, OX)[-5:], Code.SPO2)) <= 90
    assert min(_values(_of(11, OX), Code.SPO2)) >= 88
    weights = _values(_of(9, SCALE), Code.WEIGHT)
    assert weights[-1] - mean(weights[:30]) > 2.0


@pytest.mark.parametrize("person", [p for p in PEOPLE if p.course in ("steady", "falling", "silent")])
def test_who_is_steady_has_no_course(person: object) -> None:
    assert all(
        course_share(one, NOW.date() - timedelta(days=back), NOW.date()) == 0.0
        for one in PEOPLE
        if one is person
        for back in (0, 3, 30)
    )


def test_the_silent_persons_last_reading_is_more_than_three_days_old() -> None:
    for hour in range(24):
        now = datetime(2026, 11, 22, hour, 30, tzinfo=UTC)
        (device,) = (one for one in devices() if one.person.course == "silent")
        last = list(readings(device, now.date(), SINCE, now))[-1]
        assert timedelta(days=3) < now - last.taken < timedelta(days=6)


def test_the_same_question_has_the_same_answer_and_pieces_join_without_a_seam() -> None:
    device = next(one for one in devices() if one.person.number == 8 and one.kind == BP)
    whole = _past(device)
    middle = NOW - timedelta(days=20)
    first = list(readings(device, NOW.date(), SINCE, middle))
    second = list(readings(device, NOW.date(), middle, NOW))
    assert whole == _past(device)
    assert [one.taken for one in whole if one.received <= middle or one.taken > middle] == [
        one.taken for one in [*first, *second]
    ]


def test_a_reading_is_received_after_it_was_taken_and_a_few_come_late() -> None:
    delays = [one.received - one.taken for device in devices() for one in _past(device)]
    assert min(delays) > timedelta(0)
    late = sum(delay > timedelta(minutes=15) for delay in delays)
    assert 0.005 < late / len(delays) < 0.05
