"""What other slices may ask of plans: the page, what is to be done today, and the words agreed for an alert."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.access import needs
from backend.access import service as access
from backend.access.record import Action, Record
from backend.core.db import db
from backend.core.errors import NotFound
from backend.directory import service as directory
from backend.pathways import service as pathways
from backend.pathways.advice import LIGHT_OF_LEVEL
from backend.plans import reading, things
from backend.plans.models import CarePlanSection, PlanGoal, PlanTask, ReminderSetting
from backend.plans.written import Row, may_see, relation

__all__ = ["advice", "history", "page", "tells_carers", "todo_today"]

todo_today = things.todo_today


def page(record: Record) -> Row:
    """The whole plan as this reader may see it; `range_words` are the caller's, who may ask for limits."""
    patient = record.patient
    known = needs.needs_of([patient.id])[patient.id]
    team = access.team_of(patient.id)
    line = known.palliative_line
    return {
        "as_of": access.database_time(),
        "patient": {
            "id": patient.public_id, "display_name": patient.display_name, "birth_date": patient.birth_date,
            "nhs_number": patient.nhs_number,
        },
        "sections": reading.sections_of(record), "goals": things.goals_of(record),
        "todo": things.tasks_of(record), "proposals": reading.proposals_of(record),
        "documents": known.documents, "contacts": known.contacts,
        "team": {"name": team.name, "phone": team.phone, "hours": team.hours}
        if team else {"name": "", "phone": "", "hours": ""},
        "practice": _practice(patient.gp_practice_id),
        "line": None if line is None else {"name": line.name, "phone": line.phone},
        "may": _may(record),
    }  # fmt: skip


def _practice(organization_id: int | None) -> Row | None:
    if organization_id is None:
        return None
    found = directory.organizations([organization_id])[organization_id]
    return {"name": found.name, "phone": found.phone}


def _may(record: Record) -> list[str]:
    """Edit; agree (a signature is one's own: the person's or a clinician's); settle a proposal."""
    writes = record.may(Action.WRITE_PLAN)
    signs = record.may(Action.SIGN_PLAN)
    allowed = {"edit": writes, "agree": signs or (writes and relation(record) == "self"), "settle": signs}
    return [name for name, is_so in allowed.items() if is_so]


def history(record: Record, section: str | None, goal: UUID | None, task: UUID | None) -> list[Row]:
    """Every version of a section, a goal or a thing to do, or of all sections when none is named."""
    if goal is not None or task is not None:
        one = record.get(PlanGoal, goal) if goal is not None else record.get(PlanTask, task)  # type: ignore[arg-type]  # one of them is there
        if not may_see(record, private=one.private):
            raise NotFound("no-record", "There is no such record, or it is not open to you.")
        return reading.history_of(
            record, "goal" if goal is not None else "task", {one.id: str(one.public_id)}
        )
    rows = [
        row
        for row in record.list(CarePlanSection)
        if section in (None, row.key) and may_see(record, private=row.private)
    ]
    return reading.history_of(record, "section", {row.id: row.key for row in rows})


def advice(patient_id: int, level: str, rule: str | None = None) -> dict[str, Any] | None:
    """What to do at "urgent" or "emergency": the section both have signed, else the pathway's words.

    A signed end-of-life plan's line stands before both. `from` says whose words they are: "plan" or "pathway".
    """
    said = pathways.advice(patient_id, level, rule)
    light = LIGHT_OF_LEVEL.get(level)
    if light is None or (said is not None and said["line"] is not None):
        return None if said is None else said | {"from": "pathway"}
    agreed = reading.agreed_body(patient_id, light)
    if agreed is not None:
        return {
            "level": level, "words": [*agreed["do"], agreed["call"]], "signs": agreed["signs"],
            "call": agreed["call"], "line": None, "from": "plan",
        }  # fmt: skip
    return None if said is None else said | {"from": "pathway"}


def tells_carers(patient_id: int) -> bool:
    """Whether the carers the person chose are told what was seen: one switch over all of them, on until turned off."""
    chose = db.session.scalar(
        select(ReminderSetting.tell_seen).where(ReminderSetting.patient_id == patient_id)
    )
    return chose is not False
