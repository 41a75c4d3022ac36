"""The settings of a piece of kit over HTTP: what is wanted, what was sent, and what the device says it runs."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from backend.core.http import Answer, current_actor
from backend.core.routes import Instant, Routes
from backend.devices import config

blp = Routes("devices", "What devices are set to.")


class SettingsSchema(Schema):
    """What may be set beside the heartbeat; a device ignores what it does not know."""

    every_s = fields.Integer(
        validate=validate.Range(10, 604_800), metadata={"description": "Seconds between readings."}
    )
    volume = fields.Integer(validate=validate.Range(0, 10), metadata={"description": "0 is silent."})


class ConfigureSchema(Schema):
    """New settings; the whole of them, so that what is left out is no longer set."""

    hb_s = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(config.FASTEST_S, config.SLOWEST_S),
        metadata={"description": "Seconds between heartbeats; null leaves what the device declares."},
    )
    set = fields.Nested(SettingsSchema, load_default=dict)


class ConfigSchema(Schema):
    """What is wanted and what is so."""

    rev = fields.Integer(
        required=True, metadata={"description": "0 when nothing was ever set; for If-Match."}
    )
    hb_s = fields.Integer(required=True, allow_none=True)
    set = fields.Nested(SettingsSchema, required=True)
    set_at = Instant(required=True, allow_none=True)
    sent_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "When the broker had it; null while it waits."},
    )
    applied_rev = fields.Integer(
        required=True, allow_none=True, metadata={"description": "What the device last said it runs."}
    )
    applied_at = Instant(required=True, allow_none=True)
    declared_hb_s = fields.Integer(
        required=True, allow_none=True, metadata={"description": "The heartbeat the device declares."}
    )
    judged_hb_s = fields.Integer(
        required=True, metadata={"description": "The heartbeat its silence is judged by."}
    )


@blp.get("/kit/<uuid:kit_id>/config", audience="team", answers=ConfigSchema)
def read_config(kit_id: UUID) -> dict[str, Any]:
    """What a piece of kit is set to, and whether it says so."""
    return config.shown(current_actor(), kit_id)


@blp.post(
    "/kit/<uuid:kit_id>/config",
    audience="team",
    body=ConfigureSchema,
    answers=ConfigSchema,
    repeatable=True,
    versioned=True,
)
def configure(kit_id: UUID, if_version: int, body: dict[str, Any]) -> Answer:
    """Set it; goes out at once, and again when the device comes back without it. If-Match holds the revision."""
    shown = config.configure(current_actor(), kit_id, body["hb_s"], body["set"], if_version)
    return Answer(shown, version=shown["rev"])
