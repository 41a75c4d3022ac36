"""What is kept, for how long, and by whom it may be changed: corrections for ever, the rest for 90 days."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from backend.access.jobs import forget_old_sign_ins
from backend.core.db import plain_dsn
from backend.core.jobs import forget_old_answers
from tests.alerts.people import judge, own_app, run
from tests.conftest import Database
from tests.quarantine.desk_of import Desk


@pytest.fixture
def worker(flow_database: Database, tmp_path: Path) -> Iterator[Flask]:
    """The worker's own role, which may not read who signed in."""
    with own_app(flow_database, "al_worker", tmp_path) as app:
        yield app


def test_the_worker_forgets_wrong_passwords_and_kept_answers_of_over_90_days(
    worker: Flask, flow_database: Database
) -> None:
    with psycopg.connect(plain_dsn(flow_database.url("al_migrate")), autocommit=True) as owner:
        owner.execute(
            "insert into sign_in_attempt (subject, at) select 'x', now() - make_interval(days => d)"
            " from unnest(array[1, 89, 91, 400]) d"
        )
        owner.execute(
            "insert into patient (nhs_number, given_name, family_name, birth_date)"
            " values ('9990000018', 'Test', 'Person', '1950-01-01')"
        )
        owner.execute(
            "insert into account (username, password_hash, kind, patient_id)"
            " select 'x', 'x', 'patient', id from patient"
        )
        owner.execute(
            "insert into idempotency_key (account_id, key, request_hash, status, created_at)"
            " select id, gen_random_uuid(), '', 200, now() - make_interval(days => d)"
            " from account, unnest(array[1, 89, 91]) d"
        )
        with worker.app_context():
            assert forget_old_sign_ins() == 2
            assert forget_old_answers() == 1
            assert forget_old_sign_ins() == forget_old_answers() == 0
        counts = "select (select count(*) from sign_in_attempt), (select count(*) from idempotency_key)"
        assert owner.execute(counts).fetchone() == (2, 2)


@pytest.mark.parametrize("role", ["al_app", "al_gateway", "al_worker"])
@pytest.mark.parametrize(
    "statement",
    [
        "delete from correction",
        "delete from observation_correction",
        "update correction set reason = 'another'",
        "update correction set made_by = 1",
        "update observation_correction set patient_id = 1",
    ],
)
def test_nobody_rewrites_what_was_decided(database: Database, role: str, statement: str) -> None:
    with (
        psycopg.connect(plain_dsn(database.url(role))) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_an_old_batch_taken_out_raises_nothing_that_was_closed_long_ago(desk: Desk) -> None:
    # Given an alert of two months ago, closed then, and a harmless reading of the same hour
    desk.watches(desk.rose, "88", "92")
    device = desk.make.device()
    desk.make.wears(desk.rose, device)
    day = 24 * 60
    desk.sends(device, 82, ago=60 * day)
    judge(desk.app)
    desk.sends(device, 91, ago=60 * day - 5)
    judge(desk.app)
    run(
        desk.app,
        "update alert set closed_at = now() - interval '59 days', outcome = 'advice' where patient_id = :p",
        p=desk.rose.id,
    )
    # When the harmless one is withdrawn
    now = datetime.now(UTC)
    what = {
        "device": device.name,
        "from_at": (now - timedelta(days=60) + timedelta(minutes=2)).isoformat(),
        "to_at": (now - timedelta(days=60) + timedelta(minutes=10)).isoformat(),
        "reason": "It slipped",
        "messages": 1,
    }
    desk.ok("POST", "/quarantine/voids", what)
    judge(desk.app)
    # Then nobody is paged for what somebody dealt with two months ago
    assert [alert["state"] for alert in desk.alerts_of(desk.rose)] == ["closed"]
