"""Writes sections: an edit at the version seen, a proposal over what a clinician signed, signatures, and settling."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.access import service as access
from backend.access.record import NO_RECORD, Action, Record
from backend.audit import service as audit
from backend.core.db import db
from backend.core.errors import Conflict, Invalid, NotAllowed, NotFound
from backend.plans.agreement import BOTH, Role, becomes, signs_by_writing
from backend.plans.models import CarePlanSection, PlanProposal, PlanSignature
from backend.plans.reading import proposal_view, section_view, templates_of, unwritten
from backend.plans.schemas import ProposalSchema, SectionSchema
from backend.plans.sections import Template, body_of
from backend.plans.written import (
    Author,
    Row,
    author,
    keep,
    may_see,
    relation,
    signatures_of,
    take_turns,
    was_made,
)

CHANGED = "Somebody changed this since you last saw it."


def save_section(
    record: Record, key: str, said: Mapping[str, Any], private: bool | None, if_version: int, change_id: UUID
) -> Row:
    """Write a section, or propose it where a clinician has signed; answers it as it stands, with any `proposal`.

    Raises Conflict with the section as it stands when somebody was first, also for a proposal: nobody proposes
    over words they have not seen. Raises Invalid by field, NotFound for who may not see it.
    """
    take_turns(record)
    row, template = _find(record, key)
    if was_made(record, change_id):
        return _saved(record, key, change_id)
    if (row.version if row else 0) != if_version:
        raise Conflict("changed-meanwhile", CHANGED, current=dumped(_stands(row, template)))
    kind, clinical = (row.kind, row.clinical) if row else (template.kind, template.clinical)  # type: ignore[union-attr]  # one of the two is there
    body, errors = body_of(kind, key, said)
    hidden = _private(record, private, row, clinical, errors)
    if errors:
        raise Invalid("section", "This section cannot be kept like this.", errors=errors)
    by = author(record)
    signed = row is not None and any(
        one.role == "clinician" for one in signatures_of([row.id]).get(row.id, [])
    )
    if row is not None and becomes(clinical=clinical, by=by.relation, clinician_signed=signed) == "proposal":
        return _propose(record, row, by, body, change_id)
    if row is None:
        assert template is not None
        row = _new(template)
    row.body, row.private = body, hidden
    written(record, row, by, if_version or None, change_id)
    return section_view(row) | {"proposal": None}


def _private(
    record: Record,
    asked: bool | None,
    row: CarePlanSection | None,
    clinical: bool,
    errors: dict[str, list[str]],
) -> bool:
    stands = row.private if row else False
    if asked is None or asked == stands:
        return stands
    if not record.is_for_the_person:
        errors["private"] = ["Only the person can say who sees this."]
    elif clinical:
        errors["private"] = ["People who help you may need this part in a hurry. Hide another part."]
    return asked


def written(
    record: Record, row: CarePlanSection, by: Author, if_version: int | None, change_id: UUID
) -> CarePlanSection:
    """Save a section, keep the version, and put the writer's own signature under it where writing is signing."""
    record.save(row, if_version=if_version, change_id=change_id)
    keep(by, "section", row.id, row.version, row.patient_id, row.body, private=row.private)
    role = signs_by_writing(clinical=row.clinical, by=by.relation, may_sign=record.may(Action.SIGN_PLAN))
    if role is not None:
        _sign(record, row, role, by.name)
    return row


def _propose(record: Record, row: CarePlanSection, by: Author, body: Row, change_id: UUID) -> Row:
    made = PlanProposal(
        section_id=row.id, on_version=row.version, body=body, public_id=change_id, **by.columns()
    )
    record.save(made, if_version=None, change_id=change_id)
    db.session.refresh(made)
    return section_view(row) | {"proposal": proposal_view(made, row.key)}


def _saved(record: Record, key: str, change_id: UUID) -> Row:
    """What a change that was made before is answered with: how things stand now."""
    row, template = _find(record, key)
    asked = select(PlanProposal).where(
        PlanProposal.public_id == change_id, PlanProposal.patient_id == record.patient.id
    )
    proposal = db.session.scalars(asked).one_or_none()
    return _stands(row, template) | {"proposal": proposal and proposal_view(proposal, key)}


