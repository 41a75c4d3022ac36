"""Two at the same moment, each on a connection of its own: two desks, a desk and a finding, a page that listens."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from backend.access.record import Action, Purpose, open_record
from backend.app import create_app
from backend.caseload import leavings
from backend.core.db import db, transaction
from backend.core.errors import Conflict
from backend.core.http import Actor
from backend.core.live import hub
from backend.desk.claiming import claim
from backend.desk.closing import Ending, close
from backend.desk.door import open_card
from tests.alerts.people import Monitored, monitored, run
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.conftest import Database
from tests.device_gateway.rig import until
from tests.factories import Factory, Ref

WAITING = "select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"


@pytest.fixture
def alone(flow_database: Database, tmp_path: Path) -> Iterator[Flask]:
    """The web app on a database of this test's own, where everything is committed."""
    app = create_app(flow_database.config(tmp_path))
    yield app
    with app.app_context():
        hub().stop()
        db.engine.dispose()


@pytest.fixture
def found(alone: Flask) -> Monitored:
    """A person with one urgent finding."""
    person = monitored(alone, Factory(alone))
    person.make.alert(person.patient)
    return person


def nurse_of(person: Ref) -> Actor:
    """A nurse, as the session names them."""
    return Actor("practitioner", person.public_id, practitioner_id=person.id)


@pytest.mark.hazard("H23")
def test_of_two_desks_that_claim_at_the_same_moment_one_has_it(alone: Flask, found: Monitored) -> None:
    second = found.make.practitioner()
    found.make.membership(found.team, second)
    (alert,) = found.alerts()
    both = threading.Barrier(2)

    def tries(who: Ref) -> bool:
        both.wait(60)
        try:
            with alone.app_context(), transaction():
                claim(nurse_of(who), alert.public_id, alert.version, uuid4())
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(tries, (found.nurse, second)))
    assert sorted(won) == [False, True]
    assert [kind for kind in found.events() if kind == "claimed"] == ["claimed"]
    (after,) = found.alerts()
    assert (after.version, after.owner_id) == (2, (found.nurse if won[0] else second).id)


@pytest.mark.hazard("H23")
def test_a_press_while_a_desk_closes_the_card_is_never_closed_with_it(alone: Flask, found: Monitored) -> None:
    """Nobody closes what they have not seen, not even by a thousandth of a second."""
    (alert,) = found.alerts()
    pendant = found.make.device("pendant")
    with ThreadPoolExecutor(1) as pool, alone.app_context(), transaction():
        opened = open_card(nurse_of(found.nurse), alert.public_id)
        pressed = pool.submit(press, alone, pendant, found.patient)
        until(lambda: run(alone, WAITING)[0].n > 0, 120)
        close(
            nurse_of(found.nurse), alert.public_id, Ending("advice", confirm=True), opened.card.head.version, uuid4()
        )  # fmt: skip
        db.session.commit()
        pressed.result(60)
    states = {one.rule: one.closed_at is None for one in found.alerts()}
    assert states == {"spo2_low": False, "sos": True}


def test_an_open_page_counts_as_a_listening_desk_of_its_team_until_it_is_closed(
    alone: Flask, found: Monitored
) -> None:
    browser = Browser(alone, "team")
    browser.sign_in(found.make.account(practitioner=found.nurse))

    def listening() -> list[tuple[int, dict[str, int]]]:
        return [(row.desks, row.teams) for row in run(alone, "select desks, teams from desk_listening")]

    page = browser.client.get(
        "/api/v1/stream?audience=team", base_url="https://localhost", headers={"X-Alongside-Audience": "team"}
    )
    assert next(iter(page.response))
    until(lambda: listening() == [(1, {str(found.team.id): 1})], 120)
    assert browser.get("/worklist").get_json()["listening_team"] == 1
    page.close()
    until(lambda: listening() == [(0, {})], 120)


@pytest.mark.hazard("H23")
def test_a_press_while_monitoring_is_being_ended_is_never_closed_with_it(
    alone: Flask, found: Monitored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes after the look at what is open; nobody has seen it, and the unit is not told that it is over."""
    run(alone, "update alert set closed_at = db_now(), outcome = 'advice'")
    found.make.alert(found.patient, level="info", rule="told")
    pendant, looked = found.make.device("pendant"), leavings._check_nothing_open
    with ThreadPoolExecutor(1) as pool:

        def then_a_press(patient_id: int) -> None:
            looked(patient_id)
            pressing = pool.submit(press, alone, pendant, found.patient)
            until(lambda: pressing.done() or run(alone, WAITING)[0].n > 0, 120)

        monkeypatch.setattr(leavings, "_check_nothing_open", then_a_press)
        with alone.app_context(), transaction():
            record = open_record(
                nurse_of(found.nurse), found.patient.public_id, Purpose.CAREMGT, Action.CHANGE_CARE
            )
            leavings.end(record, "goals-met", "", uuid4())
    states = {one.rule: (one.closed_at is None, one.outcome) for one in found.alerts()}
    assert states["sos"] == (True, None)
    assert states["told"] == (False, "no-change")
