"""The app in as many processes as in service: what one of them does, those who are with another hear and see."""

import time
from pathlib import Path

import pytest

from backend.app import create_app
from backend.core.db import db, transaction
from backend.core.notices import notify
from backend.supervise.programs import APP_PROCESSES
from tests.conftest import Database
from tests.factories import Factory
from tests.screens.serving import serving, sign_in

# So many that none of the processes is likely to have all of them.
STREAMS = 24


@pytest.mark.slow
def test_what_changes_is_told_in_every_process_and_desks_are_counted_over_all(
    flow_database: Database, tmp_path: Path
) -> None:
    assert APP_PROCESSES > 1
    app = create_app(flow_database.config(tmp_path))
    make = Factory(app)
    patient, nurse = make.patient(), make.practitioner()
    make.team([nurse], [patient])
    account = make.account(practitioner=nurse)
    with serving(flow_database, tmp_path, processes=APP_PROCESSES) as port:
        visitor = sign_in(port, account, "team")
        listeners = [visitor.listen() for _ in range(STREAMS)]
        assert all((first := one.next()) is not None and first[0] == "hello" for one in listeners)
        with app.app_context(), transaction():
            notify({"t": "alert", "p": patient.public_id, "a": "x", "l": "urgent", "s": "open"})
        for one in listeners:
            event = one.next()
            assert event is not None
            assert event[0] == "alert"
        until = time.monotonic() + 120
        while visitor.get("/worklist")[1]["desks"] != STREAMS and time.monotonic() < until:
            time.sleep(0.2)
        assert visitor.get("/worklist")[1]["desks"] == STREAMS
        for one in listeners:
            one.close()
    with app.app_context():
        db.engine.dispose()
