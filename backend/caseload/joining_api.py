"""Adding a person over HTTP: the draft and its steps, the record, the kit, and going live."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from backend.access import joining as people
from backend.caseload import answers, joinings, registering, schemas
from backend.caseload.door import open_joining, own_teams
from backend.caseload.models import Joining
from backend.caseload.routes import blp
from backend.core.http import Answer, current_actor, idempotency_key
from backend.pathways import enrolling

Body = dict[str, Any]
_WORDS = {
    "no": "Nobody here has this number yet.",
    "yours": "This person is on your list already.",
    "here": "Somebody with this number is known here. Carry on, and a record from before is taken up again if name and"
    " date of birth agree; if another team looks after them, your team lead has to ask that team.",
}


class StartSchema(Schema):
    """Nothing to say."""


class GiveKitSchema(Schema):
    """A piece of kit by its serial number or device id."""

    device = schemas.words(128)
    slot = fields.Integer(load_default=0, validate=validate.Range(0, 15))
    without_cleaning_because = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(3, 200)
    )
    least_restrictive_because = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(3, 500)
    )


class DeclineSchema(Schema):
    """What became of the offer, and why."""

    outcome = schemas.one_of("declined", "not-suitable", "withdrawn")
    reason = schemas.one_of("cost", "no-need", "privacy", "technology", "too-ill", "other", "not-stated")


def _whole(row: Joining, status: int = 200) -> Answer:
    return Answer(joinings.view(current_actor(), row), status, version=row.version)


@blp.get("/joinings", audience="team", answers=answers.JoiningsSchema)
def read_joinings() -> Body:
    """Drafts of this team that nobody finished."""
    return joinings.page(current_actor())


@blp.post(
    "/joinings", audience="team", body=StartSchema, answers=answers.JoiningSchema, status=201, repeatable=True
)
def start(body: Body) -> Answer:
    """Begin to add somebody."""
    assert not body
    return _whole(joinings.start(current_actor()), 201)


@blp.post("/joinings/nhs-number", audience="team", body=schemas.NhsNumberSchema, answers=answers.KnownSchema)
def check_nhs_number(body: Body) -> Body:
    """Check a number and say whether somebody here has it; audited, and 429 with Retry-After after 30 in an hour."""
    actor = current_actor()
    own_teams(actor)
    found = people.known_as(actor, body["nhs_number"])
    return {"known": found.known, "patient_id": found.patient_id, "words": _WORDS[found.known]}


@blp.get("/joinings/pathways", audience="team", answers=answers.PathwayChoicesSchema)
def read_pathways() -> Body:
    """The pathways somebody can join."""
    own_teams(current_actor())
    return {"rows": enrolling.catalogue()}


@blp.get("/joinings/board-words", audience="team", answers=answers.BoardWordsSchema)
def read_board_words() -> Body:
    """The words each of the board's questions takes."""
    own_teams(current_actor())
    return {name: list(said) for name, said in schemas.BOARD_WORDS.items()}


@blp.get("/joinings/<uuid:joining_id>", audience="team", answers=answers.JoiningSchema)
def read_joining(joining_id: UUID) -> Answer:
    """A draft whole, with what is missing, the kit and the first reading."""
    return _whole(open_joining(current_actor(), joining_id))


def _step(step: str) -> None:
    """Route one step: what it asks is its schema."""

    def save(joining_id: UUID, if_version: int, body: Body) -> Answer:
        return _whole(joinings.save_step(current_actor(), joining_id, step, body, if_version))

    save.__name__ = f"save_{step}"
    save.__doc__ = f"Keep what was said: {joinings.NEEDED.get(step, 'what the board asks')}."
    _change(f"/{step}", joinings.STEPS[step])(save)


def _change(path: str, body: type[Schema]) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    return blp.post(
        f"/joinings/<uuid:joining_id>{path}", audience="team", body=body, answers=answers.JoiningSchema,
        repeatable=True, versioned=True,
    )  # fmt: skip


for _one in joinings.STEPS:
    _step(_one)


@_change("/register", StartSchema)
def register(joining_id: UUID, if_version: int, body: Body) -> Answer:
    """Make the person's record; they wait for kit and are not monitored yet."""
    assert not body
    return _whole(registering.register(current_actor(), joining_id, if_version))


@_change("/kit", GiveKitSchema)
def give_kit(joining_id: UUID, if_version: int, body: Body) -> Answer:
    """Give a piece of kit by what stands on its label."""
    row = registering.give_kit(current_actor(), joining_id, body, if_version, idempotency_key())
    return _whole(row)


@_change("/go-live", StartSchema)
def go_live(joining_id: UUID, if_version: int, body: Body) -> Answer:
    """Begin to watch; 412 with every reason why not."""
    assert not body
    return _whole(registering.go_live(current_actor(), joining_id, if_version))


@_change("/decline", DeclineSchema)
def decline(joining_id: UUID, if_version: int, body: Body) -> Answer:
    """Write down that it was offered and not taken, and why."""
    return _whole(registering.decline(current_actor(), joining_id, body, if_version))
