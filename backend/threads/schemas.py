"""The shapes of conversations over HTTP, for the phone, the desk and the practice's inbox."""

from typing import Any

from marshmallow import Schema, fields, validate

from backend.core.routes import Instant

KINDS = ("team", "practice")
# quiet: nobody waits. waiting and overdue: the person waits. answered: the last they wrote was answered, or somebody
# said that it needs no answer.
STATES = ("quiet", "waiting", "overdue", "answered")
# About two pages of a letter; more is two messages.
LONGEST = 4000


def _said(words: str) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": words}}


def _maybe(words: str) -> dict[str, Any]:
    return {"required": True, "allow_none": True, "metadata": {"description": words}}


class WriterSchema(Schema):
    """Who wrote: the person (self), somebody who helps them (carer), the team or the practice."""

    relation = fields.String(**_said("self, carer, team or practice."))
    name = fields.String(required=True)
    me = fields.Boolean(**_said("Whether it is whoever asks."))


class ThreadMessageSchema(Schema):
    """One message: its words never change."""

    id = fields.UUID(**_said("As the writer's own device minted it."))
    by = fields.Nested(WriterSchema, required=True)
    words = fields.String(required=True)
    made_at = Instant(
        **_maybe("When it was written by the clock of the writer's device; null when it did not say.")
    )
    received_at = Instant(**_said("When this service stored it: the order of the messages."))
    sent_late = fields.Boolean(**_said("Written without a network, or sent after a sign-out."))
    private = fields.Boolean(**_said("Absent for carers. True only for whoever may see it."))
    received_by_them_at = Instant(
        **_maybe("When the other side first had it on a screen: a desk, the practice's inbox, or a phone.")
    )
    read_at = Instant(**_maybe("When somebody of the other side first opened it."))
    read_by = fields.List(fields.String(), **_said("Names of those of the other side who opened it."))
    danger = fields.List(
        fields.String(), **_said("For staff: the words in it that may mean danger. Else empty.")
    )


class ThreadOwnerSchema(Schema):
    """Who has taken a conversation to answer."""

    name = fields.String(required=True)
    me = fields.Boolean(required=True)


class ThreadSettledSchema(Schema):
    """How the last wait ended."""

    how = fields.String(**_said("reply or no-reply-needed."))
    at = Instant(required=True)
    by = fields.String(required=True)
    why = fields.String(**_maybe("For no-reply-needed: the reason, which the person sees as well."))


class ThreadSchema(Schema):
    """A conversation as whoever asks may see it."""

    kind = fields.String(**_said("team or practice."))
    name = fields.String(**_said("Of the team or the practice."))
    hours = fields.String(**_maybe("When they watch, in words; null for a practice that has not said."))
    watching_now = fields.Boolean(
        **_said("Whether it is in their hours now. A practice never watches messages.")
    )
    next_watch_at = Instant(**_maybe("When they watch again, while they do not."))
    phone = fields.String(required=True, allow_none=True)
    unread = fields.Integer(**_said("Of the other side's messages, those that whoever asks has not opened."))
    last = fields.Nested(ThreadMessageSchema, required=True, allow_none=True)
    owner = fields.Nested(ThreadOwnerSchema, required=True, allow_none=True)
    reply_by = Instant(**_maybe("By when an answer is due, while somebody waits for one."))
    waiting_since = Instant(**_maybe("When the oldest message that waits was stored."))
    state = fields.String(validate=validate.OneOf(STATES), required=True)
    settled = fields.Nested(ThreadSettledSchema, required=True, allow_none=True)
    promise = fields.String(
        **_said("In words: by when they usually answer, and that it is not for urgent help.")
    )
    may_write = fields.Boolean(**_said("Whether whoever asks may write here."))
    version = fields.Integer(**_said("For take and no-reply-needed: sent back in If-Match."))
    messages = fields.List(fields.Nested(ThreadMessageSchema), **_said("The newest 30, oldest first."))
    more = fields.Boolean(**_said("Whether there are older ones."))


class DangerGroupSchema(Schema):
    """One way of saying that somebody may be in danger: a word of each set, near one another."""

    name = fields.String(required=True)
    sets = fields.List(
        fields.List(fields.String()),
        **_said("A message matches that holds a word of every set, in any order."),
    )
    within = fields.Integer(**_said("The most words from the first of them to the last."))


class DangerSchema(Schema):
    """The words that suggest danger, so that a phone can advise before sending, without a network too.

    A text is lower-cased, apostrophes are dropped and everything but letters and digits parts words.
    """

    version = fields.String(required=True)
    groups = fields.List(fields.Nested(DangerGroupSchema), required=True)


