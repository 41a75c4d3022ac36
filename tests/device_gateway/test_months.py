"""The first year of months: each reading lies in its own, once, whichever side of midnight its resend comes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask

from backend.core.config import Config
from backend.core.db import database_app, db, plain_dsn
from device_gateway.arrival import Arrived, Verdict
from device_gateway.ingest import Ingest
from tests.conftest import Database
from tests.device_gateway.rig import World, obs

MOMENT = timedelta(milliseconds=500)


def month_after(first: datetime, count: int) -> datetime:
    """The first moment of the month `count` months after `first`."""
    months = first.year * 12 + first.month - 1 + count
    return first.replace(year=months // 12, month=months % 12 + 1)


@pytest.fixture
def app(flow_database: Database, tmp_path: Path) -> Iterator[Flask]:
    """A gateway's database app on a database of this test's own."""
    url = flow_database.url("al_gateway")
    config = Config(**{**vars(flow_database.config(tmp_path)), "database_url": url})
    made = database_app(config, pool_size=1, name="alongside-gateway")
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def world(flow_database: Database) -> Iterator[World]:
    """The same database for the test's own questions; no broker is needed here."""
    found = World(flow_database.url("al_migrate"), "", None)  # type: ignore[arg-type]  # nobody connects
    yield found
    found.db.close()


def taken(at: datetime, **more: Any) -> dict[str, Any]:
    """A reading taken then, by a device with a good clock."""
    return obs(taken=at.isoformat(), sent=at.isoformat(), **more)


def given(app: Flask, device: str, body: dict[str, Any], received_at: datetime) -> Verdict:
    """What the gateway answers when this arrives then."""
    arrived = Arrived(f"al/v1/{device}/up/obs", json.dumps(body).encode(), received_at)
    with app.app_context():
        return Ingest().handle([arrived])[0]


def test_a_year_of_months_keeps_every_reading_once_in_its_own(app: Flask, world: World) -> None:
    device, patient = world.worn()
    this_month = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    worker = psycopg.connect(world.owner_dsn, autocommit=True)
    seq, expected = 0, []
    for n in range(1, 13):
        first = month_after(this_month, n)
        worker.execute("select ensure_partitions(as_of => %s)", (first - timedelta(days=10),))
        # The last moment of a month, resent and received after midnight on the 1st; and the month's first.
        last, begin = taken(first - MOMENT, seq=seq), taken(first, seq=seq + 1)
        seq += 2
        assert given(app, device, last, first - MOMENT / 2).refused is None
        again = given(app, device, last, first + timedelta(minutes=5))
        assert (again.refused, again.is_fresh) == (None, False)
        assert given(app, device, begin, first + MOMENT).refused is None
        expected += [
            (first - MOMENT, f"observation_{first - MOMENT:%Y%m}"),
            (first, f"observation_{first:%Y%m}"),
        ]
    worker.close()
    rows = world.all(
        "select effective_at, tableoid::regclass::text from observation where patient_id = %s"
        " order by effective_at",
        patient,
    )
    assert rows == expected
    assert world.one("select effective_at from latest where patient_id = %s", patient) == expected[-1][0]
    raw = "select count(distinct tableoid) from device_message where device = %s"
    assert world.one(raw, device) == 13


def test_a_reading_of_a_year_ago_is_kept_and_one_before_the_open_months_is_held(
    app: Flask, world: World
) -> None:
    device, patient = world.worn()
    now = datetime.now(UTC)
    late, older = taken(now - timedelta(days=365)), taken(now - timedelta(days=800), seq=1)
    assert given(app, device, late, now).refused is None
    assert given(app, device, older, now).refused == "time-out-of-range"
    assert world.one("select count(*) from observation where patient_id = %s", patient) == 1
    assert world.one("select payload from quarantine where device = %s", device) == json.dumps(older).encode()


def test_opening_months_twice_makes_nothing_and_loses_nothing(world: World) -> None:
    assert world.one("select ensure_partitions()") == 0
    made = world.one("select ensure_partitions(13, 2, now() + interval '1 year')")
    assert made > 0
    assert world.one("select ensure_partitions(13, 2, now() + interval '1 year')") == 0


def test_the_worker_may_open_months_and_nothing_else(flow_database: Database) -> None:
    with psycopg.connect(plain_dsn(flow_database.url("al_worker")), autocommit=True) as worker:
        worker.execute("select ensure_partitions()")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            worker.execute(
                f"create table {'observation_' + uuid4().hex[:6]} partition of observation default"
            )
