"""What is answered over HTTP of what a person's pathways disagree on, for a clinician to choose."""

from marshmallow import Schema, fields


class LimitRangeSchema(Schema):
    """A range one pathway has, and where it comes from."""

    low, high = fields.String(required=True, allow_none=True), fields.String(required=True, allow_none=True)
    source = fields.String(required=True)


class LimitConflictSchema(Schema):
    """A value on which pathways disagree."""

    code = fields.String(required=True)
    ranges = fields.List(fields.Nested(LimitRangeSchema), required=True)


class RuleValueSchema(Schema):
    """What one pathway sets, and which."""

    value, source = fields.String(required=True), fields.String(required=True)


class RuleConflictSchema(Schema):
    """A number of a rule that pathways set differently."""

    rule, name = fields.String(required=True), fields.String(required=True)
    values = fields.List(fields.Nested(RuleValueSchema), required=True)
