"""The rota of a team: its shifts of a week, who may change them, and where nobody is down within a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from backend.access import service as access
from backend.access.policy import DUTY_MANAGER, TEAM_LEAD
from backend.access.record import Panel, open_panel
from backend.audit import service as audit
from backend.core.db import db
from backend.core.errors import Conflict, Invalid, NotAllowed, NotFound
from backend.core.http import Actor
from backend.escalation.ladder import LAST
from backend.escalation.models import RotaShift
from backend.escalation.people import rosters
from backend.messages import service as messages
from backend.messages.outgoing import Address

ROLES = ("on-call", "duty-manager")
MAY_CHANGE = frozenset({TEAM_LEAD, DUTY_MANAGER})
# Alongside defaults: the longest duty that can be written down in one go, and how far ahead gaps are looked for.
LONGEST = timedelta(days=14)
AHEAD = timedelta(hours=24)

_STAFF = text(
    """select p.id, p.public_id, p.display_name from care_team_member m join practitioner p on p.id = m.practitioner_id
    where m.care_team_id = :team and m.valid @> db_now()
        and p.role not in ('installer', 'administrator', 'canary-watcher')
    group by 1, 2, 3 order by p.display_name, p.id"""
)
# A duty lasts no longer than being of the team: who has left could open nothing.
_COVERED = text(
    """select lower(s.valid * m.valid) as begins, upper(s.valid * m.valid) as ends from rota_shift s
    join care_team_member m on m.care_team_id = s.care_team_id and m.practitioner_id = s.practitioner_id
        and m.valid && s.valid
    where s.care_team_id = :team and s.role = any(:roles) and s.valid * m.valid && tstzrange(:start, :end)"""
)
_ON_NOW = text(
    """select s.id from rota_shift s where s.care_team_id = :team and s.valid @> db_now()
        and exists (select from care_team_member m where m.care_team_id = s.care_team_id
            and m.practitioner_id = s.practitioner_id and m.valid @> db_now())"""
)
_NAMES = text("select id, public_id, display_name from practitioner where id = any(:ids)")
_ZONE = text("select time_zone from care_team where id = :team")
_HOURS = text("select opens, closes, time_zone from care_team where id = :team")

Gap = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class NewShift:
    """A duty to be written down: role, who by public id, from when up to when (aware)."""

    role: str
    practitioner: UUID
    start: datetime
    end: datetime


def week(actor: Actor, day: date | None) -> dict[str, Any]:
    """The rota of this actor's team for the week of a day (Monday to Monday in the team's own time)."""
    panel = open_panel(actor)
    now = access.database_time()
    zone = ZoneInfo(str(db.session.execute(_ZONE, {"team": panel.team.id}).scalar_one()))
    begins = day or now.astimezone(zone).date()
    start = datetime.combine(begins - timedelta(days=begins.weekday()), time(), zone)
    end = datetime.combine(start.date() + timedelta(days=7), time(), zone)
    shifts = _shifts(panel.team.id, start, end)
    staff = db.session.execute(_STAFF, {"team": panel.team.id}).all()
    return {
        "as_of": now,
        "team": {"id": panel.team.public_id, "name": panel.team.name},
        "from": start,
        "to": end,
        "rows": _rows(shifts),
        "on_now": _rows(on_duty(panel.team.id)),
        "gaps": [
            {"role": role, "from": gap[0], "to": gap[1]}
            for role in ROLES
            for gap in team_gaps(panel.team.id, role, now, now + AHEAD)
        ],
        "unreachable": _unreachable(_shifts(panel.team.id, now, now + AHEAD)),
        "last_rung": _last_rung(panel.team.id),
        "staff": [{"id": one.public_id, "name": one.display_name} for one in staff],
        "may_change": panel.practitioner.role in MAY_CHANGE,
    }


def on_duty(team: int) -> Sequence[RotaShift]:
    """Who of a team has a duty now."""
    now_on = select(RotaShift).where(RotaShift.id.in_(db.session.scalars(_ON_NOW, {"team": team}).all()))
    return db.session.scalars(now_on.order_by(RotaShift.role.desc(), RotaShift.id)).all()


def duty_now(actor: Actor) -> dict[str, Any]:
    """Who of this actor's team has a duty now."""
    panel = open_panel(actor)
    return {"as_of": access.database_time(), "rows": _rows(on_duty(panel.team.id))}


