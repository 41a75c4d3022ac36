"""The shapes of feedback over HTTP."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend.core.routes import Instant

ABOUT = ("advice", "plan", "check-in", "reading", "messages")


def _said(means: str, **more: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": means}} | more


class FeedbackSaidSchema(Schema):
    """Was this helpful, and what would be better."""

    about = fields.String(required=True, validate=validate.OneOf(ABOUT))
    ref = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 120))
    helpful = fields.Boolean(load_default=None, allow_none=True)
    words = fields.String(load_default="", validate=validate.Length(0, 2000))

    @validates_schema
    def _says_something(self, asked: dict[str, Any], **_: object) -> None:
        if asked.get("helpful") is None and not str(asked.get("words", "")).strip():
            raise ValidationError("Say whether it helped, or write what would be better.", "words")


class FeedbackKeptSchema(Schema):
    """That it was kept, and who reads it."""

    id = fields.UUID(**_said("Public id."))
    at = Instant(**_said("When it reached the service."))
    reaches = fields.List(fields.String(), **_said("The pathways whose owners read a suggestion."))


class AnsweredSchema(Schema):
    """A suggestion with its answer, in the words of who answered; nobody is told who asked."""

    id = fields.UUID(**_said("Public id."))
    pathways = fields.List(fields.String(), **_said("Titles of the pathways it is about."))
    asked = fields.String(**_said("What was asked; one's own words while nobody has answered."))
    answer = fields.String(**_said("Null while nobody has answered.", allow_none=True))
    by = fields.String(**_said("Which role answered.", allow_none=True))
    answered_at = Instant(**_said("When.", allow_none=True))
    mine = fields.Boolean(**_said("Said from this account."))


class AnsweredListSchema(Schema):
    """Answers for the pathways a person is on, and their own suggestions, the newest first."""

    rows = fields.List(fields.Nested(AnsweredSchema), **_said("Newest first."))


class SuggestionSchema(Schema):
    """A suggestion as the pathway's owners read it: what was said and of what, and not by whom."""

    id = fields.UUID(**_said("Public id."))
    version = fields.Integer(**_said("Sent back in If-Match."))
    about = fields.String(**_said("advice, plan, check-in, reading or messages."))
    ref = fields.String(**_said("Which one of them.", allow_none=True))
    helpful = fields.Boolean(**_said("Whether it helped, if that was said.", allow_none=True))
    words = fields.String(**_said("What was said."))
    pathways = fields.List(fields.String(), **_said("Pathways it reaches."))
    titles = fields.List(fields.String(), **_said("Their titles, of those the reader answers for."))
    at = Instant(**_said("When it came."))
    asked = fields.String(**_said("As it is told to others.", allow_none=True))
    answer = fields.String(**_said("The public answer.", allow_none=True))
    answered_by = fields.String(**_said("Who answered.", allow_none=True))
    answered_at = Instant(**_said("When.", allow_none=True))


class HelpfulCountSchema(Schema):
    """How often something of a pathway helped."""

    pathway, about = fields.String(**_said("Which.")), fields.String(**_said("What of it."))
    title = fields.String(**_said("The pathway's title."))
    yes, no = fields.Integer(**_said("Helped.")), fields.Integer(**_said("Did not."))


class SuggestionsSchema(Schema):
    """What reached the owners of the pathways that this team's people are on."""

    as_of = Instant(**_said("The database's time of this answer."))
    rows = fields.List(fields.Nested(SuggestionSchema), **_said("Unanswered first, then the newest."))
    helpful = fields.List(fields.Nested(HelpfulCountSchema), **_said("By pathway and kind."))


class SuggestionAnswerSchema(Schema):
    """The public answer, with the question in the answerer's words, so that it says of nobody who asked."""

    asked = fields.String(required=True, validate=validate.Length(3, 500))
    answer = fields.String(required=True, validate=validate.Length(3, 2000))
