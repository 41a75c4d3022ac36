"""Keeps how a GP practice or an alarm centre is reached, so that what they are told leaves the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.access.record import Task, allow
from backend.audit import service as audit
from backend.core.db import db
from backend.core.errors import Conflict, Invalid, NotFound
from backend.core.http import Actor
from backend.messages import service
from backend.messages.outgoing import Address

Row = dict[str, Any]
KINDS = ("gp-practice", "alarm-centre")
DUTY = Address("duty", "duty")

_ROWS = text(
    """select o.id, o.public_id, o.kind, o.name, o.ods_code,
        (select address from organization_contact c where c.organization_id = o.id and c.channel = 'sms') as sms,
        (select address from organization_contact c where c.organization_id = o.id and c.channel = 'email') as email,
        coalesce((select jsonb_agg(jsonb_build_object('id', t.public_id, 'name', t.name) order by t.name)
            from care_team t where t.alarm_centre_id = o.id), '[]') as teams
    from organization o where o.kind = any(:kinds) and (cast(:only as uuid) is null or o.public_id = :only)
    order by o.kind, o.name, o.id"""
)
_ADD = text(
    """insert into organization (public_id, kind, name, ods_code)
    values (gen_random_uuid(), :kind, :name, :ods) returning public_id"""
)
_CODE = text("select exists (select from organization where ods_code = :ods)")
_FORGET = text("delete from organization_contact where organization_id = :id and channel = :channel")
_KEEP = text(
    """insert into organization_contact (organization_id, channel, address) values (:id, :channel, :address)
    on conflict (organization_id, channel) do update set address = excluded.address"""
)
_TEAMS = text(
    """update care_team set alarm_centre_id = case when public_id = any(cast(:teams as uuid[])) then :id end
    where alarm_centre_id = :id or public_id = any(cast(:teams as uuid[]))"""
)
_KNOWN_TEAMS = text("select count(*) from care_team where public_id = any(cast(:teams as uuid[]))")


@dataclass(frozen=True, slots=True)
class Asked:
    """Where an organisation is reached (None: by no such way), and whose alarm centre it is (None: as before)."""

    sms: str | None
    email: str | None
    team_ids: Sequence[UUID] | None = None


def page(actor: Actor) -> Row:
    """Every GP practice and alarm centre with its ways, and those of the duty line; for an administrator."""
    allow(actor, Task.MANAGE_STAFF)
    audit.record(actor, "read-organizations", "organization")
    return {"rows": _rows(None), "duty_ways": list(service.reach([DUTY])[DUTY])}


def add(actor: Actor, kind: str, name: str, ods_code: str | None, asked: Asked) -> Row:
    """Write down a practice or an alarm centre; raises Conflict "known-code" for an ODS code that is here."""
    allow(actor, Task.MANAGE_STAFF)
    code = (ods_code or "").strip().upper() or None
    if code is not None and db.session.scalar(_CODE, {"ods": code}):
        raise Conflict("known-code", "An organisation with this ODS code is here already.", status=409)
    made: UUID = db.session.execute(_ADD, {"kind": kind, "name": name.strip(), "ods": code}).scalar_one()
    audit.record(actor, "add-organization", "organization", str(made), detail={"kind": kind})
    return _written(actor, made, asked)


def set_reach(actor: Actor, organization_id: UUID, asked: Asked) -> Row:
    """Write down how it is reached; raises NotFound, and Invalid at the field."""
    allow(actor, Task.MANAGE_STAFF)
    return _written(actor, organization_id, asked)


def _written(actor: Actor, organization_id: UUID, asked: Asked) -> Row:
    found = list(db.session.execute(_ROWS, {"kinds": list(KINDS), "only": organization_id}))
    if not found:
        raise NotFound("no-such-organization", "There is no such practice or alarm centre.")
    (row,) = found
    ways = {"sms": (asked.sms or "").strip() or None, "email": (asked.email or "").strip() or None}
    for channel, address in ways.items():
        if address is None:
            db.session.execute(_FORGET, {"id": row.id, "channel": channel})
        else:
            service.check_address(channel, address)
            db.session.execute(_KEEP, {"id": row.id, "channel": channel, "address": address})
    if asked.team_ids is not None:
        _set_teams(row, asked.team_ids)
    # Which ways there are, never where they lead.
    detail = {"ways": [channel for channel, address in ways.items() if address]}
    audit.record(actor, "change-reach", "organization", str(organization_id), detail=detail)
    return _rows(organization_id)[0]


def _set_teams(row: Any, team_ids: Sequence[UUID]) -> None:
    teams = list(set(team_ids))
    if teams and row.kind != "alarm-centre":
        raise Invalid("teams", "Only an alarm centre is called about a team's people.")
    if db.session.scalar(_KNOWN_TEAMS, {"teams": teams}) != len(teams):
        raise NotFound("no-such-team", "There is no such team.")
    db.session.execute(_TEAMS, {"teams": teams, "id": row.id})


def _rows(only: UUID | None) -> list[Row]:
    found = list(db.session.execute(_ROWS, {"kinds": list(KINDS), "only": only}))
    ways = service.reach([_address(row.public_id) for row in found])
    return [
        {
            "id": row.public_id, "kind": row.kind, "name": row.name, "ods_code": row.ods_code,
            "sms": row.sms, "email": row.email, "ways": list(ways[_address(row.public_id)]), "teams": row.teams,
        }
        for row in found
    ]  # fmt: skip


def _address(public_id: UUID) -> Address:
    return Address("organization", str(public_id))
