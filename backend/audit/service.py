"""Writes the audit trail: what was done in the caller's transaction, what was refused in one of its own."""

import json
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text

from backend.core.db import db, driver_connection, separate_connection
from backend.core.http import Actor

Outcome = Literal["success", "refused", "failed"]

_APPEND = (
    "select audit_append(%(kind)s, %(actor)s, %(patient)s, %(purpose)s, %(action)s, %(entity)s, %(id)s,"
    " %(outcome)s, %(detail)s::jsonb)"
)
_SHARDS = 8
# A refusal costs a connection of its own; a flood of them must not take the server's last one.
_refusals_at_once = threading.BoundedSemaphore(4)


def _parameters(
    actor: Actor,
    action: str,
    entity: str,
    entity_id: str | None,
    outcome: Outcome,
    patient_id: int | None,
    purpose: str | None,
    detail: Mapping[str, object] | None,
) -> dict[str, Any]:
    return {
        "kind": actor.kind,
        "actor": actor.id,
        "patient": patient_id,
        "purpose": purpose,
        "action": action,
        "entity": entity,
        "id": entity_id,
        "outcome": outcome,
        "detail": json.dumps(dict(detail or {})),
    }


def record(
    actor: Actor,
    action: str,
    entity: str,
    entity_id: str | None = None,
    *,
    outcome: Outcome = "success",
    patient_id: int | None = None,
    purpose: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Append one event in the caller's transaction: it stands if and only if what it tells of stands.

    `detail` holds ids and codes, never a name or a value.
    """
    parameters = _parameters(actor, action, entity, entity_id, outcome, patient_id, purpose, detail)
    driver_connection().execute(_APPEND, parameters)


def record_refusal(
    actor: Actor,
    action: str,
    entity: str,
    entity_id: str | None = None,
    *,
    patient_id: int | None = None,
    purpose: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Append a refusal in a transaction of its own, or the caller's rollback would erase it."""
    parameters = _parameters(actor, action, entity, entity_id, "refused", patient_id, purpose, detail)
    with _refusals_at_once:
        _append_apart(parameters, _own_shard())


def _own_shard() -> int:
    """The shard the caller's connection may hold locked: to wait for that one is to wait for ourselves."""
    return driver_connection().info.backend_pid % _SHARDS


def _append_apart(parameters: dict[str, Any], avoid: int) -> None:
    with separate_connection() as connection:
        if connection.info.backend_pid % _SHARDS == avoid:
            # While this one stays open, the next is another server process and mostly another shard.
            _append_apart(parameters, avoid)
            return
        connection.execute(_APPEND, parameters)
        connection.commit()


@dataclass(frozen=True, slots=True)
class Looked:
    """That somebody opened or changed something of one person on one day, how often, and why (purposes of use)."""

    day: date
    actor_kind: str
    actor_id: UUID
    actions: tuple[str, ...]
    purposes: tuple[str, ...]
    times: int
    first_at: datetime
    last_at: datetime


# By the clock of whose record it is; what a program of ours did is nobody's look.
_LOOKED = text("""select (at at time zone :zone)::date as day, actor_kind, actor_id,
        array_agg(distinct action) as actions,
        coalesce(array_agg(distinct purpose) filter (where purpose is not null), '{}') as purposes,
        count(*) as times, min(at) as first_at, max(at) as last_at
    from audit_event
    where patient_id = :patient and outcome = 'success' and actor_id is not null
        and actor_kind in ('practitioner', 'related-person') and at >= :since and at < :until
    group by 1, 2, 3 order by max(at) desc""")
_LOOKED_LAST = text("""select actor_id, max(at) as at from audit_event
    where patient_id = :patient and outcome = 'success' and actor_id = any(:actors) group by actor_id""")
_LOOKED_BEFORE = text("""select exists (select from audit_event where patient_id = :patient
    and outcome = 'success' and actor_kind in ('practitioner', 'related-person') and at < :until)""")


def looked(patient_id: int, since: datetime, until: datetime, zone: str) -> list[Looked]:
    """Who opened or changed anything of a person from `since` to before `until`, by person and day, newest first."""
    told = {"patient": patient_id, "since": since, "until": until, "zone": zone}
    return [
        Looked(
            row.day, row.actor_kind, row.actor_id, tuple(row.actions), tuple(row.purposes), row.times,
            row.first_at, row.last_at,
        )
        for row in db.session.execute(_LOOKED, told)
    ]  # fmt: skip


def looked_before(patient_id: int, until: datetime) -> bool:
    """Whether anybody did before then."""
    return bool(db.session.execute(_LOOKED_BEFORE, {"patient": patient_id, "until": until}).scalar_one())


def looked_last(patient_id: int, actors: Collection[UUID]) -> Mapping[UUID, datetime]:
    """When each of these last opened or changed anything of a person; who never did is absent."""
    rows = db.session.execute(_LOOKED_LAST, {"patient": patient_id, "actors": list(actors)})
    return {row.actor_id: row.at for row in rows}


def broken() -> list[tuple[int, int]]:
    """Places (shard, sequence) where the chain no longer adds up; empty when it does."""
    return [(row.shard, row.seq) for row in db.session.execute(text("select shard, seq from audit_broken()"))]
