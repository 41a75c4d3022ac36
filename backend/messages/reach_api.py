"""How a member of staff is reached, over HTTP: numbers and addresses stand in bodies alone, never in an address."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from backend.core.http import current_actor
from backend.core.routes import Instant
from backend.messages import reach
from backend.messages.routes import blp
from backend.messages.ways import ORDER

Body = dict[str, Any]


class SetReachSchema(Schema):
    """How somebody is to be reached; an empty or absent number or address is none."""

    sms = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    email = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=254))
    order = fields.List(
        fields.String(validate=validate.OneOf(ORDER)), load_default=list, validate=validate.Length(max=3)
    )


class SendTestSchema(Schema):
    """By what."""

    channel = fields.String(load_default="best", validate=validate.OneOf(("best", *ORDER)))


class ReachTestSchema(Schema):
    """A test: when it was asked for, and when and by what it was handed over, or why it could not be."""

    asked_at = Instant(required=True)
    state = fields.String(required=True, metadata={"description": "waiting, sent, failed or stopped."})
    channel = fields.String(required=True)
    handed_over_at = Instant(required=True, allow_none=True)
    why = fields.String(required=True, allow_none=True)


class ReachOtherSchema(Schema):
    """A colleague whose ways may be set, and those that lead to them now."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True)
    ways = fields.List(fields.String(), required=True)


class ReachSchema(Schema):
    """How somebody is reached: where, in which order, and by what they can be now."""

    as_of = Instant(required=True)
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    sms = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    browsers = fields.Integer(required=True, metadata={"description": "Browsers that agreed to be rung."})
    browsers_confirmed = fields.Integer(
        required=True, metadata={"description": "Of these, seen within a week."}
    )
    order = fields.List(fields.String(), required=True)
    ways = fields.List(
        fields.String(), required=True, metadata={"description": "What leads to them now, first first."}
    )
    channels = fields.List(
        fields.String(), required=True, metadata={"description": "What this service can send by."}
    )
    test = fields.Nested(ReachTestSchema, required=True, allow_none=True)
    others = fields.List(fields.Nested(ReachOtherSchema), required=True)


@blp.get("/me/reach", audience="team", answers=ReachSchema)
def read_my_reach() -> Body:
    """How I am reached."""
    return reach.mine(current_actor())


@blp.post("/me/reach", audience="team", body=SetReachSchema, answers=ReachSchema)
def set_my_reach(body: Body) -> Body:
    """Write down how I am reached; the same again changes nothing."""
    return reach.set_mine(current_actor(), reach.Asked(**body))


@blp.post("/me/reach/test", audience="team", body=SendTestSchema, answers=ReachTestSchema, status=201)
def send_my_test(body: Body) -> Body:
    """Send me one message now; ask `/me/reach` when it was handed over."""
    return reach.send_test(current_actor(), body["channel"])


@blp.get("/staff/<uuid:staff_id>/reach", audience="team", answers=ReachSchema)
def read_reach(staff_id: UUID) -> Body:
    """How a colleague is reached; for a lead of their team or an administrator."""
    return reach.of(current_actor(), staff_id)


@blp.post("/staff/<uuid:staff_id>/reach", audience="team", body=SetReachSchema, answers=ReachSchema)
def set_reach(staff_id: UUID, body: Body) -> Body:
    """Write down how a colleague is reached."""
    return reach.set_of(current_actor(), staff_id, reach.Asked(**body))
