"""Who is judged by which rules with which parameters, who first, and that nobody waits unseen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backend.alerts import judge as judging
from backend.alerts.cases import Waiting, load_cases
from backend.alerts.first import DANGEROUS, OUT_OF_RANGE, Queue
from backend.alerts.jobs import look_for_unseen
from backend.alerts.levels import Hours, Severity, clock_for
from backend.alerts.limits import parameters_of
from backend.core.db import database_app, transaction
from backend.observations.codes import Code
from backend.observations.reading import Special
from backend.pathways import service as pathways
from backend.pathways.pack import bare_pack
from backend.pathways.service import EnrolledOn
from tests.alerts.people import Monitored, judge, monitored, run
from tests.conftest import Database
from tests.factories import Factory, Ref

T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def app(database: Database, tmp_path: Path, in_this_test: Callable[[Flask], Flask]) -> Flask:
    """No web here: a worker's app inside this test's transaction."""
    return in_this_test(database_app(database.config(tmp_path)))


@pytest.fixture
def person(app: Flask, make: Factory) -> Monitored:
    """Somebody on a pathway that names no rule."""
    return monitored(app, make)


def on(enrolment: Ref, *rules: str, live: bool = True, **parameters: str) -> EnrolledOn:
    pack = replace(bare_pack("copd", "1", "COPD"), rules={name: parameters for name in rules})
    return EnrolledOn(enrolment.public_id, "live" if live else "paused", pack)


@pytest.mark.hazard("H14")
def test_a_rule_of_packs_runs_only_for_whom_a_live_pathway_names_it(
    person: Monitored, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging.rules()["spo2_low"], "RUNS", "pack", raising=False)
    person.limit(Code.SPO2, "88", "92")
    person.measures("80")
    judge(person.app)
    assert "spo2_low" not in [alert.rule for alert in person.alerts()]
    version = make.pathway("copd", {})
    pack = replace(bare_pack("copd", "2026.9", "COPD"), rules={"spo2_low": {}})
    monkeypatch.setitem(pathways._read, version.public_id, pack)
    make.enrolment(person.patient, version)
    person.measures("79")
    judge(person.app)
    (alert,) = [one for one in person.alerts() if one.rule == "spo2_low"]
    assert alert.raised_versions == ["copd 2026.9"]
    assert alert.judged_by.startswith("copd 2026.9; ")


def test_parameters_of_live_pathways_are_put_together_and_a_name_they_disagree_on_is_left_to_the_rule(
    make: Factory,
) -> None:
    enrolment = Ref(1, make.patient().public_id)
    one = on(enrolment, "weight_gain", gain="2", days="3")
    other = on(enrolment, "weight_gain", gain="1.5", unit="kg")
    assert parameters_of("weight_gain", [one, other]) == {"days": "3", "unit": "kg"}
    asleep = on(enrolment, "weight_gain", live=False, gain="1.5")
    assert parameters_of("weight_gain", [one, asleep]) == {"gain": "2", "days": "3"}
    assert parameters_of("spo2_low", [one]) == {}


def test_the_history_knows_pauses_and_leaves_episodes_and_admissions_out_of_a_baseline(
    person: Monitored,
) -> None:
    for kind, days in (("admission", 9), ("pause", 4)):
        person.run(
            "insert into pause (patient_id, span, kind, reason, made_by) values (:p, tstzrange(now() -"
            " :d * interval '1 day', now() - (:d - 1) * interval '1 day'), :k, 'test', :n)",
            p=person.patient.id, d=days, k=kind, n=person.nurse.id,
        )  # fmt: skip
    person.limit(Code.SPO2, "88", "92")
    person.measures("80")
    judge(person.app)
    now = datetime.now(UTC)
    with person.app.app_context():
        (case,) = load_cases({person.patient.id: Waiting(person.patient.id, {Code.SPO2: now})}, now)
    assert len(case.history.pauses) == 2
    assert [(span.kind, span.rule) for span in case.history.closed_spans][:2] == [
        ("admission", ""), ("episode", "spo2_low")
    ]  # fmt: skip


# The team watches from 8am to 8pm in London; in November that is UTC.
@pytest.mark.parametrize(
    ("level", "hour", "acknowledge_minutes"),
    [
        (Severity.URGENT, 12, 15), (Severity.URGENT, 22, 30), (Severity.EMERGENCY, 12, 2), (Severity.EMERGENCY, 22, 2),
        (Severity.SOON, 12, 240), (Severity.SOON, 22, 10 * 60 + 240), (Severity.ROUTINE, 7, 60 + 24 * 60),
    ],
)  # fmt: skip
@pytest.mark.hazard("H22")
def test_each_level_has_its_clock_in_hours_and_out(
    level: Severity, hour: int, acknowledge_minutes: int
) -> None:
    hours = Hours(time(8), time(20), "Europe/London")
    clock = clock_for("spo2_low", level, T.replace(hour=hour), hours)
    assert clock.acknowledge == timedelta(minutes=acknowledge_minutes)


@pytest.mark.parametrize("hour", [12, 22])
@pytest.mark.hazard("H22")
def test_a_press_is_acknowledged_within_a_minute_and_answered_within_three_at_any_hour(hour: int) -> None:
    clock = clock_for(
        "sos", Severity.EMERGENCY, T.replace(hour=hour), Hours(time(8), time(20), "Europe/London")
    )
    assert (clock.acknowledge, clock.contact) == (timedelta(seconds=60), timedelta(minutes=3))


@pytest.mark.parametrize(
    ("code", "value", "own", "first"),
    [
        (Code.SPO2, "92", None, True), (Code.SPO2, "93", None, False), (Code.SPO2, "90", ("88", "92"), False),
        (Code.SPO2, "87", ("88", "92"), True), (Code.PULSE, "131", None, True), (Code.PULSE, "130", None, False),
        (Code.GLUCOSE, "2.9", None, True), (Code.GLUCOSE, "3.0", None, False), (Code.GLUCOSE, Special.LO, None, True),
        (Code.SYSTOLIC, "180", ("100", "135"), True), (Code.SYSTOLIC, "90", None, True),
        (Code.TEMPERATURE, "35.0", None, True),
    ],
)  # fmt: skip
@pytest.mark.hazard("H06")
def test_whoever_is_in_danger_is_judged_first(
    person: Monitored,
    make: Factory,
    code: Code,
    value: str | Special,
    own: tuple[str, str] | None,
    first: bool,
) -> None:
    if own is not None:
        person.limit(code, *own)
    make.reading(person.patient, code, value)
    person.run(
        "insert into evaluation_wait (patient_id, priority, codes, effective_from) values (:p, 5, array[:c]::int2[],"
        " now())", p=person.patient.id, c=code.number,
    )  # fmt: skip
    with person.app.app_context(), transaction():
        queue = Queue()
        assert queue.dangerous_first() == int(first)
        assert queue.dangerous_first() == 0
    assert [wait.priority for wait in person.waits()] == [9 if first else 5]


@pytest.mark.parametrize(
    ("code", "value", "own", "immunosuppressed", "lane"),
    [
        (Code.TEMPERATURE, "39.1", None, False, OUT_OF_RANGE), (Code.TEMPERATURE, "39.0", None, False, 5),
        (Code.TEMPERATURE, "38.0", None, True, DANGEROUS), (Code.TEMPERATURE, "37.9", None, True, 5),
        (Code.SYSTOLIC, "136", ("100", "135"), False, OUT_OF_RANGE), (Code.SYSTOLIC, "135", ("100", "135"), False, 5),
        (Code.SYSTOLIC, "99", ("100", "135"), False, DANGEROUS), (Code.SPO2, "93", ("88", "92"), False, OUT_OF_RANGE),
    ],
)  # fmt: skip
@pytest.mark.hazard("H06")
def test_who_asks_for_a_look_waits_behind_whoever_may_be_in_danger(
    person: Monitored, make: Factory, code: Code, value: str, own: tuple[str, str] | None, lane: int,
    immunosuppressed: bool,
) -> None:  # fmt: skip
    if own is not None:
        person.limit(code, *own)
    person.run(
        "update patient set facts = jsonb_build_object('immunosuppressed', cast(:is as bool)) where id = :p",
        p=person.patient.id, **{"is": immunosuppressed},
    )  # fmt: skip
    make.reading(person.patient, code, value)
    person.run(
        "insert into evaluation_wait (patient_id, priority, codes, effective_from) values (:p, 5, array[:c]::int2[],"
        " now())", p=person.patient.id, c=code.number,
    )  # fmt: skip
    with person.app.app_context(), transaction():
        Queue().dangerous_first()
    assert [wait.priority for wait in person.waits()] == [lane]


def unseen(app: Flask) -> None:
    with app.app_context():
        look_for_unseen()


@pytest.mark.hazard("H04")
def test_a_reading_whose_mark_was_lost_is_found_and_judged_and_one_that_was_judged_is_not(
    person: Monitored, make: Factory
) -> None:
    ago = datetime.now(UTC) - timedelta(minutes=5)
    make.reading(person.patient, Code.SPO2, "80", ago)
    unseen(person.app)
    (wait,) = person.waits()
    assert (wait.codes, wait.effective_from) == ([Code.SPO2.number], ago)
    unseen(person.app)
    assert len(person.waits()) == 1
    judge(person.app)
    assert person.waits() == [] or person.waits()[0].not_before > ago
    person.run("delete from evaluation_wait")
    unseen(person.app)
    assert person.waits() == []


@pytest.mark.parametrize("status", ["paused", "referred", "ended"])
def test_who_is_not_live_is_not_looked_for(app: Flask, make: Factory, status: str) -> None:
    person = monitored(app, make, status)
    make.reading(person.patient, Code.SPO2, "80", datetime.now(UTC) - timedelta(minutes=5))
    unseen(app)
    assert person.waits() == []


@pytest.mark.hazard("H09")
def test_deadlines_are_judged_by_the_databases_time(person: Monitored) -> None:
    person.measures("93", ago=1)
    person.run("select set_config('alongside.clock_offset', '1 hour', false)")
    judge(person.app)
    (alert,) = person.alerts()
    ahead: Any = run(person.app, "select :t - clock_timestamp() as ahead", t=alert.opened_at)[0].ahead
    person.run("select set_config('alongside.clock_offset', '', false)")
    assert timedelta(minutes=59) < ahead < timedelta(minutes=61)
