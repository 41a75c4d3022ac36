"""Blood pressure severe, low, falling on standing and on average: both sides of each boundary of the reference."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest

from backend.alerts.history import Facts, History
from backend.alerts.rules import bp_home_average, bp_low, bp_postural, bp_severe
from backend.observations.codes import Code
from backend.observations.reading import Special
from tests.alerts.rules.tables import Row, Table, Value, level, seen

SYS, DIA, UNWELL, ACVPU = Code.SYSTOLIC, Code.DIASTOLIC, Code.UNWELL, Code.ACVPU


def _severe(systolic: Value, diastolic: Value, beside: tuple[Code, int] | None, minutes: float) -> str | None:
    said = () if beside is None else ((*beside, 0.0),)
    return level(bp_severe.evaluate(seen((SYS, systolic), (DIA, diastolic), *said, as_of=minutes)))


# bp-severe: 180 or more, or 120 or more; one repeat, unconfirmed after 10 minutes, at once with symptoms.
SEVERE = Table("bp_severe", bp_severe, [
    ("179.9", "119.9", None, 10, None), ("180", "119.9", None, 10, "urgent"), ("179.9", "120", None, 10, "urgent"),
    ("180", "90", None, 0, "ask a repeat"), ("180", "90", None, 9.9, "ask a repeat"), ("180", "90", None, 10, "urgent"),
    ("180", "90", (UNWELL, 1), 0, "urgent"), ("180", "90", (UNWELL, 0), 0, "ask a repeat"),
    ("180", "90", (ACVPU, 1), 0, "emergency"), ("180", "90", (ACVPU, 4), 0, "emergency"),
    ("180", "90", (ACVPU, 0), 0, "ask a repeat"), ("179.9", "119.9", (ACVPU, 1), 10, None),
    (Special.HI, "90", None, 0, "urgent"), (Special.LO, "40", None, 0, "urgent"),
], _severe)  # fmt: skip


def _own_severe(
    systolic: str, diastolic: str, own_systolic: str | None, own_diastolic: str | None
) -> str | None:
    own = {SYS: (None, own_systolic), DIA: (None, own_diastolic)}
    return level(bp_severe.evaluate(seen((SYS, systolic), (DIA, diastolic), own=own, as_of=10)))


# A clinician's upper limit over 180/120 takes its place; one under it asks to be told soon of what is over it.
OWN_SEVERE = Table("bp_severe_own", bp_severe, [
    ("178", "118", "150", "90", "soon"), ("150", "90", "150", "90", None), ("150.1", "90", "150", "90", "soon"),
    ("150", "90.1", "150", "90", "soon"), ("179.9", "90", "150", "90", "soon"), ("180", "90", "150", "90", "urgent"),
    ("150", "120", "150", "90", "urgent"), ("150", "119.9", "150", "90", "soon"),
    ("185", "90", "200", None, None), ("200", "90", "200", None, None), ("200.1", "90", "200", None, "urgent"),
    ("185", "120", "200", None, "urgent"), ("185", "125", "200", "130", None), ("180", "90", "180", None, "urgent"),
    ("180", "90", "180.1", None, None), ("150", "120", None, "120", "urgent"), ("150", "120", None, "120.1", None),
], _own_severe)  # fmt: skip


def _low(systolic: str, diastolic: str, usual: str | None, unwell: bool, own: str | None) -> str | None:
    facts = Facts(usual_systolic_low=None if usual is None else Decimal(usual))
    said = ((UNWELL, 1),) if unwell else ()
    history = seen(
        (SYS, systolic), (DIA, diastolic), *said, facts=facts, own={SYS: (own, None)} if own else None
    )
    return level(bp_low.evaluate(history))


# bp-low: systolic 90 or less. bp-lowish: 91 to 100 and under the usual range, or under 90/60 with symptoms.
LOW = Table("bp_low", bp_low, [
    ("89.9", "70", None, False, None, "urgent"), ("90", "70", None, False, None, "urgent"),
    ("90.1", "70", None, False, None, None), ("91", "70", None, False, None, None),
    ("91", "70", "110", False, None, "soon"), ("90.1", "70", "110", False, None, "soon"),
    ("100", "70", "110", False, None, "soon"), ("100.1", "70", "110", False, None, None),
    ("95", "70", "95", False, None, None), ("95", "70", "95.1", False, None, "soon"),
    ("104", "59.9", None, True, None, "soon"), ("104", "60", None, True, None, None),
    ("104", "59", None, False, None, None),
    # A clinician's own lower limit takes the place of 90; under 90/60 with symptoms still counts.
    ("85", "70", None, False, "85", None), ("84.9", "70", None, False, "85", "urgent"),
    ("90", "70", None, False, "90", None), ("89.9", "70", None, False, "90", "urgent"),
    ("90", "70", None, False, "90.1", "urgent"),
    ("89.9", "70", None, True, "85", "soon"), ("90", "70", None, True, "85", None),
    ("109", "70", None, False, "110", "soon"), ("110", "70", "120", False, "110", None),
    ("90", "70", None, False, "110", "urgent"),
], _low)  # fmt: skip


def _postural(sitting: str, standing: Value, minutes: float) -> str | None:
    return level(bp_postural.evaluate(seen((SYS, sitting), (Code.STANDING_SYSTOLIC, standing, minutes))))


# bp-postural: a fall of 20 or more on standing.
POSTURAL = Table("bp_postural", bp_postural, [
    ("140", "120.1", 3, None), ("140", "120", 3, "soon"), ("140", "119.9", 3, "soon"), ("140", "150", 3, None),
    ("140", "100", 10, "soon"), ("140", "100", 10.1, None), ("140", "100", -1, None),
    # Standing, 90 or less and what the cuff cannot measure are looked at whatever they were sitting.
    ("100", "90.1", 3, None), ("100", "90", 3, "soon"), ("100", "89.9", 3, "soon"), ("140", "90", 30, "soon"),
    ("101", Special.LO, 3, "soon"), ("101", Special.HI, 3, None),
], _postural)  # fmt: skip

UNTREATED, TREATED = Facts(blood_pressure_treated=False), Facts(blood_pressure_treated=True)
OLD = Facts(blood_pressure_treated=True, birth_date=date(1946, 11, 5))
YOUNGER = Facts(blood_pressure_treated=True, birth_date=date(1946, 11, 6))


def _set(systolic: str, diastolic: str, facts: Facts, days: int = 4, own: str | None = None) -> History:
    """Two readings a day from Monday, the first day's so high that an average with it would be stage 2."""
    readings: list[tuple[Code, Value, float]] = []
    for day in range(days):
        for hours in (0, 11):
            pair = ("220", "119") if day == 0 else (systolic, diastolic)
            minute = (day * 24 + hours) * 60.0
            readings += [(SYS, pair[0], minute), (DIA, pair[1], minute)]
    return seen(*readings, facts=facts, own={SYS: (None, own)} if own else None)


