"""Two at once: two workers on one person, presses side by side, a crash between; nothing lost or doubled."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask

from backend.alerts import episodes, jobs
from backend.alerts.cards import CARD_LOCK
from backend.alerts.mended import mend
from backend.alerts.telling import tell
from backend.core.db import db, in_transaction, plain_dsn, transaction
from backend.escalation.climbing import take_due
from backend.observations.codes import Code
from tests.alerts.people import Monitored, judge, monitored, own_app, run
from tests.alerts.test_alarms import press
from tests.conftest import Database
from tests.device_gateway.rig import until
from tests.factories import Factory

WAITING = (
    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
)


@pytest.fixture
def worker_app(flow_database: Database, tmp_path: Path) -> Iterator[Flask]:
    """A worker's database app on a database of this test's own."""
    with own_app(flow_database, "al_worker", tmp_path) as app:
        yield app


@pytest.fixture
def person(worker_app: Flask, flow_database: Database, tmp_path: Path) -> Iterator[Monitored]:
    """Somebody with a prescribed oxygen target."""
    with own_app(flow_database, "al_app", tmp_path) as web:
        found = monitored(web, Factory(web))
        found.limit(Code.SPO2, "88", "92")
        yield Monitored(worker_app, found.make, found.patient, found.team, found.nurse)


def at_once(*work: Any) -> None:
    """Run all of them at one moment, each in a thread."""
    barrier = threading.Barrier(len(work))
    failed: list[BaseException] = []

    def go(one: Any) -> None:
        try:
            barrier.wait(60)
            one()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=go, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []


@pytest.mark.hazard("H07")
def test_two_workers_on_one_person_open_one_episode(person: Monitored) -> None:
    for round_ in range(8):
        person.measures("82", ago=20 - 2 * round_)
        person.measures("81", ago=19 - 2 * round_)
        at_once(lambda: judge(person.app), lambda: judge(person.app))
        assert len(person.alerts()) == 1
        assert person.waits() == []


def test_two_presses_at_once_open_one_alert(person: Monitored) -> None:
    for _ in range(8):
        at_once(*[lambda: press(person.app, None, person.patient) for _ in range(3)])
    (alert,) = person.alerts()
    assert alert.repeats == 23


@pytest.mark.hazard("H04")
def test_a_crash_before_the_commit_leaves_the_person_waiting_and_tells_nobody(
    person: Monitored, flow_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.measures("82")
    heard: list[str] = []
    with psycopg.connect(plain_dsn(flow_database.url("al_app")), autocommit=True) as listening:
        listening.execute("listen alongside")
        with monkeypatch.context() as broken:
            # The connection dies under the batch once the alert is written, as when the process is killed.
            sound = tell

            def dies(pairs: Any) -> None:
                sound(pairs)
                pid = run_here("select pg_backend_pid() as pid")
                with psycopg.connect(plain_dsn(flow_database.server.admin_url()), autocommit=True) as admin:
                    admin.execute("select pg_terminate_backend(%s)", (pid,))
                run_here("select 1")

            broken.setattr(episodes, "tell", dies)
            with person.app.app_context(), pytest.raises(Exception, match=r"terminat|closed"):
                jobs.evaluate_new()
        heard += [notice.payload for notice in listening.notifies(timeout=0.3)]
        assert person.alerts() == []
        assert len(person.waits()) == 1
        assert [one for one in heard if '"t":"alert"' in one] == []
        judge(person.app)

        def is_told() -> bool:
            heard.extend(notice.payload for notice in listening.notifies(timeout=0.5))
            return any('"t":"alert"' in one for one in heard)

        until(is_told, what="the alert is told")
    assert len(person.alerts()) == 1
    (told,) = [one for one in heard if '"t":"alert"' in one]
    assert str(person.patient.public_id) in told
    assert '"x":"test-message-' in told
    assert "82" not in told.replace(str(person.patient.public_id), "").split('"x"')[0].split('"l"')[1]


def run_here(sql: str) -> Any:
    """One statement in the transaction that is open."""
    return db.session.execute(db.text(sql)).scalar_one()


@pytest.mark.hazard("H23")
def test_a_press_that_joins_while_the_ladder_climbs_changes_the_card_that_a_desk_has_seen(
    person: Monitored,
) -> None:
    person.make.alert(person.patient)
    run(person.app, "update alert set rung_due_at = db_now() - interval '1 second'")
    (seen,) = person.alerts()
    pressed = threading.Thread(target=press, args=(person.app, None, person.patient))
    with person.app.app_context(), transaction():
        assert take_due() == 1
        pressed.start()
        until(lambda: not pressed.is_alive() or run_apart(person.app, WAITING), 120)
    pressed.join(60)
    head, joined = person.alerts()
    assert joined.card_id == head.id
    assert head.version == seen.version + 1


def test_a_card_somebody_works_on_is_mended_at_the_next_look_and_waited_for_by_nobody(
    person: Monitored,
) -> None:
    alert = person.make.alert(person.patient, kind="technical", rule="unprotected")

    def mended() -> int:
        with person.app.app_context(), transaction():
            return mend([alert.id], "It is well again")

    with psycopg.connect(plain_dsn(person.app.config["SQLALCHEMY_DATABASE_URI"])) as somebody:
        somebody.execute("select pg_advisory_xact_lock(%s, %s)", (CARD_LOCK, person.patient.id))
        assert mended() == 0
    assert mended() == 1


def test_of_two_that_wait_for_each_other_the_one_that_was_ended_is_done_again(person: Monitored) -> None:
    both = threading.Barrier(2)
    tries: list[int] = []

    def work(first: int, second: int) -> None:
        tries.append(first)
        for n in (first, second):
            db.session.execute(db.text("select pg_advisory_xact_lock(1, :n)"), {"n": n})
            if len(tries) <= 2 and n == first:
                both.wait(60)

    def done(first: int, second: int) -> None:
        with person.app.app_context():
            in_transaction(lambda: work(first, second))

    at_once(lambda: done(1, 2), lambda: done(2, 1))
    assert len(tries) == 3


def run_apart(app: Flask, sql: str) -> Any:
    """One statement beside the transaction that is open."""
    with psycopg.connect(plain_dsn(app.config["SQLALCHEMY_DATABASE_URI"])) as beside:
        row = beside.execute(sql).fetchone()
        return None if row is None else row[0]


def test_a_press_while_its_alert_is_being_closed_is_never_lost(person: Monitored) -> None:
    close = "update alert set closed_at = clock_timestamp(), outcome = 'contact' where closed_at is null"
    for _ in range(10):
        press(person.app, None, person.patient)
        at_once(lambda: run(person.app, close), lambda: press(person.app, None, person.patient))
        still_open = [alert for alert in person.alerts() if alert.closed_at is None]
        counted = sum(alert.repeats + 1 for alert in person.alerts())
        assert len(still_open) <= 1
        assert counted == len(run(person.app, "select 1 from alarm_event"))
