"""The shapes of hand-overs, limits and their rehearsal, custody, and the team's messages to a person."""

from marshmallow import Schema, fields, validate

from backend.core.routes import Instant
from backend.desk.schemas import RowSchema, maybe, said


class ColleagueSchema(Schema):
    """Somebody who may be given a card."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True)
    me = fields.Boolean(required=True)


class ColleaguesSchema(Schema):
    """Everybody on a desk of one's teams."""

    colleagues = fields.List(fields.Nested(ColleagueSchema), required=True)


class GivenCardSchema(Schema):
    """A card at the version its giver saw."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)


class HandoverAskedSchema(Schema):
    """To a colleague, or to everybody of the team."""

    to = fields.UUID(load_default=None, allow_none=True)
    team = fields.Boolean(load_default=False, metadata={"description": "To everybody of the team."})
    cards = fields.List(fields.Nested(GivenCardSchema), required=True, validate=validate.Length(1, 200))
    note = fields.String(load_default="", validate=validate.Length(max=2000))


class RefusedCardSchema(Schema):
    """A card that was not handed over, and why."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class HandoverMadeSchema(Schema):
    """What was handed over and what was not."""

    id = fields.UUID(required=True)
    to = fields.String(required=True)
    due_at = Instant(**said("Accepted by then, or it climbs."))
    rows = fields.List(fields.Nested(RowSchema), required=True)
    refused = fields.List(fields.Nested(RefusedCardSchema), required=True)


class HandoverSchema(Schema):
    """One hand-over."""

    id = fields.UUID(required=True)
    from_ = fields.String(data_key="from", attribute="from", required=True)
    to = fields.String(required=True)
    at = Instant(required=True)
    due_at = Instant(required=True)
    note = fields.String(required=True)
    rows = fields.List(fields.Nested(RowSchema), **said("What waits for you to accept."))
    cards = fields.Integer(required=True)
    accepted = fields.Integer(required=True)
    climbed = fields.Integer(required=True)


class HandoversSchema(Schema):
    """What waits for you, and what became of what you gave."""

    to_me = fields.List(fields.Nested(HandoverSchema), required=True)
    by_me = fields.List(fields.Nested(HandoverSchema), required=True)


class CareLimitSchema(Schema):
    """A limit that counts for a person."""

    code = fields.String(required=True)
    low = fields.String(required=True, allow_none=True)
    high = fields.String(required=True, allow_none=True)
    set_by = fields.String(**maybe("Null for a pathway's default."))
    set_at = Instant(required=True, allow_none=True)
    source = fields.String(**said("Why, or the source a pathway names."))
    version = fields.Integer(**said("For If-Match; 0 while no clinician set one."))
    personal = fields.Boolean(required=True)


class CareLimitChangeSchema(Schema):
    """A limit as it was and as it became."""

    code = fields.String(required=True)
    at = Instant(required=True)
    by = fields.String(required=True)
    reason = fields.String(required=True)
    low = fields.String(required=True, allow_none=True)
    high = fields.String(required=True, allow_none=True)
    was_low = fields.String(required=True, allow_none=True)
    was_high = fields.String(required=True, allow_none=True)


class CareLimitsSchema(Schema):
    """A person's limits and their history."""

    limits = fields.List(fields.Nested(CareLimitSchema), required=True)
    changes = fields.List(fields.Nested(CareLimitChangeSchema), **said("Newest first."))
    may_change = fields.Boolean(required=True)


class LimitAskedSchema(Schema):
    """A range of a code to try: decimal strings, at least one of them."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=64))
    low = fields.Decimal(load_default=None, allow_none=True, as_string=True)
    high = fields.Decimal(load_default=None, allow_none=True, as_string=True)


class LimitSavedSchema(LimitAskedSchema):
    """A range to save, with why and the token of the rehearsal that was shown."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=2000))
    rehearsal = fields.String(required=True, validate=validate.Length(min=1, max=64))


