"""Puts a plan's sections, proposals and history together as the pages show them; carers see nothing that is private."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text

from backend.access.record import Record
from backend.core.clock import sql_now
from backend.core.db import db, fetch
from backend.core.once import asked_once
from backend.pathways import service as pathways
from backend.plans.agreement import state
from backend.plans.models import CarePlanSection, PlanProposal, PlanSignature, PlanVersion
from backend.plans.sections import Template, templates
from backend.plans.written import (
    Entity,
    Row,
    edited,
    may_see,
    signatures_of,
    signed,
    versions_of,
)

# How long a settled proposal is still shown to whoever made it. Alongside default.
_SHOWN = timedelta(days=90)


def templates_of(patient_id: int) -> dict[str, Template]:
    """The sections of this person's plan before anybody writes, from the pathways they are on."""
    return templates([one.pack for one in pathways.enrolments_for([patient_id]).get(patient_id, [])])


def sections_of(record: Record) -> list[Row]:
    """Every section this reader may see, in the order of the page; what nobody wrote yet at version 0."""
    begun = templates_of(record.patient.id)
    rows = {row.key: row for row in record.list(CarePlanSection)}
    views = _views(list(rows.values()), begun)
    found = []
    for key in [*begun, *(key for key in rows if key not in begun)]:
        row = rows.get(key)
        if row is None:
            found.append(unwritten(begun[key]))
        elif may_see(record, private=row.private):
            found.append(views[row.id])
    return found


def section_view(row: CarePlanSection) -> Row:
    """One section as it stands."""
    return _views([row], templates_of(row.patient_id))[row.id]


def unwritten(template: Template) -> Row:
    """A section that nobody has written yet."""
    return {
        "key": template.key, "title": template.title, "kind": template.kind, "prompt": template.prompt,
        "body": template.body, "clinical": template.clinical, "private": False, "version": 0, "edited": None,
        "signatures": [], "agreed_version": None, "agreed": None,
        "state": state(clinical=template.clinical, signed=()),
    }  # fmt: skip


def _views(rows: Sequence[CarePlanSection], begun: Mapping[str, Template]) -> dict[int, Row]:
    wanted = {(row.id, row.version) for row in rows}
    wanted |= {(row.id, row.agreed_version) for row in rows if row.agreed_version is not None}
    versions, under = versions_of("section", wanted), signatures_of(row.id for row in rows)
    return {row.id: _view(row, begun.get(row.key), versions, under.get(row.id, [])) for row in rows}


def _view(
    row: CarePlanSection,
    template: Template | None,
    versions: Mapping[tuple[int, int], PlanVersion],
    under: Sequence[PlanSignature],
) -> Row:
    now = signed(under, row.version)
    stands: Row | None = None
    if row.agreed_version is not None and row.agreed_version != row.version:
        old = versions[row.id, row.agreed_version]
        stands = {"version": old.version, "body": old.body, "signatures": signed(under, old.version)}
    return {
        "key": row.key, "title": row.title, "kind": row.kind,
        "prompt": template.prompt if template is not None else "",
        "body": row.body, "clinical": row.clinical, "private": row.private, "version": row.version,
        "edited": edited(versions.get((row.id, row.version))), "signatures": now,
        "agreed_version": row.agreed_version, "agreed": stands,
        "state": state(clinical=row.clinical, signed=[one["role"] for one in now]),
    }  # fmt: skip


def agreed_body(patient_id: int, key: str) -> dict[str, Any] | None:
    """What both have signed of a section and no newer pair of signatures replaced; None when there is none."""
    return _agreed(patient_id).get(key)


@asked_once
def _agreed(patient_id: int) -> dict[str, dict[str, Any]]:
    return {row.key: row.body for row in fetch(_AGREED, patient_id=patient_id)}


_AGREED = text("""select s.key, v.body from plan_version v join care_plan_section s on s.id = v.entity_id
    where v.entity = 'section' and v.version = s.agreed_version and s.patient_id = :patient_id""")


def proposals_of(record: Record) -> list[Row]:
    """Those that wait, and those settled lately, the newest first."""
    since = sql_now() - _SHOWN
    asked = (
        select(PlanProposal, CarePlanSection.key)
        .join(CarePlanSection, CarePlanSection.id == PlanProposal.section_id)
        .where(
            PlanProposal.patient_id == record.patient.id,
            (PlanProposal.state == "open") | (PlanProposal.settled_at > since),
        )
        .order_by(PlanProposal.id.desc())
    )
    return [proposal_view(one, key) for one, key in db.session.execute(asked)]


def proposal_view(one: PlanProposal, key: str) -> Row:
    """One proposal as the page shows it."""
    return {
        "id": one.public_id, "section": key, "on_version": one.on_version, "body": one.body,
        "by": one.by_account, "relation": one.relation, "name": one.by_name, "at": one.at,
        "made_at": one.made_at, "offline": one.offline, "state": one.state, "words": one.words,
        "settled_by": one.settled_by, "settled_at": one.settled_at,
    }  # fmt: skip


def history_of(record: Record, entity: Entity, names: Mapping[int, str]) -> list[Row]:
    """Every version of these rows (inside key to the name shown), newest first, with what it said before.

    A version that was private when it was written stays hidden from carers, also if the thing is shown now.
    """
    asked = select(PlanVersion).where(
        PlanVersion.patient_id == record.patient.id,
        PlanVersion.entity == entity,
        PlanVersion.entity_id.in_(list(names)),
    )
    if not may_see(record, private=True):
        asked = asked.where(PlanVersion.private.is_(False))
    under = signatures_of(names) if entity == "section" else {}
    before: dict[int, dict[str, Any]] = {}
    rows = []
    for one in db.session.scalars(asked.order_by(PlanVersion.id)):
        said = edited(one)
        assert said is not None
        rows.append({
            "section": names[one.entity_id], "version": one.version, "by": said["name"],
            "relation": said["relation"], "at": said["at"], "made_at": said["made_at"],
            "offline": said["offline"], "from": before.get(one.entity_id), "to": one.body,
            "signatures": signed(under.get(one.entity_id, []), one.version),
        })  # fmt: skip
        before[one.entity_id] = one.body
    return rows[::-1]
