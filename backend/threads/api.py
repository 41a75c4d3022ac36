"""Conversations over HTTP, for the person, who helps them, and the staff who answer."""

from typing import Any
from uuid import UUID

from backend.access import service as access
from backend.access.record import Action
from backend.core.http import current_actor
from backend.threads import reading, staff_api
from backend.threads.danger import words_of_danger
from backend.threads.door import Asker, may_open, open_conversations
from backend.threads.marks import read_upto
from backend.threads.routes import KIND, blp
from backend.threads.schemas import (
    EarlierQuerySchema,
    MessageStoredSchema,
    MessageWrittenSchema,
    OneThreadSchema,
    ReadUptoSchema,
    ThreadsSchema,
)
from backend.threads.writing import Written, write

__all__ = ["blp", "staff_api"]

# What changes with the clock and not with the facts.
CLOCK = frozenset({"as_of"})


@blp.get("/patients/<uuid:patient_id>/threads", audience="any", answers=ThreadsSchema, etag_ignores=CLOCK)
def read_threads(patient_id: UUID) -> dict[str, Any]:
    """Every conversation of a person that whoever asks may open, and the words that may mean danger."""
    asker = open_conversations(current_actor(), patient_id, Action.READ_MESSAGES)
    return {
        "as_of": access.database_time(),
        "threads": reading.conversations(asker),
        "danger": words_of_danger(),
    }


@blp.get(KIND, audience="any", query=EarlierQuerySchema, answers=OneThreadSchema, etag_ignores=CLOCK)
def read_thread(patient_id: UUID, kind: str, query: dict[str, Any]) -> dict[str, Any]:
    """One conversation, 30 messages at a time."""
    asker = _open(patient_id, kind, Action.READ_MESSAGES)
    return reading.one_conversation(asker, kind, query["before"])


@blp.post(
    f"{KIND}/messages/<uuid:message_id>", method="PUT", audience="any", body=MessageWrittenSchema,
    answers=MessageStoredSchema, repeatable=True, late=True,
)  # fmt: skip
def put_message(patient_id: UUID, kind: str, message_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    """Write a message, under the id the writer's device minted: the same once more is success."""
    asker = _open(patient_id, kind, Action.WRITE_MESSAGE)
    return write(asker, kind, Written(message_id, body["words"], body["private"], body["seen"]))


@blp.post(f"{KIND}/read", audience="any", body=ReadUptoSchema, status=204, repeatable=True, late=True)
def post_read(patient_id: UUID, kind: str, body: dict[str, Any]) -> None:
    """Say that everything up to a message was opened."""
    read_upto(_open(patient_id, kind, Action.READ_MESSAGES), kind, body["upto"])


def _open(patient_id: UUID, kind: str, action: Action) -> Asker:
    asker = open_conversations(current_actor(), patient_id, action)
    may_open(asker, kind)
    return asker
