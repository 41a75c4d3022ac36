"""The shapes of the screens' answers, so that the page and the server agree in the OpenAPI document."""

from typing import Any

from marshmallow import Schema, fields, validate

from backend.core.routes import Instant
from backend.desk.schemas import RowSchema
from backend.plans.schemas import TaskSchema
from backend.screens.tiles import KINDS


def _said(words: str, **more: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": words}} | more


class RangeSchema(Schema):
    """A range and who says so."""

    low = fields.String(**_said("Lowest value in range.", allow_none=True))
    high = fields.String(**_said("Highest value in range.", allow_none=True))
    source = fields.String(**_said("The clinician who set it, or the pathway and its source."))


class ValueSchema(Schema):
    """One value."""

    code = fields.String(**_said("systolic, diastolic, spo2, pulse or weight."))
    value = fields.String(**_said("Decimal; null when the device gave no number.", allow_none=True))
    special = fields.String(**_said("LO or HI instead of a number.", allow_none=True))
    unit = fields.String(**_said("UCUM."))


class TileSchema(Schema):
    """The newest of one kind; a kind that is expected and has no reading says "no-data"."""

    kind = fields.String(**_said("blood-pressure, spo2, pulse or weight."))
    values = fields.List(fields.Nested(ValueSchema), **_said("Measured together."))
    effective_at = Instant(**_said("When it was measured.", allow_none=True))
    received_at = Instant(**_said("When it reached the service.", allow_none=True))
    age_s = fields.Integer(**_said("Seconds since it was measured, at as_of.", allow_none=True))
    stale = fields.Boolean(**_said("Too old to be called current."))
    stale_after_s = fields.Integer(**_said("From this age on it is stale."))
    source = fields.String(**_said("device, person or team."))
    quality = fields.String(**_said("ok or suspect."))
    state = fields.String(**_said("in-range, above, below, no-range or no-data."))
    level = fields.String(**_said("The level of an alert it raised.", allow_none=True))
    range = fields.Nested(RangeSchema, **_said("Of the first code.", allow_none=True))


class HomePatientSchema(Schema):
    """Whose page it is."""

    id = fields.UUID(**_said("Public id."))
    display_name = fields.String(**_said("Name."))


class PathwaySchema(Schema):
    """A pathway the person is on."""

    id = fields.String(**_said("hypertension, copd, and so on."))
    title = fields.String(**_said("Its title."))
    version = fields.String(**_said("Its version."))


class NowDeviceSchema(Schema):
    """What to measure with."""

    model = fields.String(**_said("The device's model."))


class NowSchema(Schema):
    """The one next thing to do."""

    kind = fields.String(**_said("take-reading."))
    code = fields.String(**_said("blood-pressure, spo2 or weight."))
    due_at = Instant(**_said("When it is due.", allow_none=True))
    device = fields.Nested(NowDeviceSchema, **_said("Null when the person has none.", allow_none=True))


class HomeAlertSchema(Schema):
    """An alert as the person sees it."""

    id = fields.UUID(**_said("Public id."))
    level = fields.String(**_said("info, routine, soon, urgent or emergency."))
    title = fields.String(**_said("In a few words."))
    reason = fields.String(**_said("Why."))
    true_at = Instant(**_said("When it was true."))
    opened_at = Instant(**_said("When the team had it."))
    state = fields.String(**_said("open, claimed or closed."))
    seen_at = Instant(**_said("When a member of staff saw it.", allow_none=True))
    owner = fields.String(**_said("Who has it.", allow_none=True))


class HomeTeamSchema(Schema):
    """Who watches, and when."""

    name = fields.String(**_said("Empty when no team looks after the person."))
    phone = fields.String(**_said("The team's number."))
    hours = fields.String(**_said("Staffed hours in words."))
    watching_now = fields.Boolean(**_said("True within staffed hours."))
    next_watch_at = Instant(**_said("When somebody watches next.", allow_none=True))


class PalliativeLineSchema(Schema):
    """Who answers day and night for somebody with a signed end-of-life plan."""

    name = fields.String(**_said("As the plan names it."))
    phone = fields.String(**_said("Telephone."))


class AdviceSchema(Schema):
    """What the person's own plan says to do."""

    level = fields.String(**_said("urgent or emergency."))
    words = fields.List(fields.String(), **_said("One thing to do each."))
    signs = fields.List(fields.String(), **_said("The signs it is for."))
    call = fields.String(**_said("Whom to call; also the last of the words."))
    from_ = fields.String(data_key="from", attribute="from", **_said("plan (agreed by both) or pathway."))
    line = fields.Nested(
        PalliativeLineSchema, **_said("In place of 999, with a signed end-of-life plan.", allow_none=True)
    )


class KitSchema(Schema):
    """A device and whether it gives cover."""

    id = fields.UUID(**_said("Public id."))
    kind = fields.String(**_said("pulse-oximeter, and so on."))
    last_seen_at = Instant(**_said("Its last sign of life.", allow_none=True))
    state = fields.String(**_said("ok, late, silent or never."))
    battery_pct = fields.Integer(**_said("Percent.", allow_none=True))


class HomeDemoSchema(Schema):
    """For visitors of the demo."""

    watch = fields.String(**_said("What will happen."))


class HomeCheckInSchema(Schema):
    """Check-ins that are asked now."""

    id = fields.String(**_said("Of this sitting: sent back as asked_by."))
    ids = fields.List(fields.String(), **_said("Questionnaires, in order."))
    titles = fields.List(fields.String(), **_said("Their titles."))
    questions = fields.Integer(**_said("How many at most."))
    due_at = Instant(**_said("Since when."))


class HomeReplySchema(Schema):
    """Who owes the person an answer to a message."""

    team = fields.String(**_said("The team or the practice."))
    by = Instant(**_said("When it is due."))
    state = fields.String(**_said("waiting or overdue."))


class HomeSchema(Schema):
    """The person's first page."""

    as_of = Instant(**_said("The database's time of this answer."))
    patient = fields.Nested(HomePatientSchema, **_said("Whose page it is."))
    status = fields.String(**_said("referred, awaiting-kit, live, paused or ended."))
    monitored = fields.Boolean(**_said("Only live counts."))
    pathways = fields.List(fields.Nested(PathwaySchema), **_said("Pathways."))
    now = fields.Nested(NowSchema, **_said("The one next thing.", allow_none=True))
    latest = fields.List(fields.Nested(TileSchema), **_said("Newest values."))
    alerts = fields.List(fields.Nested(HomeAlertSchema), **_said("Worst first."))
    team = fields.Nested(HomeTeamSchema, **_said("Who watches."))
    advice = fields.Nested(AdviceSchema, **_said("For an urgent alert.", allow_none=True))
    devices = fields.List(fields.Nested(KitSchema), **_said("Kit."))
    todo = fields.List(fields.Nested(TaskSchema), **_said("To be done today, with today's ticks."))
    check_in = fields.Nested(HomeCheckInSchema, **_said("Null when none is asked now.", allow_none=True))
    reply = fields.Nested(HomeReplySchema, **_said("Null while no message of theirs waits.", allow_none=True))
    worry = fields.Nested("HomeWorrySchema", **_said("A helper's who is told; two days.", allow_none=True))
    demo = fields.Nested(HomeDemoSchema, **_said("Null outside the demo.", allow_none=True))


class SeriesQuerySchema(Schema):
    """Which values over how many days."""

    kind = fields.String(
        required=True, validate=validate.OneOf(list(KINDS)), metadata={"description": "What was measured."}
    )
    days = fields.Integer(
        load_default=14, validate=validate.Range(1, 366), metadata={"description": "How many days back."}
    )


class PointSchema(Schema):
    """Values measured together."""

    effective_at = Instant(**_said("When measured."))
    received_at = Instant(**_said("When it reached the service."))
    values = fields.Dict(keys=fields.String(), values=fields.String(), **_said("Decimals by code."))
    special = fields.Dict(keys=fields.String(), values=fields.String(), **_said("LO or HI by code."))
    quality = fields.String(**_said("ok or suspect."))
    level = fields.String(**_said("The level of an alert it raised.", allow_none=True))


class SummarySchema(Schema):
    """What the page writes its sentence from."""

    count = fields.Integer(**_said("How many measurements."))
    median = fields.Dict(keys=fields.String(), values=fields.String(), **_said("By code.", allow_none=True))
    previous_median = fields.Dict(
        keys=fields.String(), values=fields.String(), **_said("Of as many days before.", allow_none=True)
    )
    direction = fields.String(**_said("higher, lower, same, or null.", allow_none=True))


class SeriesSchema(Schema):
    """Values over time."""

    as_of = Instant(**_said("The database's time of this answer."))
    kind = fields.String(**_said("What was measured."))
    unit = fields.String(**_said("UCUM."))
    range = fields.Nested(RangeSchema, **_said("Of the first code.", allow_none=True))
    points = fields.List(fields.Nested(PointSchema), **_said("Oldest first."))
    summary = fields.Nested(SummarySchema, **_said("In short."))


class PracticeSchema(Schema):
    """A GP practice."""

    name = fields.String(**_said("Its name."))
    ods_code = fields.String(**_said("Its ODS code.", allow_none=True))


class PageTeamSchema(Schema):
    """A team."""

    name = fields.String(**_said("Its name."))


class PagePatientSchema(Schema):
    """A person as their team's page names them."""

    id = fields.UUID(**_said("Public id."))
    display_name = fields.String(**_said("Name."))
    nhs_number = fields.String(**_said("Ten digits."))
    age = fields.Integer(**_said("Whole years."))
    gender = fields.String(**_said("female, male, other or unknown."))
    phone = fields.String(**_said("Telephone."))
    lives_alone = fields.Boolean(**_said("Lives alone; null is not known.", allow_none=True))
    key_safe_reference = fields.String(**_said("Where it is kept, never the number.", allow_none=True))
    birth_date = fields.Date(**_said("Born."))
    gp_practice = fields.Nested(PracticeSchema, **_said("GP practice.", allow_none=True))
    status = fields.String(**_said("referred, awaiting-kit, live, paused or ended."))
    team = fields.Nested(PageTeamSchema, **_said("The team that looks after them.", allow_none=True))


class LimitSchema(Schema):
    """A limit that counts."""

    code = fields.String(**_said("What it limits."))
    low = fields.String(**_said("Lowest in range.", allow_none=True))
    high = fields.String(**_said("Highest in range.", allow_none=True))
    set_by = fields.String(**_said("Who set it; null for a pathway's default.", allow_none=True))
    set_at = Instant(**_said("When.", allow_none=True))
    source = fields.String(**_said("Why, or the source a pathway names."))


class DeviceSchema(KitSchema):
    """A device as the team sees it."""

    device_id = fields.String(**_said("Its MQTT name."))
    model = fields.String(**_said("Its model."))
    firmware = fields.String(**_said("Its firmware.", allow_none=True))
    from_ = Instant(data_key="from", attribute="from", **_said("Worn since."))


class MeasuredSchema(Schema):
    """What was measured together at one moment."""

    kind = fields.String(**_said("blood-pressure, spo2, pulse or weight."))
    values = fields.List(fields.Nested(ValueSchema), **_said("In the order they are said."))


class TimelineSchema(Schema):
    """Something that happened."""

    at = Instant(**_said("When."))
    kind = fields.String(**_said("alert, observation, claim, close or device."))
    words = fields.String(**_said("What, without values."))
    reading = fields.Nested(MeasuredSchema, **_said("The values of an observation."))


class PersonPageSchema(Schema):
    """Everything the team needs of one person."""

    as_of = Instant(**_said("The database's time of this answer."))
    patient = fields.Nested(PagePatientSchema, **_said("Who."))
    alerts = fields.List(fields.Nested(RowSchema), **_said("Open ones first, then the last closed."))
    latest = fields.List(fields.Nested(TileSchema), **_said("Newest values."))
    pathways = fields.List(fields.Nested(PathwaySchema), **_said("Pathways."))
    limits = fields.List(fields.Nested(LimitSchema), **_said("Limits that count."))
    devices = fields.List(fields.Nested(DeviceSchema), **_said("Kit."))
    timeline = fields.List(fields.Nested(TimelineSchema), **_said("Newest first."))
