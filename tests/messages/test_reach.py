"""How a member of staff is reached: set by them or a lead, tried with a test, and told to nobody else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.core.config import Messaging
from backend.core.db import transaction
from backend.messages import service
from backend.messages.jobs import deliver_due
from backend.messages.outgoing import Address
from tests.browsing import Browser
from tests.factories import Factory, Ref
from tests.messages.catchers import Provider, provider

Browse = Callable[..., Browser]
NUMBER, MAIL = "07700 900123", "jo.lark@example.org"
BOTH = {"sms": NUMBER, "email": MAIL, "order": ["email", "sms"]}


@dataclass(frozen=True)
class Room:
    """A team with a lead and a nurse, an administrator, and a lead of another team; all signed in."""

    nurse: Ref
    mine: Browser
    lead: Browser
    admin: Browser
    stranger: Browser


@pytest.fixture
def room(make: Factory, browse: Browse) -> Room:
    nurse, lead, admin, other = (
        make.practitioner(role) for role in ("nurse", "team-lead", "administrator", "team-lead")
    )
    make.team([nurse, lead])
    make.team([other])
    opened = (browse(make.account(practitioner=one), "team") for one in (nurse, lead, admin, other))
    return Room(nurse, *opened)


@pytest.fixture
def texting(app: Flask) -> Iterator[Provider]:
    """A provider of text messages that this service was told of."""
    before = app.config["MESSAGING"]
    with provider() as kept:
        app.config["MESSAGING"] = Messaging(sms_url=kept.url)
        yield kept
    app.config["MESSAGING"] = before


def test_a_nurse_writes_down_their_own_ways_and_takes_one_out_again(room: Room, texting: Provider) -> None:
    empty = room.mine.get("/me/reach").get_json()
    assert (empty["sms"], empty["ways"], empty["test"]) == (None, [], None)
    assert (empty["order"], empty["channels"]) == (["web-push", "sms", "email"], ["sms"])
    kept = room.mine.post("/me/reach", BOTH).get_json()
    assert (kept["sms"], kept["email"], kept["order"]) == (NUMBER, MAIL, ["email", "sms", "web-push"])
    # There is nobody who sends e-mail, so it leads nowhere.
    assert kept["ways"] == ["sms"]
    assert room.mine.post("/me/reach", BOTH | {"sms": " "}).get_json()["ways"] == []


def test_their_order_is_the_order_they_are_tried_in(room: Room, app: Flask, texting: Provider) -> None:
    settings = Messaging(sms_url=texting.url, smtp_url="smtp://localhost:1", email_from="us@example.org")
    app.config["MESSAGING"] = settings
    assert room.mine.post("/me/reach", BOTH).get_json()["ways"] == ["email", "sms"]
    turned = BOTH | {"order": ["sms", "email", "web-push"]}
    assert room.mine.post("/me/reach", turned).get_json()["ways"] == ["sms", "email"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sms", "12"),
        ("sms", "07700 900 twelve"),
        ("sms", "+44 7700 900123 ext 4567890"),
        ("email", "jo.lark"),
        ("email", "jo@lark"),
        ("email", "jo@example.org\r\nBcc: all@example.org"),
        ("email", "Jo <jo@example.org>"),
    ],
)
def test_a_slip_of_the_pen_is_said_at_its_field_and_not_kept(
    room: Room, connection: Connection, field: str, value: str
) -> None:
    refused = room.mine.post("/me/reach", {field: value})
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, [field])
    assert connection.execute(text("select count(*) from practitioner_contact")).scalar_one() == 0


def test_an_order_names_each_way_once(room: Room) -> None:
    assert room.mine.post("/me/reach", {"order": ["sms", "sms"]}).get_json()["code"] == "order"
    assert room.mine.post("/me/reach", {"order": ["pigeon"]}).status_code == 422


def test_a_lead_of_the_team_and_an_administrator_set_it_for_others(room: Room, texting: Provider) -> None:
    path = f"/staff/{room.nurse.public_id}/reach"
    listed = room.lead.get("/me/reach").get_json()["others"]
    assert [(one["id"], one["ways"]) for one in listed] == [(str(room.nurse.public_id), [])]
    assert room.lead.post(path, BOTH).get_json()["ways"] == ["sms"]
    seen = room.admin.get(path).get_json()
    assert (seen["name"], seen["sms"], seen["others"]) == (room.nurse.name, NUMBER, [])
    assert room.mine.get("/me/reach").get_json()["sms"] == NUMBER
    assert room.mine.get("/me/reach").get_json()["others"] == []


def test_nobody_else_learns_a_number(room: Room, connection: Connection) -> None:
    path = f"/staff/{room.nurse.public_id}/reach"
    assert room.mine.get(path).status_code == 403
    assert room.stranger.get(path).status_code == 404
    assert room.stranger.post(path, BOTH).status_code == 404
    room.mine.post("/me/reach", BOTH)
    room.lead.get(path)
    trail = str(connection.execute(text("select action, detail from audit_event")).all())
    assert [action in trail for action in ("change-reach", "read-reach")] == [True, True]
    assert [said in trail for said in (NUMBER, MAIL)] == [False, False]


def test_a_test_is_one_message_and_says_when_it_was_handed_over(
    room: Room, app: Flask, texting: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    assert room.mine.post("/me/reach/test", {"channel": "sms"}).get_json()["code"] == "no-way"
    room.mine.post("/me/reach", BOTH)
    made = room.mine.post("/me/reach/test", {"channel": "sms"})
    assert (made.status_code, made.get_json()["state"]) == (201, "waiting")
    again = room.mine.post("/me/reach/test", {})
    assert (again.status_code, again.get_json()["code"]) == (429, "too-soon")
    assert 0 < int(again.headers["Retry-After"]) <= 30
    with app.app_context():
        deliver_due()
    (sent,) = texting.caught
    assert b"this is a test" in sent.body
    assert b"+447700900123" in sent.body
    told = room.mine.get("/me/reach").get_json()["test"]
    assert (told["state"], told["channel"]) == ("sent", "sms")
    assert told["handed_over_at"] >= told["asked_at"]
    assert "900123" not in caplog.text


def test_a_test_that_cannot_arrive_says_why_and_raises_nothing(
    room: Room, app: Flask, texting: Provider, connection: Connection
) -> None:
    texting.answer = (400, {}, b"{}")
    room.mine.post("/me/reach", BOTH)
    room.mine.post("/me/reach/test", {})
    with app.app_context():
        deliver_due()
    told = room.mine.get("/me/reach").get_json()["test"]
    assert (told["state"], told["why"]) == ("failed", "provider answered 400")
    assert connection.execute(text("select count(*) from alert")).scalar_one() == 0


def test_the_pages_know_what_can_be_sent_by_from_the_process_that_sends(
    room: Room, connection: Connection
) -> None:
    assert room.mine.post("/me/reach", BOTH).get_json()["channels"] == []
    connection.execute(
        text(
            "insert into heartbeat (name, at, detail) values"
            ' (\'worker\', clock_timestamp(), \'{"channels": ["log", "email"]}\')'
            " on conflict (name) do update set detail = excluded.detail"
        )
    )
    seen = room.mine.get("/me/reach").get_json()
    assert (seen["channels"], seen["ways"]) == (["email"], ["email"])


def test_who_is_shut_out_is_told_nothing_and_later_again(room: Room, app: Flask, texting: Provider) -> None:
    room.mine.post("/me/reach", BOTH)
    them = Address("practitioner", str(room.nurse.public_id))
    for change, ways in ((service.end_reach, ()), (service.resume_reach, ("sms",))):
        with app.app_context(), transaction():
            change(room.nurse.id)
            assert service.reach([them])[them] == ways
