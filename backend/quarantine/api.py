"""The desk over HTTP: look, try again, say whose a reading is, take a faulty device's readings out, undo."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from backend.core.http import current_actor
from backend.core.routes import Routes
from backend.devices.quarantined import Wanted
from backend.quarantine import desk, giving, replays, voids
from backend.quarantine.schemas import (
    AttributeSchema,
    ChoicesSchema,
    CorrectionSchema,
    CorrectionsSchema,
    DeviceQuerySchema,
    PeriodSchema,
    QuarantineMessageSchema,
    QuarantineSchema,
    ReplayProgressSchema,
    ReplaySchema,
    SetAsideSchema,
    UndoSchema,
    VoidPreviewSchema,
    VoidSchema,
    WantedSchema,
    WhomSchema,
)

blp = Routes("quarantine", "What of devices' messages could not be used, and corrections of what was.")


@blp.get("/quarantine", audience="team", query=WantedSchema, answers=QuarantineSchema)
def read_quarantine(query: dict[str, Any]) -> dict[str, object]:
    """What devices sent that could not be used, with the reason and what to do."""
    limit, before, is_open = query.pop("limit"), query.pop("before"), query.pop("state") == "open"
    return desk.listed(current_actor(), Wanted(is_open, **query), limit, before)


@blp.get("/quarantine/<uuid:message_id>", audience="team", answers=QuarantineMessageSchema)
def read_message(message_id: UUID) -> dict[str, object]:
    """One message: its bytes, the finding, earlier tries, and what can be done."""
    return desk.page(current_actor(), message_id)


@blp.post("/quarantine/<uuid:message_id>/people", audience="team", body=WhomSchema, answers=ChoicesSchema)
def find_choices(message_id: UUID, body: dict[str, Any]) -> dict[str, object]:
    """People of the caseload a message's reading may be given to; a question, which changes nothing."""
    return {"people": giving.choices(current_actor(), message_id, body["words"])}


@blp.post(
    "/quarantine/<uuid:message_id>/attribution",
    audience="team",
    body=AttributeSchema,
    answers=ReplayProgressSchema,
    repeatable=True,
)
def attribute(message_id: UUID, body: dict[str, Any]) -> dict[str, object]:
    """Say whose reading it is; it enters the record with who said so, and the rules run as of its time."""
    return asdict(giving.give(current_actor(), message_id, body["patient_id"], body["reason"]))


@blp.post("/quarantine/<uuid:message_id>/set-aside", audience="team", body=SetAsideSchema, repeatable=True)
def set_aside(message_id: UUID, body: dict[str, Any]) -> None:
    """End the wait of a message that will never be used."""
    desk.set_aside(current_actor(), message_id, body["reason"])


@blp.post(
    "/quarantine/replays", audience="team", body=ReplaySchema, answers=ReplayProgressSchema, repeatable=True
)
def replay(body: dict[str, Any]) -> dict[str, object]:
    """Try open messages again with today's decoders, as received when they first came."""
    wanted = Wanted(reason=body["reason"], device=body["device"], model=body["model"])
    return asdict(desk.replay(current_actor(), wanted, body["ids"]))


@blp.get("/quarantine/replays/<uuid:replay_id>", audience="team", answers=ReplayProgressSchema)
def read_replay(replay_id: UUID) -> dict[str, object]:
    """How far it is: counts, and nobody's values."""
    desk.open_desk(current_actor())
    return asdict(replays.progress(replay_id))


@blp.get("/quarantine/voids/preview", audience="team", query=PeriodSchema, answers=VoidPreviewSchema)
def preview_void(query: dict[str, Any]) -> dict[str, object]:
    """Counts and people of what a void would take out."""
    return voids.preview(current_actor(), query["device"], query["from_at"], query["to_at"])


@blp.post("/quarantine/voids", audience="team", body=VoidSchema, answers=CorrectionSchema, repeatable=True)
def void(body: dict[str, Any]) -> dict[str, object]:
    """Take a device's readings of a time out of the records of your people."""
    return voids.void(
        current_actor(), body["device"], body["from_at"], body["to_at"], body["reason"], body["messages"]
    )


@blp.get("/corrections", audience="team", query=DeviceQuerySchema, answers=CorrectionsSchema)
def read_corrections(query: dict[str, Any]) -> dict[str, object]:
    """What was corrected of one device, for your people."""
    return {"corrections": voids.made_on(current_actor(), query["device"])}


@blp.get("/corrections/<uuid:correction_id>", audience="team", answers=CorrectionSchema)
def read_correction(correction_id: UUID) -> dict[str, object]:
    """One correction, with who and why."""
    return voids.opened(current_actor(), correction_id)


@blp.post(
    "/corrections/<uuid:correction_id>/undo",
    audience="team",
    body=UndoSchema,
    answers=CorrectionSchema,
    repeatable=True,
)
def undo(correction_id: UUID, body: dict[str, Any]) -> dict[str, object]:
    """Take a correction back; the rules judge what stands then."""
    return voids.undo(current_actor(), correction_id, body["reason"])
