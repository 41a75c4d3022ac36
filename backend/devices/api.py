"""The page of what could not be used: counted, explained, nothing thrown away."""

from typing import Any

from marshmallow import Schema, fields, validate

from backend.access.record import open_panel
from backend.core.clock import now
from backend.core.http import current_actor
from backend.core.routes import Instant, Routes
from backend.devices import quarantined

blp = Routes("devices", "Devices, and what of theirs could not be used.")


class QuarantineQuerySchema(Schema):
    """Which of the kept messages to show."""

    reason = fields.String(
        load_default=None, validate=validate.Length(max=64), metadata={"description": "One reason's code."}
    )
    limit = fields.Integer(
        load_default=50, validate=validate.Range(1, 200), metadata={"description": "At most so many rows."}
    )


class QuarantineReasonSchema(Schema):
    """How many are open for one reason."""

    reason = fields.String(required=True, metadata={"description": "Stable code of the contract."})
    words = fields.String(required=True, metadata={"description": "The reason in words."})
    count = fields.Integer(required=True, metadata={"description": "How many are open."})


class QuarantineRowSchema(Schema):
    """One message that could not be used."""

    id = fields.UUID(required=True, metadata={"description": "Public id."})
    received_at = Instant(required=True, metadata={"description": "When it last came."})
    device_id = fields.String(required=True, metadata={"description": "The device's MQTT name, as it said."})
    model = fields.String(required=True, allow_none=True, metadata={"description": "Null for unknown kit."})
    channel = fields.String(required=True, metadata={"description": "obs, alarm, status or presence."})
    reason = fields.String(required=True, metadata={"description": "Stable code of the contract."})
    words = fields.String(required=True, metadata={"description": "The reason in words."})
    what_to_do = fields.String(required=True, metadata={"description": "How the vendor or team mends it."})
    detail = fields.String(required=True, metadata={"description": "Which part of the message."})
    message_id = fields.String(required=True, allow_none=True, metadata={"description": "The device's id."})
    times = fields.Integer(required=True, metadata={"description": "How often the same bytes came."})
    size = fields.Integer(required=True, metadata={"description": "Bytes of the payload."})
    excerpt = fields.String(required=True, metadata={"description": "How the payload begins."})


class QuarantineSchema(Schema):
    """The open messages and how many there are of each reason."""

    as_of = Instant(required=True, metadata={"description": "The server's time of this answer."})
    counts = fields.List(
        fields.Nested(QuarantineReasonSchema),
        required=True,
        metadata={"description": "By reason, most first."},
    )
    rows = fields.List(
        fields.Nested(QuarantineRowSchema),
        required=True,
        metadata={"description": "The last received first."},
    )


@blp.get("/quarantine", audience="team", query=QuarantineQuerySchema, answers=QuarantineSchema)
def read_quarantine(query: dict[str, Any]) -> dict[str, object]:
    """What devices sent that could not be used, with the reason and what to do."""
    open_panel(current_actor())
    return {
        "as_of": now(),
        "counts": quarantined.counts(),
        "rows": quarantined.newest(query["reason"], query["limit"]),
    }
