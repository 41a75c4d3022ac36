"""Several pathways of one person: one schedule, one check-in, and nothing chosen that only a clinician can choose."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from backend.core.config import Config
from backend.core.db import transaction
from backend.core.errors import Conflict, Invalid
from backend.pathways import service
from backend.pathways.check_ins import left_out, sittings
from backend.pathways.limits import activation_problems, combine_parameters
from backend.pathways.pack import BadPackError, ExpectedReading, Pack
from backend.pathways.pack_reader import read_pack
from backend.pathways.schedule import combined, due_between, next_reading
from tests.factories import Factory

SHIPPED = {path.stem: yaml.safe_load(path.read_text()) for path in sorted(service.PACKS.glob("*.yaml"))}
PACKS = {name: read_pack(body, name) for name, body in SHIPPED.items()}


def expects(*wanted: tuple[str, str, int], days: tuple[str, ...] = ()) -> list[ExpectedReading]:
    return [
        ExpectedReading(kind, (time.fromisoformat(at),), "test", timedelta(minutes=grace), days)
        for kind, at, grace in wanted
    ]


def slots(*expected: ExpectedReading) -> list[tuple[str, str, int, int]]:
    return [
        (one.kind, f"{one.at:%H:%M}", int(one.grace.total_seconds() // 60), len(one.days))
        for one in combined(expected)
    ]


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        # Two hours and no more are one; it is due first and on time no longer than the strictest says.
        ((("spo2", "08:00", 240), ("spo2", "10:00", 60)), [("spo2", "08:00", 180, 7)]),
        ((("spo2", "08:00", 60), ("spo2", "10:00", 240)), [("spo2", "08:00", 60, 7)]),
        ((("spo2", "08:00", 60), ("spo2", "10:01", 60)), [("spo2", "08:00", 60, 7), ("spo2", "10:01", 60, 7)]),
        # Each is counted from the first of its sitting, or a day of readings would become one.
        ((("spo2", "08:00", 60), ("spo2", "09:30", 60), ("spo2", "11:00", 60)),
         [("spo2", "08:00", 60, 7), ("spo2", "11:00", 60, 7)]),
        ((("spo2", "08:00", 60), ("weight", "08:00", 60)), [("spo2", "08:00", 60, 7), ("weight", "08:00", 60, 7)]),
    ],
)  # fmt: skip
def test_the_same_kind_within_two_hours_is_asked_for_once(
    wanted: tuple[tuple[str, str, int], ...], asked: list[tuple[str, str, int, int]]
) -> None:
    assert slots(*expects(*wanted)) == asked


def test_on_the_days_when_only_one_of_two_pathways_asks_it_stands_alone() -> None:
    daily, mondays = expects(("weight", "08:00", 60)), expects(("weight", "07:00", 60), days=("mon",))
    assert slots(*daily, *mondays) == [("weight", "07:00", 60, 1), ("weight", "08:00", 60, 6)]


def test_somebody_with_three_conditions_has_one_schedule() -> None:
    packs = [PACKS[name] for name in ("hypertension", "heart_failure", "discharge_reablement")]
    monday = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
    due = service.due_readings(packs, monday, monday + timedelta(days=1))
    pressures = [one.due_at.hour for one in due if one.kind == "blood-pressure"]
    assert pressures == [8, 20]
    assert len(due) == len({(one.kind, one.due_at) for one in due}) == 8


# The clocks go back on 25 October 2026 and on on 28 March 2027: eight in the morning stays eight in the morning.
@pytest.mark.parametrize(
    ("since", "hours"),
    [("2026-10-24", [7, 8]), ("2027-03-27", [8, 7])],
)
def test_the_morning_stays_the_morning(since: str, hours: list[int]) -> None:
    start = datetime.fromisoformat(since + "T00:00+00:00")
    due = due_between(combined(expects(("spo2", "08:00", 60))), start, start + timedelta(days=2))
    assert [one.due_at.hour for one in due] == hours


def test_a_time_the_clocks_skip_or_repeat_is_due_once() -> None:
    for day in ("2027-03-28", "2026-10-25"):
        start = datetime.fromisoformat(day + "T00:00+00:00") - timedelta(hours=2)
        due = due_between(combined(expects(("spo2", "01:30", 60))), start, start + timedelta(days=1))
        assert len(due) == 1


# The clocks went back on 25 October 2026: nine in the morning is 08:00 UTC before and 09:00 UTC after.
@pytest.mark.parametrize(
    ("now", "taken", "due"),
    [
        ("2026-10-24T06:00", None, "2026-10-24T08:00"),
        ("2026-10-25T07:00", None, "2026-10-25T09:00"),
        ("2026-10-25T09:30", "2026-10-25T08:50", "2026-10-26T09:00"),
        ("2026-10-25T14:59", None, "2026-10-25T09:00"),
        ("2026-10-25T15:01", None, "2026-10-26T09:00"),
    ],
)
def test_the_next_reading_keeps_to_the_clock_on_the_wall(now: str, taken: str | None, due: str) -> None:
    at = datetime.fromisoformat(now + "+00:00")
    last = {} if taken is None else {"spo2": datetime.fromisoformat(taken + "+00:00")}
    found = next_reading(PACKS["copd"].expected, last, at)
    assert found is not None
    assert found.due_at == datetime.fromisoformat(due + "+00:00")


def test_the_ladder_of_a_kind_is_every_step_of_every_pathway_that_waits_for_it() -> None:
    both = service.missed_ladder([PACKS["copd"], PACKS["discharge_reablement"]], "spo2")
    assert [(rung.do, rung.due_readings, str(rung.after_hours)) for rung in both] == [
        ("nudge", 1, "None"), ("nudge-and-contact", 2, "None"), ("task", None, "72"), ("same-day-call", None, "4"),
    ]  # fmt: skip
    assert service.missed_ladder([PACKS["copd"]], "weight") == ()


def test_one_check_in_a_day_holds_what_every_pathway_asks_once() -> None:
    packs = [PACKS["diabetes"], PACKS["frailty_falls"], PACKS["copd"]]
    found = service.check_ins_of(packs, is_rostered=True)
    assert [(one.day, one.at, one.every_weeks, one.ids) for one in found] == [
        ("mon", time(10), 1, ("diabetes", "frailty", "copd")),
        ("mon", time(10), 4, ("who5", "loneliness", "mrc-dyspnoea")),
        ("wed", time(10), 4, ("carer-strain",)),
        ("thu", time(10), 1, ("copd",)),
    ]
    assert len(sittings(PACKS["heart_failure"].check_ins, is_rostered=True)) == 7


def test_a_phq9_is_never_scheduled_where_nobody_is_rostered_to_answer() -> None:
    asked = PACKS["low_mood"].check_ins
    with_somebody = {id_ for one in sittings(asked, is_rostered=True) for id_ in one.ids}
    alone = {id_ for one in sittings(asked, is_rostered=False) for id_ in one.ids}
    assert with_somebody - alone == {"phq9"}
    assert alone == {"gad7", "who5", "loneliness"}
    assert left_out(asked, is_rostered=False) == ("phq9",)


def with_days(pathway: str, days: str) -> Pack:
    rule = {"id": "weight_gain", "parameters": {"kg": "2.0", "days": days}, "source": "test"}
    rules = [rule, *SHIPPED["heart_failure"]["rules"][1:]]
    return read_pack(
        SHIPPED["heart_failure"] | {"pathway": pathway, "title": pathway, "rules": rules}, pathway
    )


FACTS = frozenset({"dry-weight", "usual-systolic-low", "usual-systolic-high"})


@pytest.mark.hazard("H13")
def test_rules_set_differently_block_until_a_clinician_chooses() -> None:
    packs = [with_days("one", "3"), with_days("two", "7")]
    assert combine_parameters(packs).rules["weight_gain"] == {"kg": "2.0"}
    (problem,) = activation_problems(packs, 70, frozenset(), FACTS)
    assert "disagree on days of weight gain: 3 (one) and 7 (two); a clinician has to choose" in problem
    chosen = {("weight_gain", "days"): "7"}
    assert activation_problems(packs, 70, frozenset(), FACTS, chosen) == []
    assert combine_parameters(packs, chosen).rules["weight_gain"] == {"kg": "2.0", "days": "7"}


@pytest.mark.hazard("H13")
def test_what_a_clinician_chose_is_kept_and_is_what_the_rule_runs_with(app: Flask, make: Factory) -> None:
    from backend.alerts.limits import parameters_of

    person = make.patient()
    one = SHIPPED["heart_failure"]
    other = one | {
        "version": "x",
        "rules": [{"id": "weight_gain", "parameters": {"days": "7"}, "source": "test"}],
    }
    other |= {"examples": one["examples"][:1]}
    for body in (one, other):
        make.enrolment(person, make.pathway("heart_failure", body), "awaiting-kit")
    with app.app_context(), pytest.raises(Conflict, match="cannot-go-live"), transaction():
        service.activate(person.id, 70, frozenset(), FACTS)
    for value in ("5", "a week", ""):
        with app.app_context(), pytest.raises(Invalid), transaction():
            service.choose_parameter(
                person.id, "weight_gain", "days", value, chosen_by="Dr Test", reason="mistyped"
            )
    with app.app_context(), transaction():
        for value in ("3", "7"):
            service.choose_parameter(
                person.id, "weight_gain", "days", value, chosen_by="Dr Test", reason="agreed at the clinic"
            )
    with app.app_context(), transaction():
        assert len(service.activate(person.id, 70, frozenset(), FACTS)) == 2
        enrolled = service.enrolments_for([person.id])[person.id]
        assert parameters_of("weight_gain", enrolled) == {"kg": "2.0", "days": "7"}
        assert service.pack_parameters(enrolled).conflicts == {}


@pytest.mark.hazard("H13")
@pytest.mark.parametrize(
    ("pathway", "stored", "missing"),
    [
        ("copd", {"home_oxygen": False, "usual_spo2": "91"}, ["needs spo2 target"]),
        ("copd", {"home_oxygen": True, "usual_spo2": "91"}, ["needs spo2 target", "needs oxygen litres"]),
        ("copd", {"home_oxygen": None}, ["needs spo2 target", "needs usual spo2", "needs home oxygen"]),
        ("hypertension", {"home_oxygen": True, "blood_pressure_treated": True},
         ["needs spo2 target", "needs usual spo2", "needs oxygen litres"]),
        ("hypertension", {"home_oxygen": False, "blood_pressure_treated": True}, []),
    ],
)  # fmt: skip
def test_copd_or_home_oxygen_cannot_go_live_without_range_usual_value_and_litres(
    pathway: str, stored: dict[str, Any], missing: list[str]
) -> None:
    problems = activation_problems([PACKS[pathway]], 70, frozenset(), service.known_facts(stored))
    assert len(problems) == len(missing)
    assert all(words in problem for words, problem in zip(missing, problems, strict=True))
    full = {"home_oxygen": True, "usual_spo2": "91", "oxygen_litres": "2", "blood_pressure_treated": True}
    assert activation_problems([PACKS[pathway]], 70, frozenset({"spo2"}), service.known_facts(full)) == []


def test_a_localitys_copy_is_a_file_with_its_name_and_is_what_people_join(app: Flask, tmp_path: Path) -> None:
    copy = SHIPPED["copd"] | {
        "locality": "harbour",
        "version": "1",
        "reason": "Our own hours",
        "author": "Dr Test",
    }
    (tmp_path / "copd.yaml").write_text(yaml.safe_dump(copy))
    with app.app_context(), transaction():
        service.load_packs()
        shipped = service.newest_versions()["copd"]
        assert service.load_packs(tmp_path, own=True) == ["copd 1"]
        assert service.newest_versions()["copd"] != shipped
        assert service.newest_versions("elsewhere")["copd"] == shipped
    (tmp_path / "copd.yaml").write_text(yaml.safe_dump(copy | {"locality": "", "version": "2"}))
    with app.app_context(), pytest.raises(BadPackError, match="'locality' is empty"), transaction():
        service.load_packs(tmp_path, own=True)


def test_a_localitys_folder_is_named_in_the_environment(tmp_path: Path) -> None:
    told = {"DATABASE_URL": "postgresql://nowhere/x", "ALONGSIDE_PACKS": str(tmp_path)}
    assert Config.from_environ(told).packs == tmp_path
    assert Config.from_environ({"DATABASE_URL": "postgresql://nowhere/x"}).packs is None
