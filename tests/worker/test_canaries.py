"""Every canary the whole way through real processes with shortened times, and what a human is told when one dies."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest

from backend.canary import people, prepare
from backend.canary.desk import COOKIE
from backend.canary.device import message
from backend.canary.runs import KINDS, STANDING, Run
from backend.canary.watching import heard
from backend.core.db import plain_dsn, transaction
from backend.pathways import service as pathways
from backend.supervise.mosquitto import Mosquitto
from tests.alerts.people import own_app
from tests.conftest import TEMPLATE, Database
from tests.device_gateway.rig import until
from tests.factories import PASSWORD, Factory

SLOW = 240.0
# Seconds: a run every 2, seen within 20; a device that is missed after 5, once the sweep comes round, for which there
# is time on any machine: a new run would make the device speak again.
SHORT = tuple(
    replace(one, every_s=2, within_s=20 + one.silent_s // 4, silent_s=one.silent_s // 60)
    for one in people.CANARIES
)


class Outside:
    """The outside watcher: it counts the pings it hears."""

    def __init__(self) -> None:
        self.pings = 0
        outside = self

        class Hears(BaseHTTPRequestHandler):
            """Answers every request with 200."""

            def do_GET(self) -> None:
                """A ping."""
                outside.pings += 1
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = HTTPServer(("127.0.0.1", 0), Hears)
        self.url = f"http://127.0.0.1:{self._server.server_port}/ping"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()


class House:
    """Database, broker and our four programs as the supervisor starts them."""

    def __init__(
        self, database: Database, broker: Mosquitto, home: Path, outside: Outside, nurse: str
    ) -> None:
        self.database, self.broker, self.home, self.outside, self.nurse = (
            database,
            broker,
            home,
            outside,
            nurse,
        )
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._db = psycopg.connect(plain_dsn(database.url("al_migrate")), autocommit=True)

    def start(self, name: str) -> None:
        """Start one of the programs."""
        serve = (
            "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--blocking-threads", "16", "--workers-kill-timeout", "1", "backend.app:wsgi",
        )  # fmt: skip
        role, argv = {
            "gateway": ("al_gateway", ("device_gateway.main",)),
            "worker": ("al_worker", ("backend.worker",)),
            "app": ("al_app", serve),
            "canary": ("al_worker", ("backend.canary",)),
        }[name]
        told = {
            "PATH": os.defpath, "DATABASE_URL": self.database.url(role), "ALONGSIDE_HOME": str(self.home),
            "ALONGSIDE_PUBLIC_URL": f"http://localhost:{self.port}",
            "MQTT_URL": self.broker.service_url("al-gateway-obs"),
            "MQTT_ALARM_URL": self.broker.service_url("al-gateway-alarm"),
            "MQTT_CONTROL_URL": self.broker.control_url(),
            "ALONGSIDE_DEVICE_HOST": "localhost", "ALONGSIDE_DEVICE_PORT": str(self.broker.tls_port),
            "ALONGSIDE_DEVICE_CA": str(self.broker.ca_file),
            "ALONGSIDE_DEADMAN_URL": self.outside.url, "ALONGSIDE_DEADMAN_EVERY_S": "0.5",
        }  # fmt: skip
        with (self.home / f"{name}.log").open("ab") as log:
            self.programs[name] = subprocess.Popen(
                [sys.executable, "-m", *argv], env=told, stdout=log, stderr=log
            )

    def kill(self, name: str) -> None:
        """kill -9."""
        self.programs[name].send_signal(signal.SIGKILL)
        self.programs[name].wait()

    def close(self) -> None:
        """End what runs."""
        for program in self.programs.values():
            program.terminate()
        for program in self.programs.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(60)
            program.kill()
            program.wait()
        self._db.close()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query finds."""
        return self._db.execute(sql).fetchall()

    def one(self, sql: str) -> Any:
        """Its first value."""
        rows = self.rows(sql)
        return rows[0][0] if rows else None

    def until(self, true: Callable[[], object], what: str) -> None:
        """Wait for it, and say how each canary stood when it did not come."""
        try:
            until(true, SLOW, what)
        except AssertionError as error:
            runs = self.rows(
                "select kind, began_at, due_at, seen_at, latency_ms from canary_run order by id desc limit 12"
            )
            lines = "\n".join(str(row) for row in (*self.rows(STANDING), *runs))
            raise AssertionError(f"{error}; now {datetime.now(UTC)}\n{self.alarm()}\n{lines}") from error

    def late(self) -> set[str]:
        """Kinds that are late now."""
        return {row[0] for row in self.rows(STANDING) if row[6] or row[7]}

    def alarm(self) -> Any:
        """The reason of the open alert that says so."""
        return self.one("select reason from alert where rule = 'canary_late' and closed_at is null")

    def asks(self, path: str, cookie: str = "") -> Any:
        """A GET of the API as a browser of the team."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request("GET", path, headers={"Cookie": cookie, "X-Alongside-Audience": "team"})
            return json.loads(line.getresponse().read())
        finally:
            line.close()

    def signs_in(self) -> str:
        """The cookie of a session of the team."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", "X-Alongside-Audience": "team"
        }  # fmt: skip
        line.request(
            "POST", "/api/v1/session", json.dumps({"username": self.nurse, "password": PASSWORD}), headers
        )
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200
        line.close()
        cookies = answer.headers.get_all("Set-Cookie") or []
        return next(one.split(";")[0] for one in cookies if one.startswith(COOKIE))


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    """An outside watcher."""
    found = Outside()
    yield found
    found.close()


