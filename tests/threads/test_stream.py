"""A message wakes the open pages of whoever may know of it, by ids alone."""

from pathlib import Path
from uuid import uuid4

import pytest

from backend.app import create_app
from backend.core.db import db, transaction
from backend.core.notices import notify
from tests.browsing import Browser
from tests.conftest import Database
from tests.factories import Factory
from tests.screens.serving import Listener, serving, sign_in
from tests.threads.conftest import works_at


def heard(listener: Listener) -> list[dict[str, object]]:
    """The messages told up to the marker that everybody hears."""
    found = []
    while (event := listener.next(60)) is not None and event[0] != "hello":
        if event[0] == "message":
            found.append(event[1])
    return found


@pytest.mark.hazard("H96")
def test_a_carers_page_is_not_told_of_a_private_message(flow_database: Database, tmp_path: Path) -> None:
    app = create_app(flow_database.config(tmp_path))
    make = Factory(app)
    practice = make.organization("gp-practice")
    person, other = make.patient(gp_practice_id=practice.id), make.patient()
    nurse, carer, reader = make.practitioner(), make.carer(), make.carer()
    make.team([nurse], [person])
    receptionist = make.practitioner("practice")
    works_at(app, receptionist, practice)
    make.proxy_consent(person, carer, ["messages"])
    make.proxy_consent(person, reader, ["readings"])
    writer = make.account(patient=person)
    names = {
        "person": (writer, "person"),
        "other": (make.account(patient=other), "person"),
        "carer": (make.account(carer=carer), "person"),
        "reader": (make.account(carer=reader), "person"),
        "nurse": (make.account(practitioner=nurse), "team"),
        "practice": (make.account(practitioner=receptionist), "team"),
    }
    with serving(flow_database, tmp_path) as port:
        listeners = {who: sign_in(port, *name).listen() for who, name in names.items()}
        for listener in listeners.values():
            first = listener.next(60)
            assert first is not None
            assert first[0] == "hello"
        browser = Browser(app)
        assert browser.sign_in(writer).status_code == 200
        for words, private in (("Between us", True), ("For everybody", False)):
            path = f"/patients/{person.public_id}/threads/team/messages/{uuid4()}"
            assert browser.put(path, {"words": words, "private": private}).status_code == 200
        with app.app_context(), transaction():
            notify({"t": "hello"})
        told = {who: heard(listener) for who, listener in listeners.items()}
        for listener in listeners.values():
            listener.close()
    with app.app_context():
        db.engine.dispose()
    assert {who: len(events) for who, events in told.items()} == {
        "person": 2, "other": 0, "carer": 1, "reader": 0, "nurse": 2, "practice": 0,
    }  # fmt: skip
    assert told["carer"] == [{"p": str(person.public_id), "k": "team", "v": False}]
