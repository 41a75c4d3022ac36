"""How fast the team's list opens with 200 people and 20 million readings stored, and the red one in a storm."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from backend.access.sign_in.local import hash_password
from backend.core.config import Config
from backend.core.db import database_app, transaction
from backend.pathways.service import load_packs
from bench.report import Measure
from bench.team_desk import NURSE, PASSWORD, TEAM
from bench.yard import Yard

PEOPLE = 200
READINGS = 20_000_000
# A year of readings, as partitions reach back; what is asked of each person spreads over it evenly.
DAYS = 365
ASKED = 400
WARM_UP = 20
STORM = 10_000
ORIGIN = "http://localhost"
FILL = """insert into observation (patient_id, code, effective_at, received_at, value, device_message_id)
    select p.id, 5, t, t, 90 + n %% 8, n from patient p, lateral (select n,
        now() - (%(from)s + n %% %(per_day)s::int / %(per_day)s::float8) * interval '1 day' as t
        from generate_series(1, %(per_day)s) n) made"""
LATEST = """insert into latest (patient_id, code, quality, source, effective_at, received_at, value)
    select id, 5, 0, 0, now(), now(), 90 from patient"""
# A card for each person, every fifth red, each with evidence, every fourth with a second finding.
CARDS = """insert into alert (patient_id, rule, kind, level, title, reason, true_at, known_at, evidence, judged_by,
        acknowledge_by, contact_by, rung_due_at, care_team_id)
    select p.id, r.rule, 'clinical', case when p.id %% 5 = 0 then 'urgent' else 'soon' end, 'Oxygen low',
        'Oxygen 86%%, two readings, target 88 to 92', now(), now(),
        jsonb_build_array(jsonb_build_object('at', now(), 'code', 'spo2', 'value', '86', 'received', now())),
        'copd 2026.1', now() + interval '15 min', now() + interval '1 hour', now() + interval '15 min',
        (select min(id) from care_team)
    from patient p, (values ('spo2_low'), ('weight_gain')) r (rule)
    where r.rule = 'spo2_low' or p.id %% 4 = 0"""
JOIN = "update alert a set card_id = (select min(id) from alert b where b.patient_id = a.patient_id)"
FLOOD = """insert into alert (patient_id, rule, kind, level, title, reason, true_at, known_at, contact_by)
    select p.id, 'flood_' || n, 'clinical', 'soon', 'Flood', 'One of many', now(), now(), now()
    from patient p, generate_series(1, %(each)s) n"""

RED = """insert into alert (patient_id, rule, kind, level, title, reason, true_at, known_at)
    select min(id), 'red', 'clinical', 'urgent', 'Red', 'Red', now(), now() from patient"""


def measure() -> list[Measure]:
    """Ask for the list ASKED times over HTTP, then once more in a storm of STORM mild alerts and one red."""
    with Yard(PEOPLE) as yard:
        _people(yard)
        _readings(yard)
        with _served(yard) as page:
            took = sorted([_timed(page) for _ in range(WARM_UP + ASKED)][WARM_UP:])
            yard.db.execute("delete from alert_event")
            yard.db.execute("delete from alert")
            yard.db.execute(FLOOD, {"each": STORM // PEOPLE})
            yard.db.execute(RED)
            began = time.monotonic()
            first = page("/api/v1/worklist")["rows"][0]["rule"]
            storm = time.monotonic() - began
    if first != "red":
        raise RuntimeError(f"the first row of the storm is {first}")
    p50, p99 = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
    return [
        Measure(
            "worklist page of 200 people, p99", round(p99, 1), "ms", "<= 100",
            note=f"{len(took)} requests over HTTP, one at a time, {READINGS:,} readings stored; p50 {p50:.1f} ms",
        ),
        Measure(
            f"storm of {STORM:,} mild alerts: list with the red one first", round(storm, 2), "s", "<= 5",
        ),
    ]  # fmt: skip


def _people(yard: Yard) -> None:
    owner = {"DATABASE_URL": yard.postgres.url("al_migrate"), "ALONGSIDE_HOME": str(yard.home), "PATH": ""}
    with database_app(Config.from_environ(owner)).app_context(), transaction():
        load_packs()
    yard.db.execute(TEAM, (NURSE, hash_password(PASSWORD)))
    yard.db.execute(CARDS, {})
    yard.db.execute(JOIN)


def _readings(yard: Yard) -> None:
    yard.db.execute("set synchronous_commit = off")
    per_day = READINGS // PEOPLE // DAYS + 1
    for day in range(DAYS):
        yard.db.execute(FILL, {"from": day, "per_day": per_day})
    yard.db.execute(LATEST)
    yard.db.execute("vacuum analyze")


@contextmanager
def _served(yard: Yard) -> Iterator[Any]:
    """The web process, and a way to ask it as a signed-in nurse."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {
        "PATH": os.environ["PATH"],
        "ALONGSIDE_HOME": str(yard.home),
        "ALONGSIDE_PUBLIC_URL": f"{ORIGIN}:{port}",
        "DATABASE_URL": yard.postgres.url("al_app"),
    }
    log = (yard.home / "app.log").open("ab")
    program = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", "1", "--blocking-threads", "16", "--workers-kill-timeout", "3", "--log-level", "warning",
            "backend.app:wsgi",
        ],
        env=environment, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        line, cookie = _signed_in(port)

        def page(path: str) -> Any:
            headers = {"Cookie": cookie, "X-Alongside-Audience": "team"}
            line.request("GET", path, headers=headers)
            answer = line.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}")
            return json.loads(body)

        yield page
    finally:
        program.terminate()
        program.wait(20)
        log.close()


def _signed_in(port: int) -> tuple[http.client.HTTPConnection, str]:
    until = time.monotonic() + 60
    while True:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {
            "Content-Type": "application/json", "Origin": f"{ORIGIN}:{port}", "X-Alongside-Audience": "team",
        }  # fmt: skip
        try:
            line.request(
                "POST", "/api/v1/session", json.dumps({"username": NURSE, "password": PASSWORD}), headers
            )
            answer = line.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"signing in answered {answer.status}")
            return line, (answer.getheader("Set-Cookie") or "").split(";")[0]
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _timed(page: Any) -> float:
    began = time.perf_counter()
    page("/api/v1/worklist")
    return time.perf_counter() - began
