"""Writes down that a process, or the canary, is alive by what it did, for whoever watches over us."""

import json
from collections.abc import Mapping

from sqlalchemy import text

from backend.core.db import db

_BEAT = text(
    """insert into heartbeat (name, at, detail) values (:name, clock_timestamp(), cast(:detail as jsonb))
    on conflict (name) do update set at = excluded.at, detail = excluded.detail"""
)


def beat(name: str, detail: Mapping[str, object] | None = None) -> None:
    """Set the heartbeat `name` to now by the database's clock, in the caller's transaction."""
    db.session.execute(_BEAT, {"name": name, "detail": json.dumps(dict(detail or {}), default=str)})