def _average(systolic: str, diastolic: str, facts: Facts, days: int, own: str | None) -> str | None:
    return level(bp_home_average.evaluate(_set(systolic, diastolic, facts, days, own)))


# bp-home-avg-1: 135/85 or more, bp-home-avg-2: 150/95 or more, not treated. Targets: 135/85 under 80, 145/85 from 80.
AVERAGE = Table("bp_home_average", bp_home_average, [
    ("134.9", "84.9", UNTREATED, 4, None, None), ("135", "84.9", UNTREATED, 4, None, "routine"),
    ("134.9", "85", UNTREATED, 4, None, "routine"), ("149.9", "94.9", UNTREATED, 4, None, "routine"),
    ("150", "84", UNTREATED, 4, None, "soon"), ("120", "95", UNTREATED, 4, None, "soon"),
    ("170", "100", UNTREATED, 3, None, None),
    ("134.9", "84.9", TREATED, 4, None, None), ("135", "84", TREATED, 4, None, "info"),
    ("134", "85", TREATED, 4, None, "info"), ("170", "100", TREATED, 4, None, "info"),
    # Not known is judged as not treated.
    ("170", "100", Facts(), 4, None, "soon"), ("135", "84", Facts(), 4, None, "routine"),
    ("134.9", "84.9", Facts(), 4, None, None),
    ("144.9", "84.9", OLD, 4, None, None), ("145", "84", OLD, 4, None, "info"), ("144", "85", OLD, 4, None, "info"),
    ("144.9", "84.9", YOUNGER, 4, None, "info"),
    ("145", "84", UNTREATED, 4, "145", None), ("145.1", "84", UNTREATED, 4, "145", "info"),
], _average)  # fmt: skip

