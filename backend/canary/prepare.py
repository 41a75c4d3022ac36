"""Sets the canaries up in a home: rows, the watcher's account, and what their devices sign in with."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from sqlalchemy import text

from backend.canary import kept, people
from backend.core.config import Config
from backend.core.db import database_app, db, transaction
from backend.core.errors import Problem
from backend.devices.credentials import Credentials
from backend.pathways import service as pathways

PATHWAY = "copd"
FILE = "canary.json"

_ACCOUNT = text(
    """insert into account (username, password_hash, kind, practitioner_id)
    values (:username, :hash, 'practitioner', :practitioner)
    on conflict (username) do update set password_hash = excluded.password_hash"""
)
_MAY_CONNECT = text("select device_id from device where revoked_at is null")


def ensure_watcher(home: Path) -> None:
    """The watcher's account, whose password stands in a private file that only the canary process reads."""
    said = kept.read(home / FILE)
    if "hash" not in said:
        # Late, because a later start needs no hash and importing this makes one.
        from backend.access.sign_in.local import hash_password

        password = secrets.token_urlsafe(24)
        said |= {"username": people.USERNAME, "password": password, "hash": hash_password(password)}
        kept.write_private(home / FILE, said)
    db.session.execute(
        _ACCOUNT,
        {"username": people.USERNAME, "hash": said["hash"], "practitioner": people.watcher_id()},
    )


def ensure_credentials(home: Path, control_url: str) -> None:
    """A secret for each device that has none, or that the broker does not know any more; raises Unavailable."""
    said = kept.read(home / FILE)
    had: dict[str, str] = said.get("devices", {})
    may_connect = list(db.session.scalars(_MAY_CONNECT))
    with Credentials(control_url) as broker:
        unknown = set(broker.reconcile(may_connect).missing)
        missing = [name for name in people.DEVICES if name in unknown or name not in had]
        issued = broker.issue_many(missing) if missing else {}
    if issued:
        kept.write_private(home / FILE, {**said, "devices": {**had, **issued}})


def prepare(config: Config) -> None:
    """All of it, inside an app context; commits.

    The database comes first, so a start cut short is mended by the next.
    """
    if config.mqtt_control_url is None:
        raise ValueError("MQTT_CONTROL_URL is not set: the canaries' devices need accounts at the broker")
    with transaction():
        pathways.load_packs()
        people.ensure(pathways.newest_versions()[PATHWAY])
        ensure_watcher(config.home)
    ensure_credentials(config.home, config.mqtt_control_url)


def main() -> int:
    """Set up and return 0; 1 with the reason in words when a part does not answer."""
    try:
        config = Config.from_environ()
        with database_app(config, name="alongside-canary").app_context():
            prepare(config)
    except (Problem, ValueError, OSError) as trouble:
        words = trouble.detail if isinstance(trouble, Problem) else str(trouble)
        sys.stderr.write(f"canary: {words}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
