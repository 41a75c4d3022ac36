"""The team's list over HTTP, and the two things a nurse does from it: claim and close."""

from typing import Any
from uuid import UUID

from flask import current_app
from marshmallow import Schema, fields, validate

from backend.access import service as access
from backend.access.record import open_panel
from backend.alerts import desk
from backend.alerts.rows import desk_alerts, rows
from backend.core.http import current_actor, idempotency_key
from backend.core.live import hub
from backend.core.routes import Instant, Routes
from backend.devices import service as devices

blp = Routes("alerts", "What needs somebody: the team's list, claim and close.")

DEMO_WATCH = (
    "Keep an eye on the list: a pretend oximeter falls within two minutes and its alert comes by itself."
)


class DeskPatientSchema(Schema):
    """Who the alert is about, as a nurse needs it before calling."""

    id = fields.UUID(required=True)
    display_name = fields.String(required=True)
    nhs_number = fields.String(required=True)
    age = fields.Integer(required=True)
    gender = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    lives_alone = fields.Boolean(required=True)
    key_safe_reference = fields.String(required=True, allow_none=True)


class UnassignedSchema(Schema):
    """An alarm of kit that nobody is registered as wearing."""

    device_id = fields.String(required=True)
    words = fields.String(required=True)


class OwnerSchema(Schema):
    """Who has it."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    me = fields.Boolean(required=True)


class DeviceToldSchema(Schema):
    """What the device that raised it was told last."""

    state = fields.String(
        required=True,
        metadata={"description": "received, being_handled, help_coming, resolved or cannot_reach_anyone."},
    )
    at = Instant(required=True, metadata={"description": "When it became true."})
    sent_at = Instant(
        required=True, allow_none=True, metadata={"description": "When it went out; null while it waits."}
    )
    away = fields.Boolean(
        required=True, metadata={"description": "The device is not connected: it hears it when it is back."}
    )


class RowSchema(Schema):
    """One card."""

    id = fields.UUID(required=True)
    patient = fields.Nested(DeskPatientSchema, required=True, allow_none=True)
    unassigned = fields.Nested(UnassignedSchema, required=True, allow_none=True)
    level = fields.String(required=True)
    rule = fields.String(required=True)
    title = fields.String(required=True)
    reason = fields.String(required=True, metadata={"description": "One sentence a nurse would say aloud."})
    kind = fields.String(required=True, metadata={"description": "clinical, technical or alarm."})
    true_at = Instant(required=True, metadata={"description": "When it was true."})
    known_at = Instant(required=True, metadata={"description": "When we knew."})
    opened_at = Instant(required=True)
    late = fields.Boolean(required=True)
    acknowledge_by = Instant(required=True, allow_none=True)
    contact_by = Instant(required=True, allow_none=True)
    state = fields.String(required=True, metadata={"description": "open, claimed or closed."})
    owner = fields.Nested(OwnerSchema, required=True, allow_none=True)
    claimed_at = Instant(required=True, allow_none=True)
    closed_at = Instant(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    judged_by = fields.String(required=True, metadata={"description": "Pathway versions and sources."})
    repeats = fields.Integer(required=True)
    version = fields.Integer(required=True, metadata={"description": 'For If-Match: W/"<version>".'})
    also = fields.List(fields.String(), required=True)
    cancelled_at = Instant(
        required=True, allow_none=True, metadata={"description": "Cancelled at the device; it stays open."}
    )
    device_told = fields.Nested(DeviceToldSchema, required=True, allow_none=True)


class TeamSchema(Schema):
    """The team whose list it is."""

    name = fields.String(required=True)


class CountsSchema(Schema):
    """The tabs' numbers."""

    unclaimed = fields.Integer(required=True)
    mine = fields.Integer(required=True)
    no_cover = fields.Integer(required=True)
    all = fields.Integer(required=True)


class QuarantineCountSchema(Schema):
    """Messages that could not be used."""

    open = fields.Integer(required=True)


class DemoSchema(Schema):
    """What a visitor of the demo should watch."""

    watch = fields.String(required=True)


class WorklistSchema(Schema):
    """A desk's list: emergency and urgent by deadline, then no cover, soon, routine."""

    as_of = Instant(required=True)
    team = fields.Nested(TeamSchema, required=True)
    rows = fields.List(fields.Nested(RowSchema), required=True)
    counts = fields.Nested(CountsSchema, required=True)
    quarantine = fields.Nested(QuarantineCountSchema, required=True)
    desks = fields.Integer(required=True, metadata={"description": "Desks listening to this server now."})
    demo = fields.Nested(DemoSchema, required=True, allow_none=True)


class ClaimSchema(Schema):
    """A claim says nothing but who, which the session knows."""


class CloseSchema(Schema):
    """How it ended."""

    outcome = fields.String(required=True, validate=validate.OneOf(desk.OUTCOMES))
    note = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=2000))


class ResponderSchema(Schema):
    """Who confirmed to somebody of the team that they have set off."""

    who = fields.String(required=True, validate=validate.OneOf(list(desk.RESPONDERS)))
    name = fields.String(
        required=True,
        validate=validate.Length(min=1, max=120),
        metadata={"description": "Who by name or call sign; never sent to a device."},
    )
    eta_minutes = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 600))
    set_off = fields.Boolean(load_default=True, metadata={"description": "False: not coming after all."})


@blp.get("/worklist", audience="team", answers=WorklistSchema, etag_ignores=frozenset({"as_of"}))
def worklist() -> dict[str, Any]:
    """Everything that needs this desk, worst and soonest first."""
    panel = open_panel(current_actor())
    now = access.database_time()
    listed = rows(desk_alerts(panel.patients), panel.patients, panel.practitioner.id, now.date())
    return {
        "as_of": now,
        "team": {"name": panel.team.name},
        "rows": listed,
        "counts": {
            "unclaimed": sum(row["state"] == "open" for row in listed),
            "mine": sum(bool(row["owner"] and row["owner"]["me"]) for row in listed),
            "no_cover": sum(row["rule"] == "device_silent" for row in listed),
            "all": len(listed),
        },
        "quarantine": {"open": devices.quarantine_open_count()},
        "desks": hub().desks(),
        "demo": {"watch": DEMO_WATCH} if current_app.config["DEMO"] else None,
    }


@blp.post(
    "/alerts/<uuid:alert_id>/claim",
    audience="team",
    body=ClaimSchema,
    answers=RowSchema,
    repeatable=True,
    versioned=True,
)
def claim(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Take an alert; 412 with the row as it stands when somebody was first."""
    assert not body
    return desk.claim(current_actor(), alert_id, if_version, idempotency_key())


@blp.post(
    "/alerts/<uuid:alert_id>/responders",
    audience="team",
    body=ResponderSchema,
    answers=RowSchema,
    repeatable=True,
    versioned=True,
)
def send_responder(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Write down who has set off; the device is told that help is coming, without a name."""
    who = desk.Responder(body["who"], body["name"].strip(), body["eta_minutes"], body["set_off"])
    return desk.send_responder(current_actor(), alert_id, who, if_version, idempotency_key())


@blp.post(
    "/alerts/<uuid:alert_id>/close",
    audience="team",
    body=CloseSchema,
    answers=RowSchema,
    repeatable=True,
    versioned=True,
)
def close(alert_id: UUID, if_version: int, body: dict[str, Any]) -> dict[str, Any]:
    """Close an alert with an outcome; 412 with the row as it stands when somebody was first."""
    return desk.close(current_actor(), alert_id, body["outcome"], body["note"], if_version, idempotency_key())