TABLES = (SEVERE, OWN_SEVERE, LOW, POSTURAL, AVERAGE)


@pytest.mark.parametrize(("table", "row"), [(t, row) for t in TABLES for row in t.rows])
def test_blood_pressure_on_both_sides_of_each_boundary(table: Table, row: Row) -> None:
    assert table.found(*row[:-1]) == row[-1]


def test_a_pressure_without_its_other_half_does_not_calm_a_severe_one() -> None:
    severe = ((SYS, "190"), (DIA, "100"))
    alone = bp_severe.evaluate(seen(*severe, (DIA, "80", 5), as_of=10))
    assert level(alone) == "urgent"
    assert bp_severe.evaluate(seen(*severe, (SYS, "140", 5), (DIA, "80", 5), as_of=10)) is None


def test_two_readings_over_an_own_limit_confirm_each_other_and_a_severe_one_waits_for_its_own_repeat() -> (
    None
):
    own = {SYS: (None, "150")}
    twice = bp_severe.evaluate(seen((SYS, "160"), (DIA, "80"), (SYS, "158", 5), (DIA, "80", 5), own=own))
    assert twice is not None
    assert twice.reason == "Blood pressure 158 over 80, two readings in 5 minutes, own limit 150 over 120"
    assert level(twice) == "soon"
    worse = seen((SYS, "160"), (DIA, "80"), (SYS, "185", 5), (DIA, "80", 5), own=own)
    assert level(bp_severe.evaluate(worse)) == "ask a repeat"


@pytest.mark.parametrize("weekdays", [(0, 1, 2, 3, 4, 5, 6), (0, 2, 4), (1, 3, 5, 6), (0, 1, 2), (4, 5, 6)])
@pytest.mark.parametrize("begun", [0, 3])
def test_an_average_is_said_once_a_week_at_most_whatever_days_somebody_measures(
    weekdays: tuple[int, ...], begun: int
) -> None:
    days = [day for day in range(begun, 56) if day % 7 in weekdays]
    minutes = [(day * 24 + hours) * 60.0 for day in days for hours in (0, 11)]
    pairs = [(code, value, at) for at in minutes for code, value in ((SYS, "140"), (DIA, "80"))]
    readings = seen(*pairs).readings
    said: dict[object, date] = {}
    for day in days:
        at = readings[0].effective_at + timedelta(days=day - days[0], hours=12)
        in_sight = tuple(one for one in readings if at - bp_home_average.LOOKBACK <= one.effective_at <= at)
        found = bp_home_average.evaluate(History(in_sight, at, facts=UNTREATED))
        if found is not None:
            said.setdefault(found.evidence[-1].effective_at, at.date())
    told = list(said.values())
    apart = [(after - before).days for before, after in itertools.pairwise(told)]
    assert len(told) >= 5
    assert min(apart) >= 6
    assert max(apart) <= 14


def test_the_reason_of_an_average_says_what_it_rests_on() -> None:
    found = bp_home_average.evaluate(_set("150.2", "84", UNTREATED))
    assert found is not None
    assert found.reason == (
        "Average of 6 home readings, 2 Nov to 5 Nov without the first day: 150.2 over 84, "
        "150 over 95 or more (stage 2), not treated"
    )


def test_confusion_that_comes_after_a_severe_pressure_is_news() -> None:
    found = bp_severe.evaluate(seen((SYS, "184"), (DIA, "90"), (ACVPU, 1, 20)))
    assert found is not None
    assert found.severity.value == "emergency"
    assert found.evidence[-1].code is ACVPU
