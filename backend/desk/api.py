"""The list, hand-over, limits and the custody of readings over HTTP; the card's own routes stand in card_api."""

from typing import Any
from uuid import UUID

from flask import Response, current_app

from backend.access.record import Action, Purpose, open_panel, open_record
from backend.core.errors import Invalid
from backend.core.http import current_actor, idempotency_key
from backend.desk import card_api, contacts, custody, handover, limits, more_schemas
from backend.desk.action_schemas import WorklistQuerySchema
from backend.desk.routes import blp
from backend.desk.schemas import WorklistSchema
from backend.desk.worklist import worklist
from backend.desk.written import as_json
from backend.observations.codes import BY_NUMBER, Code

__all__ = ["blp", "card_api"]

DEMO_WATCH = (
    "Keep an eye on the list: a pretend oximeter falls within two minutes and its alert comes by itself."
)


@blp.get("/worklist", audience="team", query=WorklistQuerySchema, answers=WorklistSchema)
def read_worklist(query: dict[str, Any]) -> Response:
    """Everything that needs this desk, worst and soonest first; reds whole, the milder ones by pages.

    With a weak ETag; an unchanged list is 304.
    """
    found = worklist(open_panel(current_actor()), query["from_"])
    return as_json(found | {"demo": {"watch": DEMO_WATCH} if current_app.config["DEMO"] else None})


@blp.get("/colleagues", audience="team", answers=more_schemas.ColleaguesSchema)
def read_colleagues() -> dict[str, Any]:
    """Who may be given a card."""
    return {"colleagues": handover.colleagues(current_actor())}


@blp.get("/handovers", audience="team", answers=more_schemas.HandoversSchema)
def read_handovers() -> dict[str, Any]:
    """What waits for you to accept, and what became of what you gave."""
    return handover.handovers(current_actor())


@blp.post(
    "/handovers", audience="team", body=more_schemas.HandoverAskedSchema,
    answers=more_schemas.HandoverMadeSchema, repeatable=True,
)  # fmt: skip
def hand_over(body: dict[str, Any]) -> dict[str, Any]:
    """Hand cards to a colleague or the team; each carries the version seen, and is accepted by itself."""
    if (body["to"] is None) is not body["team"]:
        raise Invalid("hand-over-to", "Choose a colleague or the team.", errors={"to": ["Choose one."]})
    cards = [handover.Given(one["id"], one["version"]) for one in body["cards"]]
    return handover.hand_over(current_actor(), body["to"], cards, body["note"], idempotency_key())


@blp.get("/patients/<uuid:patient_id>/limits", audience="team", answers=more_schemas.CareLimitsSchema)
def read_limits(patient_id: UUID) -> dict[str, Any]:
    """A person's limits with who set them, when and why, and every change."""
    return limits.read(limits.open_for(current_actor(), patient_id))


@blp.post(
    "/patients/<uuid:patient_id>/limits/rehearsal", audience="team",
    body=more_schemas.LimitAskedSchema, answers=more_schemas.RehearsalSchema,
)  # fmt: skip
def rehearse_limit(patient_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    """Try a range on the last 90 days."""
    record = limits.open_for(current_actor(), patient_id, Action.SET_LIMIT)
    return limits.rehearse(record, limits.limited(body["code"]), body["low"], body["high"])


@blp.post(
    "/patients/<uuid:patient_id>/limits", audience="team", body=more_schemas.LimitSavedSchema,
    answers=more_schemas.CareLimitSchema, repeatable=True, versioned=True,
)  # fmt: skip
def change_limit(patient_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Save a range whose rehearsal was shown; 412 with the rehearsal when it shows something else by now."""
    record = limits.open_for(current_actor(), patient_id, Action.SET_LIMIT)
    return limits.change(
        record, limits.limited(body["code"]), body["low"], body["high"], body["reason"], body["rehearsal"], if_version,
        idempotency_key(),
    )  # fmt: skip


@blp.get(
    "/patients/<uuid:patient_id>/readings/custody", audience="team", query=more_schemas.ReadingQuerySchema,
    answers=more_schemas.ReadingCustodySchema,
)  # fmt: skip
def read_reading_custody(patient_id: UUID, query: dict[str, Any]) -> dict[str, Any]:
    """Every step and time of a reading, from measured to how its alerts ended."""
    record = open_record(current_actor(), patient_id, Purpose.CAREMGT, Action.READ_RECORD)
    codes = list(BY_NUMBER)
    if query["code"] is not None:
        codes = [one.number for one in Code if one.value == query["code"]]
    return custody.reading_custody(record, query["at"], codes, query["message"])


@blp.get(
    "/patients/<uuid:patient_id>/desk-messages", audience="person", answers=more_schemas.TeamMessagesSchema
)
def read_messages(patient_id: UUID) -> dict[str, Any]:
    """What the team wrote to a person; for whoever may see their alerts."""
    record = open_record(current_actor(), patient_id, Purpose.PATRQT, Action.READ_ALERTS)
    return {"messages": contacts.messages_to(record.patient.id)}
