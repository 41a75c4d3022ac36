"""Whatever the order in which readings arrive, and however often, the person stands the same in the end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.alerts.judge import rules
from backend.core.db import database_app
from backend.observations.codes import Code
from backend.pathways import service as pathways
from backend.pathways.pack import bare_pack
from tests.alerts.people import Monitored, judge, run
from tests.conftest import Database
from tests.factories import Factory

# Four hours ago and before, so that no repeat is awaited any more whoever judges.
START = timedelta(hours=10)
REAL = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

MESSAGES = st.one_of(
    # Oxygen most often, because what it waits for and what comes of it is where an order could matter.
    *[st.builds(lambda v: {Code.SPO2: v}, st.sampled_from(["82", "91", "93", "96", "98"]))] * 3,
    st.builds(
        lambda s, d: {Code.SYSTOLIC: str(s), Code.DIASTOLIC: str(d)},
        st.integers(80, 200),
        st.integers(50, 125),
    ),
    st.builds(lambda v: {Code.UNWELL: v}, st.sampled_from(["0", "1"])),
    st.builds(lambda v: {Code.PULSE: str(v)}, st.integers(35, 140)),
    st.builds(lambda v: {Code.GLUCOSE: v}, st.sampled_from(["2.7", "3.2", "3.9", "6.0", "15.5", "31"])),
)
# One message a moment: what is measured at one moment comes in one message.
DAYS = st.lists(st.tuples(st.integers(0, 40), MESSAGES), min_size=1, max_size=7, unique_by=lambda one: one[0])


@pytest.fixture
def app(database: Database, tmp_path: Path, in_this_test: Callable[[Flask], Flask]) -> Flask:
    """No web here: a worker's app inside this test's transaction."""
    return in_this_test(database_app(database.config(tmp_path)))


def somebody(app: Flask, make: Factory) -> Monitored:
    """A live person on a pathway that runs every rule."""
    person, nurse = make.patient(), make.practitioner()
    team, version = make.team([nurse], [person]), make.pathway("copd", {})
    make.enrolment(person, version)
    pathways._read[version.public_id] = replace(
        bare_pack("copd", "1", "All"), rules={name: {} for name in rules()}
    )
    return Monitored(app, make, person, team, nurse)


def arrives(
    person: Monitored, start: datetime, days: Sequence[tuple[int, Mapping[Code, str]]], each: bool
) -> None:
    for minute, values in days:
        person.says(values, at=start + timedelta(minutes=minute), arrived=0)
        if each:
            judge(person.app)
    judge(person.app)


def stands(person: Monitored) -> set[tuple[str, str, str | None]]:
    """What the facts say is open: rule, level, and the words where nothing was taken back from them."""
    found = set()
    for alert in person.alerts():
        level = alert.level if alert.stands is None else alert.stands["level"]
        if level is not None and alert.closed_at is None:
            found.add((alert.rule, level, alert.title if alert.stands is None else None))
    return found


def levels(found: set[tuple[str, str, str | None]]) -> set[tuple[str, str]]:
    return {(rule, level) for rule, level, _ in found}


@REAL
@given(days=DAYS, order=st.randoms(use_true_random=False), together=st.booleans())
@pytest.mark.hazard("H12")
def test_the_order_of_arrival_does_not_change_the_final_state(
    app: Flask, make: Factory, days: list[Any], order: Any, together: bool
) -> None:
    start = datetime.now(UTC).replace(microsecond=0) - START
    mixed = list(days)
    order.shuffle(mixed)
    one, other = somebody(app, make), somebody(app, make)
    arrives(one, start, sorted(days, key=lambda d: d[0]), each=True)
    arrives(other, start, mixed, each=not together)
    assert levels(stands(one)) == levels(stands(other))
    both = {rule: title for rule, _, title in stands(one) if title}
    for rule, _, title in stands(other):
        assert title is None or both.get(rule, title) == title


@REAL
@given(days=DAYS, again=st.lists(st.integers(0, 60), min_size=1, max_size=3))
@pytest.mark.hazard("H07")
def test_judging_anything_twice_changes_nothing(
    app: Flask, make: Factory, days: list[Any], again: list[int]
) -> None:
    start = datetime.now(UTC).replace(microsecond=0) - START
    person = somebody(app, make)
    arrives(person, start, days, each=False)
    before, told, happened = person.alerts(), person.told(), person.events()
    codes = [code.number for code in Code]
    for minute in again:
        run(
            app,
            "insert into evaluation_wait (patient_id, codes, effective_from)"
            " values (:p, cast(:c as smallint[]), :at)",
            p=person.patient.id, c=codes, at=start + timedelta(minutes=minute),
        )  # fmt: skip
        judge(app)
    assert (person.alerts(), person.told(), person.events()) == (before, told, happened)


@REAL
@given(values=st.lists(st.integers(70, 96), min_size=1, max_size=6))
@pytest.mark.hazard("H06")
def test_a_snooze_never_hides_a_worse_level_or_value(app: Flask, make: Factory, values: list[int]) -> None:
    person = somebody(app, make)
    person.limit(Code.SPO2, "88", "92")
    person.measures("87", ago=40)
    person.measures("87", ago=35)
    judge(app)
    person.snooze("spo2_low", values={"spo2": "87"})
    for n, value in enumerate(values):
        person.measures(str(value), ago=30 - 2 * n)
        judge(app)
        (alert,) = [one for one in person.alerts() if one.rule == "spo2_low"]
        known = [float(row["value"]) for row in alert.evidence if row["code"] == "spo2"]
        if alert.level == "emergency" or min(known) <= 85 or len(person.alerts()) > 1:
            assert "spo2_low" not in person.snoozed()


def test_a_repeat_that_arrives_late_is_said_on_the_alert_and_leaves_it_open(
    app: Flask, make: Factory
) -> None:
    person = somebody(app, make)
    person.limit(Code.SPO2, "88", "92")
    person.measures("86", ago=120, arrived=60)
    judge(app)
    (raised,) = [one for one in person.alerts() if one.rule == "spo2_low"]
    assert raised.stands is None
    person.measures("91", ago=115, arrived=0)
    judge(app)
    (alert,) = [one for one in person.alerts() if one.rule == "spo2_low"]
    assert alert.closed_at is None
    assert alert.stands == {
        "level": None, "words": "By what has arrived or was taken back since, this rule would not raise it"
    }  # fmt: skip
    assert "would-differ" in person.events()
    person.measures("85", ago=110, arrived=0)
    person.measures("85", ago=108, arrived=0)
    judge(app)
    (alert,) = [one for one in person.alerts() if one.rule == "spo2_low"]
    assert alert.stands is None