@pytest.fixture(scope="module")
def house(database: Database, mosquitto_broker: Mosquitto, outside: Outside) -> Iterator[House]:
    """Everything runs, with a nurse on a team that looks after nobody yet."""
    name = "canary_house"
    with psycopg.connect(plain_dsn(database.server.admin_url()), autocommit=True) as admin:
        admin.execute(f"drop database if exists {name} with (force)")
        admin.execute(f"create database {name} template {TEMPLATE} owner al_migrate")
    home = Path(tempfile.mkdtemp(prefix="alongside-canary-"))
    own = Database(database.server, name)
    with own_app(own, "al_migrate", home) as app:
        with app.app_context():
            with transaction():
                pathways.load_packs()
                people.ensure(pathways.newest_versions()["copd"], SHORT)
                people.ensure(pathways.newest_versions()["copd"], SHORT)
                prepare.ensure_watcher(home)
            prepare.ensure_credentials(home, mosquitto_broker.control_url())
            prepare.ensure_credentials(home, mosquitto_broker.control_url())
        make = Factory(app)
        nurse = make.practitioner()
        make.team([nurse], [make.patient()])
        username = make.account(practitioner=nurse)
    found = House(own, mosquitto_broker, home, outside, username)
    for one in ("gateway", "worker", "app", "canary"):
        found.start(one)
    yield found
    found.close()
    shutil.rmtree(home, ignore_errors=True)


def runs_seen(house: House) -> dict[str, int]:
    return dict(house.rows("select kind, count(*) from canary_run where seen_at is not null group by 1"))


