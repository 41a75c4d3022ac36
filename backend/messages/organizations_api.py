"""GP practices and alarm centres over HTTP, for administrators: addresses stand in bodies alone."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from backend.core.http import current_actor
from backend.messages import organizations
from backend.messages.routes import blp

Body = dict[str, Any]


class SetOrganizationReachSchema(Schema):
    """How it is reached; an empty or absent number or address is none."""

    sms = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    email = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=254))
    team_ids = fields.List(
        fields.UUID(), load_default=None, allow_none=True, validate=validate.Length(max=500),
        metadata={"description": "Of an alarm centre: whose it is, whole; null leaves that as it is."},
    )  # fmt: skip


class NewOrganizationSchema(SetOrganizationReachSchema):
    """A practice or an alarm centre."""

    kind = fields.String(required=True, validate=validate.OneOf(organizations.KINDS))
    name = fields.String(required=True, validate=validate.Length(1, 200))
    ods_code = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=10))


class OrganizationTeamSchema(Schema):
    """A team whose alarm centre it is."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class OrganizationSchema(Schema):
    """A practice or an alarm centre, and by what it can be reached now."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    ods_code = fields.String(required=True, allow_none=True)
    sms = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    ways = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "What leads to it now; none: no way to reach it."},
    )
    teams = fields.List(fields.Nested(OrganizationTeamSchema), required=True)


class OrganizationsSchema(Schema):
    """All of them, and the ways of the duty line, which stands in the settings."""

    rows = fields.List(fields.Nested(OrganizationSchema), required=True)
    duty_ways = fields.List(fields.String(), required=True)


@blp.get("/organizations", audience="team", answers=OrganizationsSchema)
def read_organizations() -> Body:
    """GP practices and alarm centres, and how each is reached."""
    return organizations.page(current_actor())


@blp.post(
    "/organizations", audience="team", body=NewOrganizationSchema, answers=OrganizationSchema, status=201,
    repeatable=True,
)  # fmt: skip
def add_organization(body: Body) -> Body:
    """Write down a practice or an alarm centre."""
    asked = organizations.Asked(body["sms"], body["email"], body["team_ids"])
    return organizations.add(current_actor(), body["kind"], body["name"], body["ods_code"], asked)


@blp.post(
    "/organizations/<uuid:organization_id>/reach", audience="team", body=SetOrganizationReachSchema,
    answers=OrganizationSchema,
)  # fmt: skip
def set_organization_reach(organization_id: UUID, body: Body) -> Body:
    """Write down how it is reached; the same again changes nothing."""
    return organizations.set_reach(current_actor(), organization_id, organizations.Asked(**body))
