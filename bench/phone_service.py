"""The service's side of the faults of phones: ends sessions, edits as another, goes back to a copy, counts its rows."""

from __future__ import annotations

import http.client
import json
import time
from collections import Counter
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from backend.core.config import Surroundings
from backend.core.db import plain_dsn
from backend.supervise.database_roles import DATABASE, OWNER
from backend.supervise.home import Home
from backend.supervise.postgres import Postgres
from tests.running import Running

WHO = "demo-person"
COPY = "alongside_as_it_was"
PATIENCE_S = 90

READINGS = """select s.value::int, d.value::int, count(*) from observation s
    join observation d on (d.patient_id, d.effective_at, d.source, d.code) = (s.patient_id, s.effective_at, 1, 2)
    where s.code = 1 and s.source = 1 and s.patient_id = (select id from patient where public_id = %s)
        and s.received_at > %s group by 1, 2"""
MESSAGES = "select words, count(*) from thread_message where words like 'Note %%' group by 1"
TEXTS = "select body->>'text', count(*) from plan_version where body->>'text' like 'Text %%' group by 1"


class Service:
    """A running demo, seen from behind."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.patient = running.patient(WHO)
        run = Home(running.home).read()
        assert run is not None
        self._postgres = Postgres(running.home, Surroundings.from_environ().admin_url)
        self._postgres.attach(run.ports.get("postgres", 0))
        self.has_copy = False
        # What another client wrote and was told is stored, since the last copy was taken and before it.
        self.written_elsewhere: list[str] = []
        self._written_before_copy = 0
        self.begin()

    def begin(self) -> None:
        """Count from now on, with no copy to go back to."""
        self.has_copy = False
        self.written_elsewhere.clear()
        self.began = self.rows("select db_now()")[0][0]

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a question, asked as the owner of the tables."""
        dsn = plain_dsn(self._postgres.url(OWNER))
        with psycopg.connect(dsn, autocommit=True, connect_timeout=20) as connection:
            found = connection.execute(question, values)
            return found.fetchall() if found.description else []

    def counted(self) -> Counter[str]:
        """How often each reading, message and text is there, by the words it is known under on the phone."""
        found: Counter[str] = Counter()
        for systolic, diastolic, n in self.rows(READINGS, self.patient, self.began):
            # Stored twice at one time, each of two would find both of the other's: that counts as more than one too.
            found[f"{systolic}/{diastolic}"] += n
        for question in (MESSAGES, TEXTS):
            found.update({words: n for words, n in self.rows(question)})
        return found

    def end_sessions(self) -> None:
        """Every person's session is over, as after 30 days."""
        self.rows(
            "update sign_in_session set revoked_at = db_now() where audience = 'person' and revoked_at is null"
        )

    def edit_elsewhere(self, section: str, words: str) -> None:
        """The same person, in another browser that knows the newest version, writes other words."""
        with _Client(self.running) as client:
            plan = client.ask("GET", f"/patients/{self.patient}/plan")
            version = next(one["version"] for one in plan["sections"] if one["key"] == section)
            path = f"/patients/{self.patient}/plan/sections/{section}"
            client.ask("PUT", path, {"body": {"text": words}, "private": False}, version)
        self.written_elsewhere.append(words)

    def copy(self) -> None:
        """Keep the whole database as it is at this moment."""
        with self._alone() as admin:
            admin.execute(f"drop database if exists {COPY}")
            admin.execute(f"create database {COPY} template {DATABASE} owner {OWNER}")
        self.has_copy, self._written_before_copy = True, len(self.written_elsewhere)
        self.answers()

    def go_back(self) -> None:
        """The database is lost, and the copy takes its place: what came since has never been."""
        with self._alone() as admin:
            admin.execute(f"drop database {DATABASE} with (force)")
            admin.execute(f"create database {DATABASE} template {COPY} owner {OWNER}")
        self._postgres.set_passwords()
        del self.written_elsewhere[self._written_before_copy :]
        self.answers()

    def _alone(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection beside the database, once nobody is in it and nobody can come in."""
        admin = psycopg.connect(plain_dsn(self._postgres.admin_url("postgres")), autocommit=True)
        for name in (DATABASE, COPY):
            shut = sql.SQL("alter database {} allow_connections {}")
            if admin.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
                admin.execute(shut.format(sql.Identifier(name), sql.SQL("false")))
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (DATABASE,)
        )
        until = time.monotonic() + 20
        busy = "select count(*) from pg_stat_activity where datname = %s"
        while cast(tuple[int], admin.execute(busy, (DATABASE,)).fetchone())[0] and time.monotonic() < until:
            time.sleep(0.02)
        return admin

    def answers(self) -> None:
        """Let everybody in again, and wait until the app answers from the database."""
        with psycopg.connect(plain_dsn(self._postgres.admin_url("postgres")), autocommit=True) as admin:
            admin.execute(f"alter database {DATABASE} allow_connections true")
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                with _Client(self.running):
                    return
            except (OSError, http.client.HTTPException, RuntimeError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)


class _Client:
    """Another browser of the same person, by HTTP alone; signed in while it is open."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._line = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=30)
        self._headers = {
            "Origin": running.url,
            "X-Alongside-Audience": "person",
            "Content-Type": "application/json",
        }

    def __enter__(self) -> _Client:
        told = self.ask("POST", "/session", {"username": WHO, "password": self._running.password(WHO)})
        self._headers["X-CSRF-Token"] = told["csrf"]
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()

    def ask(self, method: str, path: str, body: object = None, version: int | None = None) -> Any:
        """The answer's body; RuntimeError when it is no success."""
        match = {} if version is None else {"If-Match": f'W/"{version}"'}
        key = {} if method == "GET" else {"Idempotency-Key": str(uuid4())}
        text = None if body is None else json.dumps(body)
        self._line.request(method, f"/api/v1{path}", text, self._headers | match | key)
        answer = self._line.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path} answered {answer.status}")
        if cookie := answer.getheader("Set-Cookie"):
            self._headers["Cookie"] = cookie.split(";")[0]
        return json.loads(data) if data else None
