"""The caseload over HTTP; the routes of joining, of a person's care and of staff stand in files of their own."""

from typing import Any

from marshmallow import Schema, fields, validate

from backend.caseload import answers, care_api, joining_api, listing, staff_api
from backend.caseload.routes import blp
from backend.core.http import current_actor

__all__ = ["blp", "care_api", "joining_api", "staff_api"]

Body = dict[str, Any]


class CaseloadQuerySchema(Schema):
    """Which of them."""

    status = fields.String(load_default=None, validate=validate.OneOf(listing.ALL_STATUSES))


class CaseloadSearchSchema(Schema):
    """A part of a name or of an NHS number: in a body, because an address is logged by others."""

    q = fields.String(required=True, validate=validate.Length(1, 100))
    status = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(listing.ALL_STATUSES))


@blp.get(
    "/caseload", audience="team", query=CaseloadQuerySchema, answers=answers.CaseloadSchema,
    etag_ignores=frozenset({"as_of"}),
)  # fmt: skip
def read_caseload(query: Body) -> Body:
    """Everybody this team looks after; only live is monitored."""
    return listing.page(current_actor(), query["status"])


@blp.post("/caseload/search", audience="team", body=CaseloadSearchSchema, answers=answers.CaseloadSchema)
def search_caseload(body: Body) -> Body:
    """The list by a part of a name or number; a question, which changes nothing."""
    return listing.page(current_actor(), body["status"], body["q"])
