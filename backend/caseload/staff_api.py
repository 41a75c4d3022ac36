"""Staff accounts over HTTP, for administrators, who open nobody's record."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from backend.access import staff
from backend.caseload import answers, schemas, shutting_out
from backend.caseload.care_api import code_answer
from backend.caseload.routes import blp
from backend.core.errors import Invalid
from backend.core.http import Answer, current_actor
from backend.core.routes import Instant
from backend.directory import service as directory

Body = dict[str, Any]


class TeamMembershipSchema(Schema):
    """In which team, from when (null: now) to when (null: for good)."""

    team_id = fields.UUID(required=True)
    since = Instant(data_key="from", load_default=None, allow_none=True)
    until = Instant(load_default=None, allow_none=True)


class StaffNameSchema(Schema):
    """What somebody is called, and what they are."""

    display_name = schemas.words(120)
    role = schemas.one_of(*staff.ASSIGNABLE)


class NewStaffSchema(StaffNameSchema):
    """A new account; its password is chosen with a one-time code."""

    username = schemas.words(64, least=3)
    teams = fields.List(fields.Nested(TeamMembershipSchema), load_default=list)
    practice_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "For the role practice: which one."}
    )


class ShutOutSchema(Schema):
    """Why somebody is shut out."""

    why = schemas.one_of("left", "leave", "misuse", "other")


class EmptySchema(Schema):
    """Nothing to say."""


class PracticeChoiceSchema(Schema):
    """A GP practice there is."""

    id, name = answers.uuid(), answers.said()


class StaffTeamSchema(Schema):
    """A team somebody is, was or will be in."""

    id, name = answers.uuid(), answers.said()
    since = Instant(data_key="from", attribute="from", required=True, allow_none=True)
    until = answers.perhaps_at()


class StaffRowSchema(Schema):
    """Somebody who works here."""

    id, version, display_name, role = answers.uuid(), answers.whole(), answers.said(), answers.said()
    username, disabled_at, has_password = answers.told(), answers.perhaps_at(), answers.flag()
    teams = answers.many(StaffTeamSchema)
    practice = fields.Nested(
        PracticeChoiceSchema, required=True, allow_none=True, metadata={"description": "Of practice staff."}
    )


class TeamChoiceSchema(Schema):
    """A team there is."""

    id, name = answers.uuid(), answers.said()


class StaffSchema(Schema):
    """Everybody, the teams and practices there are, and the roles somebody may be given."""

    rows, teams, roles = answers.many(StaffRowSchema), answers.many(TeamChoiceSchema), answers.texts()
    practices = answers.many(PracticeChoiceSchema)


def _row(row: Body, status: int = 200) -> Answer:
    return Answer(_placed([row])[0], status, version=row["version"])


def _placed(rows: list[Body]) -> list[Body]:
    """The same with the practice of each by name."""
    known = {one.key: one for one in directory.practices()}
    return [row | {"practice": known.get(row["practice_key"])} for row in rows]


def _practice(practice_id: UUID | None) -> int | None:
    if practice_id is None:
        return None
    found = next((one.key for one in directory.practices() if one.id == practice_id), None)
    if found is None:
        raise Invalid(
            "practice", "There is no such practice.", errors={"practice_id": ["There is no such practice."]}
        )
    return found


@blp.get("/staff", audience="team", answers=StaffSchema)
def read_staff() -> Body:
    """Everybody who works here."""
    page = staff.page(current_actor())
    return page | {"rows": _placed(page["rows"]), "practices": directory.practices()}


@blp.post("/staff", audience="team", body=NewStaffSchema, answers=StaffRowSchema, status=201, repeatable=True)
def add_staff(body: Body) -> Answer:
    """Make an account for somebody."""
    row = staff.add(
        current_actor(), body["display_name"], body["role"], body["username"],
        [one | {"from": one["since"]} for one in body["teams"]], _practice(body["practice_id"]),
    )  # fmt: skip
    return _row(row, 201)


@blp.post(
    "/staff/<uuid:staff_id>", audience="team", body=StaffNameSchema, answers=StaffRowSchema, repeatable=True,
    versioned=True,
)  # fmt: skip
def change_staff(staff_id: UUID, if_version: int, body: Body) -> Answer:
    """Change a name or a role."""
    return _row(staff.change(current_actor(), staff_id, body["display_name"], body["role"], if_version))


@blp.post(
    "/staff/<uuid:staff_id>/teams", audience="team", body=TeamMembershipSchema, answers=StaffRowSchema,
    repeatable=True, versioned=True,
)  # fmt: skip
def set_staff_team(staff_id: UUID, if_version: int, body: Body) -> Answer:
    """Put somebody in a team, or end it."""
    asked = (body["team_id"], body["since"], body["until"])
    return _row(shutting_out.set_team(current_actor(), staff_id, *asked, if_version))


@blp.post(
    "/staff/<uuid:staff_id>/disable", audience="team", body=ShutOutSchema, answers=StaffRowSchema,
    repeatable=True, versioned=True,
)  # fmt: skip
def disable_staff(staff_id: UUID, if_version: int, body: Body) -> Answer:
    """Shut somebody out now."""
    return _row(shutting_out.shut_out(current_actor(), staff_id, body["why"], if_version))


@blp.post(
    "/staff/<uuid:staff_id>/enable", audience="team", body=EmptySchema, answers=StaffRowSchema,
    repeatable=True, versioned=True,
)  # fmt: skip
def enable_staff(staff_id: UUID, if_version: int, body: Body) -> Answer:
    """Let somebody in again."""
    assert not body
    return _row(shutting_out.let_in(current_actor(), staff_id, if_version))


@blp.post(
    "/staff/<uuid:staff_id>/pairing-codes", audience="team", body=EmptySchema,
    answers=answers.PairingCodeSchema, status=201,
)  # fmt: skip
def make_staff_code(staff_id: UUID, body: Body) -> Body:
    """A one-time code with which somebody chooses a password, shown this once."""
    assert not body
    return code_answer(*staff.pairing_code(current_actor(), staff_id), "/team/pair")
