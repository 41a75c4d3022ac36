"""The lists of a desk and of a practice's inbox, and what staff do with a conversation besides answering."""

from typing import Any
from uuid import UUID

from backend.access.record import Action
from backend.core.http import current_actor
from backend.threads import inbox, marks, writing
from backend.threads.clock import PRACTICE_DAYS
from backend.threads.door import may_open, open_conversations
from backend.threads.promise import promises, set_promise
from backend.threads.reading import one_conversation
from backend.threads.routes import KIND, blp
from backend.threads.schemas import (
    InboxSchema,
    NoReplySchema,
    OneThreadSchema,
    OnScreenSchema,
    PracticePromisesSchema,
    PromiseSchema,
)


@blp.get("/threads", audience="team", answers=InboxSchema, etag_ignores=frozenset({"as_of"}))
def read_inbox() -> dict[str, Any]:
    """What waits for one's team or, for staff of a practice, for the practice."""
    return inbox.listed(inbox.open_inbox(current_actor()))


@blp.post("/threads/received", audience="team", body=OnScreenSchema, status=204)
def post_received(body: dict[str, Any]) -> None:
    """Say which messages stand on this screen, so that who wrote them knows."""
    actor = current_actor()
    assert actor.account_id is not None
    opened = inbox.open_inbox(actor)
    marks.received(actor.account_id, body["messages"], opened.patients, opened.practices)


@blp.post(f"{KIND}/take", audience="team", answers=OneThreadSchema, repeatable=True, versioned=True)
def post_take(patient_id: UUID, kind: str, if_version: int) -> dict[str, Any]:
    """Be the one who answers; the person sees whose it is."""
    asker = open_conversations(current_actor(), patient_id, Action.WRITE_MESSAGE)
    may_open(asker, kind)
    writing.take(asker, kind, if_version)
    return one_conversation(asker, kind)


@blp.post(
    f"{KIND}/no-reply-needed", audience="team", body=NoReplySchema, answers=OneThreadSchema, repeatable=True,
    versioned=True,
)  # fmt: skip
def post_no_reply_needed(
    patient_id: UUID, kind: str, if_version: int, body: dict[str, Any]
) -> dict[str, Any]:
    """Stop the clock without an answer, with a reason that the person sees."""
    asker = open_conversations(current_actor(), patient_id, Action.WRITE_MESSAGE)
    may_open(asker, kind)
    writing.no_reply_needed(asker, kind, body["why"], body["seen"], if_version)
    return one_conversation(asker, kind)


@blp.get("/organizations/promises", audience="team", answers=PracticePromisesSchema)
def read_promises() -> dict[str, Any]:
    """In how many working days each practice has said that it answers messages; for administrators."""
    return {"unsaid": PRACTICE_DAYS, "rows": promises(current_actor())}


@blp.post(
    "/organizations/<uuid:organization_id>/promise", audience="team", body=PromiseSchema, status=204,
    repeatable=True,
)  # fmt: skip
def post_promise(organization_id: UUID, body: dict[str, Any]) -> None:
    """Write down in how many working days a practice has said that it answers messages."""
    set_promise(current_actor(), organization_id, body["working_days"], body["said_on"])
