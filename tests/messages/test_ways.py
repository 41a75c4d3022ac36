"""Who is reached by what: the person's choice, a way that fails gives way to the next, nights, and stopping."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backend.core.config import Messaging
from backend.core.db import db, transaction
from backend.core.outbox import Message, queue
from backend.messages import service
from backend.messages.jobs import deliver_due, deliver_red
from backend.messages.models import PushSubscription
from backend.messages.outgoing import Address
from backend.messages.ways import QUIET_FROM, QUIET_TO, Ways
from tests.alerts.people import own_app, run
from tests.browsing import Browser
from tests.conftest import Database
from tests.factories import Factory, Ref
from tests.messages.catchers import Provider, provider
from tests.messages.test_sealed import AUTH, BROWSER

Browse = Callable[..., Browser]


@pytest.fixture
def caught() -> Iterator[Provider]:
    with provider() as kept:
        yield kept


@pytest.fixture
def sender(app: Flask, caught: Provider) -> Iterator[Flask]:
    """The app, told how to send texts and pushes to the catcher."""
    before = app.config["MESSAGING"]
    app.config["MESSAGING"] = Messaging(
        sms_url=f"{caught.url}/sms", push_key="seed", push_public_key="public", push_services=(caught.url,)
    )
    yield app
    app.config["MESSAGING"] = before


def browser_of(app: Flask, caught: Provider, path: str, days: float = 0, **whose: int) -> None:
    row = PushSubscription(
        endpoint=caught.url + path, p256dh=BROWSER, auth=AUTH,
        confirmed_at=datetime.now(UTC) - timedelta(days=days), **whose,
    )  # fmt: skip
    with app.app_context(), transaction():
        db.session.add(row)


def tell(
    app: Flask, to: Ref, level: str = "urgent", template: str = "alert-for-person", **other: Any
) -> None:
    with app.app_context(), transaction():
        kind = other.pop("kind", "patient")
        ref = other.pop("ref", str(to.public_id))
        patient = to.id if kind == "patient" else None
        queue(Message(kind, ref, template, {"level": level}, patient, **other))


def sent(app: Flask) -> list[Any]:
    with app.app_context():
        deliver_due()
    return run(app, "select state, channel, attempts, last_error from communication order by id")


def test_a_proven_push_goes_first_and_a_text_where_there_is_none(
    sender: Flask, make: Factory, caught: Provider
) -> None:
    one, other = make.patient(), make.patient()
    browser_of(sender, caught, "/push/1", patient_id=one.id)
    tell(sender, one)
    tell(sender, other)
    assert [(row.state, row.channel) for row in sent(sender)] == [("sent", "web-push"), ("sent", "sms")]
    assert [request.path for request in caught.caught] == ["/push/1", "/sms"]


def test_a_push_nobody_confirmed_for_a_week_comes_after_the_text(
    sender: Flask, make: Factory, caught: Provider
) -> None:
    person = make.patient()
    browser_of(sender, caught, "/push/1", days=8, patient_id=person.id)
    tell(sender, person)
    assert [row.channel for row in sent(sender)] == ["sms"]


def test_the_channel_a_person_chose_is_tried_first(sender: Flask, make: Factory, caught: Provider) -> None:
    person = make.patient()
    browser_of(sender, caught, "/push/1", patient_id=person.id)
    with sender.app_context(), transaction():
        service.prefer(person.id, "sms")
    tell(sender, person)
    assert [row.channel for row in sent(sender)] == ["sms"]


@pytest.mark.hazard("H04")
def test_a_way_that_fails_gives_way_to_the_next_and_a_gone_browser_is_forgotten(
    sender: Flask, make: Factory, caught: Provider
) -> None:
    person = make.patient()
    browser_of(sender, caught, "/push/gone", patient_id=person.id)
    caught.by_path["/push/gone"] = (410, {}, b"")
    tell(sender, person)
    assert [(row.state, row.channel) for row in sent(sender)] == [("sent", "sms")]
    assert run(sender, "select 1 from push_subscription") == []


def test_a_busy_way_gives_way_too_and_all_busy_is_tried_later(
    sender: Flask, make: Factory, caught: Provider
) -> None:
    person = make.patient()
    browser_of(sender, caught, "/push/1", patient_id=person.id)
    caught.by_path["/push/1"] = (503, {}, b"")
    tell(sender, person)
    assert [(row.state, row.channel) for row in sent(sender)] == [("sent", "sms")]
    caught.answer = (503, {}, b"")
    tell(sender, person)
    assert [row.state for row in sent(sender)] == ["sent", "waiting"]


def test_a_team_is_rung_on_the_browsers_of_its_members(
    sender: Flask, make: Factory, caught: Provider
) -> None:
    nurses = [make.practitioner() for _ in range(3)]
    team = make.team(nurses[:2])
    for n, nurse in enumerate(nurses):
        browser_of(sender, caught, f"/push/{n}", practitioner_id=nurse.id)
    tell(sender, team, kind="care-team", ref=str(team.id), template="alert-for-team")
    assert [row.channel for row in sent(sender)] == ["web-push"]
    assert sorted(request.path for request in caught.caught) == ["/push/0", "/push/1"]


def test_nothing_set_up_leaves_the_log_and_says_who_cannot_be_reached(app: Flask, make: Factory) -> None:
    nurse, person = make.practitioner(), make.patient()
    with app.app_context(), transaction():
        service.set_contact(nurse.id, "sms", "07700 900124")
        address = Address("practitioner", str(nurse.public_id))
        assert service.reach([address]) == {address: ()}
        assert service.contacts([nurse.id]) == {nurse.id: {"sms": "07700 900124"}}
    tell(app, person)
    assert [(row.state, row.channel) for row in sent(app)] == [("sent", "log")]


NIGHT, DAY = datetime(2026, 11, 22, 23, 30, tzinfo=UTC), datetime(2026, 11, 22, 12, tzinfo=UTC)
SUMMER_EVENING = datetime(2026, 7, 1, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (NIGHT, datetime(2026, 11, 23, 8, tzinfo=UTC)),
        (DAY, None),
        # Half past nine in the evening at home, by the clock on the wall in summer.
        (SUMMER_EVENING, datetime(2026, 7, 2, 7, tzinfo=UTC)),
        (datetime(2026, 11, 22, 21, tzinfo=UTC), datetime(2026, 11, 23, 8, tzinfo=UTC)),
        (datetime(2026, 11, 22, 20, 59, 59, tzinfo=UTC), None),
        (datetime(2026, 11, 22, 8, tzinfo=UTC), None),
        (datetime(2026, 11, 22, 7, 59, 59, tzinfo=UTC), datetime(2026, 11, 22, 8, tzinfo=UTC)),
    ],
)
def test_a_persons_night_is_from_nine_to_eight_on_their_own_wall(
    at: datetime, until: datetime | None
) -> None:
    assert Ways(quiet=(QUIET_FROM, QUIET_TO, "Europe/London")).quiet_until(at) == until


@pytest.mark.parametrize(
    ("level", "template", "waits"),
    [
        ("soon", "device-not-heard", True),
        ("routine", "alert-for-person", True),
        ("urgent", "alert-for-person", False),
        ("emergency", "alert-for-person", False),
        ("", "please-measure-again", False),
    ],
)
def test_a_nudge_waits_for_the_morning_and_nothing_red_does(
    sender: Flask, make: Factory, caught: Provider, level: str, template: str, waits: bool
) -> None:
    person = make.patient()
    at_night(sender, person)
    tell(sender, person, level, template)
    (row,) = sent(sender)
    assert row.state == ("waiting" if waits else "sent")
    assert row.attempts == (0 if waits else 1)
    assert bool(caught.caught) is not waits


def at_night(app: Flask, person: Ref) -> None:
    """Make it this person's night, whenever the test runs."""
    run(
        app,
        "insert into contact_preference (patient_id, channel, quiet_from, quiet_to) values (:p, 'sms',"
        " (now() at time zone 'Europe/London' - interval '2 hours')::time,"
        " (now() at time zone 'Europe/London' + interval '2 hours')::time)",
        p=person.id,
    )