@pytest.mark.hazard("H24")
def test_normal_red_silent_and_fall_reach_a_desk_and_no_list_no_count_and_no_pager_knows(
    house: House,
) -> None:
    # The silent one once: its next would take as long again.
    wanted = {"normal": 2, "red": 2, "fall": 2, "silent": 1}
    house.until(
        lambda: all(runs_seen(house).get(kind, 0) >= n for kind, n in wanted.items()), "each was seen"
    )
    took = dict(
        house.rows("select kind, max(latency_ms) from canary_run where seen_at is not null group by 1")
    )
    assert set(took) == set(KINDS)
    assert min(took.values()) >= 0
    # At the far end, by what each must set off: an alert of its own for each run, and every one a canary's.
    raised = dict(house.rows("select rule, count(*) from alert where is_canary group by 1"))
    assert raised["spo2_low"] >= 2
    assert raised["fall"] >= 2
    assert raised["device_silent"] >= 1
    assert house.one("select count(*) from alert where not is_canary and rule <> 'canary_late'") == 0
    told = "select count(*) from communication c join alert a on a.id = c.alert_id where a.is_canary"
    assert house.one(told) == 0
    # A busy machine may have made one late, which is everybody's to know; nobody climbs a ladder for the canary itself.
    climbed = "select count(*) from escalation_step s join alert a on a.id = s.alert_id where a.is_canary"
    assert house.one(climbed) == 0
    house.until(lambda: not house.late() and house.alarm() is None, "nothing is late")
    cookie = house.signs_in()
    page = house.asks("/api/v1/worklist", cookie)
    assert (page["rows"], page["counts"]["all"], page["counts"]["unclaimed"]) == ([], 0, 0)
    assert "Canary" not in json.dumps(house.asks("/api/v1/caseload", cookie))
    house.until(lambda: house.asks("/health")["checks"]["canaries"], "the worker has looked")
    assert set(house.asks("/health")["checks"]["canaries"]["latency_ms"]) == set(KINDS)


@pytest.mark.hazard("H24")
def test_deadman_fires(house: House, outside: Outside) -> None:
    """A gateway that is dead: every desk and the duty line are told, and outside the pings stop until all is well."""
    house.until(lambda: house.alarm() is None and outside.pings > 0, "all is well")
    house.kill("gateway")
    house.until(house.alarm, "a human is told")
    level, device = house.rows(
        "select level, device from alert where rule = 'canary_late' and closed_at is null"
    )[0]
    assert (level, device) == ("urgent", "canary")
    rows = house.asks("/api/v1/worklist", house.signs_in())["rows"]
    assert "did not reach a desk in time" in json.dumps(rows), "it stands on every duty desk"
    to_duty = (
        "select count(*) from communication c join alert a on a.id = c.alert_id"
        " where a.rule = 'canary_late' and a.closed_at is null and c.to_kind = 'duty'"
    )
    assert house.one(to_duty) == 1
    heard_by = outside.pings
    assert not threading.Event().wait(3)
    assert outside.pings == heard_by, "the outside watcher hears nothing while something is broken"
    house.start("gateway")
    house.until(lambda: house.alarm() is None, "it is taken back once every test arrives")
    house.until(lambda: outside.pings > heard_by, "the pings are back")


@pytest.mark.hazard("H24")
def test_a_dead_worker_is_told_by_the_silence_outside(house: House, outside: Outside) -> None:
    before = outside.pings
    house.until(lambda: outside.pings > before, "all is well")
    house.kill("worker")
    house.until(lambda: {"red", "silent"} & house.late(), "nobody judges any more")
    heard_by = outside.pings
    assert not threading.Event().wait(3)
    assert outside.pings == heard_by


def test_each_kind_sends_what_the_wire_asks_and_only_its_own_alert_counts() -> None:
    now = datetime.now(UTC)
    for kind in KINDS:
        channel, body = message(Run(kind, "canary-0001", "cause"))
        assert channel == ("alarm" if kind == "fall" else "obs")
        assert body["id"] == "cause"
        sent = datetime.fromisoformat(body["raised"] if kind == "fall" else body["taken"])
        assert abs(sent - now) < timedelta(minutes=1)
    assert heard("observation", {"m": "cause"}) == ("normal", "cause")
    assert heard("alert", {"s": "open", "k": "fall", "x": "cause"}) == ("fall", "cause")
    assert heard("alert", {"s": "closed", "k": "fall", "x": "cause"}) is None
    assert heard("alert", {"s": "open", "k": "bp_severe"}) is None
    assert heard("hello", {}) is None


def test_every_canary_runs_at_least_daily() -> None:
    assert {one.kind for one in people.CANARIES} == set(KINDS)
    assert max(one.every_s + one.within_s for one in people.CANARIES) < timedelta(days=1).total_seconds()