class RehearsedSchema(Schema):
    """One time a rule would (or would not) have been true."""

    rule = fields.String(required=True)
    title = fields.String(required=True)
    reason = fields.String(required=True)
    level = fields.String(required=True)
    true_at = Instant(required=True)


class RehearsalSchema(Schema):
    """What a range would have changed lately; nothing is raised by asking."""

    days = fields.Integer(required=True)
    readings = fields.Integer(**said("On how many values it was tried."))
    now = fields.Dict(
        keys=fields.String(), values=fields.Integer(), **said("How often, by level, as it is now.")
    )
    then = fields.Dict(keys=fields.String(), values=fields.Integer(), **said("And with the range tried."))
    added = fields.List(fields.Nested(RehearsedSchema), **said("The newest 50."))
    dropped = fields.List(fields.Nested(RehearsedSchema), **said("The newest 50."))
    added_count = fields.Integer(required=True)
    dropped_count = fields.Integer(required=True)
    token = fields.String(**said("Send it with the limit: it says that this was shown."))


class DoubtedRuleSchema(Schema):
    """The rule that is said to be wrong for this person."""

    name = fields.String(required=True)
    watches = fields.List(fields.String(), required=True)
    source = fields.String(required=True)


class OpenLimitSchema(Schema):
    """Which limit to open."""

    patient = fields.UUID(required=True)
    code = fields.String(required=True)


class WrongRuleSchema(Schema):
    """Where the limit stands, so that it can be opened."""

    row = fields.Nested(RowSchema, required=True)
    rule = fields.Nested(DoubtedRuleSchema, required=True)
    limits = fields.List(fields.Nested(CareLimitSchema), required=True)
    open = fields.Nested(OpenLimitSchema, **maybe("Null: the rule has no limit a person can have."))
    may_change = fields.Boolean(required=True)


class CustodyStepSchema(Schema):
    """One step of custody."""

    at = Instant(**maybe("Null is not known."))
    what = fields.String(
        **said("measured, sent, received, stored, judged, raised, told, claimed, closed, ...")
    )
    words = fields.String(required=True)
    who = fields.String(**maybe("A person, a device or a part of the service."))
    by_version = fields.String(**maybe("Pathway versions and sources."))
    finding = fields.UUID(required=True, allow_none=True)
    ms_since = fields.Integer(**maybe("Milliseconds since the step before."))


class CustodyAlertSchema(Schema):
    """Of which alert."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    level = fields.String(required=True)
    rule = fields.String(required=True)
    judged_by = fields.String(required=True)
    versions = fields.List(fields.String(), required=True)


class AlertCustodySchema(Schema):
    """From measured to how it ended."""

    alert = fields.Nested(CustodyAlertSchema, required=True)
    steps = fields.List(fields.Nested(CustodyStepSchema), required=True)


class ReadingQuerySchema(Schema):
    """Which reading: when and what, or the id its device gave the message."""

    at = Instant(load_default=None, allow_none=True)
    code = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=64))
    message = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=128))


class CustodyReadingSchema(Schema):
    """Of which reading; its value stands on the chart."""

    effective_at = Instant(required=True)
    received_at = Instant(required=True)
    device = fields.String(required=True, allow_none=True)
    message = fields.String(required=True, allow_none=True)


class RaisedAlertSchema(Schema):
    """An alert that rests on it."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    level = fields.String(required=True)


class ReadingCustodySchema(Schema):
    """From measured to how its alerts ended."""

    reading = fields.Nested(CustodyReadingSchema, required=True)
    steps = fields.List(fields.Nested(CustodyStepSchema), required=True)
    alerts = fields.List(fields.Nested(RaisedAlertSchema), required=True)


class TeamMessageSchema(Schema):
    """Words from the team."""

    id = fields.UUID(required=True)
    at = Instant(required=True)
    words = fields.String(required=True)
    from_ = fields.String(data_key="from", attribute="from", **said("Who wrote."))


class TeamMessagesSchema(Schema):
    """Newest first."""

    messages = fields.List(fields.Nested(TeamMessageSchema), required=True)