@pytest.mark.hazard("H06")
def test_red_goes_out_before_a_thousand_others_and_by_a_lane_of_its_own(
    sender: Flask, make: Factory, caught: Provider
) -> None:
    person = make.patient()
    run(
        sender,
        "insert into communication (to_kind, to_ref, template, facts) select 'duty', 'duty', 'alert-for-team',"
        " jsonb_build_object('level', 'soon') from generate_series(1, 1000)",
    )
    tell(sender, person, "emergency")
    with sender.app_context():
        assert deliver_red() == 1
        tell(sender, person, "emergency")
        deliver_due()
    assert [row.state for row in run(sender, "select state from communication order by id desc limit 2")] == [
        "sent", "sent",
    ]  # fmt: skip


def test_whoever_died_or_left_is_told_nothing_more(sender: Flask, make: Factory, caught: Provider) -> None:
    person, other = make.patient(), make.patient()
    tell(sender, person)
    tell(sender, other)
    tell(sender, person, kind="care-team", ref="1", template="alert-for-team")
    with sender.app_context(), transaction():
        assert service.stop(person.id) == 1
        assert service.stop(person.id) == 0
    assert [row.state for row in sent(sender)] == ["stopped", "sent", "sent"]
    assert [json.loads(request.body)["to"] for request in caught.caught] == ["+441632960001"]


