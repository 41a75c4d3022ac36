"""The shapes of the plan over HTTP, so that the phone and the server agree in the OpenAPI document."""

from typing import Any

from marshmallow import Schema, fields, validate

from backend.core.routes import Instant


def said(means: str, **more: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": means}} | more


def words(most: int, least: int = 0, **more: Any) -> fields.String:
    """A text of a body, at most so long."""
    return fields.String(validate=validate.Length(least, most), **more)


class MedicineSchema(Schema):
    """One medicine, as the person says it."""

    name = words(120, 1, required=True)
    dose = words(120, load_default="")
    when = words(120, load_default="")
    what_for = words(200, load_default="")


class OwnContactSchema(Schema):
    """Somebody the person wants on their plan."""

    name = words(120, 1, required=True)
    relation = words(80, load_default="")
    phone = fields.String(load_default=None, allow_none=True, validate=validate.Length(0, 40))


class SectionBodySchema(Schema):
    """What a section says: `text`; or signs, do and call; or medicines; or contacts; by the section's kind."""

    text = words(4000, metadata={"description": "A section of words."})
    signs = fields.List(words(300, 1), validate=validate.Length(0, 12), metadata={"description": "My signs."})
    do = fields.List(words(300, 1), validate=validate.Length(0, 12), metadata={"description": "What I do."})
    call = words(300, metadata={"description": "Whom I call."})
    medicines = fields.List(fields.Nested(MedicineSchema), validate=validate.Length(0, 40))
    contacts = fields.List(fields.Nested(OwnContactSchema), validate=validate.Length(0, 20))


class PlanEditedSchema(Schema):
    """Who changed something last. `made_at` is what their phone's clock said, a claim beside our own `at`."""

    by = fields.UUID(**said("The public id of their account.", allow_none=True))
    relation = fields.String(**said("self, carer or team: what they are to the person."))
    name = fields.String(**said("As they were called then."))
    at = Instant(**said("When it reached the service."))
    made_at = Instant(**said("When it was made, by their own clock.", allow_none=True))
    offline = fields.Boolean(**said("Made without a network."))


class PlanSignatureSchema(Schema):
    """That somebody agreed to this very version."""

    by_name = fields.String(**said("Who."))
    role = fields.String(**said("person or clinician."))
    at = Instant(**said("When."))


class AgreedSchema(Schema):
    """The text both have signed, while a newer one waits: it stands until the newer one is signed too."""

    version = fields.Integer(**said("Its version."))
    body = fields.Nested(SectionBodySchema, **said("Its words."))
    signatures = fields.List(fields.Nested(PlanSignatureSchema), **said("Both."))


class SectionSchema(Schema):
    """A section at its own version; version 0 is what nobody has written yet, in the pathway's words."""

    key = fields.String(**said("matters, green, amber, red, medicines and so on; or a part of a pathway."))
    title = fields.String(**said("Its heading."))
    kind = fields.String(**said("text, advice, medicines or contacts: which body it has."))
    prompt = fields.String(**said("What could be written here; empty when there is nothing to say."))
    body = fields.Nested(SectionBodySchema, **said("The newest words."))
    clinical = fields.Boolean(**said("It needs the signatures of the person and of a clinician."))
    private = fields.Boolean(**said("Hidden from people who help; the team sees it."))
    version = fields.Integer(**said('Sent back in If-Match; 0 is W/"0".'))
    edited = fields.Nested(PlanEditedSchema, **said("Null for what nobody has written yet.", allow_none=True))
    signatures = fields.List(fields.Nested(PlanSignatureSchema), **said("Under this version."))
    agreed_version = fields.Integer(**said("The version both have signed.", allow_none=True))
    agreed = fields.Nested(
        AgreedSchema, **said("What stands, when that is not the newest words.", allow_none=True)
    )
    state = fields.String(**said("agreed, waiting-for-you, waiting-for-clinician or own."))


class StepSchema(Schema):
    """A small step of a goal."""

    id = fields.String(**said("Chosen by the page."), validate=validate.Length(1, 40))
    text = fields.String(**said("What."), validate=validate.Length(1, 300))
    done_on = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "The day it was done."}
    )


