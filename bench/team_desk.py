"""A team, its nurse and a stream client of their own beside the yard, to measure where the user is."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from types import TracebackType
from typing import Any, Self

from backend.access.sign_in.local import hash_password
from backend.core.config import Config
from backend.core.db import database_app, db, transaction
from backend.pathways.service import load_packs
from bench.yard import Yard

NURSE, PASSWORD = "bench-nurse", "bench-password-for-loopback-only"
TEAM = """
with o as (insert into organization (kind, name) values ('community-team', 'Bench') returning id),
 t as (insert into care_team (organization_id, name, phone) select id, 'Bench', '0' from o returning id),
 n as (insert into practitioner (display_name, role) values ('Bench Nurse', 'nurse') returning id),
 m as (insert into care_team_member (care_team_id, practitioner_id, valid)
       select t.id, n.id, '[2020-01-01,)' from t, n),
 a as (insert into account (username, password_hash, kind, practitioner_id)
       select %s, %s, 'practitioner', id from n),
 c as (insert into caseload (care_team_id, patient_id, valid)
       select t.id, p.id, '[2020-01-01,)' from t, patient p),
 e as (insert into enrolment (patient_id, pathway_version_id, status, valid)
       select p.id, v.id, 'live', '[2020-01-01,)' from patient p, pathway_version v where v.pathway = 'copd')
insert into alert_limit (patient_id, code, low, high, set_by) select id, 5, 88, 92, 'bench' from patient
"""


class Desk:
    """Worker, app and one listening stream client on a yard; arrivals are noted as they reach the client."""

    def __init__(self, yard: Yard) -> None:
        self.yard = yard
        self.heard: dict[tuple[str, str], float] = {}
        self.cookie = ""
        self._leaving = False
        self._programs: list[subprocess.Popen[bytes]] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._environment = {
            "PATH": os.environ["PATH"],
            "ALONGSIDE_HOME": str(yard.home),
            "ALONGSIDE_PUBLIC_URL": f"http://localhost:{self.port}",
        }

    def __enter__(self) -> Self:
        owner = {**self._environment, "DATABASE_URL": self.yard.postgres.url("al_migrate")}
        with database_app(Config.from_environ(owner)).app_context():
            with transaction():
                load_packs()
            db.engine.dispose()
        self.yard.db.execute(TEAM, (NURSE, hash_password(PASSWORD)))
        # Heard of just now: two thousand silent devices would be another measure than this one.
        self.yard.db.execute("insert into device_state (device_id, last_seen_at, last_reading_at)"
                             " select id, now(), now() from device on conflict do nothing")  # fmt: skip
        self.yard.db.execute("analyze")
        self._start("al_worker", "-m", "backend.worker")
        self._start(
            "al_app", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "1", "--blocking-threads", "160", "--workers-kill-timeout", "3", "--log-level", "warning",
            "backend.app:wsgi",
        )  # fmt: skip
        self._stream = self._open_stream()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._leaving = True
        for program in self._programs:
            program.terminate()
        for program in self._programs:
            program.wait(20)
        self._listener.join(40)
        self._stream.close()

    def wait_for(self, wanted: set[tuple[str, str]], seconds: float) -> int:
        """Wait until all were heard or the time is over; returns how many are missing."""
        end = time.monotonic() + seconds
        while wanted - self.heard.keys() and time.monotonic() < end:
            time.sleep(0.1)
        return len(wanted - self.heard.keys())

    def _start(self, role: str, *words: str) -> None:
        environment = {**self._environment, "DATABASE_URL": self.yard.postgres.url(role)}
        with (self.yard.home / f"{role}.log").open("ab") as log:
            self._programs.append(
                subprocess.Popen([sys.executable, *words], env=environment, stdout=log, stderr=log)
            )

    def _open_stream(self) -> http.client.HTTPResponse:
        end = time.monotonic() + 30
        while True:
            try:
                return self._signed_in_stream()
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def _signed_in_stream(self) -> http.client.HTTPResponse:
        origin = f"http://localhost:{self.port}"
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json", "Origin": origin, "X-Alongside-Audience": "team"}
        body = json.dumps({"username": NURSE, "password": PASSWORD})
        asking.request("POST", "/api/v1/session", body, headers)
        answer = asking.getresponse()
        answer.read()
        asking.close()
        if answer.status != 200:
            raise RuntimeError(f"signing in answered {answer.status}")
        self.cookie = cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        line.request("GET", "/api/v1/stream?audience=team", headers={"Cookie": cookie})
        stream = line.getresponse()
        # Closing the answer closes the line, once the connection has let go of it.
        line.close()
        if stream.status != 200:
            raise RuntimeError(f"the stream answered {stream.status}")
        return stream

    def _listen(self) -> None:
        """As a page does: a stream that fell behind is closed, and whoever opens it anew reads the list."""
        while True:
            self._hear()
            if self._leaving:
                return
            self._stream.close()
            try:
                self._stream = self._open_stream()
                rows = self.worklist()
            except (OSError, http.client.HTTPException, RuntimeError, ValueError):
                continue
            if rows and rows[0]["level"] == "emergency":
                self.heard.setdefault(("list", "red"), time.time())

    def worklist(self) -> list[dict[str, Any]]:
        """The rows of the list as it is now."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie, "X-Alongside-Audience": "team"}
        line.request("GET", "/api/v1/worklist", headers=headers)
        rows: list[dict[str, Any]] = json.loads(line.getresponse().read()).get("rows", [])
        line.close()
        return rows

    def _hear(self) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            self._read()

    def _read(self) -> None:
        name = ""
        while line := self._stream.readline():
            if line.startswith(b"event:"):
                name = line[6:].strip().decode()
            elif line.startswith(b"data:"):
                self._note(name, json.loads(line[5:]), time.time())

    def _note(self, name: str, told: dict[str, Any], at: float) -> None:
        caused_by = {"observation": "m", "alert": "x"}.get(name)
        if caused_by is not None:
            self.heard.setdefault((name, str(told.get(caused_by))), at)
