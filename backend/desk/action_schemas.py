"""The shapes of what a desk sends, and of the card, hand-overs, limits and custody it reads."""

from marshmallow import Schema, fields, validate

from backend.core.routes import Instant
from backend.desk.claiming import RESPONDERS
from backend.desk.closing import OUTCOMES
from backend.desk.contacts import HOW, RESULTS, WHOM
from backend.desk.schemas import RowSchema, maybe, said

WORDS = validate.Length(min=1, max=2000)


class WorklistQuerySchema(Schema):
    """Which page of the milder ones."""

    from_ = fields.Integer(
        data_key="from", load_default=0, validate=validate.Range(0, 1_000_000),
        metadata={"description": "How many of the milder ones to leave out; reds are on every page."},
    )  # fmt: skip


class DeskNothingSchema(Schema):
    """Who and when are known; nothing more is sent."""


class UndoAskedSchema(Schema):
    """Why, for whoever wants to say it."""

    reason = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=2000))


class ClaimSchema(Schema):
    """A claim says nothing but who, which the session knows."""

    take_over = fields.Boolean(
        load_default=False, metadata={"description": "Take it from a colleague who has it."}
    )


class ContactMadeSchema(Schema):
    """Whom somebody tried to reach, how, and what came of it."""

    to = fields.String(required=True, validate=validate.OneOf(list(WHOM)))
    how = fields.String(required=True, validate=validate.OneOf(HOW))
    result = fields.String(required=True, validate=validate.OneOf(list(RESULTS)))
    note = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=2000))
    with_person = fields.Boolean(
        load_default=None,
        allow_none=True,
        metadata={"description": "Spoke to the person or is beside them; by default when `to` is person."},
    )


class CardNoteSchema(Schema):
    """Words for colleagues."""

    note = fields.String(required=True, validate=WORDS)


class MessageToPersonSchema(Schema):
    """Plain words for the person."""

    words = fields.String(required=True, validate=WORDS)


class SnoozeAskedSchema(Schema):
    """Until when, and why; one of until and minutes."""

    until = Instant(load_default=None, allow_none=True)
    minutes = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 100_000))
    why = fields.String(required=True, validate=WORDS)


class RecheckAskedSchema(Schema):
    """By when to look again, and why."""

    by = Instant(required=True)
    why = fields.String(required=True, validate=WORDS)


class RecheckDoneSchema(Schema):
    """What was seen."""

    note = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=2000))


class DeskWhySchema(Schema):
    """Why."""

    why = fields.String(required=True, validate=WORDS)


class CloseSchema(Schema):
    """How it ended."""

    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    note = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=2000))
    confirm = fields.Boolean(
        load_default=False, metadata={"description": "Looked at a second time; asked for reds."}
    )
    passed_to = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    accepted = fields.Boolean(
        load_default=False, metadata={"description": "Whoever it was passed to said yes."}
    )
    accepted_by = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    minutes = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(0, 1440),
        metadata={"description": "Minutes of staff time."},
    )  # fmt: skip
    recheck_done = fields.Boolean(load_default=False)


class ResponderSchema(Schema):
    """Who confirmed to somebody of the team that they have set off."""

    who = fields.String(required=True, validate=validate.OneOf(list(RESPONDERS)))
    name = fields.String(
        required=True,
        validate=validate.Length(min=1, max=120),
        metadata={"description": "Who by name or call sign; never sent to a device."},
    )
    eta_minutes = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 600))
    set_off = fields.Boolean(load_default=True, metadata={"description": "False: not coming after all."})


class RangeSaidSchema(Schema):
    """A range of one code and who says so."""

    code = fields.String(required=True)
    low = fields.String(required=True, allow_none=True)
    high = fields.String(required=True, allow_none=True)
    source = fields.String(required=True)
    personal = fields.Boolean(**said("A clinician's own."))


class DocumentPointerSchema(Schema):
    """That a document exists and where its original is; it orders nothing."""

    kind = fields.String(**said("respect, dnacpr, advance-decision and so on."))
    dated = fields.Date(required=True)
    original_at = fields.String(required=True)
    ceiling = fields.String(required=True, allow_none=True)
    verified_by = fields.String(required=True)


