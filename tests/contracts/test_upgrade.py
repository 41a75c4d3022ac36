"""A home of the first release is brought up to date and loses nothing: its data, its people, its resends."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from backend.core.config import Config
from backend.core.db import database_app, db, plain_dsn
from backend.migrations import upgrade
from backend.supervise.postgres import Postgres
from device_gateway.arrival import Arrived
from device_gateway.ingest import Ingest
from tests.conftest import Database
from tests.device_gateway.rig import obs

FIRST_RELEASE = "0003"


@pytest.fixture
def old_home(postgres_server: Postgres) -> Iterator[Database]:
    """The database of a home that was made by the first release and has been used."""
    name = f"old_{uuid4().hex[:12]}"
    with psycopg.connect(plain_dsn(postgres_server.admin_url()), autocommit=True) as admin:
        admin.execute(f"create database {name} owner al_migrate template template0")
        made = Database(postgres_server, name)
        upgrade(made.url("al_migrate"), FIRST_RELEASE)
        yield made
        admin.execute(f"drop database {name} with (force)")


# Written as the first release wrote them: never made from today's models, which know columns it did not have.
PATIENT = """insert into patient (nhs_number, given_name, family_name, birth_date)
    values ('9990000018', 'Test', 'Person', '1950-01-01') returning id"""
CONSENT = "insert into consent (patient_id, kind, valid) values (%s, 'monitoring', '[2020-01-01,)')"
DEVICE = "insert into device (device_id, kind, model) values ('first-release', 'pulse-oximeter', 'px-1') returning id"
WORN = "insert into device_association (device_id, patient_id, valid) values (%s, %s, '[2020-01-01,)')"
STATE = "insert into device_state (device_id, boot, last_seq, last_seen_at, battery_pct) values (%s, 'b1', 0, %s, 81)"
MESSAGE = """insert into device_message (id, received_at, device_id, channel, device, message_id, boot, seq, payload)
    values (nextval('device_message_id'), %s, %s, 1, 'first-release', %s, 'b1', 0, %s) returning id"""
KEY = (
    "insert into message_key (device_id, message_id, device_message_id, received_at) values (%s, %s, %s, %s)"
)
OBSERVATION = """insert into observation (effective_at, received_at, device_message_id, patient_id, device_id, code,
    value) values (%s, %s, %s, %s, %s, 5, 93.5)"""
LATEST = """insert into latest (patient_id, code, quality, source, device_id, effective_at, received_at,
    device_message_id, value) values (%s, 5, 0, 0, %s, %s, %s, %s, 93.5)"""
QUARANTINE = """insert into quarantine (received_at, last_received_at, device, device_id, channel, topic, reason,
    detail, payload, payload_sha256) values (%s, %s, 'first-release', %s, 'obs', 't', 'unmapped', 'd', '{}', '')"""
ALERT = """insert into alert (patient_id, device_id, device, rule, kind, level, title, reason, true_at, known_at)
    values (%s, %s, 'first-release', 'sos', 'alarm', 'emergency', 'Pendant', 'Pressed', %s, %s) returning id"""
EVENT = """insert into alarm_event (device, alarm_id, phase, kind, alert_id, patient_id, received_at)
    values ('first-release', 'a-12345678', 'raise', 'sos', %s, %s, %s)"""


def used(home: Database, body: dict[str, Any], at: datetime) -> None:
    """A person with a device, one reading, one refused message and one open alarm."""
    with psycopg.connect(plain_dsn(home.url("al_migrate"))) as owner:

        def key(statement: str, *values: object) -> Any:
            row = owner.execute(statement.encode(), values).fetchone()
            assert row is not None
            return row[0]

        patient, device = key(PATIENT), key(DEVICE)
        owner.execute(CONSENT, (patient,))
        owner.execute(WORN, (device, patient))
        owner.execute(STATE, (device, at))
        message = key(MESSAGE, at, device, body["id"], json.dumps(body).encode())
        owner.execute(KEY, (device, body["id"], message, at))
        owner.execute(OBSERVATION, (at, at, message, patient, device))
        owner.execute(LATEST, (patient, device, at, at, message))
        owner.execute(QUARANTINE, (at, at, device))
        owner.execute(EVENT, (key(ALERT, patient, device, at, at), patient, at))


TABLES = (
    "patient", "consent", "device", "device_association", "device_state", "device_message", "message_key",
    "observation", "latest", "quarantine", "alert", "alarm_event",
)  # fmt: skip


def rows(home: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table the first release had, as it stands."""
    with psycopg.connect(plain_dsn(home.url("al_migrate"))) as owner:
        return {
            table: [row[0] for row in owner.execute(f"select to_jsonb(t) from {table} t".encode()).fetchall()]
            for table in TABLES
        }


def test_an_upgrade_keeps_every_row_of_a_used_home(old_home: Database) -> None:
    at = datetime.now(UTC) - timedelta(hours=3)
    used(old_home, obs(), at)
    before = rows(old_home)
    upgrade(old_home.url("al_migrate"))
    after = rows(old_home)
    for table, kept in before.items():
        # New columns may have come; every value that was there is there.
        found = [{name: row.get(name) for name in old} for old, row in zip(kept, after[table], strict=True)]
        assert found == kept, table


def test_an_upgraded_home_knows_a_resend_and_stores_what_is_new(old_home: Database, tmp_path: Path) -> None:
    at = datetime.now(UTC) - timedelta(hours=3)
    old, new = obs(taken=at.isoformat()), obs(seq=1)
    used(old_home, old, at)
    upgrade(old_home.url("al_migrate"))
    config = Config(**{**vars(old_home.config(tmp_path)), "database_url": old_home.url("al_gateway")})
    app = database_app(config, pool_size=1, name="alongside-gateway")
    now = datetime.now(UTC)
    batch = [Arrived("al/v1/first-release/up/obs", json.dumps(body).encode(), now) for body in (old, new)]
    with app.app_context():
        verdicts = Ingest().handle(batch)
        db.engine.dispose()
    assert [(one.refused, one.is_fresh) for one in verdicts] == [(None, False), (None, True)]
    stored = rows(old_home)
    assert len(stored["observation"]) == 2
    assert stored["latest"][0]["value"] == 96
    assert stored["alert"][0]["closed_at"] is None
