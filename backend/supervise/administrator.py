"""Makes the first administrator of a service that has nobody to make one, for whoever runs it."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from backend.access import service as access
from backend.access import staff
from backend.core.config import Config, Surroundings
from backend.core.db import database_app, db, transaction
from backend.core.errors import Problem
from backend.supervise.home import Home
from backend.supervise.postgres import Postgres


def add(home_path: Path, username: str, name: str) -> str:
    """Make the account and answer what to print: the code, where to use it, and until when.

    For a home that runs, or else the service whose DATABASE_URL is set (as systemd's app is told). The code is shown
    this once and kept as a hash. Raises RuntimeError in words: nothing runs, or somebody is administrator already.
    """
    config = config_of(home_path)
    with database_app(config, pool_size=1, name="alongside-cli").app_context():
        try:
            with transaction():
                code, ends = staff.first_administrator(username, name)
                left = ends - access.database_time()
        except Problem as refused:
            raise RuntimeError(refused.detail) from None
        finally:
            db.session.remove()
            db.engine.dispose()
    link = f"{config.public_url.rstrip('/')}/team/pair#{code.replace('-', '')}"
    until = ends.astimezone(ZoneInfo("UTC"))
    return (
        f"{username.strip().lower()} chooses a password with the code {code} at\n  {link}\n"
        f"within {round(left.total_seconds() / 60)} minutes (until {until:%H:%M} UTC). It works once; the same command"
        " makes a new one."
    )


def config_of(home_path: Path) -> Config:
    """How to reach the database of a home that runs, or of the service that DATABASE_URL names."""
    around, home = Surroundings.from_environ(), Home(home_path)
    run = home.read()
    if run is not None and home.is_running():
        postgres = Postgres(home.path, around.admin_url)
        postgres.attach(run.ports.get("postgres", 0))
        told = {"DATABASE_URL": postgres.url("al_app"), "ALONGSIDE_PUBLIC_URL": run.public_url}
        return Config.from_environ(told)
    if around.admin_url is None:
        raise RuntimeError(
            f"nothing runs in {home.path}: start it with `alongside up`, or set DATABASE_URL as the app has it"
        )
    return Config.from_environ()
