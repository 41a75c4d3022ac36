"""Of an invitation that is accepted and withdrawn in one moment, the person is told which of the two it was."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from backend.app import create_app
from backend.core.db import db, plain_dsn
from tests.alerts.people import run
from tests.browsing import Browser
from tests.circle.test_invitations import INVITE
from tests.conftest import Database
from tests.device_gateway.rig import until
from tests.factories import Factory

WAITING = "select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
ID = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def app_of_its_own(flow_database: Database, tmp_path: Path) -> Iterator[Flask]:
    """An app whose requests really commit."""
    app = create_app(flow_database.config(tmp_path))
    yield app
    with app.app_context():
        db.engine.dispose()


def test_nobody_is_told_that_an_invitation_is_withdrawn_which_was_just_accepted(
    app_of_its_own: Flask, flow_database: Database
) -> None:
    make = Factory(app_of_its_own)
    patient = make.patient()
    person = Browser(app_of_its_own)
    assert person.sign_in(make.account(patient=patient)).status_code == 200
    at = f"/patients/{patient.public_id}/invitations/{ID}"
    assert person.put(at, INVITE).status_code == 200
    url = plain_dsn(flow_database.server.admin_url())
    with psycopg.connect(url, dbname=flow_database.name) as helper, ThreadPoolExecutor(1) as pool:
        # As an acceptance does it: the row is held, then marked.
        helper.execute("select from invitation for update")
        withdrawing = pool.submit(lambda: person.post(f"{at}/withdraw").status_code)
        until(lambda: run(app_of_its_own, WAITING)[0].n > 0, 120)
        helper.execute("update invitation set accepted_at = db_now(), version = version + 1")
        helper.commit()
        assert withdrawing.result(60) == 409
    (row,) = run(app_of_its_own, "select accepted_at, withdrawn_at from invitation")
    assert (row.accepted_at is not None, row.withdrawn_at) == (True, None)
