"""Tiles and series by tables: where a value stands, how old it is, and what is said when there is none."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from backend.observations.codes import Code
from backend.observations.reading import Limit, Quality, Reading, Special, StoredReading
from backend.screens.series import points, summary
from backend.screens.tiles import plain, range_of, state_of, tile, worst

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def reading(code: Code, value: str | Special, at: datetime = NOW, quality: Quality = Quality.OK) -> Reading:
    return Reading(
        code, value if isinstance(value, Special) else Decimal(value), code.unit, at, quality=quality
    )


def stored(
    code: Code, value: str | Special, at: datetime = NOW, quality: Quality = Quality.OK
) -> StoredReading:
    return StoredReading(
        reading(code, value, at, quality), at + timedelta(seconds=2), int(at.timestamp()), None
    )


def limit(low: str | None, high: str | None) -> Limit:
    return Limit(Decimal(low) if low else None, Decimal(high) if high else None, "set by a nurse", True)


@pytest.mark.parametrize(
    ("value", "low", "high", "state"),
    [
        ("88", "88", "92", "in-range"),
        ("92", "88", "92", "in-range"),
        ("87.9", "88", "92", "below"),
        ("92.1", "88", "92", "above"),
        ("10", "88", None, "below"),
        ("99", "88", None, "in-range"),
        ("99", None, "92", "above"),
        ("99", None, None, "no-range"),
        (Special.LO, "88", "92", "below"),
        (Special.HI, None, None, "above"),
        (Special.NOT_A_NUMBER, "88", "92", "no-range"),
    ],
)
def test_a_value_stands_in_above_or_below_its_range(
    value: str | Special, low: str | None, high: str | None, state: str
) -> None:
    assert state_of([reading(Code.SPO2, value)], {Code.SPO2: limit(low, high)}) == state


def test_a_pressure_is_above_when_either_number_is() -> None:
    limits = {Code.SYSTOLIC: limit(None, "135"), Code.DIASTOLIC: limit(None, "85")}
    both = [reading(Code.SYSTOLIC, "130"), reading(Code.DIASTOLIC, "90")]
    assert state_of(both, limits) == "above"
    assert state_of(both, {}) == "no-range"


@pytest.mark.parametrize(
    ("value", "shown"), [("138", "138"), ("36.60", "36.6"), ("100", "100"), ("0.0", "0"), ("1E+2", "100")]
)
def test_values_are_printed_as_people_write_them(value: str, shown: str) -> None:
    assert plain(Decimal(value)) == shown


def test_a_kind_without_any_reading_says_so() -> None:
    empty = tile("spo2", {}, {Code.SPO2: limit("88", "92")}, {}, NOW)
    assert (empty["state"], empty["values"], empty["effective_at"], empty["stale"]) == (
        "no-data",
        [],
        None,
        False,
    )
    assert empty["range"] == range_of(limit("88", "92"))


@pytest.mark.parametrize(("age", "stale"), [(HOUR * 30, False), (HOUR * 30 + timedelta(seconds=1), True)])
@pytest.mark.hazard("H02")
def test_a_value_past_its_age_looks_old(age: timedelta, stale: bool) -> None:
    found = tile("spo2", {Code.SPO2: stored(Code.SPO2, "95", NOW - age)}, {}, {}, NOW)
    assert (found["age_s"], found["stale"]) == (int(age.total_seconds()), stale)


@pytest.mark.hazard("H02")
def test_a_tile_never_shows_two_moments_as_one() -> None:
    latest = {
        Code.SYSTOLIC: stored(Code.SYSTOLIC, "138"),
        Code.DIASTOLIC: stored(Code.DIASTOLIC, "84", NOW - HOUR),
    }
    values = tile("blood-pressure", latest, {}, {}, NOW)["values"]
    assert values == [{"code": "systolic", "value": "138", "special": None, "unit": "mm[Hg]"}]


def test_a_word_instead_of_a_number_is_shown_as_a_word() -> None:
    found = tile("spo2", {Code.SPO2: stored(Code.SPO2, Special.LO)}, {}, {(Code.SPO2, NOW): "urgent"}, NOW)
    assert found["values"] == [{"code": "spo2", "value": None, "special": "LO", "unit": "%"}]
    assert (found["state"], found["level"]) == ("below", "urgent")


def test_the_worst_of_levels_is_the_worst() -> None:
    assert worst(["soon", "emergency", "urgent"]) == "emergency"
    assert worst([]) is None


def test_a_value_from_a_clock_ahead_of_ours_is_new_and_not_negative() -> None:
    assert tile("pulse", {Code.PULSE: stored(Code.PULSE, "70", NOW + HOUR)}, {}, {}, NOW)["age_s"] == 0


def test_points_hold_what_was_measured_together() -> None:
    found = points(
        [
            stored(Code.SYSTOLIC, "138"),
            stored(Code.DIASTOLIC, "84", quality=Quality.MOTION),
            stored(Code.SYSTOLIC, Special.HI, NOW + HOUR),
        ],
        {(Code.SYSTOLIC, NOW): "soon"},
    )
    assert [point["values"] for point in found] == [{"systolic": "138", "diastolic": "84"}, {}]
    assert [point["special"] for point in found] == [{}, {"systolic": "HI"}]
    assert [(point["quality"], point["level"]) for point in found] == [("suspect", "soon"), ("ok", None)]


@pytest.mark.parametrize(
    ("now", "before", "direction"),
    [
        (["138", "140", "160"], ["130"], "higher"),
        (["134"], ["138"], "same"),
        (["120"], ["140", "141"], "lower"),
        (["120"], [], None),
        ([], ["120"], None),
    ],
)
def test_a_summary_says_which_way_the_median_went(
    now: list[str], before: list[str], direction: str | None
) -> None:
    def taken(values: list[str]) -> list[StoredReading]:
        return [stored(Code.SYSTOLIC, value, NOW + HOUR * n) for n, value in enumerate(values)]

    found = summary((Code.SYSTOLIC, Code.DIASTOLIC), taken(now), taken(before))
    assert (found["count"], found["direction"]) == (len(now), direction)


def test_suspect_measurements_do_not_move_the_median() -> None:
    taken = [stored(Code.SPO2, "95"), stored(Code.SPO2, "60", NOW + HOUR, Quality.SUSPECT)]
    assert summary((Code.SPO2,), taken, [])["median"] == {"spo2": "95"}
