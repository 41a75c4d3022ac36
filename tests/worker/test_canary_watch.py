"""The worker's half of the dead man's switch, with the time of the database stepped."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backend.canary import jobs, people, runs
from backend.core.db import db, transaction
from backend.pathways import service as pathways
from tests.conftest import Database
from tests.escalation.stepped import Stepped, stepped

LONG_AGO_S = 10_000.0


@dataclass
class Watched:
    """The canaries as a home has them, none of them played by anybody."""

    house: Stepped

    def looks(self) -> None:
        """One round of the worker's watch."""
        with self.house.worker.app_context():
            jobs.watch_canaries()

    def alarms(self) -> list[Any]:
        """Alerts that say that something is late, oldest first."""
        return self.house.run("select * from alert where rule = 'canary_late' order by id")

    def sees_all(self) -> None:
        """Every kind begins a run, and its watcher hears it at once."""
        with self.house.worker.app_context(), transaction():
            begun = runs.begin_due()
        for run in begun:
            (row,) = self.house.run("select patient from canary where kind = :k", k=run.kind)
            with self.house.worker.app_context(), transaction():
                assert runs.saw(run.kind, row.patient, run.cause)
                assert not runs.saw(run.kind, row.patient, run.cause), "seen once is seen"


@pytest.fixture
def watched(flow_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """A worker that has been looking for hours."""
    monkeypatch.setattr(jobs, "_first_look", [time.monotonic() - LONG_AGO_S])
    with stepped(flow_database, tmp_path) as house:
        with house.make.app.app_context():
            with transaction():
                pathways.load_packs()
                people.ensure(pathways.newest_versions()["copd"])
            db.session.remove()
        yield Watched(house)
        house.step(seconds=-house.ahead.total_seconds())


@pytest.mark.hazard("H24")
def test_a_canary_that_does_not_begin_is_told_to_every_desk_and_the_duty_line(watched: Watched) -> None:
    watched.looks()
    assert watched.alarms() == []
    watched.house.step(minutes=7)
    watched.looks()
    watched.looks()
    (alarm,) = watched.alarms()
    assert (alarm.level, alarm.kind, alarm.patient_id, alarm.is_canary) == (
        "urgent",
        "technical",
        None,
        False,
    )
    assert alarm.reason.startswith("A test reading did not reach a desk in time.")
    told = watched.house.run("select to_kind, facts from communication where alert_id = :a", a=alarm.id)
    assert [(row.to_kind, row.facts["level"]) for row in told] == [("duty", "urgent")]
    watched.sees_all()
    watched.looks()
    assert watched.alarms()[0].closed_at is not None
    watched.house.step(minutes=7)
    watched.looks()
    assert len(watched.alarms()) == 2, "it is told anew each time"


def test_one_that_began_and_was_not_seen_in_time_is_late_and_tried_again_at_once(watched: Watched) -> None:
    with watched.house.worker.app_context(), transaction():
        assert {run.kind for run in runs.begin_due()} == set(runs.KINDS)
        assert runs.begin_due() == []
    watched.house.step(seconds=61)
    watched.looks()
    assert "A test reading and a dangerous test reading and a test fall" in watched.alarms()[0].reason
    with watched.house.worker.app_context(), transaction():
        assert {run.kind for run in runs.begin_due()} == {"normal", "red", "fall"}


def test_closed_by_hand_it_comes_back_after_an_hour_while_it_is_still_broken(watched: Watched) -> None:
    watched.house.step(minutes=7)
    watched.looks()
    watched.house.run(
        "update alert set closed_at = db_now(), outcome = 'no-change' where rule = 'canary_late'"
    )
    watched.looks()
    assert len(watched.alarms()) == 1
    watched.house.step(minutes=61)
    watched.looks()
    assert len(watched.alarms()) == 2


def test_what_stood_still_with_everything_else_gets_its_time_again_first(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.house.step(hours=10)
    monkeypatch.setattr(jobs, "_first_look", [])
    watched.looks()
    assert watched.alarms() == []
    monkeypatch.setattr(jobs, "_first_look", [time.monotonic() - LONG_AGO_S])
    watched.looks()
    assert len(watched.alarms()) == 1


def test_a_home_without_canaries_says_nothing(flow_database: Database, tmp_path: Path) -> None:
    with stepped(flow_database, tmp_path) as house:
        with house.worker.app_context():
            jobs.watch_canaries()
        assert house.run("select 1 from alert where rule = 'canary_late'") == []
