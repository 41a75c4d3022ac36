"""Feedback over HTTP: said where it is needed, answered by the pathway's owners for everybody on it."""

from typing import Any
from uuid import UUID

from backend.access.record import Action, Purpose, Record, open_record
from backend.core.http import Answer, current_actor, idempotency_key
from backend.core.routes import Routes
from backend.feedback import service
from backend.feedback.schemas import (
    AnsweredListSchema,
    FeedbackKeptSchema,
    FeedbackSaidSchema,
    SuggestionAnswerSchema,
    SuggestionSchema,
    SuggestionsSchema,
)

blp = Routes("feedback", "What people say of the words they are given, and the answers.")

Body = dict[str, Any]
# Whoever may read something may say whether it helped.
_READS = {
    "advice": Action.READ_READINGS, "reading": Action.READ_READINGS, "plan": Action.READ_PLAN,
    "check-in": Action.READ_CHECK_INS, "messages": Action.READ_MESSAGES,
}  # fmt: skip


def _opened(patient_id: UUID, action: Action) -> Record:
    return open_record(current_actor(), patient_id, Purpose.PATRQT, action)


@blp.post(
    "/patients/<uuid:patient_id>/feedback", audience="person", body=FeedbackSaidSchema,
    answers=FeedbackKeptSchema, status=201, repeatable=True, late=True,
)  # fmt: skip
def say_feedback(patient_id: UUID, body: Body) -> Body:
    """Say whether something helped, or what would be better."""
    return service.keep(_opened(patient_id, _READS[body["about"]]), body, idempotency_key())


@blp.get("/patients/<uuid:patient_id>/suggestions", audience="person", answers=AnsweredListSchema)
def read_answers(patient_id: UUID) -> Body:
    """What was suggested and answered for the person's pathways, without who asked; and one's own."""
    return {"rows": service.answered(_opened(patient_id, Action.READ_READINGS))}


@blp.get("/suggestions", audience="team", answers=SuggestionsSchema)
def read_suggestions() -> Body:
    """What reached the owners of this team's pathways; for clinicians and team leads."""
    return service.for_owners(current_actor())


@blp.post(
    "/suggestions/<uuid:suggestion_id>/answer", audience="team", body=SuggestionAnswerSchema,
    answers=SuggestionSchema, repeatable=True, versioned=True,
)  # fmt: skip
def answer_suggestion(suggestion_id: UUID, if_version: int, body: Body) -> Answer:
    """Answer for everybody on the pathway, with the question in one's own words."""
    row = service.answer(current_actor(), suggestion_id, body["asked"], body["answer"], if_version)
    return Answer(row, version=row["version"])
