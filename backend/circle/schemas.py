"""What the routes of a person's circle take and answer."""

from datetime import date

from marshmallow import Schema, ValidationError, fields, validate

from backend.access import pairing
from backend.access.api import NamedPhoneSchema
from backend.access.policy import SCOPES
from backend.core.routes import Instant

_SCOPE = validate.OneOf(sorted(SCOPES))
# 200 kB of picture in base64, and the head of a data: address.
_LONGEST_PHOTO = 280_000
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


def _scopes() -> "fields.List[str]":
    return fields.List(
        fields.String(validate=_SCOPE), required=True, validate=validate.Length(1, len(SCOPES)),
        metadata={"description": "readings, alerts, add-readings, plan, messages."},
    )  # fmt: skip


class AllowedSchema(Schema):
    """What somebody may see."""

    scopes = _scopes()
    until = Instant(load_default=None, allow_none=True, metadata={"description": "null: until it is ended."})
    tell_seen = fields.Boolean(
        load_default=False, metadata={"description": "They are told when staff have seen something."}
    )


class InviteSchema(AllowedSchema):
    """Whom to invite, and for what."""

    for_name = fields.String(required=True, validate=validate.Length(1, 120))
    relation = fields.String(required=True, validate=validate.Length(1, 60))


class InvitationCodeSchema(Schema):
    """A code, shown this once."""

    code = fields.String(required=True)
    link = fields.String(required=True, metadata={"description": "For a QR code or a message."})
    expires_at = Instant(required=True)


class CodeSchema(Schema):
    """The code somebody was given."""

    code = fields.String(
        required=True, load_only=True, validate=validate.Length(1, 40),
        metadata={"description": "Case, spaces and hyphens do not matter."},
    )  # fmt: skip


class AcceptSchema(CodeSchema):
    """The code, and for a new account a name and a password; without a password, the account signed in."""

    name = fields.String(load_default="", validate=validate.Length(max=120))
    password = fields.String(
        load_default=None, allow_none=True, load_only=True,
        validate=validate.Length(pairing.SHORTEST_PASSWORD, 256),
    )  # fmt: skip
    username = fields.String(load_default=None, allow_none=True, validate=validate.Length(3, 64))
    phone = fields.Nested(NamedPhoneSchema, load_default=None, allow_none=True)


class InvitationShownSchema(Schema):
    """Who invites, and for what."""

    by = fields.String(required=True)
    for_name = fields.String(required=True)
    relation = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    until = Instant(required=True, allow_none=True)
    expires_at = Instant(required=True)


class PhotoSchema(Schema):
    """A JPEG or PNG of at most 200 kB, in base64."""

    jpeg = fields.String(required=True, validate=validate.Length(1, _LONGEST_PHOTO))


class MeSchema(Schema):
    """Whose record it is."""

    name = fields.String(required=True)
    photo = fields.String(
        required=True, allow_none=True, metadata={"description": "A small one, as a data: address."}
    )


class CircleTeamSchema(Schema):
    """The community team."""

    name = fields.String(required=True)
    phone = fields.String(required=True)
    hours = fields.String(required=True)
    watching_now = fields.Boolean(required=True)
    next_watch_at = Instant(required=True, allow_none=True)


class CircleContactSchema(Schema):
    """Somebody to ring."""

    name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)


class HelperSchema(Schema):
    """Somebody who may see something."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    relation = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    scopes = fields.List(fields.String(), required=True)
    since = Instant(data_key="from", attribute="from", required=True, allow_none=True)
    until = Instant(required=True, allow_none=True)
    review_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "When the person is asked whether it still holds."},
    )
    last_looked_at = Instant(required=True, allow_none=True)
    basis = fields.String(
        required=True,
        metadata={"description": "invitation: the person's to change; else written down by the team."},
    )
    tell_seen = fields.Boolean(required=True)
    stands = fields.Boolean(
        required=True,
        metadata={"description": "False: only for when the person cannot decide, which is not so now."},
    )
    me = fields.Boolean(required=True, metadata={"description": "Whoever asks."})


class FormerSchema(Schema):
    """Somebody who helped until not long ago."""

    name = fields.String(required=True)
    relation = fields.String(required=True)
    ended_at = Instant(required=True)
    ended_by = fields.String(required=True, metadata={"description": "person, carer or team."})


class SentInvitationSchema(Schema):
    """An invitation the person sent."""

    id = fields.UUID(required=True)
    for_name = fields.String(required=True)
    relation = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    until = Instant(required=True, allow_none=True)
    tell_seen = fields.Boolean(required=True)
    expires_at = Instant(required=True)
    state = fields.String(required=True, metadata={"description": "open, accepted, withdrawn or expired."})


class LookedSchema(Schema):
    """That somebody looked on one day."""

    day = fields.Date(required=True)
    name = fields.String(required=True)
    relation = fields.String(required=True, metadata={"description": "team, practice or carer."})
    role = fields.String(required=True, metadata={"description": "In words; of staff."})
    why = fields.String(required=True, metadata={"description": "In words."})
    what = fields.List(fields.String(), required=True, metadata={"description": "In words."})
    changed = fields.Boolean(required=True, metadata={"description": "They changed something too."})
    times = fields.Integer(required=True)
    first_at = Instant(required=True)
    last_at = Instant(required=True)


class LookedLastSchema(Schema):
    """The last few."""

    last = fields.List(fields.Nested(LookedSchema), required=True)


def _reached(day: date) -> None:
    """A page counts 30 days back from it and one on."""
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise ValidationError("No page has this day.")


class LookedQuerySchema(Schema):
    """From which day backwards."""

    day = fields.Date(
        data_key="from",
        load_default=None,
        validate=_reached,
        metadata={"description": "The last day to show; today without one."},
    )


class LookedPageSchema(Schema):
    """Thirty days, newest first, and the day to ask for next."""

    rows = fields.List(fields.Nested(LookedSchema), required=True)
    next = fields.Date(required=True, allow_none=True)


class CircleSchema(Schema):
    """Who is around a person."""

    me = fields.Nested(MeSchema, required=True)
    team = fields.Nested(CircleTeamSchema, required=True, allow_none=True)
    coordinator = fields.Nested(CircleContactSchema, required=True, allow_none=True)
    practice = fields.Nested(CircleContactSchema, required=True, allow_none=True)
    people = fields.List(fields.Nested(HelperSchema), required=True)
    former = fields.List(fields.Nested(FormerSchema), required=True)
    invitations = fields.List(fields.Nested(SentInvitationSchema), required=True)
    looked = fields.Nested(LookedLastSchema, required=True)
