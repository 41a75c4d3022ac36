"""A person with a team that never closes and a practice whose inbox somebody reads, and everybody around them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.alerts.people import run
from tests.browsing import Browser
from tests.factories import Factory, Ref

Browse = Callable[..., Browser]
Body = dict[str, Any]


@dataclass
class Around:
    """The person, their team and practice, and who signs in."""

    app: Flask
    make: Factory
    browse: Browse
    person: Ref
    team: Ref
    nurse_ref: Ref
    practice: Ref
    receptionist_ref: Ref

    def __post_init__(self) -> None:
        self.self_ = self.browse(self.make.account(patient=self.person))
        self.nurse = self.browse(self.make.account(practitioner=self.nurse_ref), "team")
        self.receptionist = self.browse(self.make.account(practitioner=self.receptionist_ref), "team")

    def carer(self, *scopes: str) -> Browser:
        """Somebody who helps them, for these things."""
        carer = self.make.carer()
        self.make.proxy_consent(self.person, carer, scopes)
        return self.browse(self.make.account(carer=carer))

    def path(self, rest: str = "") -> str:
        """An address of their conversations."""
        return f"/patients/{self.person.public_id}/threads{rest}"

    def run(self, sql: str, **parameters: Any) -> list[Any]:
        """One statement in a unit of work of its own."""
        return run(self.app, sql, **parameters)

    def step(self, by: str) -> None:
        """Set the database's clock forward: "61 minutes". Nobody's sign-in ends by that."""
        self.run("select set_config('alongside.clock_offset', :by, false)", by=by)
        self.run(
            "update sign_in_session set last_seen_at = db_now(), expires_at = db_now() + interval '1 hour'"
        )


@pytest.fixture
def around(app: Flask, make: Factory, browse: Browse) -> Iterator[Around]:
    """Everybody, with a team round the clock so that no test depends on the time of day."""
    practice = make.organization("gp-practice", name="Quayside Surgery", phone="01632 960200")
    person = make.patient(gp_practice_id=practice.id)
    nurse, receptionist = make.practitioner(), make.practitioner("practice", display_name="Robin at the desk")
    team = make.team([nurse], [person])
    run(app, "update care_team set opens = '00:00', closes = '00:00' where id = :id", id=team.id)
    works_at(app, receptionist, practice)
    yield Around(app, make, browse, person, team, nurse, practice, receptionist)
    run(app, "select set_config('alongside.clock_offset', '', false)")


def works_at(app: Flask, staff: Ref, practice: Ref) -> None:
    """Somebody works at a practice since yesterday."""
    run(
        app,
        "insert into practice_member (practitioner_id, organization_id, valid)"
        " values (:who, :where, tstzrange(now() - interval '1 day', null))",
        who=staff.id, where=practice.id,
    )  # fmt: skip


def put(browser: Browser, around: Around, words: str, kind: str = "team", **more: Any) -> TestResponse:
    """Write under a new id, or `id`; header names are given with underscores."""
    id_ = more.pop("id", None) or uuid4()
    headers = {name: more.pop(name) for name in list(more) if name[0].isupper()}
    return browser.put(around.path(f"/{kind}/messages/{id_}"), {"words": words, **more}, **headers)


def wrote(browser: Browser, around: Around, words: str, kind: str = "team", **more: Any) -> Body:
    """The same, which must work; what was stored."""
    answer = put(browser, around, words, kind, **more)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    stored: Body = answer.get_json()
    return stored


def threads(browser: Browser, around: Around) -> dict[str, Body]:
    """Conversations by kind as this browser sees them."""
    answer = browser.get(around.path())
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return {one["kind"]: one for one in answer.get_json()["threads"]}


def inbox(browser: Browser) -> Body:
    """The list of staff."""
    answer = browser.get("/threads")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: Body = answer.get_json()
    return found


def said(thread: Body) -> list[str]:
    """The words of a conversation."""
    return [one["words"] for one in thread["messages"]]
