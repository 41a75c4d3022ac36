"""NOTIFY on our one channel, so that whoever waits (a stream, a worker) hears of a change as it commits."""

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import text

from backend.core.db import db

CHANNEL = "alongside"
TELL = "select pg_notify(:notices, told) from unnest(cast(:told as text[])) told"


def notify(*payloads: Mapping[str, object]) -> None:
    """Tell every listener when this transaction commits; a rollback tells nobody.

    PostgreSQL drops equal payloads of one transaction, so telling twice does no harm.
    """
    notify_all(payloads)


def notify_all(payloads: Iterable[Mapping[str, object]]) -> None:
    """The same for many, in one round trip. A payload must stay under 8,000 bytes (PostgreSQL's limit)."""
    told = written(payloads)
    if told:
        db.session.execute(text(TELL), {"notices": CHANNEL, "told": told})


def written(payloads: Iterable[Mapping[str, object]]) -> list[str]:
    """Payloads as they travel, for the `told` of TELL."""
    return [json.dumps(dict(payload), separators=(",", ":"), default=str) for payload in payloads]
