"""The canary's watcher over real HTTP: it notes each arrival, and an app that restarts does not stop it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from backend.access.policy import CANARY_WATCHER
from backend.core.db import plain_dsn
from tests.alerts.people import own_app
from tests.conftest import Database
from tests.factories import PASSWORD, Factory, Ref
from tests.worker.test_leadership import wait_until

Begin = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def port() -> int:
    """A port nobody has now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found: int = free.getsockname()[1]
        return found


@pytest.fixture
def begin(flow_database: Database, tmp_path: Path, port: int) -> Iterator[Begin]:
    """Starts one of our programs on this test's database; all are ended with the test."""
    with ExitStack() as ends:

        def started(role: str, *argv: str) -> "subprocess.Popen[bytes]":
            log = ends.enter_context((tmp_path / "programs.log").open("ab"))
            environment = {
                "DATABASE_URL": flow_database.url(role),
                "ALONGSIDE_HOME": str(tmp_path),
                "ALONGSIDE_PUBLIC_URL": f"http://localhost:{port}",
                "PATH": os.defpath,
            }
            process = subprocess.Popen([sys.executable, "-m", *argv], env=environment, stdout=log, stderr=log)
            ends.callback(process.wait)
            ends.callback(process.kill)
            return process

        yield started


@pytest.fixture
def canary(flow_database: Database, tmp_path: Path) -> Iterator[Ref]:
    """The canary's person, and the account of its watcher where the process looks for it."""
    with own_app(flow_database, "al_migrate", tmp_path) as app:
        make = Factory(app)
        person = make.patient(is_canary=True)
        watcher = make.practitioner(CANARY_WATCHER)
        make.team([watcher], [person])
        username = make.account(practitioner=watcher)
        (tmp_path / "canary.json").write_text(json.dumps({"username": username, "password": PASSWORD}))
        yield person


def serve(begin: Begin, port: int) -> "subprocess.Popen[bytes]":
    options = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "8")
    app = begin("al_app", "granian", *options, "--workers-kill-timeout", "1", "backend.app:wsgi")

    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_until(answers, "listening")
    return app


def noted(database: Database) -> Any:
    with psycopg.connect(plain_dsn(database.url("al_app"))) as connection:
        row = connection.execute("select detail from heartbeat where name = 'canary'").fetchone()
    return row[0] if row else None


def arrives(database: Database, person: Ref, message: str) -> None:
    """What the gateway tells when the canary's reading was stored."""
    at = datetime.now(UTC).isoformat()
    told = {"t": "observation", "p": str(person.public_id), "c": ["spo2"], "e": at, "r": at, "m": message}
    with psycopg.connect(plain_dsn(database.url("al_app")), autocommit=True) as connection:
        connection.execute("select pg_notify('alongside', %s)", (json.dumps(told),))


def told_until_noted(database: Database, person: Ref, message: str) -> Any:
    def seen() -> bool:
        arrives(database, person, message)
        time.sleep(0.2)
        found = noted(database)
        return found is not None and found["message"] == message

    wait_until(seen, f"the arrival of {message}")
    return noted(database)


def test_each_arrival_at_the_desk_is_noted_and_a_restarted_app_is_found_again(
    begin: Begin, flow_database: Database, canary: Ref, port: int
) -> None:
    watcher = begin("al_worker", "backend.canary")
    app = serve(begin, port)
    first = told_until_noted(flow_database, canary, "message-1")
    assert first["latency_ms"] >= 0
    app.terminate()
    app.wait(60)
    time.sleep(1)
    serve(begin, port)
    told_until_noted(flow_database, canary, "message-2")
    assert watcher.poll() is None


def test_a_watcher_without_an_account_waits_for_one(
    begin: Begin, flow_database: Database, canary: Ref, port: int, tmp_path: Path
) -> None:
    account = (tmp_path / "canary.json").read_text()
    (tmp_path / "canary.json").unlink()
    watcher = begin("al_worker", "backend.canary")
    serve(begin, port)
    time.sleep(1.5)
    assert watcher.poll() is None
    (tmp_path / "canary.json").write_text(account)
    told_until_noted(flow_database, canary, "message-3")
