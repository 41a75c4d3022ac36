"""Waits until every part answers, since a link printed too early looks like a fault."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPConnection, HTTPException

import psycopg
from sqlalchemy import make_url

BEATING = ("gateway", "worker")


def plain(url: str) -> str:
    """Return a SQLAlchemy url as psycopg understands it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def app_answers(port: int) -> bool:
    """Say whether the app's own health check passes."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def database_time(url: str) -> datetime:
    """Return the database's clock, by which heartbeats are judged."""
    with psycopg.connect(plain(url), connect_timeout=5) as connection:
        row = connection.execute("select clock_timestamp()").fetchone()
    if row is None:
        raise RuntimeError("the database does not tell the time")
    moment: datetime = row[0]
    return moment


def heartbeats(url: str, since: datetime) -> set[str]:
    """Return which programs have written a heartbeat since then; none when the database does not answer."""
    try:
        with psycopg.connect(plain(url), connect_timeout=5) as connection:
            rows = connection.execute("select name from heartbeat where at >= %s", (since,)).fetchall()
    except psycopg.Error:
        return set()
    return {str(name) for (name,) in rows}


def wait_until_serving(
    port: int, database_url: str, since: datetime, *, seconds: float, meanwhile: Callable[[], None]
) -> list[str]:
    """Wait until app, gateway and worker answer; return those that do not in time (empty: all do).

    ``meanwhile`` is called between looks, to start again what dies.
    """
    until = time.monotonic() + seconds
    while True:
        beating = heartbeats(database_url, since)
        silent = [name for name in BEATING if name not in beating]
        if not app_answers(port):
            silent.append("app")
        if not silent or time.monotonic() > until:
            return silent
        meanwhile()
        time.sleep(0.1)
