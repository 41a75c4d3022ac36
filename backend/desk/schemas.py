"""The shapes of a card and of the list, so that the page and the server agree in the OpenAPI document."""

from typing import Any

from marshmallow import Schema, fields

from backend.core.routes import Instant


def said(words: str, **more: Any) -> dict[str, Any]:
    """A field that is always there, described."""
    return {"required": True, "metadata": {"description": words}} | more


def maybe(words: str, **more: Any) -> dict[str, Any]:
    """The same for what may be null."""
    return said(words, allow_none=True, **more)


class DeskPatientSchema(Schema):
    """Who the alert is about, as a nurse needs it before calling."""

    id = fields.UUID(required=True)
    display_name = fields.String(required=True)
    nhs_number = fields.String(required=True)
    age = fields.Integer(required=True)
    gender = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    lives_alone = fields.Boolean(required=True, allow_none=True)
    key_safe_reference = fields.String(required=True, allow_none=True)
    language = fields.String(**maybe("BCP 47; null is not known."))
    interpreter = fields.Boolean(**maybe("Needs an interpreter; null is not known."))
    hearing = fields.String(**maybe("In words."))
    sight = fields.String(**maybe("In words."))


class UnassignedSchema(Schema):
    """An alarm of kit that nobody is registered as wearing."""

    device_id = fields.String(required=True, allow_none=True)
    words = fields.String(required=True)


class OwnerSchema(Schema):
    """Who has it."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    me = fields.Boolean(required=True)


class DeviceToldSchema(Schema):
    """What the device that raised it was told last."""

    state = fields.String(**said("received, being_handled, help_coming, resolved or cannot_reach_anyone."))
    at = Instant(**said("When it became true."))
    sent_at = Instant(**maybe("When it went out; null while it waits."))
    away = fields.Boolean(**said("The device is not connected: it hears it when it is back."))


class StandsSchema(Schema):
    """What the facts say by now, where they no longer say what raised it."""

    level = fields.String(**maybe("The level it would have now; null: none."))
    words = fields.String(**said("In words."))


class FindingBaseSchema(Schema):
    """What a finding says; on a row, of its worst open finding."""

    level = fields.String(required=True)
    rule = fields.String(required=True)
    title = fields.String(required=True)
    reason = fields.String(**said("One sentence a nurse would say aloud."))
    kind = fields.String(**said("clinical, technical or alarm."))
    true_at = Instant(**said("When it was true."))
    known_at = Instant(**said("When we knew."))
    opened_at = Instant(required=True)
    late = fields.Boolean(required=True)
    acknowledge_by = Instant(required=True, allow_none=True)
    contact_by = Instant(required=True, allow_none=True)
    state = fields.String(**said("open, claimed or closed."))
    closed_at = Instant(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    judged_by = fields.String(**said("Pathway versions and sources."))
    stands = fields.Nested(StandsSchema, **maybe("Null while the facts say what raised it."))
    contacted_at = Instant(
        **maybe("When somebody spoke to the person; of a row, when all of it is contacted.")
    )


class CardFindingSchema(FindingBaseSchema):
    """One finding of a card."""

    id = fields.UUID(required=True)
    evidence = fields.List(fields.Dict(), **said("The newest rows: at, code, value, received."))
    is_new = fields.Boolean(**said("Came to a card that somebody has, and nobody has acknowledged it."))
    snoozed_until = Instant(required=True, allow_none=True)
    withdrawn = fields.String(**maybe("What was withdrawn of its readings."))


class NextActionSchema(Schema):
    """What to do next."""

    what = fields.String(**said("claim, accept, contact, try-again, look-again, recheck or close."))
    words = fields.String(required=True)
    by = Instant(required=True, allow_none=True)
    suggest = fields.String(**maybe("person, second-number, key-holder, welfare-check or 999."))


class LadderStepSchema(Schema):
    """One step of the ladder, taken or next."""

    rung = fields.Integer(required=True)
    who = fields.String(required=True)
    channel = fields.String(required=True)
    due = Instant(required=True, allow_none=True)
    at = Instant(**maybe("Null for the next."))
    outcome = fields.String(required=True)
    words = fields.String(required=True)


class CardSnoozeSchema(Schema):
    """Until when it rests, and whose decision that was."""

    until = Instant(required=True)
    by = fields.String(required=True, allow_none=True)
    why = fields.String(required=True, allow_none=True)
    level = fields.String(required=True, allow_none=True)


class CardRecheckSchema(Schema):
    """By when somebody promised to look again."""

    by = Instant(required=True)
    why = fields.String(required=True, allow_none=True)


class CardHandedSchema(Schema):
    """On its way from one shift to the next."""

    from_ = fields.String(data_key="from", attribute="from", required=True)
    to = fields.String(required=True)
    to_me = fields.Boolean(required=True)
    due_at = Instant(required=True)


class CardUndoSchema(Schema):
    """What can still be taken back."""

    what = fields.String(**said("claim, close or snooze."))
    until = Instant(required=True)


class FollowUpSchema(Schema):
    """What closing with this outcome leaves to do."""

    do = fields.String(**said("record-death or record-admission."))


class RowSchema(FindingBaseSchema):
    """One card: its words and times are those of its worst open finding."""

    id = fields.UUID(**said("Of the card's first alert."))
    patient = fields.Nested(DeskPatientSchema, required=True, allow_none=True)
    unassigned = fields.Nested(UnassignedSchema, required=True, allow_none=True)
    owner = fields.Nested(OwnerSchema, required=True, allow_none=True)
    claimed_at = Instant(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    repeats = fields.Integer(required=True)
    version = fields.Integer(**said('For If-Match: W/"<version>".'))
    also = fields.List(fields.String(), required=True)
    cancelled_at = Instant(**maybe("Cancelled at the device; it stays open."))
    device_told = fields.Nested(DeviceToldSchema, required=True, allow_none=True)
    findings = fields.List(
        fields.Nested(CardFindingSchema), **said("Open ones, worst first, then closed ones.")
    )
    new_findings = fields.Integer(**said("Unacknowledged on a card that somebody has."))
    red = fields.Boolean(**said("Urgent or an emergency."))
    no_cover = fields.Boolean(**said("Nobody would notice if this person got worse."))
    call_999 = fields.Boolean(**said("The words about 999 come first."))
    data_at = Instant(**maybe("Its newest evidence."))
    data_age_s = fields.Integer(**maybe("Seconds since, at as_of."))
    next_action = fields.Nested(NextActionSchema, **maybe("Null once it is closed."))
    climbs_at = Instant(**maybe("When the ladder goes on by itself; null when it has ended."))
    rung = fields.Integer(**said("How far it has climbed."))
    steps = fields.List(fields.Nested(LadderStepSchema), **said("Steps taken, then the next."))
    ladder_end = fields.String(**maybe("The words at the end of the ladder."))
    undelivered = fields.Boolean(**said("A step of the newest round could not be told."))
    snooze = fields.Nested(CardSnoozeSchema, required=True, allow_none=True)
    recheck = fields.Nested(CardRecheckSchema, required=True, allow_none=True)
    handover = fields.Nested(CardHandedSchema, required=True, allow_none=True)
    undo = fields.Nested(CardUndoSchema, **maybe("For whoever did it, for 30 seconds."))
    follow_up = fields.Nested(FollowUpSchema, required=True, allow_none=True)


class TeamSchema(Schema):
    """The team whose list it is."""

    name = fields.String(required=True)


class CountsSchema(Schema):
    """The tabs' numbers, over all pages."""

    unclaimed = fields.Integer(required=True)
    mine = fields.Integer(required=True)
    rechecks = fields.Integer(required=True)
    no_cover = fields.Integer(required=True)
    all = fields.Integer(required=True)
    red = fields.Integer(required=True)
    amber = fields.Integer(**said("Everything that is not red."))
    handed_to_me = fields.Integer(required=True)