def test_a_browser_is_subscribed_confirmed_and_changes_hands_with_its_sign_in(
    sender: Flask, make: Factory, caught: Provider, browse: Browse
) -> None:
    person, nurse = make.patient(), make.practitioner()
    make.team([nurse])
    mine = browse(make.account(patient=person))
    hers = browse(make.account(practitioner=nurse), "team")
    assert mine.get("/push/key").get_json() == {"key": "public"}
    told = {"endpoint": f"{caught.url}/push/1", "keys": {"p256dh": BROWSER, "auth": AUTH}}
    assert mine.post("/push/subscription", told).status_code == 200
    assert mine.post("/push/subscription", told).status_code == 200
    assert whose(sender) == [(person.id, None)]
    # The same browser, now signed in as somebody else: it is rung for them alone.
    assert hers.post("/push/subscription", told).status_code == 200
    assert whose(sender) == [(None, nurse.id)]
    assert unsubscribe(mine, told) == 204
    assert whose(sender) == [(None, nurse.id)]
    assert unsubscribe(hers, told) == 204
    assert whose(sender) == []


def whose(app: Flask) -> list[tuple[int | None, int | None]]:
    rows = run(app, "select patient_id, practitioner_id from push_subscription")
    return [(row.patient_id, row.practitioner_id) for row in rows]


def unsubscribe(browser: Browser, told: dict[str, Any]) -> int:
    return browser._send("DELETE", "/push/subscription", {"endpoint": told["endpoint"]}, {}).status_code


@pytest.mark.parametrize(
    ("endpoint", "key"),
    [
        ("https://127.0.0.1/x", BROWSER),
        ("https://fcm.googleapis.com/x", "AAAA"),
        ("javascript:alert(1)", BROWSER),
        ("https://fcm.googleapis.com:abc/x", BROWSER),
        ("https://[x/abc", BROWSER),
        ("https://fcm.googleapis.com/\u00e9", BROWSER),
        ("https://fcm.googleapis.com/x y", BROWSER),
    ],
)
def test_a_made_up_subscription_is_refused(
    sender: Flask, make: Factory, browse: Browse, endpoint: str, key: str
) -> None:
    mine = browse(make.account(patient=make.patient()))
    answer = mine.post("/push/subscription", {"endpoint": endpoint, "keys": {"p256dh": key, "auth": AUTH}})
    assert answer.status_code == 422
    assert whose(sender) == []


def test_the_worker_may_read_what_it_needs_to_reach_people(flow_database: Database, tmp_path: Path) -> None:
    with own_app(flow_database, "al_worker", tmp_path) as app, app.app_context(), transaction():
        app.config["MESSAGING"] = Messaging(sms_url="https://sms.invalid", duty_sms="01632 960999")
        duty, nobody = Address("duty", "duty"), Address("patient", "no uuid")
        assert service.reach([duty, nobody]) == {duty: ("sms",), nobody: ()}
        assert service.forget_browsers(practitioner_id=1) == 0
