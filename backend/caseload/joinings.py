"""Adding a person as a draft that anybody of the team may carry on with: its steps, and what is missing yet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from marshmallow import Schema
from sqlalchemy import select

from backend.access import care, pairing, proxies
from backend.access import service as access
from backend.access.record import Action, Purpose, Record, Task, allow, open_record
from backend.caseload import board, schemas
from backend.caseload.door import changed, open_joining, own_teams
from backend.caseload.joined import (
    conflicts_of,
    first_reading,
    problems_of,
    rule_conflicts_of,
    status_now,
    warnings_of,
)
from backend.caseload.models import Joining
from backend.caseload.written import write_step
from backend.core.db import db
from backend.core.errors import Conflict
from backend.core.http import Actor
from backend.kit import returning as kit
from backend.pathways import enrolling

Body = dict[str, Any]

STEPS: Final[Mapping[str, type[Schema]]] = {
    "identity": schemas.IdentitySchema, "contacts": schemas.ContactsSchema, "needs": schemas.NeedsSchema,
    "consent": schemas.ConsentSchema, "facts": schemas.FactsSchema, "pathways": schemas.PathwaysSchema,
    "board": schemas.BoardSchema,
}  # fmt: skip
# The board's questions keep nobody waiting: what was not asked is not stated.
NEEDED: Final = {
    "identity": "who it is", "contacts": "whom to ring", "needs": "how they are understood and reached",
    "consent": "whether they agree to be monitored", "facts": "the facts that change what a value means",
    "pathways": "at least one pathway",
}  # fmt: skip
ONCE_REGISTERED: Final = frozenset({"identity", "consent"})


def start(actor: Actor) -> Joining:
    """Begin a draft in one's own team; offering it is what the board counts from."""
    team = own_teams(actor)[0]
    assert actor.practitioner_id is not None
    row = Joining(care_team_id=team.id, started_by=actor.practitioner_id, version=0, draft={})
    db.session.add(row)
    db.session.flush()
    changed(actor, row, "start")
    board.offered(row)
    return row


def page(actor: Actor) -> Body:
    """Drafts of one's own teams that nobody finished, the latest touched first."""
    teams = [team.id for team in own_teams(actor)]
    rows = db.session.scalars(
        select(Joining)
        .where(Joining.care_team_id.in_(teams), Joining.closed_at.is_(None))
        .order_by(Joining.changed_at.desc())
    ).all()
    names = access.practitioner_names([row.started_by for row in rows])
    ids = access.public_ids([row.patient_id for row in rows if row.patient_id is not None])
    asked = board.asked([row.id for row in rows])
    return {
        "as_of": access.database_time(),
        "rows": [
            {
                "id": row.public_id, "version": row.version, "display_name": _name(row),
                "started_at": row.started_at, "changed_at": row.changed_at,
                "started_by": names[row.started_by][1], "state": row.state, "done": _done(row, row.id in asked),
                "patient_id": ids.get(row.patient_id or 0),
            }
            for row in rows
        ],
    }  # fmt: skip


def save_step(actor: Actor, joining_id: UUID, step: str, body: Body, if_version: int) -> Joining:
    """Keep a step; after `register` it is written to the record too.

    Raises Invalid for what cannot be, Conflict for a draft that is closed, or a step that has its own page
    once the person is there.
    """
    row = open_joining(actor, joining_id, if_version=if_version)
    check_open(row)
    _check(actor, step, body)
    kept = STEPS[step]().dump(body)
    if step == "pathways":
        kept |= {"set_by": said_by(actor)}
    if row.patient_id is not None:
        if step in ONCE_REGISTERED:
            raise Conflict("registered", "Change this on the person's own page now.")
        write_step(record_of(actor, row), step, body, said_by(actor))
    if step == "board":
        board.answered(row, body)
    else:
        row.draft = row.draft | {step: kept}
    changed(actor, row, step)
    return row


def _check(actor: Actor, step: str, body: Body) -> None:
    """What the schema cannot know: of other tables, of who asks."""
    if step == "consent":
        for one in body["proxies"]:
            proxies.check_basis(one["basis"])
    if step == "pathways":
        enrolling.check_names(body["pathways"])
        if body["limits"] or body["choices"]:
            allow(actor, Task.SET_TARGET)


def check_open(row: Joining) -> None:
    """Raise Conflict for a draft that is finished."""
    if row.closed_at is not None:
        raise Conflict("closed", "This was finished already.", current={"state": row.state})


def said_by(actor: Actor) -> str:
    """Who sets a target, as it stands beside it from then on: "Jo Lark, clinician"."""
    return f"{access.display_name(actor)}, {access.role_of(actor)}"


def record_of(actor: Actor, row: Joining) -> Record:
    """The record of whom a draft became."""
    assert row.patient_id is not None
    patient = access.public_ids([row.patient_id])[row.patient_id]
    return open_record(actor, patient, Purpose.CAREMGT, Action.CHANGE_CARE)


def missing(row: Joining) -> list[dict[str, str]]:
    """What stands between a draft and the record."""
    lacks = {step: words for step, words in NEEDED.items() if step not in row.draft}
    consent = row.draft.get("consent")
    if consent is not None and not consent["monitoring"]:
        lacks["consent"] = "their agreement to be monitored; without it, write down that they declined"
    return [{"step": step, "words": words} for step, words in lacks.items()]


def view(actor: Actor, row: Joining) -> Body:
    """A draft whole: what was said, what is missing, and once there is a person, how far their kit has come."""
    names = access.practitioner_names([row.started_by])
    steps = {step: _step(row, step) for step in STEPS}
    body: Body = {
        "id": row.public_id, "version": row.version, "as_of": access.database_time(), "state": row.state,
        "started_at": row.started_at, "changed_at": row.changed_at, "started_by": names[row.started_by][1],
        "steps": steps,
        "done": _done(row, steps["board"] is not None), "missing": missing(row) if row.patient_id is None else [],
        "patient": None, "kit": [], "first_reading": None, "paired": False, "problems": [], "conflicts": [],
        "rule_conflicts": [], "warnings": [],
    }  # fmt: skip
    return body if row.patient_id is None else body | _person(record_of(actor, row), row.registered_at)


def _person(record: Record, since: datetime | None) -> Body:
    patient = record.patient
    pieces = kit.kit_of(patient.id)
    return {
        "patient": {
            "id": patient.public_id, "display_name": patient.display_name, "status": status_now(patient.id),
            "version": care_version(patient.id),
        },
        "kit": pieces, "first_reading": first_reading(patient.id, since),
        "paired": pairing.is_paired(patient.id), "problems": problems_of(patient),
        "conflicts": conflicts_of(patient), "rule_conflicts": rule_conflicts_of(patient.id),
        "warnings": warnings_of(patient, pieces),
    }  # fmt: skip


def care_version(patient_id: int) -> int:
    """The version of what is known of a person."""
    return care.version_of(patient_id)


def said_in(row: Joining, step: str) -> Body:
    """What a kept step says, as it was taken in."""
    kept = {name: value for name, value in row.draft[step].items() if name != "set_by"}
    said: Body = STEPS[step]().load(kept)
    return said


def _step(row: Joining, step: str) -> Body | None:
    if step == "board":
        return board.answers(row)
    return said_in(row, step) if step in row.draft else None


def _done(row: Joining, board_asked: bool) -> list[str]:
    return [step for step in STEPS if step in row.draft or (step == "board" and board_asked)]


def _name(row: Joining) -> str | None:
    said = row.draft.get("identity")
    return None if said is None else f"{said['given_name']} {said['family_name']}"
