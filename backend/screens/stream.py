"""The live stream of one page: what the hub hears, filtered to what this actor may be told."""

import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from uuid import UUID

from flask import Flask, Response, current_app

from backend.access import service as access
from backend.access import sessions, teams
from backend.core.db import transaction
from backend.core.http import SignedIn
from backend.core.live import Event, Hub, Pings, Subscriber, event_text, hello, hub
from backend.desk import service as desk

PING_EVERY_S = 15.0
# Who may see whom is looked up this often, and at once (but no oftener than the second figure) for an alert
# about somebody new, so that a person just taken onto the caseload is not missed.
REFRESH_EVERY_S = 30.0
REFRESH_AT_MOST_EVERY_S = 2.0
_OF_A_PATIENT = frozenset({"observation", "alert", "device"})


@dataclass
class Sight:
    """Whose events an actor may be told now; looked up in units of work of its own, so a stream holds none."""

    app: Flask
    session: SignedIn
    seen: access.LiveSight
    looked_at: float = 0.0
    stands: bool = True

    def refresh(self) -> None:
        """Look again: who is on the caseload, and whether the session still stands. Counts as its use."""
        with self.app.app_context(), transaction():
            self.stands = sessions.is_live(self.session.session_id, self.session.audience)
            if self.stands:
                sessions.touch(self.session.session_id)
                self.seen = access.live_sight(self.session.actor)
        self.looked_at = time.monotonic()

    def age(self) -> float:
        """Seconds since the last look."""
        return time.monotonic() - self.looked_at

    def covers(self, event: Event) -> bool:
        """True when this actor may be told of `event`."""
        kind = event.get("t")
        if kind == "hello":
            return True
        if kind == "quarantine":
            return self.seen.is_desk
        if kind not in _OF_A_PATIENT:
            return False
        if event.get("p") is None:
            # An alarm of kit that nobody is registered as wearing is every desk's.
            return kind == "alert" and self.seen.is_desk
        patient = UUID(str(event["p"]))
        if patient not in self.seen.all and kind == "alert" and self.age() > REFRESH_AT_MOST_EVERY_S:
            self.refresh()
        return patient in (self.seen.alerts if kind == "alert" else self.seen.readings)


def stream(session: SignedIn) -> Response:
    """Answer with the stream of this session's page."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # what the proxy stands for
    sight = Sight(app, session, access.live_sight(session.actor), time.monotonic())
    seats = teams.team_ids(session.actor.practitioner_id or 0) if sight.seen.is_desk else []
    response = Response(_events(hub(), sight, seats), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    # A proxy that collects the answer before passing it on would make it anything but live.
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _events(live: Hub, sight: Sight, seats: Sequence[int]) -> Iterator[str]:
    subscriber = live.subscribe(is_desk=sight.seen.is_desk)
    try:
        # For as long as somebody hears it, this desk of these teams counts as listening.
        with desk.desks(sight.app).seat(seats) if sight.seen.is_desk else nullcontext():
            yield event_text("hello", hello())
            yield from _told(subscriber, sight)
    finally:
        live.unsubscribe(subscriber)


def _told(subscriber: Subscriber, sight: Sight) -> Iterator[str]:
    pings = Pings(PING_EVERY_S)
    while sight.stands and not subscriber.overflowed:
        event = subscriber.next(min(pings.left(), max(0.0, REFRESH_EVERY_S - sight.age())))
        if event is not None and sight.covers(event):
            yield event_text(str(event["t"]), event)
        if sight.age() >= REFRESH_EVERY_S:
            sight.refresh()
        if pings.due():
            yield event_text("ping", {})
