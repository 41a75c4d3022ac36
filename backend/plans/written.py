"""Who wrote what of a plan and when: every version is kept beside the one that stands."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select, text

from backend.access import service as access
from backend.access.phones import account_id_of
from backend.access.record import Record
from backend.core.db import db
from backend.core.http import made_at, made_offline
from backend.core.models import Change
from backend.plans.agreement import Relation
from backend.plans.models import PlanSignature, PlanVersion, Written

Entity = Literal["section", "goal", "task"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: the public id of their account, what they are to the person, and what their phone claims."""

    account: UUID | None
    relation: Relation
    name: str
    made_at: datetime | None = None
    offline: bool = False

    def columns(self) -> Row:
        """As the rows keep it."""
        return {
            "by_account": self.account, "by_name": self.name, "relation": self.relation,
            "made_at": self.made_at, "offline": self.offline,
        }  # fmt: skip


def author(record: Record) -> Author:
    """Who has opened this record, with what the request says of when and how it was made."""
    actor = record.actor
    account = account_id_of(actor) if actor.account_id is not None else None
    name = access.display_name(actor)
    return Author(account, relation(record), name, made_at(), made_offline())


def relation(record: Record) -> Relation:
    """What who asks is to the person."""
    if record.is_for_the_person:
        return "self"
    return "carer" if record.actor.related_person_id is not None else "team"


def may_see(record: Record, *, private: bool) -> bool:
    """Whether who asks may see something: what the person hides is hidden from who helps them, not from the team."""
    return not private or relation(record) != "carer"


def take_turns(record: Record) -> None:
    """One writer of a plan after the other until this transaction ends, so that each sees what the last one wrote."""
    lock = func.hashtextextended(f"plan {record.patient.id}", 0)
    db.session.execute(select(func.pg_advisory_xact_lock(lock)))


def was_made(record: Record, change_id: UUID) -> bool:
    """Whether this very change has been made before: then it is answered and not made again."""
    seen = db.session.get(Change, change_id)
    return seen is not None and seen.patient_id == record.patient.id


def keep(
    by: Author, entity: Entity, entity_id: int, version: int, patient_id: int, body: Row, *, private: bool
) -> None:
    """Keep a version as it was written."""
    row = PlanVersion(
        patient_id=patient_id, entity=entity, entity_id=entity_id, version=version, body=body,
        private=private, **by.columns(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()


def versions_of(entity: Entity, wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], PlanVersion]:
    """These versions, each by the key of its row and its number."""
    if not wanted:
        return {}
    ids, versions = [id_ for id_, _ in wanted], [version for _, version in wanted]
    found = db.session.scalars(_VERSIONS, {"entity": entity, "ids": ids, "versions": versions})
    return {(one.entity_id, one.version): one for one in found}


# In our own SQL: every first page asks who wrote what is to be done.
_VERSIONS = select(PlanVersion).from_statement(
    text("""select v.* from plan_version v
        join unnest(cast(:ids as int[]), cast(:versions as int[])) asked (id, version)
            on asked.id = v.entity_id and asked.version = v.version
        where v.entity = :entity""")
)


def edited(one: Written | None) -> Row | None:
    """As the page shows who wrote something."""
    if one is None:
        return None
    return {
        "by": one.by_account, "relation": one.relation, "name": one.by_name, "at": one.at,
        "made_at": one.made_at, "offline": one.offline,
    }  # fmt: skip


def signatures_of(section_ids: Iterable[int]) -> Mapping[int, list[PlanSignature]]:
    """Every signature under these sections, the oldest first."""
    asked = select(PlanSignature).where(PlanSignature.section_id.in_(list(section_ids)))
    found: dict[int, list[PlanSignature]] = {}
    for one in db.session.scalars(asked.order_by(PlanSignature.id)):
        found.setdefault(one.section_id, []).append(one)
    return found


def signed(signatures: Iterable[PlanSignature], version: int) -> list[Row]:
    """Those under one version, as the page shows them."""
    return [
        {"by_name": one.by_name, "role": one.role, "at": one.at}
        for one in signatures
        if one.version == version
    ]
