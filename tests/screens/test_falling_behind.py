"""A stream that cannot keep up, or whose session ended, is closed, so that its page comes back and reads anew."""

from collections.abc import Callable
from uuid import uuid4

from flask import Flask
from sqlalchemy import Connection, text

from backend.access import sessions
from backend.access.service import LiveSight
from backend.core.http import SignedIn
from backend.core.live import MOST_WAITING, Hub, Subscriber
from backend.screens import stream
from tests.browsing import Browser
from tests.factories import Factory


def sight_of(app: Flask, browser: Browser) -> stream.Sight:
    cookie = browser.client.get_cookie("__Host-alongside-person", "localhost")
    assert cookie is not None
    with app.app_context():
        session = sessions.resolve("person", cookie.value)
    assert isinstance(session, SignedIn)
    return stream.Sight(app, session, LiveSight(frozenset(), frozenset(), False))


def test_a_stream_that_fell_behind_is_ended_and_holds_up_no_other(
    app: Flask, make: Factory, browse: Callable[..., Browser]
) -> None:
    sight = sight_of(app, browse(make.account(patient=make.patient())))
    hub = Hub("unused")
    slow, quick = Subscriber(False), Subscriber(False)
    hub._subscribers |= {slow, quick}
    for _ in range(MOST_WAITING + 1):
        hub._hand_out({"t": "alert", "p": str(uuid4())})
        assert quick.next(0.1) is not None
    assert (slow.overflowed, quick.overflowed) == (True, False)
    assert list(stream._told(slow, sight)) == []


def test_a_stream_ends_soon_after_its_session(
    app: Flask, make: Factory, browse: Callable[..., Browser], connection: Connection
) -> None:
    sight = sight_of(app, browse(make.account(patient=make.patient())))
    sight.refresh()
    assert sight.stands
    connection.execute(text("update sign_in_session set revoked_at = clock_timestamp()"))
    sight.looked_at -= stream.REFRESH_EVERY_S
    assert list(stream._told(Subscriber(False), sight)) == []
    assert not sight.stands


def test_a_listening_desk_is_not_idle(
    app: Flask, make: Factory, browse: Callable[..., Browser], connection: Connection
) -> None:
    sight = sight_of(app, browse(make.account(patient=make.patient())))
    aged = "update sign_in_session set last_seen_at = clock_timestamp() - interval '20 minutes'"
    connection.execute(text(aged))
    sight.refresh()
    idle = connection.execute(
        text("select clock_timestamp() - last_seen_at < interval '5 seconds' from sign_in_session")
    )
    assert idle.scalar_one()
