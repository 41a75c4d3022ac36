"""What the desk's pages ask and are answered, field by field."""

from typing import Any

from marshmallow import Schema, fields, validate

from backend.core.routes import Instant
from backend.quarantine.desk import SET_ASIDE


def _said(words: str, **more: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": words}, **more}


class _Why(Schema):
    """Why somebody does it, for whoever reads the record later."""

    reason = fields.String(**_said("In the words of who does it.", validate=validate.Length(3, 500)))


class WantedSchema(Schema):
    """Which of the kept messages."""

    state = fields.String(
        load_default="open",
        validate=validate.OneOf(["open", "resolved"]),
        metadata={"description": "open, or resolved."},
    )
    reason = fields.String(
        load_default=None, validate=validate.Length(max=64), metadata={"description": "One reason's code."}
    )
    device = fields.String(
        load_default=None, validate=validate.Length(max=128), metadata={"description": "One device's name."}
    )
    model = fields.String(
        load_default=None, validate=validate.Length(max=128), metadata={"description": "One model."}
    )
    limit = fields.Integer(
        load_default=50, validate=validate.Range(1, 200), metadata={"description": "At most so many rows."}
    )
    before = fields.UUID(
        load_default=None, metadata={"description": "`next` of the page before: the rows after that one."}
    )


class QuarantineReasonSchema(Schema):
    """How many there are of one reason."""

    reason = fields.String(**_said("Stable code of the contract."))
    words = fields.String(**_said("The reason in words."))
    count = fields.Integer(**_said("How many."))


class QuarantineDeviceSchema(Schema):
    """How many there are of one device."""

    device_id = fields.String(**_said("The device's MQTT name, as it said."))
    count = fields.Integer(**_said("How many."))


class QuarantineModelSchema(Schema):
    """How many there are of one model."""

    model = fields.String(**_said("The model as it is registered."))
    count = fields.Integer(**_said("How many."))


class PersonNameSchema(Schema):
    """One of the team's own people."""

    id = fields.UUID(**_said("Public id."))
    display_name = fields.String(**_said("Their name."))


class QuarantineRowSchema(Schema):
    """One message that could not be used."""

    id = fields.UUID(**_said("Public id."))
    first_received_at = Instant(**_said("When it first came."))
    received_at = Instant(**_said("When it last came."))
    device_id = fields.String(**_said("The device's MQTT name, as it said."))
    model = fields.String(**_said("Null for unknown kit.", allow_none=True))
    channel = fields.String(**_said("obs, raw, alarm, status or presence."))
    reason = fields.String(**_said("Stable code of the contract."))
    words = fields.String(**_said("The reason in words."))
    what_to_do = fields.String(**_said("How the vendor or team mends it."))
    detail = fields.String(**_said("Which part of the message; null when hidden.", allow_none=True))
    is_hidden = fields.Boolean(**_said("True when it concerns somebody another team looks after."))
    message_id = fields.String(**_said("The device's id.", allow_none=True))
    times = fields.Integer(**_said("How often the same bytes came."))
    size = fields.Integer(**_said("Bytes of the payload."))
    resolved_at = Instant(**_said("When its wait ended.", allow_none=True))
    resolution = fields.String(**_said("replayed, attributed, stored-since or set-aside.", allow_none=True))
    people = fields.List(
        fields.Nested(PersonNameSchema), **_said("Who of your people wore the device, or was given it.")
    )


class QuarantineSchema(Schema):
    """A page of messages, and how many there are by reason, device and model."""

    as_of = Instant(**_said("The server's time of this answer."))
    counts = fields.List(fields.Nested(QuarantineReasonSchema), **_said("By reason, most first."))
    devices = fields.List(fields.Nested(QuarantineDeviceSchema), **_said("The 20 devices with most."))
    models = fields.List(fields.Nested(QuarantineModelSchema), **_said("By model, most first."))
    rows = fields.List(fields.Nested(QuarantineRowSchema), **_said("The last received first."))
    next = fields.UUID(**_said("For `before` of the next page; null on the last.", allow_none=True))


class TrySchema(Schema):
    """One earlier try."""

    at = Instant(**_said("When it was asked for."))
    state = fields.String(**_said("waiting, stored, duplicate or refused."))
    words = fields.String(**_said("Why it was refused.", allow_none=True))
    by = fields.String(**_said("Who asked."))
    person = fields.String(**_said("To whom it was given.", allow_none=True))
    correction = fields.UUID(**_said("What can be undone of it.", allow_none=True))


class OtherSchema(Schema):
    """Another open message of the same device."""

    id = fields.UUID(**_said("Public id."))
    received_at = Instant(**_said("When it last came."))
    words = fields.String(**_said("The reason in words."))


class QuarantineMessageSchema(QuarantineRowSchema):
    """Everything about one message."""

    as_of = Instant(**_said("The server's time of this answer."))
    topic = fields.String(**_said("The MQTT topic it came on."))
    form = fields.String(**_said("text, or hex with the letters beside."))
    text = fields.String(**_said("The payload in that form."))
    mark = fields.List(
        fields.Integer(), **_said("Where the finding lies in `text`: [start, end).", allow_none=True)
    )
    is_whole = fields.Boolean(**_said("False when `text` is only the beginning."))
    tries = fields.List(fields.Nested(TrySchema), **_said("Earlier tries, the last first."))
    others = fields.List(fields.Nested(OtherSchema), **_said("What else waits of this device."))
    may_replay = fields.Boolean(**_said("Whether trying again makes sense."))
    may_attribute = fields.Boolean(**_said("Whether somebody may say whose reading it is."))


class ReplaySchema(Schema):
    """Which open messages to try again: by id, or by what they have in common."""

    ids = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=200),
        metadata={"description": "Messages by id; with none, by the other fields."},
    )
    reason = fields.String(load_default=None, allow_none=True, metadata={"description": "One reason's code."})
    device = fields.String(load_default=None, allow_none=True, metadata={"description": "One device's name."})
    model = fields.String(load_default=None, allow_none=True, metadata={"description": "One model."})


