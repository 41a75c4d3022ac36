"""Makes a care team for whoever runs the service: without one nobody can be added, and no page makes the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

from backend.access import hours, teams
from backend.core.db import database_app, db, transaction
from backend.core.errors import Problem
from backend.directory import service as directory
from backend.supervise.administrator import config_of


@dataclass(frozen=True, slots=True)
class NewTeam:
    """What a team is called, whose it is, its telephone, and when somebody watches, by the clock of `zone`."""

    name: str
    phone: str
    organization: str
    opens: str = "08:00"
    closes: str = "20:00"
    zone: str = "Europe/London"


def add(home_path: Path, asked: NewTeam) -> str:
    """Make the team and answer what to print; its people are put in it on the page Staff.

    For a home that runs, or else the service whose DATABASE_URL is set. Raises RuntimeError in words: nothing runs,
    a team of that name is there, a time or zone that cannot be.
    """
    name, phone = asked.name.strip(), asked.phone.strip()
    if not name or not phone:
        raise RuntimeError("a team has a name, and a telephone that people are told to ring: --phone")
    opens, closes = _time(asked.opens), _time(asked.closes)
    _check_zone(asked.zone)
    with database_app(config_of(home_path), pool_size=1, name="alongside-cli").app_context():
        try:
            with transaction():
                whose = directory.community_organization(asked.organization.strip() or name)
                teams.add_team(whose, name, phone, opens, closes, asked.zone)
        except Problem as refused:
            raise RuntimeError(refused.detail) from None
        finally:
            db.session.remove()
            db.engine.dispose()
    watched = hours.in_words(opens, closes)
    return (
        f"{name} is there, on {phone}: somebody watches {watched} ({asked.zone})."
        " An administrator puts its people in it on the page Staff."
    )


def _time(said: str) -> time:
    try:
        found = time.fromisoformat(said)
    except ValueError:
        raise RuntimeError(f"write a time like 08:00, not {said}") from None
    if found.tzinfo is not None:
        raise RuntimeError(f"write a time like 08:00, and the zone apart: not {said}")
    return found


def _check_zone(said: str) -> None:
    try:
        ZoneInfo(said)
    except (KeyError, ValueError, OSError):
        raise RuntimeError(f"there is no time zone {said}: write one like Europe/London") from None