class GoalSchema(Schema):
    """A goal with its steps."""

    id = fields.UUID(**said("Public id."))
    text = fields.String(**said("The goal."))
    why = fields.String(**said("Why it matters."))
    by_date = fields.Date(**said("By when.", allow_none=True))
    state = fields.String(**said("open, reached or let-go."))
    steps = fields.List(fields.Nested(StepSchema), **said("In order."))
    version = fields.Integer(**said("Sent back in If-Match."))
    private = fields.Boolean(**said("Hidden from people who help; the team sees it."))
    edited = fields.Nested(PlanEditedSchema, **said("Who changed it last."))


class TickSchema(Schema):
    """That something of one day was done, or was not."""

    due_on = fields.Date(**said("The day it is about."))
    due_at = fields.String(**said("The time of that day it is about, as 08:30.", allow_none=True))
    done = fields.Boolean(**said("Done, or not today."))
    why = fields.String(**said("Why not.", allow_none=True))
    at = Instant(**said("When it was said."))
    by = fields.String(**said("Who said it."))


class TaskSchema(Schema):
    """Something to do, on these days at these times."""

    id = fields.UUID(**said("Public id."))
    kind = fields.String(**said("action, medicine, reading or check-in."))
    text = fields.String(**said("What."))
    how = fields.String(**said("How, or how much."))
    days = fields.List(fields.String(), **said("mon to sun; empty is every day."))
    times = fields.List(fields.String(), **said("As 08:30; empty is some time in the day."))
    remind = fields.Boolean(**said("Send a reminder at each time."))
    stopped = fields.Boolean(**said("Not done any more; the list of the plan leaves those out."))
    version = fields.Integer(**said("Sent back in If-Match."))
    private = fields.Boolean(**said("Hidden from people who help; the team sees it."))
    edited = fields.Nested(PlanEditedSchema, **said("Who changed it last."))
    ticks = fields.List(fields.Nested(TickSchema), **said("Of the last 14 days, the last word of each."))


class ProposalSchema(Schema):
    """A change of a clinical section that waits for a clinician; the text it would change stands meanwhile."""

    id = fields.UUID(**said("Public id."))
    section = fields.String(**said("The section's key."))
    on_version = fields.Integer(**said("The version it was written over."))
    body = fields.Nested(SectionBodySchema, **said("What it would say."))
    by = fields.UUID(**said("The public id of their account.", allow_none=True))
    relation = fields.String(**said("self or carer."))
    name = fields.String(**said("Who asks for it."))
    at = Instant(**said("When it reached the service."))
    made_at = Instant(**said("When it was made, by their own clock.", allow_none=True))
    offline = fields.Boolean(**said("Made without a network."))
    state = fields.String(**said("open, accepted or declined."))
    words = fields.String(**said("What the clinician said."))
    settled_by = fields.String(**said("Who settled it.", allow_none=True))
    settled_at = Instant(**said("When.", allow_none=True))


class AdvanceDocumentSchema(Schema):
    """That a ReSPECT form or another plan exists, and where: a pointer, never an order."""

    kind = fields.String(**said("respect, dnacpr, advance-decision and so on."))
    dated = fields.Date(**said("Its date."))
    original_at = fields.String(**said("Where the original is."))
    ceiling = fields.String(**said("The ceiling of treatment it names.", allow_none=True))
    verified_by = fields.String(**said("Who looked."))
    verified_on = fields.Date(**said("When."))


class PlanContactSchema(Schema):
    """Somebody the team rings."""

    name = fields.String(**said("Who."))
    relation = fields.String(**said("What they are to the person."))
    phone = fields.String(**said("Telephone.", allow_none=True))


class PlanTeamSchema(Schema):
    """The team."""

    name = fields.String(**said("Empty when no team looks after the person."))
    phone = fields.String(**said("Telephone."))
    hours = fields.String(**said("In words."))


class PlanPracticeSchema(Schema):
    """The GP practice."""

    name = fields.String(**said("Its name."))
    phone = fields.String(**said("Telephone.", allow_none=True))


