"""The live stream of one page: what the hub hears, filtered to what this actor may be told."""

import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from uuid import UUID

from flask import Flask, Response, current_app

from backend.access import service as access
from backend.access import sessions, teams
from backend.alerts import service as alerts
from backend.core.db import transaction
from backend.core.http import SignedIn
from backend.core.live import Event, Hub, Pings, Subscriber, event_text, hello, hub
from backend.desk import service as desk
from backend.observations.codes import PRIVATE

PING_EVERY_S = 15.0
# Who may see whom is looked up this often, and at once (but no oftener than the second figure) for an alert
# about somebody new, so that a person just taken onto the caseload is not missed.
REFRESH_EVERY_S = 30.0
REFRESH_AT_MOST_EVERY_S = 2.0
_PRIVATE_CODES = frozenset(code.value for code in PRIVATE)
_OF_A_PATIENT = frozenset({"observation", "alert", "device", "message"})


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
        if self.session.actor.practitioner_id is None and not self._is_told_at_home(event):
            return False
        patient = UUID(str(event["p"]))
        if kind == "message":
            # What the person keeps from carers is told to no carer, not even that it is there.
            hidden = bool(event.get("v")) and self.session.actor.related_person_id is not None
            return patient in self.seen.messages and not hidden and not self._is_anothers(event)
        if patient not in self.seen.all and kind == "alert" and self.age() > REFRESH_AT_MOST_EVERY_S:
            self.refresh()
        return patient in (self.seen.alerts if kind == "alert" else self.seen.readings)

    def _is_anothers(self, event: Event) -> bool:
        """A practice has the conversations that are with it, and hears of no other."""
        is_practice = self.session.actor.practitioner_id is not None and not self.seen.readings
        return is_practice and event.get("k") != "practice"

    def _is_told_at_home(self, event: Event) -> bool:
        """Some of what the team hears is the person's alone, and some is not theirs either."""
        is_proxy = self.session.actor.related_person_id is not None
        if event.get("t") == "alert":
            seen = alerts.seen_by_proxy if is_proxy else alerts.seen_by_the_person
            return seen(str(event.get("k", "")))
        if event.get("t") == "observation" and is_proxy:
            return not _PRIVATE_CODES.intersection(event.get("c") or ())
        return True


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
