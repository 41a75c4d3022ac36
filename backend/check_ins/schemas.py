"""The shapes of check-ins, of readings a person takes and of their year, so that page and server agree."""

from typing import Any

from marshmallow import Schema, fields, validate

from backend.core.routes import Instant

LEVELS = ("green", "amber", "red")
KINDS = ("choice", "yes-no", "number", "words")


def said(words: str, **more: Any) -> dict[str, Any]:
    """What every field of an answer has: it is there, and its words stand in the OpenAPI document."""
    return {"required": True, "metadata": {"description": words}} | more


def maybe(words: str, **more: Any) -> dict[str, Any]:
    """A field that may be left out."""
    return {"metadata": {"description": words}} | more


class _Part(Schema):
    """A part of a questionnaire's file; what is left out there is left out here."""

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """By key alone: "items" of a mapping that has no such key would be its method."""
        return obj.get(attr, default)


class QuestionOptionSchema(_Part):
    """One answer that can be chosen."""

    value = fields.Raw(**said("What is stored and sent: a whole number or a word."))
    words = fields.String(**said("What the person reads."))
    level = fields.String(**maybe("amber or red; left out when it asks for nothing."))
    do = fields.String(**maybe("What to do at once, where this answer has words of its own."))


class QuestionAskIfSchema(_Part):
    """When a question is asked."""

    item = fields.String(**said("The question before."))
    in_ = fields.List(fields.Raw(), data_key="in", attribute="in", **said("Asked only after one of these."))


class QuestionSchema(_Part):
    """One question."""

    id = fields.String(**said("Within this check-in."))
    text = fields.String(**said("The question."))
    help = fields.String(**maybe("A line under it."))
    kind = fields.String(**said("choice, yes-no (answers yes, no), number or words."))
    options = fields.List(
        fields.Nested(QuestionOptionSchema), **maybe("Of a choice, or of a yes-no with levels.")
    )
    low = fields.String(**maybe("Lowest possible number."))
    high = fields.String(**maybe("Highest possible number."))
    unit = fields.String(**maybe("UCUM."))
    optional = fields.Boolean(**maybe("May be left out: the check-in is complete without it."))
    ask_if = fields.Nested(QuestionAskIfSchema, **maybe("Left out: always asked."))


class ScoreBandSchema(_Part):
    """What a total means."""

    to = fields.Integer(**said("Up to and with this total."))
    name = fields.String(**said("The band, as published."))
    words = fields.String(**said("For the person."))
    level = fields.String(**maybe("amber or red; left out is green."))


class CheckInScoringSchema(_Part):
    """How a total comes about."""

    kind = fields.String(**said("sum, who5 (sum times four), highest (the worst colour) or none."))
    items = fields.List(fields.String(), **maybe("The questions that count; left out: all."))
    bands = fields.List(fields.Nested(ScoreBandSchema), **maybe("Lowest first."))


class CrisisLineSchema(_Part):
    """Whom to call."""

    name = fields.String(**said("Who answers."))
    phone = fields.String(**said("What to dial."))
    words = fields.String(**said("When."))


class CheckInSafetySchema(_Part):
    """What one answer sets off before the page closes."""

    item = fields.String(**said("The question."))
    over = fields.Integer(**said("Any answer above this."))
    then = fields.String(**said("safe-now: the question below is asked at once."))
    asks = fields.String(**said("Are you safe now?"))
    words = fields.String(**said("Before anything else."))
    lines = fields.List(fields.Nested(CrisisLineSchema), **said("Dial buttons."))
    yes = fields.String(**said("After yes."))
    no = fields.String(**said("After no."))


class CheckInProducesSchema(_Part):
    """A value that goes into the record."""

    code = fields.String(**said("The code of the reading."))
    from_ = fields.String(data_key="from", attribute="from", **said("total, level, or a question."))


class CheckInNextSchema(_Part):
    """What happens next, by colour."""

    green = fields.String(**said("Nothing asks for a human now."))
    amber = fields.String(**said("Somebody of the team will look."))
    red = fields.String(**said("Help now; shown at once, offline too."))


class QuestionnaireSchema(_Part):
    """A whole check-in."""

    id = fields.String(**said("phq9, copd, and so on."))
    version = fields.String(**said("Of the wording."))
    title = fields.String(**said("As the person reads it."))
    who = fields.String(**said("person, carer or either: who answers it."))
    private = fields.Boolean(**said("Only whoever answers it and the team see the answers."))
    licence = fields.String(**said("Under which the wording is shown."))
    source = fields.String(**said("Where the wording and scoring come from."))
    intro = fields.String(**said("Before the first question."))
    items = fields.List(fields.Nested(QuestionSchema), **said("In order."))
    scoring = fields.Nested(CheckInScoringSchema, **said("How it is scored."))
    safety = fields.Nested(CheckInSafetySchema, **maybe("Left out where no answer sets this off."))
    produces = fields.List(fields.Nested(CheckInProducesSchema), **said("Values for the record."))
    next = fields.Nested(CheckInNextSchema, **said("What happens next."))