class PlanPersonSchema(Schema):
    """Whose plan it is: for the printed page."""

    id = fields.UUID(**said("Public id."))
    display_name = fields.String(**said("Name."))
    birth_date = fields.Date(**said("Born."))
    nhs_number = fields.String(**said("Ten digits."))


class PlanLineSchema(Schema):
    """The 24-hour palliative line of a signed end-of-life plan, in place of 999."""

    name = fields.String(**said("As the plan names it."))
    phone = fields.String(**said("Telephone."))


class PlanSchema(Schema):
    """The whole plan."""

    as_of = Instant(**said("The database's time of this answer."))
    patient = fields.Nested(PlanPersonSchema, **said("Whose plan it is."))
    sections = fields.List(fields.Nested(SectionSchema), **said("In order."))
    goals = fields.List(fields.Nested(GoalSchema), **said("Goals."))
    todo = fields.List(fields.Nested(TaskSchema), **said("Things to do."))
    proposals = fields.List(
        fields.Nested(ProposalSchema), **said("Open ones, and those settled within 90 days.")
    )
    documents = fields.List(fields.Nested(AdvanceDocumentSchema), **said("Advance documents."))
    range_words = fields.List(fields.String(), **said("Own ranges, a sentence each."))
    contacts = fields.List(fields.Nested(PlanContactSchema), **said("Whom the team rings."))
    team = fields.Nested(PlanTeamSchema, **said("The team."))
    practice = fields.Nested(PlanPracticeSchema, **said("The GP practice.", allow_none=True))
    line = fields.Nested(PlanLineSchema, **said("In place of 999.", allow_none=True))
    may = fields.List(
        fields.String(), **said("What who asks may do: edit, agree, settle. An empty list is reading only.")
    )


class PlanHistoryQuerySchema(Schema):
    """The history of what: one of the three, or of every section."""

    section = fields.String(load_default=None, metadata={"description": "A section's key."})
    goal = fields.UUID(load_default=None, metadata={"description": "A goal."})
    task = fields.UUID(load_default=None, metadata={"description": "A thing to do."})


class PlanHistoryRowSchema(Schema):
    """One version: who made it, and what it said before and since."""

    section = fields.String(**said("The section's key, or the id of the goal or of the thing to do."))
    version = fields.Integer(**said("Which."))
    by = fields.String(**said("As they were called then."))
    relation = fields.String(**said("self, carer or team."))
    at = Instant(**said("When it reached the service."))
    made_at = Instant(**said("When it was made, by their own clock.", allow_none=True))
    offline = fields.Boolean(**said("Made without a network."))
    from_ = fields.Dict(data_key="from", attribute="from", **said("Before; null at first.", allow_none=True))
    to = fields.Dict(**said("Since."))
    signatures = fields.List(fields.Nested(PlanSignatureSchema), **said("Under this version."))


class PlanHistorySchema(Schema):
    """Every version there was, the newest first."""

    rows = fields.List(fields.Nested(PlanHistoryRowSchema), **said("Newest first."))


class PlanWaitingRowSchema(Schema):
    """Something of somebody's plan that waits for a clinician."""

    patient = fields.Nested(PlanPersonSchema, **said("Whose plan."))
    what = fields.String(**said("proposal: a change asked for; words: a part that no clinician has signed."))
    section = fields.String(**said("The section's key."))
    title = fields.String(**said("The section's heading."))
    by = fields.String(**said("Who wrote it."))
    relation = fields.String(**said("self, carer or team."))
    at = Instant(**said("When it reached the service."))


class PlansWaitingSchema(Schema):
    """What waits for a clinician in the plans of a team's people."""

    as_of = Instant(**said("The database's time of this answer."))
    rows = fields.List(fields.Nested(PlanWaitingRowSchema), **said("The oldest first."))


class SectionSavedSchema(SectionSchema):
    """The section as it stands; 202 with `proposal` when the change waits for a clinician."""

    proposal = fields.Nested(
        ProposalSchema, **said("What waits for a clinician; null when the change was made.", allow_none=True)
    )