def add(actor: Actor, new: NewShift) -> dict[str, Any]:
    """Write a duty down; raises Invalid for times or somebody not of the team, Conflict for one written already."""
    panel = _changing(actor)
    if not timedelta(0) < new.end - new.start <= LONGEST:
        raise Invalid("shift-times", "A shift ends after it begins, and within 14 days.")
    staff = db.session.execute(_STAFF, {"team": panel.team.id}).all()
    who = next((one for one in staff if one.public_id == new.practitioner), None)
    if who is None:
        raise Invalid("not-in-team", "Choose somebody of this team.")
    row = RotaShift(
        care_team_id=panel.team.id, role=new.role, practitioner_id=who.id, valid=Range(new.start, new.end)
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        raise Conflict("shift-overlaps", "They are down for this already in that time.", status=409) from None
    audit.record(actor, "create", "rota-shift", str(row.public_id), detail={"role": new.role})
    return _rows([row])[0]


def remove(actor: Actor, shift_id: UUID) -> None:
    """Take a duty out; raises NotFound for one that is not of this actor's team."""
    panel = _changing(actor)
    row = db.session.scalars(
        select(RotaShift).where(RotaShift.public_id == shift_id, RotaShift.care_team_id == panel.team.id)
    ).one_or_none()
    if row is None:
        raise NotFound("no-shift", "There is no such shift in your team's rota.")
    detail = {"role": row.role, "from": row.valid.lower, "to": row.valid.upper}
    said = {name: str(value) for name, value in detail.items()}
    db.session.delete(row)
    audit.record(actor, "delete", "rota-shift", str(shift_id), detail=said)


def _changing(actor: Actor) -> Panel:
    panel = open_panel(actor)
    if panel.practitioner.role not in MAY_CHANGE:
        raise NotAllowed("role", "The rota is changed by a team lead or the duty manager.")
    return panel


def _shifts(team: int, start: datetime, end: datetime) -> Sequence[RotaShift]:
    asked = select(RotaShift).where(
        RotaShift.care_team_id == team, RotaShift.valid.overlaps(Range(start, end))
    )
    return sorted(db.session.scalars(asked), key=lambda row: (row.valid.lower, row.role, row.id))


def _unreachable(shifts: Sequence[RotaShift]) -> list[dict[str, Any]]:
    """Those of these duties whose holder no message can reach: for the ladder that is the same as nobody."""
    rows = _rows(shifts)
    named = {row["id"]: Address("practitioner", str(row["practitioner"]["id"])) for row in rows}
    ways = messages.reach(set(named.values()))
    return [row for row in rows if not ways[named[row["id"]]]]


def _last_rung(team: int) -> dict[str, Any]:
    """Whom every ladder of this team ends with, and whether any message reaches them."""
    last = rosters({team}, ()).of(team)[LAST]
    return {
        "alarm_centre": any(one.organization_id is not None for one in last),
        "reached": any(one.ways for one in last),
    }


def _rows(shifts: Sequence[RotaShift]) -> list[dict[str, Any]]:
    ids = {"ids": sorted({row.practitioner_id for row in shifts})}
    names: Mapping[int, Any] = {row.id: row for row in db.session.execute(_NAMES, ids)} if shifts else {}
    return [
        {
            "id": row.public_id,
            "role": row.role,
            "practitioner": {
                "id": names[row.practitioner_id].public_id,
                "name": names[row.practitioner_id].display_name,
            },
            "from": row.valid.lower,
            "to": row.valid.upper,
        }
        for row in shifts
    ]


def team_gaps(team: int, role: str, start: datetime, end: datetime) -> list[Gap]:
    """When nobody of a team is down for a role between two times."""
    asked = {"team": team, "roles": [role], "start": start, "end": end}
    spans = [(row.begins, row.ends) for row in db.session.execute(_COVERED, asked)]
    return gaps(spans, start, end)


def gaps(spans: Sequence[Gap], start: datetime, end: datetime) -> list[Gap]:
    """What is left of `start` up to `end` when the spans are taken out; pure."""
    left: list[Gap] = []
    covered_to = start
    for begins, ends in sorted(spans):
        if begins > covered_to:
            left.append((covered_to, min(begins, end)))
        covered_to = max(covered_to, ends)
        if covered_to >= end:
            break
    if covered_to < end:
        left.append((covered_to, end))
    return left


def is_rostered(team: int | None, start: datetime) -> bool:
    """Whether somebody of a team answers at any hour of the day from `start` on: in its hours, or by its rota.

    Alongside default, not national guidance: what may need a human at once is not asked where there is an hour in
    which nobody is down for it. Nobody is for who is on no team's list.
    """
    if team is None:
        return False
    end = start + AHEAD
    spans = [
        (row.begins, row.ends)
        for row in db.session.execute(
            _COVERED, {"team": team, "roles": list(ROLES), "start": start, "end": end}
        )
    ]
    hours = db.session.execute(_HOURS, {"team": team}).one_or_none()
    if hours is not None:
        spans += staffed(hours.opens, hours.closes, ZoneInfo(str(hours.time_zone)), start, end)
    return not gaps(spans, start, end)


def staffed(opens: time, closes: time, zone: ZoneInfo, start: datetime, end: datetime) -> list[Gap]:
    """The hours of a team that touch `start` to `end`, in its own time; pure. Equal times are round the clock."""
    found = []
    day = start.astimezone(zone).date() - timedelta(days=1)
    while day <= end.astimezone(zone).date():
        until = day if closes > opens else day + timedelta(days=1)
        found.append((datetime.combine(day, opens, zone), datetime.combine(until, closes, zone)))
        day += timedelta(days=1)
    return found
