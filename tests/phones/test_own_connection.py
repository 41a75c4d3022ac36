"""What came sealed is handled with nothing of the database held open around it, and commits by itself."""

from pathlib import Path

import psycopg
import pytest
from flask import Response

from backend.app import create_app
from backend.core.db import db, plain_dsn
from backend.core.http import SignedIn
from backend.phones import outbox
from backend.phones.command import Command
from tests.browsing import Browser
from tests.conftest import Database
from tests.factories import Factory
from tests.phones.sealer import PhoneOf


def test_the_request_inside_has_the_only_connection_and_its_own_commit(
    flow_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(flow_database.config(tmp_path))
    make = Factory(app)
    patient = make.patient()
    make.team([make.practitioner()], [patient])
    phone = PhoneOf(Browser(app), make.account(patient=patient))
    held: list[int] = []
    whole = outbox._handled

    def watched(command: Command, author: SignedIn) -> Response:
        held.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]  # a pool that counts
        answer = whole(command, author)
        held.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]  # a pool that counts
        return answer

    monkeypatch.setattr(outbox, "_handled", watched)
    assert phone.bring(phone.worry(patient.public_id), Browser(app)).status_code == 204
    assert held == [0, 0]
    with psycopg.connect(plain_dsn(flow_database.url())) as apart:
        said = apart.execute("select count(*) from alert where rule = 'concern'").fetchone()
        late = apart.execute("select count(*) from late_change").fetchone()
    assert (said, late) == ((1,), (1,))
    with app.app_context():
        db.engine.dispose()