class QuarantineCountSchema(Schema):
    """Messages that could not be used."""

    open = fields.Integer(required=True)


class DemoSchema(Schema):
    """What a visitor of the demo should watch."""

    watch = fields.String(required=True)


class StormRuleSchema(Schema):
    """One rule's share of a storm."""

    rule = fields.String(required=True)
    title = fields.String(required=True)
    count = fields.Integer(required=True)


class StormSchema(Schema):
    """More mild alerts at once than people can read. Reds are never among them."""

    since = Instant(required=True)
    count = fields.Integer(required=True)
    threshold = fields.Integer(required=True)
    by_rule = fields.List(fields.Nested(StormRuleSchema), required=True)


class MoreSchema(Schema):
    """What of the milder ones is on other pages."""

    amber = fields.Integer(**said("How many are not in rows."))
    from_ = fields.Integer(data_key="from", attribute="from", required=True)
    next = fields.Integer(**maybe("The `from` of the next page."))


class WorklistSchema(Schema):
    """A desk's list: emergency and urgent by deadline, then no cover, soon, routine."""

    as_of = Instant(required=True)
    team = fields.Nested(TeamSchema, required=True)
    rows = fields.List(fields.Nested(RowSchema), required=True)
    rechecks = fields.List(fields.Nested(RowSchema), **said("Closed cards whose recheck is owed."))
    counts = fields.Nested(CountsSchema, required=True)
    quarantine = fields.Nested(QuarantineCountSchema, required=True)
    desks = fields.Integer(**said("The same as listening."))
    listening = fields.Integer(**said("Desks listening now, over every process."))
    listening_team = fields.Integer(**said("Of them, desks of this team."))
    last_checked = Instant(**maybe("When the rules last ran; null: never."))
    checking = fields.Boolean(**said("False: the rules are not running, and an empty list proves nothing."))
    storm = fields.Nested(StormSchema, required=True, allow_none=True)
    more = fields.Nested(MoreSchema, required=True)
    demo = fields.Nested(DemoSchema, required=True, allow_none=True)
