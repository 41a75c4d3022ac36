"""Reads who is on which rung of a team now: hours, rota, duty managers, and the channels that lead to them.

It is the one place in this slice that reads tables of access, and it only reads.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.access.hours import Watch, watch
from backend.core.db import db
from backend.escalation.ladder import LAST, Place, Reach
from backend.messages import service as messages
from backend.messages.outgoing import Address

DUTY = Address("duty", "duty")
# A duty ends with being of the team: who has left could open nothing, and would count as somebody who was told.
# Whoever holds the role in the team is there when the rota names nobody: a manager on leave is told, and passes it on.
_ON_RUNGS = text(
    """select s.care_team_id, s.role as place, p.id, p.public_id, true as by_rota
    from rota_shift s join practitioner p on p.id = s.practitioner_id
    where s.care_team_id = any(:teams) and s.valid @> db_now()
        and exists (select from care_team_member m where m.care_team_id = s.care_team_id
            and m.practitioner_id = s.practitioner_id and m.valid @> db_now())
    union all
    select m.care_team_id, 'duty-manager', p.id, p.public_id, false
    from care_team_member m join practitioner p on p.id = m.practitioner_id
    where m.care_team_id = any(:teams) and m.valid @> db_now() and p.role = 'duty-manager'
    order by 3"""
)
_TEAMS = text("select id, opens, closes, time_zone, db_now() as now from care_team where id = any(:teams)")
_STAFF = text("select id, public_id, display_name from practitioner where id = any(:ids)")
# A team's own alarm centre; where there is only one at all, it is everybody's.
_CENTRES = text(
    """with single as (
        select case when count(*) = 1 then min(id) end as id from organization where kind = 'alarm-centre')
    select t.id as team, o.id, o.public_id from care_team t cross join single
    join organization o on o.id = coalesce(t.alarm_centre_id, single.id)
    where t.id = any(:teams)
    union all
    select null, o.id, o.public_id from single join organization o on o.id = single.id"""
)
_CENTRE_OF = text(
    """select t.id from caseload c join care_team t on t.id = c.care_team_id
    where c.patient_id = :patient and c.valid @> db_now() order by c.id limit 1"""
)
_CLOSED_TEAMS = text("select id, opens, closes, time_zone, db_now() as now from care_team")


@dataclass(frozen=True)
class Rosters:
    """Who is where for some teams now; `owners` are by practitioner, `addresses` by practitioner too."""

    by_team: Mapping[int, Mapping[Place, tuple[Reach, ...]]]
    watches: Mapping[int, Watch]
    duty_line: Reach
    owners: Mapping[int, Reach]
    addresses: Mapping[int, Address]
    centres: Mapping[int | None, Reach] = field(default_factory=dict)
    organizations: Mapping[int, Address] = field(default_factory=dict)

    def of(self, team: int | None) -> Mapping[Place, tuple[Reach, ...]]:
        """The rungs of a team, and its alarm centre with the duty line, which is there for everybody."""
        places = {} if team is None else self.by_team.get(team, {})
        centre = self.centres.get(team, self.centres.get(None))
        # Both are told. Without a centre the line stands alone, also as what nobody set up.
        if centre is None:
            return {**places, LAST: (self.duty_line,)}
        return {**places, LAST: (centre, self.duty_line) if self.duty_line.ways else (centre,)}

    def watch_of(self, team: int | None) -> Watch:
        """Whether the team watches now; who is on no team's list is taken to be watched."""
        return Watch(True, None) if team is None else self.watches.get(team, Watch(True, None))


@dataclass
class _Found:
    """Who was found on the rungs of one team: by the rota, and by their role."""

    rota: dict[str, list[int]] = field(default_factory=dict)
    managers: list[int] = field(default_factory=list)

    def add(self, row: Any) -> None:
        named = self.rota.setdefault(row.place, []) if row.by_rota else self.managers
        if row.id not in named:
            named.append(row.id)

    def on(self, place: Place) -> list[int]:
        named = self.rota.get(place, [])
        return named or (self.managers if place == "duty-manager" else [])


def rosters(teams: Collection[int], owners: Collection[int]) -> Rosters:
    """Who is on the rungs of these teams, in a handful of statements however many there are."""
    asked = {"teams": sorted(set(teams))}
    found: dict[int, _Found] = {team: _Found() for team in asked["teams"]}
    addresses: dict[int, Address] = {}
    for row in db.session.execute(_ON_RUNGS, asked):
        addresses[row.id] = Address("practitioner", str(row.public_id))
        found[row.care_team_id].add(row)
    for row in db.session.execute(_STAFF, {"ids": sorted(set(owners))}):
        addresses[row.id] = Address("practitioner", str(row.public_id))
    watches = {row.id: _watch(row) for row in db.session.execute(_TEAMS, asked)}
    centres = {row.team: row for row in db.session.execute(_CENTRES, asked)}
    organizations = {row.id: Address("organization", str(row.public_id)) for row in centres.values()}
    ways = messages.reach([*addresses.values(), *organizations.values(), DUTY])
    reach = {id_: Reach(id_, ways[address]) for id_, address in addresses.items()}
    return Rosters(
        {team: _places(one, reach, is_open=watches[team].now) for team, one in found.items()},
        watches,
        Reach(None, ways[DUTY]),
        {id_: reach[id_] for id_ in owners if id_ in reach},
        addresses,
        {team: Reach(None, ways[organizations[row.id]], row.id) for team, row in centres.items()},
        organizations,
    )


def alarm_centre_of(patient_id: int) -> UUID | None:
    """The alarm centre that is called about a person, by public id; None where none is theirs."""
    team = db.session.scalar(_CENTRE_OF, {"patient": patient_id})
    found = {
        row.team: row.public_id for row in db.session.execute(_CENTRES, {"teams": [team] if team else []})
    }
    return found.get(team, found.get(None))


def _watch(row: Any) -> Watch:
    return watch(row.opens, row.closes, row.time_zone, row.now)


def _places(one: _Found, reach: Mapping[int, Reach], *, is_open: bool) -> dict[Place, tuple[Reach, ...]]:
    # A team is told on its list; the delivery rings whichever of its browsers agreed to be rung.
    team: tuple[Reach, ...] = (Reach(None, ("best",)),) if is_open else ()
    on_call = tuple(reach[id_] for id_ in one.on("on-call"))
    return {"team": team, "on-call": on_call, "duty-manager": tuple(reach[i] for i in one.on("duty-manager"))}


def closed_teams() -> list[int]:
    """Inside keys of the teams outside their staffed hours now."""
    return [row.id for row in db.session.execute(_CLOSED_TEAMS) if not _watch(row).now]


def names(ids: Collection[int]) -> Mapping[int, tuple[UUID, str]]:
    """Public id and name of staff by inside key."""
    rows = db.session.execute(_STAFF, {"ids": sorted(set(ids))})
    return {row.id: (row.public_id, row.display_name) for row in rows}


def next_opening(rosters_: Rosters, team: int | None) -> datetime | None:
    """When a team that is closed opens; None while it watches."""
    return rosters_.watch_of(team).next_at