def agree(record: Record, key: str, if_version: int, change_id: UUID) -> Row:
    """Put a signature under the version seen: the person's, or a clinician's who may sign.

    Both together make it what stands. A second signature of the same side is a quiet success. Raises Conflict with
    the section as it stands, NotAllowed for a carer: a signature is one's own.
    """
    if relation(record) == "carer":
        raise NotAllowed("person-signs", "Only the person themself can agree to this.")
    take_turns(record)
    row, template = _find(record, key)
    if (row.version if row else 0) != if_version and not was_made(record, change_id):
        raise Conflict("changed-meanwhile", CHANGED, current=dumped(_stands(row, template)))
    if not (row.clinical if row else template and template.clinical):
        raise Invalid("not-clinical", "This part needs nobody's signature: it is the person's own.")
    by = author(record)
    if row is None:
        assert template is not None
        _refuse_empty(template)
        return section_view(written(record, _new(template), by, None, change_id))
    _sign(record, row, "person" if by.relation == "self" else "clinician", by.name)
    return section_view(row)


def _refuse_empty(template: Template) -> None:
    if not any(template.body.values()):
        raise Invalid("nothing-written", "Nothing is written here yet. Write it, then agree.")


def _sign(record: Record, row: CarePlanSection, role: Role, name: str) -> None:
    under = signatures_of([row.id]).get(row.id, [])
    here: set[str] = {one.role for one in under if one.version == row.version}
    if role in here:
        return
    by_id = record.actor.practitioner_id if role == "clinician" else None
    db.session.add(
        PlanSignature(section_id=row.id, version=row.version, role=role, by_name=name, practitioner_id=by_id)
    )
    if here | {role} == BOTH:
        row.agreed_version = row.version
    db.session.flush()
    audit.record(
        record.actor, "sign", "care_plan_section", str(row.public_id), patient_id=record.patient.id,
        purpose=record.purpose.value, detail={"version": row.version, "role": role},
    )  # fmt: skip


def settle(record: Record, proposal_id: UUID, how: str, words: str, if_version: int, change_id: UUID) -> Row:
    """A clinician takes a proposal into the section, or declines it; answers the section, with the `proposal`.

    `if_version` is that of the section the clinician compared it with. What is taken has the clinician's signature,
    and the person's if they wrote it. Raises Conflict with the section, or with the proposal settled already.
    """
    take_turns(record)
    one = record.get(PlanProposal, proposal_id)
    row = db.session.get_one(CarePlanSection, one.section_id)
    if was_made(record, change_id):
        return section_view(row) | {"proposal": proposal_view(one, row.key)}
    if one.state != "open":
        shown = ProposalSchema().dump(proposal_view(one, row.key))
        raise Conflict("already-settled", "Somebody has settled this already.", current=shown)
    if row.version != if_version:
        raise Conflict("changed-meanwhile", CHANGED, current=dumped(section_view(row)))
    by, at = access.display_name(record.actor), access.database_time()
    one.state = "accepted" if how == "accept" else "declined"
    one.words, one.settled_by, one.settled_at = words, by, at
    record.save(one, if_version=one.version, change_id=change_id)
    if how == "accept":
        _take(record, row, one, by, change_id)
    return section_view(row) | {"proposal": proposal_view(one, row.key)}


def _take(record: Record, row: CarePlanSection, one: PlanProposal, clinician: str, change_id: UUID) -> None:
    row.body, row.version = one.body, row.version + 1
    db.session.flush()
    wrote = Author(
        one.by_account, "self" if one.relation == "self" else "carer", one.by_name, one.made_at, one.offline
    )
    keep(wrote, "section", row.id, row.version, row.patient_id, row.body, private=row.private)
    if one.relation == "self":
        _sign(record, row, "person", one.by_name)
    _sign(record, row, "clinician", clinician)
    audit.record(
        record.actor, "update", "care_plan_section", str(row.public_id), patient_id=record.patient.id,
        purpose=record.purpose.value, detail={"version": row.version, "proposal": str(change_id)},
    )  # fmt: skip


def _find(record: Record, key: str) -> tuple[CarePlanSection | None, Template | None]:
    rows = record.list(CarePlanSection, CarePlanSection.key == key)
    row = rows[0] if rows else None
    if row is not None and not may_see(record, private=row.private):
        raise NotFound(*NO_RECORD)
    template = None if row is not None else templates_of(record.patient.id).get(key)
    if row is None and template is None:
        raise Invalid("no-section", "This plan has no such part.")
    return row, template


def _stands(row: CarePlanSection | None, template: Template | None) -> Row:
    if row is not None:
        return section_view(row)
    assert template is not None
    return unwritten(template)


def _new(template: Template) -> CarePlanSection:
    return CarePlanSection(
        key=template.key, title=template.title, kind=template.kind, clinical=template.clinical,
        private=False, body=template.body,
    )  # fmt: skip


def dumped(section: Row) -> Row:
    """A section as JSON, for a conflict."""
    shown: Row = SectionSchema().dump(section)
    return shown