class ThreadsSchema(Schema):
    """A person's conversations: always the team's, and the practice's where the practice reads them here."""

    as_of = Instant(required=True)
    threads = fields.List(fields.Nested(ThreadSchema), required=True)
    danger = fields.Nested(DangerSchema, required=True)


class EarlierQuerySchema(Schema):
    """Which page of a conversation."""

    before = fields.UUID(
        load_default=None,
        metadata={"description": "The id of a message: those before it. Without it the newest."},
    )


class OneThreadSchema(Schema):
    """One conversation; for staff with who it is with."""

    as_of = Instant(required=True)
    thread = fields.Nested(ThreadSchema, required=True)
    patient = fields.Nested("PersonOfThreadSchema", required=True, allow_none=True)


class PersonOfThreadSchema(Schema):
    """Whom staff write with."""

    id = fields.UUID(required=True)
    display_name = fields.String(required=True)
    nhs_number = fields.String(required=True)
    birth_date = fields.Date(required=True)
    phone = fields.String(required=True, allow_none=True)


class MessageWrittenSchema(Schema):
    """What somebody writes."""

    words = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST))
    private = fields.Boolean(
        load_default=None,
        allow_none=True,
        metadata={"description": "Carers never see it. For an answer left out: as what it answers."},
    )
    seen = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "For staff: the newest message on the screen. What came after it still waits."
        },
    )


class MessageStoredSchema(Schema):
    """What was stored, and what the person may expect now."""

    message = fields.Nested(ThreadMessageSchema, required=True)
    state = fields.String(required=True)
    reply_by = Instant(required=True, allow_none=True)
    danger = fields.List(fields.String(), **_said("Words in it that may mean danger: show 999 and 111."))


class ReadUptoSchema(Schema):
    """Up to which message somebody has opened it."""

    upto = fields.UUID(required=True)


class OnScreenSchema(Schema):
    """What stands on a screen of staff now."""

    messages = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 200))


class NoReplySchema(Schema):
    """Why no answer is needed; the person sees it."""

    why = fields.String(required=True, validate=validate.Length(min=1, max=500))
    seen = fields.UUID(required=True, metadata={"description": "The newest message on the screen."})


class PromiseSchema(Schema):
    """What a practice has said in writing."""

    working_days = fields.Integer(required=True, validate=validate.Range(1, 20))
    said_on = fields.Date(**_said("The day of the practice's own words."))


class PracticePromiseSchema(Schema):
    """In how many working days a practice answers."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    working_days = fields.Integer(**_said("Null: it has said nothing."), allow_none=True)
    said_on = fields.Date(**_said("The day of its words."), allow_none=True)


class PracticePromisesSchema(Schema):
    """Every GP practice, and how long it may take where it has said nothing."""

    unsaid = fields.Integer(**_said("Working days without words of its own."))
    rows = fields.List(fields.Nested(PracticePromiseSchema), **_said("By name."))


class InboxMessageSchema(Schema):
    """The newest message of a conversation in a list."""

    id = fields.UUID(required=True)
    by = fields.Nested(WriterSchema, required=True)
    words = fields.String(required=True)
    received_at = Instant(required=True)
    private = fields.Boolean(required=True)


class InboxRowSchema(Schema):
    """A conversation in a list of staff."""

    kind = fields.String(required=True)
    patient = fields.Nested(PersonOfThreadSchema, required=True)
    practice = fields.String(**_maybe("The practice's name, for a practice's conversation."))
    state = fields.String(required=True)
    danger = fields.List(fields.String(), **_said("Words in what waits that may mean danger."))
    last = fields.Nested(InboxMessageSchema, required=True)
    waiting = fields.List(fields.UUID(), **_said("The messages that wait, oldest first."))
    waiting_since = Instant(required=True, allow_none=True)
    reply_by = Instant(required=True, allow_none=True)
    owner = fields.Nested(ThreadOwnerSchema, required=True, allow_none=True)
    settled = fields.Nested(ThreadSettledSchema, required=True, allow_none=True)
    may_write = fields.Boolean(**_said("False for the team's sight of a practice's conversation."))
    version = fields.Integer(required=True)


class InboxSchema(Schema):
    """What waits for a team or a practice: words of danger first, then the longest wait; then the last answered."""

    as_of = Instant(required=True)
    name = fields.String(**_said("Of the team or the practice."))
    practice = fields.Boolean(**_said("Whether this is a practice's inbox."))
    waiting = fields.Integer(required=True)
    threads = fields.List(fields.Nested(InboxRowSchema), required=True)
