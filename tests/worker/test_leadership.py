"""Two real workers: one leads and one stands by, and after kill -9 the other does the work, once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask

from backend.core.db import plain_dsn
from backend.core.runner import Runner
from backend.core.wall_clock import WallClock
from backend.observations.codes import Code
from backend.worker import LEADER_LOCK, all_jobs, connect
from tests.alerts.people import Monitored, monitored, own_app
from tests.conftest import Database
from tests.factories import Factory

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start(flow_database: Database, tmp_path: Path) -> Iterator[Start]:
    """Starts workers on this test's database; all are ended with the test."""
    with ExitStack() as ends:

        def begin() -> "subprocess.Popen[bytes]":
            log = ends.enter_context((tmp_path / "worker.log").open("ab"))
            environment = {
                "DATABASE_URL": flow_database.url("al_worker"),
                "ALONGSIDE_HOME": str(tmp_path),
                "PATH": os.defpath,
            }
            process = subprocess.Popen([sys.executable, "-m", "backend.worker"], env=environment, stderr=log)
            ends.callback(process.wait)
            ends.callback(process.kill)
            return process

        yield begin


@pytest.fixture
def person(flow_database: Database, tmp_path: Path) -> Iterator[Monitored]:
    """Somebody with a prescribed oxygen target of 88 to 92."""
    with own_app(flow_database, "al_app", tmp_path) as web:
        found = monitored(web, Factory(web))
        found.limit(Code.SPO2, "88", "92")
        yield found


def leader(database: Database) -> int | None:
    """The process id by which the leader's heartbeat goes; None before there is one."""
    with psycopg.connect(plain_dsn(database.url("al_app"))) as connection:
        row: Any = connection.execute("select detail from heartbeat where name = 'worker'").fetchone()
    return row[0]["pid"] if row else None


def wait_until(true: Callable[[], object], what: str, seconds: float = 240.0) -> None:
    """Fails when it never came. How quick it is, is no test's matter: a busy machine would decide it."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what} did not happen within {seconds:g} s"
        time.sleep(0.02)


def wakes(database: Database) -> None:
    with psycopg.connect(plain_dsn(database.url("al_app")), autocommit=True) as connection:
        connection.execute("""notify alongside, '{"t":"waiting"}'""")


@pytest.mark.hazard("H04")
def test_a_standby_takes_over_after_kill_9_and_raises_what_waits_once(
    start: Start, flow_database: Database, person: Monitored
) -> None:
    first = start()
    wait_until(lambda: leader(flow_database) == first.pid, "leading")
    second = start()
    time.sleep(2)
    assert leader(flow_database) == first.pid
    person.measures("82")
    wakes(flow_database)
    wait_until(person.alerts, "the alert")
    first.send_signal(signal.SIGKILL)
    first.wait()
    person.measures("80")
    # Nobody starts the first again: it is the one that stood by that judges, and leads from now on.
    wait_until(lambda: [a.repeats for a in person.alerts()] == [1], "the second reading's judgement")
    wait_until(lambda: leader(flow_database) == second.pid, "the heartbeat")
    assert first.poll() == -signal.SIGKILL
    assert len(person.alerts()) == 1


@pytest.mark.hazard("H04")
def test_one_that_stands_by_judges_who_waits_while_the_leader_is_held_up(
    start: Start, flow_database: Database, person: Monitored
) -> None:
    first = start()
    wait_until(lambda: leader(flow_database) == first.pid, "leading")
    start()
    first.send_signal(signal.SIGSTOP)
    person.measures("82")
    wait_until(person.alerts, "the alert")
    first.send_signal(signal.SIGCONT)
    person.measures("80")
    wait_until(lambda: [a.repeats for a in person.alerts()] == [1], "the second reading's judgement")


def test_a_waiting_person_is_judged_when_told_and_when_not(
    start: Start, flow_database: Database, person: Monitored
) -> None:
    worker = start()
    wait_until(lambda: leader(flow_database) == worker.pid, "leading")
    person.measures("82")
    wakes(flow_database)
    wait_until(person.alerts, "the alert")
    person.measures("80")
    wait_until(lambda: [a.repeats for a in person.alerts()] == [1], "the tick")
    wait_until(
        lambda: all(r.state == "sent" for r in person.run("select state from communication")), "delivery"
    )


@pytest.mark.hazard("H09")
def test_a_worker_that_lost_the_lock_ends_itself(start: Start, flow_database: Database) -> None:
    worker = start()
    wait_until(lambda: leader(flow_database) == worker.pid, "leading")
    with psycopg.connect(plain_dsn(flow_database.server.admin_url()), autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'alongside-leader' and datname = %s", (flow_database.name,)
        )  # fmt: skip
    wait_until(lambda: worker.poll() == 3, "the end")


def test_a_worker_ends_in_peace_when_asked(start: Start, flow_database: Database) -> None:
    worker = start()
    wait_until(lambda: leader(flow_database) == worker.pid, "leading")
    worker.terminate()
    wait_until(lambda: worker.poll() == 0, "the end")


def test_a_worker_started_before_its_database_waits_for_the_lock(
    start: Start, flow_database: Database
) -> None:
    with connect(plain_dsn(flow_database.url("al_worker")), "test") as held:
        held.execute("select pg_advisory_lock(%s)", (LEADER_LOCK,))
        worker = start()
        time.sleep(2.5)
        assert leader(flow_database) is None
        assert worker.poll() is None
    wait_until(lambda: leader(flow_database) == worker.pid, "leading")


@pytest.mark.hazard("H09")
def test_a_job_that_does_not_come_round_for_three_periods_is_overdue() -> None:
    (job,) = [job for job in all_jobs() if job.name == "sweep_silence"]
    runner = Runner(job, Flask("test"))
    assert not runner.overdue
    runner.last_round -= 3 * job.every_s - 1
    assert not runner.overdue
    runner.last_round -= 2
    assert runner.overdue


@pytest.mark.hazard("H09")
def test_a_clock_that_is_set_is_noticed_once_and_a_slewed_one_never() -> None:
    wall = [time.monotonic()]
    clock = WallClock(lambda: time.monotonic() + wall[0])
    assert not clock.was_set()
    for step_s in (3600, -3600, -3600, 3600):
        wall[0] += step_s
        assert clock.was_set()
        assert not clock.was_set()
    wall[0] += 0.5
    assert not clock.was_set()


def test_every_slices_jobs_are_found() -> None:
    assert {job.name for job in all_jobs()} >= {
        "evaluate_new",
        "sweep_silence",
        "deliver_due",
        "ensure_partitions",
    }