class CardContactSchema(Schema):
    """Somebody to ring."""

    relation = fields.String(required=True)
    name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)


class PhoneLineSchema(Schema):
    """A telephone line by name."""

    name = fields.String(required=True)
    phone = fields.String(required=True)


class CardPlanSchema(Schema):
    """What the person's plan tells them to do at this level."""

    words = fields.List(fields.String(), **said("One thing to do each."))
    is_agreed = fields.Boolean(**said("Signed by the person and a clinician; else the pathway's own words."))


class CardFactsSchema(Schema):
    """What whoever rings has to know; null is not known."""

    language = fields.String(required=True, allow_none=True)
    interpreter = fields.Boolean(required=True, allow_none=True)
    hearing = fields.String(required=True, allow_none=True)
    sight = fields.String(required=True, allow_none=True)
    reach = fields.String(required=True, allow_none=True)
    lives_alone = fields.Boolean(required=True, allow_none=True)
    key_safe_reference = fields.String(**maybe("Where it is kept, never the number."))
    rescue_pack = fields.Boolean(required=True, allow_none=True)
    rescue_pack_where = fields.String(required=True, allow_none=True)
    home_oxygen = fields.Boolean(required=True, allow_none=True)
    oxygen_litres = fields.String(required=True, allow_none=True)
    oxygen_target = fields.Nested(RangeSaidSchema, required=True, allow_none=True)
    anticoagulant = fields.Boolean(required=True, allow_none=True)
    end_of_life = fields.Boolean(**said("999 words give way to the palliative line."))
    palliative_line = fields.Nested(PhoneLineSchema, required=True, allow_none=True)
    documents = fields.List(fields.Nested(DocumentPointerSchema), required=True)
    second_number = fields.String(required=True, allow_none=True)
    contacts = fields.List(fields.Nested(CardContactSchema), **said("In the order in which to try them."))
    usual = fields.List(fields.Nested(RangeSaidSchema), **said("The ranges that count for this person."))
    plan = fields.Nested(CardPlanSchema, **maybe("Null below urgent and for what is not clinical."))


class LastOutcomeSchema(Schema):
    """How an earlier card of the person ended."""

    at = Instant(required=True)
    title = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    by = fields.String(required=True, allow_none=True)


class WorriedSchema(Schema):
    """Who said that they are worried."""

    at = Instant(required=True)
    who = fields.String(required=True)
    words = fields.String(required=True)


class CardActSchema(Schema):
    """What was done with the card."""

    at = Instant(required=True)
    kind = fields.String(required=True)
    words = fields.String(required=True)
    by = fields.String(**maybe("Null: by itself."))
    note = fields.String(required=True, allow_none=True)
    undone = fields.Boolean(required=True)


class ContactTrySchema(Schema):
    """One try to reach somebody."""

    at = Instant(required=True)
    to = fields.String(required=True)
    how = fields.String(required=True)
    result = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)
    by = fields.String(required=True, allow_none=True)
    next_what = fields.String(required=True, allow_none=True)
    next_at = fields.String(required=True, allow_none=True)


class ClosingOutcomeSchema(Schema):
    """An outcome and what it cannot be said without."""

    value = fields.String(required=True)
    needs = fields.List(fields.String(), **said("Of passed_to, accepted, note, confirm."))


class CardSchema(Schema):
    """A card with everything that stands on it."""

    row = fields.Nested(RowSchema, required=True)
    facts = fields.Nested(CardFactsSchema, **maybe("Null for kit that nobody wears."))
    last_outcomes = fields.List(fields.Nested(LastOutcomeSchema), required=True)
    worried = fields.List(fields.Nested(WorriedSchema), required=True)
    log = fields.List(fields.Nested(CardActSchema), **said("Newest first."))
    tries = fields.List(fields.Nested(ContactTrySchema), **said("Newest first."))
    fall_script = fields.List(fields.String(), **said("What to ask after a fall."))
    outcomes = fields.List(fields.Nested(ClosingOutcomeSchema), required=True)
