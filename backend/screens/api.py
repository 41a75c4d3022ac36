"""The pages of one patient, and the live stream that tells a page what to read anew."""

from typing import Any
from uuid import UUID

from flask import Response, current_app
from marshmallow import Schema, fields, validate

from backend.access import service as access
from backend.access.record import Action, Purpose, Record, open_record
from backend.alerts import service as alerts
from backend.core.errors import NotFound
from backend.core.http import current_actor, current_session
from backend.core.routes import Routes
from backend.plans.schemas import PlanSchema
from backend.quarantine import service as quarantine
from backend.screens import service
from backend.screens.concern import ConcernSchema, say
from backend.screens.difference import DifferenceQuerySchema, DifferenceSchema, difference
from backend.screens.plan import plan_page
from backend.screens.schemas import HomeSchema, PersonPageSchema, SeriesQuerySchema, SeriesSchema
from backend.screens.stream import stream
from backend.screens.taking import TakingSchema, taking
from backend.screens.year import YearSchema, year

blp = Routes("screens", "The pages of one patient, and the live stream.")

# What changes with the clock and not with the facts is left out of an answer's ETag.
CLOCK = frozenset({"as_of", "age_s"})


class StreamQuerySchema(Schema):
    """Which pages listen; EventSource cannot send the header."""

    audience = fields.String(
        load_default="person",
        validate=validate.OneOf(["person", "team"]),
        metadata={"description": "person or team."},
    )


@blp.get("/patients/<uuid:patient_id>/home", audience="person", answers=HomeSchema, etag_ignores=CLOCK)
def read_home(patient_id: UUID) -> dict[str, object]:
    """A person's first page."""
    record = open_record(current_actor(), patient_id, Purpose.PATRQT, Action.READ_READINGS)
    return service.home(record, demo=current_app.config["DEMO"])


@blp.get("/home", audience="person", answers=HomeSchema, etag_ignores=CLOCK)
def read_own_home() -> dict[str, object]:
    """One's own first page, for a phone that does not know yet whose it is."""
    own = [choice for choice in access.patients_of(current_actor()) if choice.relation == "self"]
    if not own:
        raise NotFound("no-own-record", "You have no record of your own here. Choose whom you are helping.")
    return read_home(own[0].id)


@blp.get("/patients/<uuid:patient_id>/taking", audience="person", answers=TakingSchema, etag_ignores=CLOCK)
def read_taking(patient_id: UUID) -> dict[str, object]:
    """What the phone needs to take a reading by hand and to say what it means without a network."""
    return taking(open_record(current_actor(), patient_id, Purpose.PATRQT, Action.READ_READINGS))


@blp.get("/patients/<uuid:patient_id>/year", audience="person", answers=YearSchema, etag_ignores=CLOCK)
def read_year(patient_id: UUID) -> dict[str, object]:
    """A year of readings in columns, small enough for a phone to keep."""
    return year(open_record(current_actor(), patient_id, Purpose.PATRQT, Action.READ_READINGS))


@blp.post(
    "/patients/<uuid:patient_id>/concern",
    audience="person",
    answers=ConcernSchema,
    status=201,
    repeatable=True,
    late=True,
)
def say_worried(patient_id: UUID) -> dict[str, object]:
    """Say "I'm worried", about oneself or about whom one cares for.

    It is on the team's list at once as urgent, whether or not the person is being watched.
    """
    # Cards before the audit, as everybody takes them.
    alerts.lock_cards_of([patient_id])
    return say(open_record(current_actor(), patient_id, Purpose.PATRQT, Action.RAISE_CONCERN))


@blp.get(
    "/patients/<uuid:patient_id>/series", audience="any", query=SeriesQuerySchema, answers=SeriesSchema,
    etag_ignores=CLOCK,
)  # fmt: skip
def read_series(patient_id: UUID, query: dict[str, object]) -> dict[str, object]:
    """One kind of value over time, for a chart, its table and its sentence."""
    kind, days = query["kind"], query["days"]
    assert isinstance(kind, str)
    assert isinstance(days, int)
    return service.series(_open(patient_id), kind, days)


@blp.get("/patients/<uuid:patient_id>/plan", audience="any", answers=PlanSchema, etag_ignores=CLOCK)
def read_plan(patient_id: UUID) -> dict[str, object]:
    """A person's plan, whole: what is private is hidden from carers."""
    return plan_page(_open(patient_id, Action.READ_PLAN))


@blp.get("/patients/<uuid:patient_id>/record", audience="team", answers=PersonPageSchema, etag_ignores=CLOCK)
def read_person_page(patient_id: UUID) -> dict[str, object]:
    """The team's page of one person."""
    record = open_record(current_actor(), patient_id, Purpose.CAREMGT, Action.READ_RECORD)
    return service.person_page(record)


@blp.get("/corrections/<uuid:correction_id>/difference", audience="team", answers=DifferenceSchema)
def read_difference(correction_id: UUID) -> dict[str, object]:
    """What a correction changed in the alerts."""
    return difference(quarantine.corrected_by(current_actor(), correction_id))


@blp.get(
    "/quarantine/voids/difference", audience="team", query=DifferenceQuerySchema, answers=DifferenceSchema
)
def read_difference_before(query: dict[str, Any]) -> dict[str, object]:
    """What a void would change in the alerts."""
    return difference(
        quarantine.measured_in(current_actor(), query["device"], query["from_at"], query["to_at"])
    )


@blp.get("/stream", audience="any", query=StreamQuerySchema, content_type="text/event-stream")
def read_stream(query: dict[str, object]) -> Response:  # noqa: ARG001 - documents the parameter
    """What changes, as it changes (server-sent events).

    Events: hello (read everything anew), observation, alert, message, quarantine, device and ping. They hold ids and
    no values; the page reads what it shows.
    """
    session = current_session()
    assert session is not None
    return stream(session)


def _open(patient_id: UUID, action: Action = Action.READ_READINGS) -> Record:
    actor = current_actor()
    purpose = Purpose.CAREMGT if actor.practitioner_id is not None else Purpose.PATRQT
    return open_record(actor, patient_id, purpose, action)