class ReplayProgressSchema(Schema):
    """How far it is."""

    id = fields.UUID(**_said("Public id."))
    asked_at = Instant(**_said("When it was asked for."))
    total = fields.Integer(**_said("How many messages."))
    waiting = fields.Integer(**_said("Not tried yet."))
    stored = fields.Integer(**_said("In a record now."))
    duplicate = fields.Integer(**_said("Were stored already."))
    refused = fields.Integer(**_said("Refused again."))
    reasons = fields.List(fields.Nested(QuarantineReasonSchema), **_said("Why they were refused."))


class WhomSchema(Schema):
    """Whom to look for; in the body, because an address is written down by every proxy on its way."""

    words = fields.String(
        load_default="",
        validate=validate.Length(max=80),
        metadata={"description": "Part of a name or of an NHS number; none for who wore the device."},
    )


class ChoiceSchema(Schema):
    """Somebody a reading may be given to."""

    id = fields.UUID(**_said("Public id."))
    display_name = fields.String(**_said("Their name."))
    birth_date = fields.Date(**_said("Their date of birth."))
    nhs_number = fields.String(**_said("Their NHS number."))
    wore = fields.Boolean(**_said("True when the device was ever bound to them."))


class ChoicesSchema(Schema):
    """People of the caseload."""

    people = fields.List(fields.Nested(ChoiceSchema), **_said("Who wore the device first; at most 20."))


class AttributeSchema(_Why):
    """Whose reading it is, and why."""

    patient_id = fields.UUID(**_said("One of your own caseload."))


class SetAsideSchema(Schema):
    """Why it will never be used."""

    reason = fields.String(**_said("A code.", validate=validate.OneOf(SET_ASIDE)))


class PeriodSchema(Schema):
    """A device and a time, by when it was measured."""

    device = fields.String(**_said("The device's name.", validate=validate.Length(1, 128)))
    from_at = Instant(**_said("From this time on."))
    to_at = Instant(**_said("Up to and not including this time."))


class VoidSchema(PeriodSchema, _Why):
    """Take these readings out of the records."""

    messages = fields.Integer(
        **_said("How many the preview counted; another number now is a conflict.", validate=validate.Range(1))
    )


class VoidPersonSchema(PersonNameSchema):
    """Somebody whose readings would go."""

    messages = fields.Integer(**_said("How many measurements."))
    first_at = Instant(**_said("The first."))
    last_at = Instant(**_said("The last."))


class VoidPreviewSchema(Schema):
    """What a void would take out."""

    device_id = fields.String(**_said("The device's name."))
    model = fields.String(**_said("Its model.", allow_none=True))
    messages = fields.Integer(**_said("How many measurements of your people."))
    readings = fields.Integer(**_said("How many values those hold."))
    elsewhere = fields.Integer(**_said("Measurements of other teams' people, which stay."))
    people = fields.List(fields.Nested(VoidPersonSchema), **_said("Whose they are."))


class CorrectionSchema(Schema):
    """What was decided about readings, by whom and why."""

    id = fields.UUID(**_said("Public id."))
    kind = fields.String(**_said("attribution or void."))
    device_id = fields.String(**_said("The device's name.", allow_none=True))
    from_at = Instant(**_said("From this time of measurement on.", allow_none=True))
    to_at = Instant(**_said("Up to this time.", allow_none=True))
    reason = fields.String(**_said("Why."))
    made_at = Instant(**_said("When."))
    made_by = fields.String(**_said("By whom."))
    undone_at = Instant(**_said("When it was undone.", allow_none=True))
    undone_by = fields.String(**_said("By whom.", allow_none=True))
    undone_reason = fields.String(**_said("Why.", allow_none=True))
    messages = fields.Integer(**_said("How many measurements."))
    people = fields.List(fields.Nested(PersonNameSchema), **_said("Whose, of your people."))


class DeviceQuerySchema(Schema):
    """Which device."""

    device = fields.String(**_said("The device's name.", validate=validate.Length(1, 128)))


class CorrectionsSchema(Schema):
    """What was corrected of a device."""

    corrections = fields.List(fields.Nested(CorrectionSchema), **_said("The last first."))


class UndoSchema(_Why):
    """Why it is taken back."""
