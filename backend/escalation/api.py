"""The rota over HTTP: a week of it, who has a duty now, and adding or taking out a shift."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from backend.core.http import current_actor
from backend.core.routes import Instant, Routes
from backend.escalation import rota

blp = Routes("rota", "Who of a team is on call and who is duty manager, and where nobody is.")


class RotaQuerySchema(Schema):
    """Which week."""

    day = fields.Date(
        load_default=None, metadata={"description": "Any day of the week; this week without it."}
    )


class RotaStaffSchema(Schema):
    """A member of staff."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class ShiftSchema(Schema):
    """One duty."""

    id = fields.UUID(required=True)
    role = fields.String(required=True, metadata={"description": "on-call or duty-manager."})
    practitioner = fields.Nested(RotaStaffSchema, required=True)
    start = Instant(required=True, attribute="from", data_key="from")
    end = Instant(required=True, attribute="to", data_key="to")


class GapSchema(Schema):
    """When nobody is down for a role, within the next 24 hours."""

    role = fields.String(required=True)
    start = Instant(required=True, attribute="from", data_key="from")
    end = Instant(required=True, attribute="to", data_key="to")


class LastRungSchema(Schema):
    """Whom every ladder of the team ends with."""

    alarm_centre = fields.Boolean(required=True, metadata={"description": "An alarm centre is theirs."})
    reached = fields.Boolean(
        required=True, metadata={"description": "A message reaches it, or the duty line; else nothing does."}
    )


class RotaSchema(Schema):
    """A team's rota of one week."""

    as_of = Instant(required=True)
    team = fields.Nested(RotaStaffSchema, required=True)
    start = Instant(required=True, attribute="from", data_key="from")
    end = Instant(required=True, attribute="to", data_key="to")
    rows = fields.List(fields.Nested(ShiftSchema), required=True)
    on_now = fields.List(fields.Nested(ShiftSchema), required=True)
    gaps = fields.List(fields.Nested(GapSchema), required=True)
    unreachable = fields.List(
        fields.Nested(ShiftSchema),
        required=True,
        metadata={"description": "Duties of the next 24 hours whose holder no message can reach."},
    )
    last_rung = fields.Nested(LastRungSchema, required=True)
    staff = fields.List(fields.Nested(RotaStaffSchema), required=True)
    may_change = fields.Boolean(required=True)


class DutySchema(Schema):
    """Who has a duty now."""

    as_of = Instant(required=True)
    rows = fields.List(fields.Nested(ShiftSchema), required=True)


class NewShiftSchema(Schema):
    """A duty to write down."""

    role = fields.String(required=True, validate=validate.OneOf(rota.ROLES))
    practitioner_id = fields.UUID(required=True)
    start = Instant(required=True, data_key="from")
    end = Instant(required=True, data_key="to")


@blp.get(
    "/rota", audience="team", query=RotaQuerySchema, answers=RotaSchema, etag_ignores=frozenset({"as_of"})
)
def read_rota(query: dict[str, Any]) -> dict[str, Any]:
    """A week of this team's rota, and where the next 24 hours have nobody."""
    return rota.week(current_actor(), query["day"])


@blp.get("/rota/now", audience="team", answers=DutySchema)
def read_duty() -> dict[str, Any]:
    """Who has a duty now."""
    return rota.duty_now(current_actor())


@blp.post("/rota", audience="team", body=NewShiftSchema, answers=ShiftSchema, status=201, repeatable=True)
def add_shift(body: dict[str, Any]) -> dict[str, Any]:
    """Write a shift down; for a team lead or the duty manager."""
    new = rota.NewShift(body["role"], body["practitioner_id"], body["start"], body["end"])
    return rota.add(current_actor(), new)


@blp.delete("/rota/<uuid:shift_id>", audience="team")
def remove_shift(shift_id: UUID) -> None:
    """Take a shift out; for a team lead or the duty manager."""
    rota.remove(current_actor(), shift_id)
