"""Cards are taken before anything else that others wait for: who waits for a card holds nothing its holder may want."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from backend.alerts.cards import CARD_LOCK
from backend.app import create_app
from backend.core.db import db, in_transaction, plain_dsn
from backend.core.live import hub
from backend.escalation.outcomes import reckon
from tests.alerts.people import Monitored, monitored, run
from tests.browsing import Browser
from tests.conftest import Database
from tests.device_gateway.rig import until
from tests.factories import Factory, Ref

WAITING = "select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
# What whoever has a card locks after it: its rows, the audit's chains, and the person a row points to.
AFTER_A_CARD = (
    "select from alert for update nowait",
    "select from audit_head for update nowait",
    "select from patient for key share nowait",
    "select from communication where state = 'waiting' for update nowait",
)
TAKE = "select pg_advisory_xact_lock(%s, %s)"
TRY = "select pg_try_advisory_xact_lock(%s, %s)"


class Ward:
    """Two people, each with a card, on the list of a nurse with a colleague; everything is committed."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.app, self.database = app, database
        self.found: Monitored = monitored(app, Factory(app))
        make = self.found.make
        self.other = make.patient()
        make.caseload(self.found.team, self.other)
        self.mate = make.practitioner()
        make.membership(self.found.team, self.mate)
        # The first person's card is the last by its name: in the order of names they would be locked the wrong way.
        make.alert(self.found.patient)
        make.alert(self.other)
        for patient, name in ((self.found.patient, "ffffffff"), (self.other, "00000000")):
            run(app, "update alert set public_id = cast(:n as uuid) where patient_id = :p",
                n=f"{name}-0000-4000-8000-000000000001", p=patient.id)  # fmt: skip

    def browser(self, audience: str, patient: Ref | None = None) -> Browser:
        """Somebody signed in on this database."""
        browser = Browser(self.app, audience)
        make = self.found.make
        account = make.account(patient=patient) if patient else make.account(practitioner=self.found.nurse)
        assert browser.sign_in(account).status_code == 200
        return browser

    def holds(self, *, at: Ref, also: Ref | None = None, acts: Callable[[], int]) -> int:
        """Somebody holds a person's card while this is done, and goes on to what comes after a card; the answer.

        With `also`, goes on to that person's card as well, which comes later in the order of all.
        """
        url = plain_dsn(self.database.server.admin_url())
        holder = psycopg.connect(url, dbname=self.database.name)
        with holder, ThreadPoolExecutor(1) as pool:
            holder.execute(TAKE, (CARD_LOCK, at.id))
            acting = pool.submit(acts)
            until(lambda: run(self.app, WAITING)[0].n > 0, 120)
            if also is not None:
                assert holder.execute(TRY, (CARD_LOCK, also.id)).fetchone() == (True,)
            for statement in AFTER_A_CARD:
                holder.execute(statement)
            holder.commit()
            return acting.result(60)


@pytest.fixture
def ward(flow_database: Database, tmp_path: Path) -> Iterator[Ward]:
    app = create_app(flow_database.config(tmp_path))
    yield Ward(app, flow_database)
    with app.app_context():
        hub().stop()
        db.engine.dispose()


def hand_over(ward: Ward) -> Callable[[], int]:
    browser = ward.browser("team")
    rows = browser.get("/worklist").get_json()["rows"]
    asked = {
        "to": str(ward.mate.public_id),
        "cards": [{"id": r["id"], "version": r["version"]} for r in rows],
    }
    return lambda: browser.post("/handovers", asked).status_code


def contact(ward: Ward) -> Callable[[], int]:
    browser = ward.browser("team")
    (row,) = ward.found.alerts()
    said = {"to": "person", "how": "call", "result": "reached"}
    return lambda: (
        browser.post(f"/alerts/{row.public_id}/contact", said, If_Match=f'W/"{row.version}"').status_code
    )


def death(ward: Ward) -> Callable[[], int]:
    browser = ward.browser("team")
    path = f"/patients/{ward.found.patient.public_id}"
    version = browser.get(f"{path}/care").get_json()["version"]
    said = {"died_on": "2026-01-02", "note": ""}
    return lambda: browser.post(f"{path}/death", said, If_Match=f'W/"{version}"').status_code


def ending(ward: Ward) -> Callable[[], int]:
    run(ward.app, "update alert set closed_at = db_now(), outcome = 'advice'")
    browser = ward.browser("team")
    path = f"/patients/{ward.found.patient.public_id}"
    version = browser.get(f"{path}/care").get_json()["version"]
    said = {"reason": "wish", "note": ""}
    return lambda: browser.post(f"{path}/ending", said, If_Match=f'W/"{version}"').status_code


def worry(ward: Ward) -> Callable[[], int]:
    browser = ward.browser("person", patient=ward.found.patient)
    return lambda: browser.post(f"/patients/{ward.found.patient.public_id}/concern", {}).status_code


def outcomes(ward: Ward) -> Callable[[], int]:
    """A failed message about a card, and one that raises an alert of its own."""
    (alert,) = ward.found.alerts()
    run(
        ward.app,
        "insert into communication (patient_id, alert_id, to_kind, to_ref, template, state) values"
        " (:p, :a, 'care-team', '1', 'alert-for-team', 'failed'),"
        " (:p, null, 'patient', 'x', 'reading-waits', 'failed')",
        p=ward.found.patient.id, a=alert.id,
    )  # fmt: skip

    def job() -> int:
        with ward.app.app_context():
            return 200 if in_transaction(reckon) == 2 else 0

    return job


@pytest.mark.hazard("H23")
@pytest.mark.parametrize("act", [hand_over, contact, death, ending, worry, outcomes])
def test_who_waits_for_a_card_holds_nothing_that_its_holder_may_want(
    ward: Ward, act: Callable[[Ward], Callable[[], int]]
) -> None:
    answered = ward.holds(at=ward.found.patient, acts=act(ward))
    assert answered in (200, 201)


@pytest.mark.hazard("H23")
def test_a_hand_over_of_many_takes_everybodys_cards_in_the_order_of_all(ward: Ward) -> None:
    assert ward.found.patient.id < ward.other.id
    assert ward.holds(at=ward.found.patient, also=ward.other, acts=hand_over(ward)) == 200
