"""A home of its own to measure in: database, broker, worn devices and an account that may publish for all."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import psutil
import psycopg

from backend.core.config import MqttAddress
from backend.core.db import plain_dsn
from backend.migrations import upgrade
from backend.supervise.mosquitto import Mosquitto
from backend.supervise.postgres import Postgres
from bench.raw_mqtt import connect, publish

LOADER = "al-bench"


class Yard:
    """Started on entry, stopped on exit."""

    def __init__(self, devices: int) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="alongside-bench-"))
        self.home.chmod(0o711)
        self.postgres = Postgres(self.home)
        self.broker = Mosquitto(self.home)
        self.names = [f"bench-{n:06d}" for n in range(devices)]
        self.password = secrets.token_urlsafe(16)
        self.gateway: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Yard":
        self.postgres.start()
        upgrade(self.postgres.url("al_migrate"))
        self.broker.start()
        self.db = psycopg.connect(plain_dsn(self.postgres.url("al_migrate")), autocommit=True)
        self._people()
        self._loader()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop_gateway()
        self.db.close()
        self.broker.stop()
        self.postgres.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def count(self, sql: str) -> int:
        """The first number of a query."""
        row = self.db.execute(sql).fetchone()
        return int(row[0]) if row else 0

    def start_gateway(self, **more: str) -> subprocess.Popen[bytes]:
        """The gateway as the supervisor starts it; returns when it says that it lives."""
        before = self.count("select coalesce(max(extract(epoch from at)), 0)::bigint from heartbeat")
        self.start_gateway_blind(**more)
        assert self.gateway is not None
        echoed = "select count(*) from heartbeat where detail->>'echo_ms' is not null and extract(epoch from at) > "
        while not self.count(echoed + str(before + 1)):
            if self.gateway.poll() is not None:
                raise RuntimeError((self.home / "gateway.log").read_text()[-2000:])
            psutil.Process(self.gateway.pid).cpu_times()
        return self.gateway

    def start_gateway_blind(self, **more: str) -> subprocess.Popen[bytes]:
        """The same without waiting for a sign of it in the database, which may be away."""
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.postgres.url("al_gateway"),
            "MQTT_URL": self.broker.service_url("al-gateway-obs"),
            "MQTT_ALARM_URL": self.broker.service_url("al-gateway-alarm"),
            "ALONGSIDE_HOME": str(self.home),
            **more,
        }
        with (self.home / "gateway.log").open("ab") as log:
            self.gateway = subprocess.Popen(
                [sys.executable, "-m", "device_gateway.main"], env=environment, stdout=log, stderr=log
            )
        return self.gateway

    def reconnect(self) -> None:
        """Our own connection again, after the server was away."""
        self.db.close()
        self.db = psycopg.connect(plain_dsn(self.postgres.url("al_migrate")), autocommit=True)

    def stop_gateway(self) -> None:
        """End it; what it had not acknowledged waits at the broker."""
        if self.gateway is not None and self.gateway.poll() is None:
            self.gateway.terminate()
            self.gateway.wait(20)

    def cpu_seconds(self) -> dict[str, float]:
        """CPU seconds so far of the gateway, the database and the broker."""
        return {
            "gateway": _cpu(self.gateway.pid if self.gateway else None),
            "postgres": _cpu(self.postgres.pid),
            "broker": _cpu(self.broker.pid),
        }

    def _people(self) -> None:
        rows = [(f"{9990000000 + n:010d}", name) for n, name in enumerate(self.names)]
        with self.db.cursor() as cursor:
            cursor.executemany(
                "with p as (insert into patient (nhs_number, given_name, family_name, birth_date)"
                " values (%s, 'Bench', 'Person', '1950-01-01') returning id),"
                " c as (insert into consent (patient_id, kind, valid) select id, 'monitoring', '[2020-01-01,)' from p),"
                " d as (insert into device (device_id, kind) values (%s, 'pulse-oximeter') returning id)"
                " insert into device_association (device_id, patient_id, valid)"
                " select d.id, p.id, '[2020-01-01,)' from d, p",
                rows,
            )
        self.db.execute("analyze")

    def _loader(self) -> None:
        acls = [
            {"acltype": "publishClientSend", "topic": "al/v1/+/up/#", "allow": True},
            {"acltype": "subscribePattern", "topic": "al/v1/+/down/#", "allow": True},
            {"acltype": "publishClientReceive", "topic": "al/v1/+/down/#", "allow": True},
        ]
        commands = [
            {"command": "createRole", "rolename": LOADER, "acls": acls},
            {
                "command": "createClient", "username": LOADER, "password": self.password,
                "roles": [{"rolename": LOADER}],
            },
        ]  # fmt: skip
        control = MqttAddress.parse(self.broker.control_url())
        sock = connect(control.port, control.username, control.password, "al-bench-control")
        publish(sock, [("$CONTROL/dynamic-security/v1", json.dumps({"commands": commands}).encode())])
        time.sleep(0.5)
        sock.close()


def message(taken: str, value: int, seq: int, boot: str = "b17") -> bytes:
    """One reading with one value, as a device sends it (about 230 bytes)."""
    body = {
        "v": 1, "id": uuid4().hex, "boot": boot, "seq": seq, "sent": taken, "clock": {"src": "ntp", "acc_ms": 40},
        "taken": taken, "m": [{"k": "spo2", "val": value, "u": "%", "code": "loinc:2708-6", "q": "ok"}],
    }  # fmt: skip
    return json.dumps(body, separators=(",", ":")).encode()


def _cpu(pid: int | None) -> float:
    if pid is None:
        return 0.0
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        total = 0.0
        for one in family:
            times = one.cpu_times()
            total += times.user + times.system
        own = process.cpu_times()
        # What ended sessions of the server used is counted with their parent.
        return float(total + own.children_user + own.children_system)
    except psutil.NoSuchProcess:
        return 0.0
