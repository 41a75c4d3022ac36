"""What is written to a plan over HTTP: sections, goals, things to do, ticks, and how somebody is reminded."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend.pathways.vocabulary import DAYS
from backend.plans.schemas import SectionBodySchema, StepSchema, said, words

TASK_KINDS = ("action", "medicine", "reading", "check-in")
GOAL_STATES = ("open", "reached", "let-go")
CLOCK = validate.Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", error="Write a time as 08:30.")


class SectionEditSchema(Schema):
    """A section whole, as it shall be."""

    body = fields.Nested(SectionBodySchema, required=True)
    private = fields.Boolean(load_default=None, allow_none=True, metadata={"description": "Null: as it is."})


class GoalEditSchema(Schema):
    """A goal whole, as it shall be."""

    text = words(500, 1, required=True)
    why = words(1000, load_default="")
    by_date = fields.Date(load_default=None, allow_none=True)
    state = fields.String(load_default="open", validate=validate.OneOf(GOAL_STATES))
    steps = fields.List(fields.Nested(StepSchema), load_default=list, validate=validate.Length(0, 20))
    private = fields.Boolean(load_default=False)


class TaskEditSchema(Schema):
    """Something to do, whole, as it shall be."""

    kind = fields.String(load_default="action", validate=validate.OneOf(TASK_KINDS))
    text = words(300, 1, required=True)
    how = words(500, load_default="")
    days = fields.List(fields.String(validate=validate.OneOf(DAYS)), load_default=list)
    times = fields.List(fields.String(validate=CLOCK), load_default=list, validate=validate.Length(0, 12))
    remind = fields.Boolean(load_default=False)
    stopped = fields.Boolean(load_default=False)
    private = fields.Boolean(load_default=False)

    @validates_schema
    def _has_a_time(self, asked: dict[str, Any], **_: object) -> None:
        if asked.get("remind") and not asked.get("times"):
            raise ValidationError("Say at what time, then we can remind you.", "times")


class TickSaidSchema(Schema):
    """That something was done, or was not today."""

    day = fields.Date(required=True)
    time = fields.String(load_default=None, allow_none=True, validate=CLOCK)
    done = fields.Boolean(required=True)
    why = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 300))


class SettleSchema(Schema):
    """What a clinician decides about a proposal; If-Match is the version of the section they saw."""

    how = fields.String(required=True, validate=validate.OneOf(["accept", "decline"]))
    words = words(500, load_default="")

    @validates_schema
    def _has_words(self, asked: dict[str, Any], **_: object) -> None:
        if asked.get("how") == "decline" and not asked.get("words", "").strip():
            raise ValidationError("Say why, in words for the person.", "words")


class RemindersEditSchema(Schema):
    """Which reminders, when, and by what."""

    readings = fields.Boolean(required=True)
    check_ins = fields.Boolean(required=True)
    medicines = fields.Boolean(required=True)
    times = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 40)), values=fields.String(validate=CLOCK),
        load_default=dict, metadata={"description": "Own times by kind of reading: blood-pressure: 08:30."},
    )  # fmt: skip
    quiet_from = fields.String(required=True, validate=CLOCK)
    quiet_to = fields.String(required=True, validate=CLOCK)
    channel = fields.String(required=True, validate=validate.OneOf(["web-push", "sms", "email"]))
    email = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 254))
    tell_seen = fields.Boolean(load_default=True)


class RemindersSchema(Schema):
    """How a person is reminded; version 0 is what nobody has chosen yet."""

    version = fields.Integer(**said("Sent back in If-Match."))
    readings = fields.Boolean(**said("Of readings that are due."))
    check_ins = fields.Boolean(**said("Of check-ins that are due."))
    medicines = fields.Boolean(**said("Of medicines in the list of things to do."))
    times = fields.Dict(
        keys=fields.String(), values=fields.String(), **said("Own times by kind of reading, as 08:30.")
    )
    expected = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()),
        **said("The pathways' times by kind of reading, as 09:00."),
    )  # fmt: skip
    quiet_from = fields.String(**said("From then nothing is sent."))
    quiet_to = fields.String(**said("Until then; what is due meanwhile comes now."))
    channel = fields.String(**said("web-push, sms or email."))
    email = fields.String(**said("The address, for email.", allow_none=True))
    channels = fields.List(fields.String(), **said("What this service can send by."))
    tell_seen = fields.Boolean(**said("Tell the carers I chose when a member of the team has seen it."))
