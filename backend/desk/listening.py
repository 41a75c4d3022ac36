"""Counts the desks that listen, over every web process and by team, so that silence in the room is noticed."""

import json
import logging
import os
import secrets
import socket
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import text

from backend.core.db import db, plain_dsn

log = logging.getLogger("alongside.desk")

BEAT_S = 10.0
# A process that has not written for three beats is taken to be gone.
STALE = timedelta(seconds=30)
# How long nobody may listen in staffed hours before the ladder starts. From the requirement.
UNHEARD = timedelta(seconds=60)

_BEAT = """insert into desk_listening (instance, desks, teams, at) values (%s, %s, %s, db_now())
    on conflict (instance) do update set desks = excluded.desks, teams = excluded.teams, at = excluded.at"""
_HEARD = """insert into desk_heard (care_team_id, at)
    select c.id, db_now() from care_team c where c.id = any(%s) order by c.id
    on conflict (care_team_id) do update set at = excluded.at"""
_FORGET = "delete from desk_listening where at < db_now() - interval '1 hour'"
# A time further ahead than two machines differ was written by a clock that has been set back: it proves nothing.
_COUNT = text(
    """select coalesce(sum(desks), 0)::int as desks,
        coalesce(sum(coalesce((teams ->> cast(:team as text))::int, 0)), 0)::int as of_team
    from desk_listening
    where at > db_now() - cast(:stale as interval) and at <= db_now() + interval '30 seconds'"""
)
_UNHEARD = text(
    """select t.id from unnest(cast(:teams as int[])) t (id) left join desk_heard h on h.care_team_id = t.id
    where h.at is null or h.at <= db_now() - cast(:unheard as interval)
        or h.at > db_now() + interval '30 seconds'"""
)
_ANY_HEARD = text(
    """select exists (select from desk_heard
        where at > db_now() - cast(:unheard as interval) and at <= db_now() + interval '30 seconds')"""
)


@dataclass(frozen=True, slots=True)
class Listening:
    """How many desks listen now, in all and of one team."""

    desks: int
    of_team: int


def listening(care_team_id: int) -> Listening:
    """Over every process that has written within STALE."""
    row = db.session.execute(_COUNT, {"team": str(care_team_id), "stale": STALE}).one()
    return Listening(row.desks, row.of_team)


def unheard(care_team_ids: Collection[int]) -> list[int]:
    """Those of these teams of whom no desk has listened for UNHEARD."""
    return list(db.session.scalars(_UNHEARD, {"teams": list(care_team_ids), "unheard": UNHEARD}))


def nobody_at_all() -> bool:
    """Whether no desk of any team has listened for UNHEARD."""
    return not db.session.scalar(_ANY_HEARD, {"unheard": UNHEARD})


class Desks:
    """The desks of this process; a thread writes them down while there are any, on a connection of its own."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._instance = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._lock = threading.Lock()
        self._seated: dict[object, tuple[int, ...]] = {}
        self._changed = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def seat(self, care_team_ids: Collection[int]) -> Iterator[None]:
        """Somebody of these teams listens for as long as this lasts."""
        chair = object()
        with self._lock:
            self._seated[chair] = tuple(care_team_ids)
            if self._thread is None:
                self._thread = threading.Thread(target=self._write, name="desks", daemon=True)
                self._thread.start()
        self._changed.set()
        try:
            yield
        finally:
            with self._lock:
                self._seated.pop(chair, None)
            self._changed.set()

    def _write(self) -> None:
        while True:
            self._changed.clear()
            with self._lock:
                seated = list(self._seated.values())
            self._beat(seated)
            with self._lock:
                if not seated and not self._seated:
                    # An empty room is written down once; the next who sits down starts this anew.
                    self._thread = None
                    return
            self._changed.wait(BEAT_S)

    def _beat(self, seated: list[tuple[int, ...]]) -> None:
        teams = Counter(team for chair in seated for team in chair)
        try:
            with psycopg.connect(
                self._dsn, autocommit=True, connect_timeout=5, application_name="alongside-desks"
            ) as connection:
                counted = json.dumps({str(team): n for team, n in teams.items()})
                connection.execute(_BEAT, (self._instance, len(seated), counted))
                connection.execute(_HEARD, (sorted(teams),))
                connection.execute(_FORGET)
        except (psycopg.Error, OSError) as error:
            # Then nobody is counted, which starts the ladder too early and never too late.
            log.warning("desks not written", extra={"phase": "listening", "error": type(error).__name__})


_DESKS = "alongside-desks"


def desks(app: Flask) -> Desks:
    """The one of this process."""
    made: Any = app.extensions.setdefault(_DESKS, None)
    if made is None:
        made = app.extensions[_DESKS] = Desks(plain_dsn(app.config["SQLALCHEMY_DATABASE_URI"]))
    found: Desks = made
    return found
