"""Pointers to ReSPECT and other plans, and the end-of-life plan that counts only with two signatures."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.access.models import CareDocument, EndOfLifePlan, Patient, Practitioner
from backend.access.policy import CLINICIAN
from backend.access.record import Record
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict, NotFound

KINDS = (
    "respect", "dnacpr", "advance-decision", "advance-statement", "anticipatory-medicines",
    "end-of-life-plan",
)  # fmt: skip
FACT = "end_of_life"


def add_document(record: Record, said: Mapping[str, Any]) -> None:
    """Note that a document exists; nothing about how anybody responds follows from it."""
    row = CareDocument(
        patient_id=record.patient.id, version=1, recorded_by=record.actor.practitioner_id, **said
    )
    db.session.add(row)
    db.session.flush()


def end_document(record: Record, document_id: UUID, why: str) -> None:
    """Note that it stands no more; raises NotFound for another person's."""
    row = record.get(CareDocument, document_id)
    row.ended_at, row.ended_why = row.ended_at or _now(), row.ended_why or why
    row.version += 1
    db.session.flush()


def propose_plan(record: Record, said: Mapping[str, Any]) -> None:
    """The first signature under an end-of-life plan; raises Conflict when one stands or waits already."""
    if _plan(record) is not None:
        raise Conflict("already-planned", "There is an end-of-life plan already. Stop it first.")
    row = EndOfLifePlan(
        patient_id=record.patient.id, version=1, first_by=record.actor.practitioner_id, **said
    )
    db.session.add(row)
    db.session.flush()


def sign_plan(record: Record, row: Patient) -> None:
    """The second signature: from now on it counts.

    Raises Conflict "same-person", or "needs-clinician" when neither of the two is a clinician.
    """
    plan = _standing_plan(record)
    if plan.second_by is not None:
        raise Conflict("already-signed", "Both signatures are there already.")
    if plan.first_by == record.actor.practitioner_id:
        raise Conflict("same-person", "The second signature has to be somebody else's.")
    signers = [plan.first_by, record.actor.practitioner_id]
    roles = db.session.scalars(select(Practitioner.role).where(Practitioner.id.in_(signers))).all()
    if CLINICIAN not in roles:
        raise Conflict("needs-clinician", "One of the two signatures has to be a clinician's.")
    plan.second_by, plan.second_at = record.actor.practitioner_id, _now()
    plan.version += 1
    row.facts = dict(row.facts) | {FACT: True}
    db.session.flush()


def stop_plan(record: Record, row: Patient, why: str) -> None:
    """End it, signed or not: the rules and 999 words are as for everybody else again. One person may do so."""
    plan = _standing_plan(record)
    plan.stopped_at, plan.stopped_by, plan.stopped_why = _now(), record.actor.practitioner_id, why
    plan.version += 1
    row.facts = {name: value for name, value in row.facts.items() if name != FACT}
    db.session.flush()


def plan_row(record: Record) -> dict[str, Any] | None:
    """The plan that stands or waits for its second signature; None when there is none."""
    plan = _plan(record)
    if plan is None:
        return None
    signers = [one for one in (plan.first_by, plan.second_by) if one is not None]
    rows = db.session.execute(
        select(Practitioner.id, Practitioner.display_name).where(Practitioner.id.in_(signers))
    )
    names = {row.id: row.display_name for row in rows}
    return {
        "id": plan.public_id, "line_name": plan.line_name, "line_phone": plan.line_phone,
        "reason": plan.reason, "review_on": plan.review_on, "counts": plan.second_at is not None,
        "signatures": [
            {"by": names[who], "at": at}
            for who, at in ((plan.first_by, plan.first_at), (plan.second_by, plan.second_at))
            if who is not None
        ],
    }  # fmt: skip


def _plan(record: Record) -> EndOfLifePlan | None:
    found = record.list(EndOfLifePlan, EndOfLifePlan.stopped_at.is_(None))
    return found[0] if found else None


def _standing_plan(record: Record) -> EndOfLifePlan:
    plan = _plan(record)
    if plan is None:
        raise NotFound("no-plan", "There is no end-of-life plan.")
    return plan


def _now() -> datetime:
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    return now
