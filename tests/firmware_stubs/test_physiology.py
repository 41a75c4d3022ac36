"""Pretend bodies must be believable, repeatable, and fall when the script says so."""

from __future__ import annotations

from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_stubs.physiology import BOUNDS, COURSES, DAY_S, Person, progress

NOON = 20_779 * DAY_S + 12 * 3600


@given(
    st.integers(0, 10**6),
    st.sampled_from(COURSES),
    st.floats(0, 4e9),
    st.floats(0, 1e6),
    st.integers(0, 10**9),
)
def test_no_body_leaves_the_range_of_a_sensor(
    seed: int, course: str, at_s: float, course_s: float, n: int
) -> None:
    vitals = Person(seed, {}, course).vitals(at_s, course_s, n)
    for name, (low, high) in BOUNDS.items():
        assert low <= getattr(vitals, name) <= high or name == "diastolic"
    assert vitals.diastolic < vitals.systolic


def test_a_seed_gives_the_same_readings_for_ever_and_another_seed_gives_others() -> None:
    first = [Person(4, {}).vitals(NOON + n * 60, n * 60, n) for n in range(50)]
    assert first == [Person(4, {}).vitals(NOON + n * 60, n * 60, n) for n in range(50)]
    assert first != [Person(5, {}).vitals(NOON + n * 60, n * 60, n) for n in range(50)]


def test_people_differ_and_one_person_is_noisy_around_a_level() -> None:
    people = [Person(seed, {}) for seed in range(200)]
    assert pstdev(person.level("systolic") for person in people) > 5
    systolic = [people[0].vitals(NOON, 0, n).systolic for n in range(300)]
    assert 3 < pstdev(systolic) < 7


def test_blood_pressure_and_pulse_are_lower_at_night_than_in_the_afternoon() -> None:
    for seed in range(20):
        person = Person(seed, {})
        night = [person.vitals(NOON - 8 * 3600, 0, n) for n in range(200)]
        afternoon = [person.vitals(NOON + 5 * 3600, 0, n) for n in range(200)]
        assert fmean(v.systolic for v in night) + 3 < fmean(v.systolic for v in afternoon)
        assert fmean(v.pulse for v in night) + 2 < fmean(v.pulse for v in afternoon)


@pytest.mark.parametrize("seed", range(25))
def test_the_falling_course_holds_thirty_seconds_is_down_within_seventy_five_and_comes_back(
    seed: int,
) -> None:
    person = Person(seed, {"spo2": 91, "pulse": 78}, "falling")
    spo2 = {s: person.vitals(NOON + s, s, n).spo2 for n, s in enumerate(range(0, 600, 5))}
    assert all(spo2[s] == 91 for s in range(0, 31, 5))
    assert all(spo2[s] in (85, 86) for s in range(75, 166, 5))
    assert all(abs(spo2[s + 5] - spo2[s]) <= 2 for s in range(0, 590, 5))
    assert all(spo2[s] == 91 for s in range(470, 600, 5))
    assert person.vitals(NOON, 120, 0).pulse > 90


def test_the_severe_course_is_above_180_over_110_while_it_lasts() -> None:
    person = Person(3, {"systolic": 140, "diastolic": 84}, "bp_severe")
    worst = [person.vitals(NOON, s, s) for s in range(60, 360, 10)]
    assert fmean(v.systolic for v in worst) > 184
    assert fmean(v.diastolic for v in worst) > 112
    assert fmean(person.vitals(NOON, 1000, n).systolic for n in range(50)) < 155


def test_the_weight_gain_course_adds_more_than_two_kilograms() -> None:
    person = Person(3, {"weight": 80}, "weight_gain")
    assert person.vitals(NOON, 600, 2).weight - person.vitals(NOON, 0, 1).weight > 2


@given(st.sampled_from(COURSES), st.floats(0, 1e5))
def test_a_course_is_a_share_between_nothing_and_all(course: str, course_s: float) -> None:
    assert 0 <= progress(course, course_s) <= 1


@pytest.mark.parametrize(("baseline", "course"), [({}, "flying"), ({"spo3": 9.0}, "steady")])
def test_a_plan_with_a_wrong_word_is_refused_in_words(baseline: dict[str, float], course: str) -> None:
    with pytest.raises(ValueError, match="is none of"):
        Person(1, baseline, course)