class QuestionnairesSchema(Schema):
    """Every check-in this service has, to be kept on the phone."""

    questionnaires = fields.List(fields.Nested(QuestionnaireSchema), **said("By id."))


class NewCheckInSchema(Schema):
    """Answers, finished or not. The same id again, with If-Match, adds to a draft."""

    questionnaire = fields.String(**said("Its id.", validate=validate.Length(1, 40)))
    version = fields.String(**said("Its version as it was shown.", validate=validate.Length(1, 20)))
    answers = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 40)),
        values=fields.Raw(allow_none=True),
        **said("question -> value; what is not answered is left out or null."),
    )
    state = fields.String(**said("draft or complete.", validate=validate.OneOf(["draft", "complete"])))
    safe_now = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(["yes", "no"]),
        metadata={"description": 'The answer to "are you safe now?"; null while unanswered.'},
    )
    asked_by = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=60),
        metadata={"description": "The sitting that asked (its `id`); null when nobody asked."},
    )


class CheckInResultSchema(Schema):
    """What the answers come to."""

    total = fields.Integer(
        **said("Null where there is none: a question is open, or it has no total.", allow_none=True)
    )
    band = fields.String(**said("As published.", allow_none=True))
    words = fields.String(**said("What it means and what happens next."))
    level = fields.String(**said("green, amber or red."))


class CheckInRaisedSchema(Schema):
    """That the team has been told at once."""

    alert = fields.UUID(**said("What the team sees.", allow_none=True))
    level = fields.String(**said("urgent, or emergency.", allow_none=True))
    answer_by = Instant(**said("Without an answer by then it is an emergency.", allow_none=True))


class CheckInSchema(Schema):
    """A check-in as it stands."""

    id = fields.UUID(**said("As the phone made it."))
    version = fields.Integer(**said("For If-Match."))
    questionnaire = fields.String(**said("Its id."))
    title = fields.String(**said("Its title."))
    state = fields.String(**said("draft or complete."))
    answers = fields.Dict(keys=fields.String(), values=fields.Raw(), **said("What is answered."))
    result = fields.Nested(CheckInResultSchema, **said("Null for a draft.", allow_none=True))
    safety = fields.Nested(CheckInRaisedSchema, **said("Null when nothing set it off.", allow_none=True))
    by = fields.String(**said("self, or the name of the carer who answered."))
    made_at = Instant(**said("By the phone's clock.", allow_none=True))
    at = Instant(**said("When it reached the service."))


class CheckInDueSchema(Schema):
    """Check-ins asked together."""

    id = fields.String(**said("Of this sitting: sent back as asked_by."))
    ids = fields.List(fields.String(), **said("Questionnaires, in order."))
    titles = fields.List(fields.String(), **said("Their titles."))
    questions = fields.Integer(**said("How many at most."))
    due_at = Instant(**said("Since when."))


class CheckInGivenSchema(Schema):
    """A finished check-in, in short."""

    id = fields.UUID(**said("Of the response."))
    questionnaire = fields.String(**said("Its id."))
    title = fields.String(**said("Its title."))
    at = Instant(**said("When it reached the service."))
    made_at = Instant(**said("By the phone's clock.", allow_none=True))
    by = fields.String(**said("self, or the name of the carer who answered."))
    private = fields.Boolean(**said("Only whoever answered and the team see it."))
    result = fields.Nested(CheckInResultSchema, **said("What it came to.", allow_none=True))


class CheckInLeftOutSchema(Schema):
    """What a pathway wants asked and nobody is rostered to answer."""

    id = fields.String(**said("The questionnaire."))
    title = fields.String(**said("Its title."))
    why = fields.String(**said("In words."))


class CheckInsSchema(Schema):
    """What is due, what was given, what is half done."""

    as_of = Instant(**said("The database's time of this answer."))
    due = fields.List(fields.Nested(CheckInDueSchema), **said("Soonest first."))
    next_at = Instant(**said("When the next sitting is; null when none is planned.", allow_none=True))
    given = fields.List(fields.Nested(CheckInGivenSchema), **said("Newest first: the last 120 of a year."))
    drafts = fields.List(fields.Nested(CheckInSchema), **said("Not finished, newest first."))
    left_out = fields.List(fields.Nested(CheckInLeftOutSchema), **said("Not asked, and why."))
