"""The live stream on the real server: who is told what, that it mends itself, and that it holds up no one."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask import Flask

from backend.app import create_app
from backend.core.db import db, plain_dsn, transaction
from backend.core.notices import notify
from tests.conftest import Database
from tests.factories import Factory, Ref, since
from tests.screens.serving import Listener, Visitor, ask, serving, sign_in


@dataclass
class Street:
    """A running server and the people around it."""

    port: int
    app: Flask
    make: Factory
    database: Database
    patient: Ref
    other: Ref
    team: Ref
    visit: Callable[[str], Visitor]

    def tell(self, *payloads: dict[str, object]) -> None:
        with self.app.app_context(), transaction():
            notify(*payloads)

    def health(self) -> dict[str, object]:
        checks = ask(self.port, "GET", "/health")[1]["checks"]
        assert isinstance(checks, dict)
        return checks


@pytest.fixture
def street(flow_database: Database, tmp_path: Path) -> Iterator[Street]:
    """One team with one patient, another patient, a carer who may see readings only, and the canary's watcher."""
    app = create_app(flow_database.config(tmp_path))
    make = Factory(app)
    patient, other, canary = make.patient(), make.patient(), make.patient(is_canary=True)
    nurse, watcher, carer = make.practitioner(), make.practitioner("canary-watcher"), make.carer()
    team = make.team([nurse], [patient])
    make.team([watcher], [canary])
    make.proxy_consent(patient, carer, ["readings"])
    names = {
        "nurse": make.account(practitioner=nurse),
        "watcher": make.account(practitioner=watcher),
        "patient": make.account(patient=patient),
        "carer": make.account(carer=carer),
    }
    with serving(flow_database, tmp_path) as port:

        def visit(who: str) -> Visitor:
            return sign_in(port, names[who], "team" if who in ("nurse", "watcher") else "person")

        yield Street(port, app, make, flow_database, patient, other, team, visit)
    with app.app_context():
        db.engine.dispose()


def observation(patient: Ref) -> dict[str, object]:
    return {"t": "observation", "p": patient.public_id, "c": ["spo2"], "e": "x", "r": "x", "m": "1"}


def alert(patient: Ref | None) -> dict[str, object]:
    return {
        "t": "alert",
        "p": patient.public_id if patient else None,
        "a": uuid4(),
        "l": "urgent",
        "s": "open",
        "k": "r",
    }


def opened(visitor: Visitor) -> Listener:
    listener = visitor.listen()
    first = listener.next()
    assert first is not None
    assert first[0] == "hello"
    return listener


def until_end(listener: Listener) -> list[str]:
    """Names of events up to the marker that everybody hears."""
    names: list[str] = []
    while (event := listener.next()) is not None and event[0] != "hello":
        names.append(event[0])
    return names


def test_each_stream_tells_only_what_its_actor_may_know(street: Street) -> None:
    who = ("nurse", "watcher", "patient", "carer")
    listeners = {name: opened(street.visit(name)) for name in who}
    assert street.visit("nurse").get("/worklist")[1]["desks"] == 1, "the canary's watcher is no desk"
    street.tell(observation(street.patient))
    street.tell(alert(street.patient))
    street.tell(observation(street.other), alert(street.other))
    street.tell(alert(None))
    street.tell({"t": "quarantine", "r": "unit"}, {"t": "waiting"}, {"t": "outbox"})
    street.tell({"t": "hello"})
    heard = {name: until_end(listener) for name, listener in listeners.items()}
    assert heard == {
        "nurse": ["observation", "alert", "alert", "quarantine"],
        "watcher": [],
        "patient": ["observation", "alert"],
        "carer": ["observation"],
    }
    for listener in listeners.values():
        listener.close()


def test_a_person_taken_onto_the_caseload_is_heard_of_at_their_next_alert(street: Street) -> None:
    listener = opened(street.visit("nurse"))
    street.make.caseload(street.team, street.other, since(seconds=1))
    time.sleep(2.1)
    street.tell(alert(street.other))
    event = listener.next()
    assert event is not None
    assert (event[0], event[1]["p"]) == ("alert", str(street.other.public_id))
    listener.close()


@pytest.mark.hazard("H02")
def test_after_a_lost_line_to_the_database_everybody_is_told_to_read_anew(street: Street) -> None:
    listener = opened(street.visit("nurse"))
    with psycopg.connect(plain_dsn(street.database.url()), autocommit=True) as connection:
        ended = connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'alongside-live'"
            " and datname = current_database()"
        ).fetchall()
    assert ended == [(True,)]
    event = listener.next(60)
    assert event is not None
    assert event[0] == "hello"
    street.tell(alert(street.patient))
    event = listener.next()
    assert event is not None
    assert event[0] == "alert"
    listener.close()


@pytest.mark.slow
def test_a_hundred_streams_leave_the_api_answering_and_hold_no_connection(street: Street) -> None:
    nurse, patient = street.visit("nurse"), street.visit("patient")
    with ThreadPoolExecutor(20) as pool:
        listeners = list(pool.map(opened, [nurse] * 50 + [patient] * 50))
    for _ in range(20):
        assert nurse.get("/worklist")[0] == 200
        assert patient.get(f"/patients/{street.patient.public_id}/home")[0] == 200
    assert street.health()["streams"] == 100
    with psycopg.connect(plain_dsn(street.database.url())) as connection:
        held = connection.execute(
            "select count(*) from pg_stat_activity where datname = current_database() and usename = 'al_app'"
            " and state = 'idle in transaction'"
        ).fetchone()
    assert held == (0,)
    street.tell(alert(street.patient))
    for listener in listeners:
        event = listener.next()
        assert event is not None
        assert event[0] == "alert"
    for listener in listeners:
        listener.close()
    # A phone goes without a word: the next thing that cannot be delivered ends its stream.
    until = time.monotonic() + 120
    while street.health()["streams"] != 0 and time.monotonic() < until:
        street.tell(alert(street.patient))
        time.sleep(0.5)
    assert street.health()["streams"] == 0
    assert nurse.get("/worklist")[1]["desks"] == 0
