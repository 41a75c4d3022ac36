"""The plan over HTTP, for the person, their carers and the team; the whole page is put together by the screens."""

from typing import Any
from uuid import UUID

from flask import request

from backend.access.record import Action, Purpose, Record, open_record
from backend.core.http import Answer, current_actor, idempotency_key, if_match_version
from backend.plans import editing, reminders_api, service, things, to_agree
from backend.plans.edits import (
    GoalEditSchema,
    SectionEditSchema,
    SettleSchema,
    TaskEditSchema,
    TickSaidSchema,
)
from backend.plans.routes import blp
from backend.plans.schemas import (
    GoalSchema,
    PlanHistoryQuerySchema,
    PlanHistorySchema,
    PlansWaitingSchema,
    SectionSavedSchema,
    SectionSchema,
    TaskSchema,
)

__all__ = ["blp", "reminders_api"]

Body = dict[str, Any]


def opened(patient_id: UUID, action: Action) -> Record:
    """The record for a reader or writer of the plan: the person's own request, or the team's care management."""
    actor = current_actor()
    purpose = Purpose.CAREMGT if actor.practitioner_id is not None else Purpose.PATRQT
    return open_record(actor, patient_id, purpose, action)


@blp.get("/plans/waiting", audience="team", answers=PlansWaitingSchema, etag_ignores=frozenset({"as_of"}))
def read_waiting() -> Body:
    """What waits for a clinician in the plans of one's people: for every member of the team, to see to."""
    return to_agree.listed(current_actor())


@blp.get(
    "/patients/<uuid:patient_id>/plan/history",
    audience="any",
    query=PlanHistoryQuerySchema,
    answers=PlanHistorySchema,
)
def read_plan_history(patient_id: UUID, query: Body) -> Body:
    """Who changed what, from what to what."""
    record = opened(patient_id, Action.READ_PLAN)
    return {"rows": service.history(record, query["section"], query["goal"], query["task"])}


@blp.post(
    "/patients/<uuid:patient_id>/plan/sections/<string:key>", method="PUT", audience="any",
    body=SectionEditSchema, answers=SectionSavedSchema, repeatable=True, versioned=True, late=True,
)  # fmt: skip
def save_section(patient_id: UUID, key: str, if_version: int, body: Body) -> Answer:
    """Write a section at the version seen, W/"0" at first; 202 when it waits for a clinician as a proposal."""
    record = opened(patient_id, Action.WRITE_PLAN)
    saved = editing.save_section(record, key, body["body"], body["private"], if_version, idempotency_key())
    return Answer(saved, 200 if saved["proposal"] is None else 202, version=saved["version"])


@blp.post(
    "/patients/<uuid:patient_id>/plan/sections/<string:key>/agree", audience="any", answers=SectionSchema,
    repeatable=True, versioned=True,
)  # fmt: skip
def agree_section(patient_id: UUID, key: str, if_version: int) -> Answer:
    """Agree to a section at the version seen: the person, or a clinician who signs plans."""
    actor = current_actor()
    if actor.practitioner_id is not None:
        record = open_record(actor, patient_id, Purpose.TREAT, Action.SIGN_PLAN)
    else:
        record = open_record(actor, patient_id, Purpose.PATRQT, Action.WRITE_PLAN)
    agreed = editing.agree(record, key, if_version, idempotency_key())
    return Answer(agreed, version=agreed["version"])


@blp.post(
    "/patients/<uuid:patient_id>/plan/proposals/<uuid:proposal_id>/settle", audience="team", body=SettleSchema,
    answers=SectionSavedSchema, repeatable=True, versioned=True,
)  # fmt: skip
def settle_proposal(patient_id: UUID, proposal_id: UUID, if_version: int, body: Body) -> Answer:
    """Take a proposal into the section, or decline it with words for the person; a clinician's."""
    record = open_record(current_actor(), patient_id, Purpose.TREAT, Action.SIGN_PLAN)
    saved = editing.settle(record, proposal_id, body["how"], body["words"], if_version, idempotency_key())
    return Answer(saved, version=saved["version"])


@blp.post(
    "/patients/<uuid:patient_id>/goals/<uuid:goal_id>", method="PUT", audience="any", body=GoalEditSchema,
    answers=GoalSchema, repeatable=True, late=True,
)  # fmt: skip
def save_goal(patient_id: UUID, goal_id: UUID, body: Body) -> Answer:
    """Make a goal under the page's own id, or, with If-Match, edit it at the version seen."""
    return _put(opened(patient_id, Action.WRITE_PLAN), things.GOAL, goal_id, things.stored_goal(body))


@blp.post(
    "/patients/<uuid:patient_id>/todo/<uuid:task_id>", method="PUT", audience="any", body=TaskEditSchema,
    answers=TaskSchema, repeatable=True, late=True,
)  # fmt: skip
def save_task(patient_id: UUID, task_id: UUID, body: Body) -> Answer:
    """Make something to do under the page's own id, or, with If-Match, edit it at the version seen."""
    record = opened(patient_id, Action.WRITE_PLAN)
    answer = _put(record, things.TASK, task_id, body)
    reminders_api.open_anew(record.patient.id)
    return answer


def _put(record: Record, kind: things.Kind, public_id: UUID, said: Body) -> Answer:
    seen = if_match_version() if "If-Match" in request.headers else None
    row, is_new = things.put(record, kind, public_id, said, seen, idempotency_key())
    return Answer(row, 201 if is_new else 200, version=row["version"])


@blp.post(
    "/patients/<uuid:patient_id>/todo/<uuid:task_id>/ticks", audience="any", body=TickSaidSchema,
    answers=TaskSchema, repeatable=True, late=True,
)  # fmt: skip
def tick_task(patient_id: UUID, task_id: UUID, body: Body) -> Answer:
    """Say that something was done, or was not: a fact, which said again is a quiet success."""
    record = opened(patient_id, Action.WRITE_PLAN)
    row = things.tick(record, task_id, body["day"], body["time"], done=body["done"], why=body["why"])
    return Answer(row, version=row["version"])
