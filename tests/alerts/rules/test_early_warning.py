"""NEWS2 on a person's readings: a total only of all seven within an hour, and a partial set that may only escalate."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.alerts.history import Facts
from backend.alerts.rules import news2_partial, news2_total
from backend.observations.codes import Code
from backend.observations.reading import Special
from backend.scores import news2
from tests.alerts.rules.tables import Row, Table, Value, level, seen

# A busy machine is no reason to fail.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

WELL: dict[str, Value] = {
    "respiratory-rate": "16", "spo2": "97", "oxygen-use": "0", "systolic": "130", "pulse": "80", "acvpu": "0",
    "temperature": "36.8",
}  # fmt: skip


def _measured(values: dict[str, Value], *, without: str = "") -> list[tuple[Code, Value]]:
    return [(Code(name), value) for name, value in (WELL | values).items() if name != without]


def _total(values: dict[str, Value], facts: Facts) -> str | None:
    return level(news2_total.evaluate(seen(*_measured(values), facts=facts)))


NOBODY, SCALE_2 = Facts(), Facts(spo2_scale2=True)
# RCP: 0 to 4 nothing urgent, 3 in one sign urgent, 5 to 6 urgent, 7 or more emergency.
TOTAL = Table("news2_total", news2, [
    ({}, NOBODY, None),
    ({"respiratory-rate": "21", "pulse": "111"}, NOBODY, None),
    ({"respiratory-rate": "21", "pulse": "111", "temperature": "38.1"}, NOBODY, "urgent"),
    ({"respiratory-rate": "21", "pulse": "111", "temperature": "39.1"}, NOBODY, "urgent"),
    ({"respiratory-rate": "21", "pulse": "111", "temperature": "39.1", "spo2": "95"}, NOBODY, "emergency"),
    ({"acvpu": "1"}, NOBODY, "urgent"), ({"systolic": "220"}, NOBODY, "urgent"), ({"oxygen-use": "2"}, NOBODY, None),
    ({"acvpu": "1", "pulse": "111"}, NOBODY, "urgent"),
    ({"acvpu": "1", "pulse": "40", "temperature": "38.1"}, NOBODY, "emergency"),
    ({"spo2": "90"}, NOBODY, "urgent"), ({"spo2": "90"}, SCALE_2, None),
    ({"spo2": "90"}, Facts(spo2_scale2=False), "urgent"),
    ({"spo2": "97", "oxygen-use": "1"}, SCALE_2, "urgent"), ({"spo2": "97", "oxygen-use": "1"}, NOBODY, None),
    ({"spo2": "97", "oxygen-use": "1", "respiratory-rate": "21"}, SCALE_2, "emergency"),
    ({"spo2": "98", "oxygen-use": "0"}, SCALE_2, None),
    ({"spo2": Special.LO}, SCALE_2, "urgent"),
    ({"acvpu": "4", "pulse": "140", "spo2": "80"}, Facts(birth_date=date(2010, 11, 3)), None),
    ({"acvpu": "4", "pulse": "140", "spo2": "80"}, Facts(birth_date=date(2010, 11, 2)), "emergency"),
], _total)  # fmt: skip


def _partial(values: dict[str, Value], facts: Facts) -> str | None:
    history = seen(*((Code(name), value) for name, value in values.items()), facts=facts)
    return level(news2_partial.evaluate(history))


# Alongside default: known points of 5 or more urgent, 7 or more emergency, less says nothing.
PARTIAL = Table("news2_partial", news2, [
    ({"spo2": "91"}, NOBODY, None), ({"acvpu": "4"}, NOBODY, None), ({"spo2": "91", "pulse": "110"}, NOBODY, None),
    ({"spo2": "91", "pulse": "111"}, NOBODY, "urgent"), ({"spo2": "92", "pulse": "111"}, NOBODY, None),
    ({"spo2": "92", "pulse": "111", "temperature": "38.1"}, NOBODY, "urgent"),
    ({"spo2": "91", "pulse": "131"}, NOBODY, "urgent"),
    ({"spo2": "91", "pulse": "131", "temperature": "38.1"}, NOBODY, "emergency"),
    ({"spo2": "91", "oxygen-use": "2"}, NOBODY, "urgent"), ({"spo2": "91", "oxygen-use": "0"}, NOBODY, None),
    ({"spo2": "97", "pulse": "131"}, SCALE_2, None),
    ({"spo2": "97", "pulse": "131", "oxygen-use": "1"}, SCALE_2, "emergency"),
    ({"spo2": "90", "pulse": "131"}, SCALE_2, None),
    (WELL | {"spo2": "80", "pulse": "131", "acvpu": "4"}, NOBODY, None),
], _partial)  # fmt: skip

TABLES = (TOTAL, PARTIAL)


@pytest.mark.parametrize(("table", "row"), [(t, row) for t in TABLES for row in t.rows])
@pytest.mark.hazard("H13")
def test_the_early_warning_score_at_home(table: Table, row: Row) -> None:
    assert table.found(*row[:-1]) == row[-1]


@pytest.mark.parametrize("missing", list(WELL))
def test_without_one_of_the_seven_there_is_no_total(missing: str) -> None:
    bad: dict[str, Value] = {
        "acvpu": "1",
        "pulse": "131",
        "systolic": "90",
        "spo2": "91",
        "respiratory-rate": "25",
    }
    history = seen(*_measured(bad, without=missing))
    assert news2_total.evaluate(history) is None
    found = news2_partial.evaluate(history)
    assert found is not None
    assert found.reason.startswith("Partial observations, NEWS2 not calculated: ")


@pytest.mark.parametrize(("minutes", "is_total"), [(60.0, True), (60.1, False)])
def test_all_seven_are_measured_within_an_hour(minutes: float, is_total: bool) -> None:
    late = [(code, value, minutes) for code, value in _measured({"pulse": "131"}, without="temperature")]
    found = news2_total.evaluate(seen((Code.TEMPERATURE, "36.8", 0), *late))
    assert (found is not None) == is_total


def test_oxygen_said_long_before_the_saturation_is_not_known_any_more() -> None:
    early = ((Code.OXYGEN_USE, "0", 0.0),)
    late = [(code, value, 15.1) for code, value in _measured({"pulse": "131"}, without="oxygen-use")]
    assert news2_total.evaluate(seen(*early, *late)) is None


@pytest.mark.parametrize("scale2", [None, False])
@pytest.mark.hazard("H13")
def test_a_target_of_88_to_92_is_never_scored_on_scale_1_for_an_alert(scale2: bool | None) -> None:
    own, facts = {Code.SPO2: ("88", "92")}, Facts(spo2_scale2=scale2)
    worrying = ((Code.SPO2, "90"), (Code.PULSE, "111"))
    assert news2_partial.evaluate(seen(*worrying, own=own, facts=facts)) is None
    assert level(news2_partial.evaluate(seen(*worrying))) == "urgent"
    assert (
        news2_total.evaluate(seen(*_measured({"spo2": "90", "pulse": "131"}), own=own, facts=facts)) is None
    )
    found = news2_partial.evaluate(
        seen((Code.SPO2, "90"), (Code.PULSE, "131"), (Code.ACVPU, "1"), own=own, facts=facts)
    )
    assert found is not None
    assert "not measured, oxygen saturation not scored" in found.reason


# The signs of the review: each right for this person, and points on the chart.
@pytest.mark.parametrize(("values", "own", "expected"), [
    ({"pulse": "39", "systolic": "88"}, {Code.PULSE: ("38", "125"), Code.SYSTOLIC: ("80", None)}, None),
    ({"pulse": "37", "systolic": "88"}, {Code.PULSE: ("38", "125"), Code.SYSTOLIC: ("80", None)}, "urgent"),
    ({"pulse": "39", "systolic": "79"}, {Code.PULSE: ("38", "125"), Code.SYSTOLIC: ("80", None)}, "urgent"),
    # Half a range says nothing of the other side.
    ({"pulse": "131", "respiratory-rate": "21"}, {Code.PULSE: ("38", None)}, "urgent"),
    ({"systolic": "220", "respiratory-rate": "21"}, {Code.SYSTOLIC: ("80", None)}, "urgent"),
    ({"temperature": "35.0"}, {Code.TEMPERATURE: ("34.5", "37.5")}, None),
    ({"spo2": "94", "pulse": "111", "respiratory-rate": "21"}, {Code.SPO2: ("94", "98")}, None),
    ({"spo2": Special.LO}, {Code.SPO2: ("94", "98")}, "urgent"),
])  # fmt: skip
@pytest.mark.hazard("H13")
def test_a_sign_inside_a_range_of_ones_own_counts_for_no_alert(
    values: dict[str, Value], own: dict[Code, tuple[str | None, str | None]], expected: str | None
) -> None:
    assert level(news2_total.evaluate(seen(*_measured(values), own=own))) == expected


def test_the_score_itself_stays_the_colleges_and_the_reason_says_what_was_left_out() -> None:
    values: dict[str, Value] = {"pulse": "39", "systolic": "88", "acvpu": "1"}
    found = news2_total.evaluate(
        seen(*_measured(values), own={Code.PULSE: ("38", "125"), Code.SYSTOLIC: ("80", None)})
    )
    assert found is not None
    assert (found.title, found.severity.value) == ("NEWS2 9", "urgent")
    assert found.reason.endswith(
        "; not counted: blood pressure in own limit 80 or more, pulse in own range 38 to 125"
    )
    partial = news2_partial.evaluate(
        seen(*_measured(values, without="temperature"), own={Code.PULSE: ("38", "125")})
    )
    assert partial is not None
    assert "9 points known" in partial.reason
    assert partial.severity.value == "urgent"


@CALM
@given(values=st.fixed_dictionaries({}, optional={
    "respiratory-rate": st.integers(3, 40), "spo2": st.integers(70, 100), "oxygen-use": st.integers(0, 4),
    "systolic": st.integers(60, 240), "pulse": st.integers(30, 180), "acvpu": st.integers(0, 4),
    "temperature": st.decimals(Decimal(34), Decimal(41), places=1),
}), scale2=st.sampled_from([None, True, False]))  # fmt: skip
@pytest.mark.hazard("H13")
def test_a_partial_set_never_says_less_than_the_whole_would(
    values: dict[str, Value], scale2: bool | None
) -> None:
    facts = Facts(spo2_scale2=scale2)
    if not values:
        return
    partial = news2_partial.evaluate(seen(*((Code(n), str(v)) for n, v in values.items()), facts=facts))
    if partial is not None:
        whole = news2_total.evaluate(seen(*_measured({n: str(v) for n, v in values.items()}), facts=facts))
        assert whole is not None
        assert not partial.severity.worse_than(whole.severity)
