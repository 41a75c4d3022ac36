"""From draft to person: makes the record, gives the kit, sets live; or writes down that it was declined."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.access import joining as people
from backend.access.record import Record
from backend.caseload import board
from backend.caseload.door import changed, open_joining
from backend.caseload.joined import known_of, problems_of
from backend.caseload.joinings import STEPS, check_open, missing, record_of, said_in
from backend.caseload.leavings import died
from backend.caseload.models import Joining, Review, SensorReason
from backend.caseload.written import write_consent, write_pathways, write_step
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict, Invalid
from backend.core.http import Actor
from backend.directory import service as directory
from backend.kit import returning as kit
from backend.pathways import service as pathways

Body = dict[str, Any]
# An Alongside default: who goes live is looked at again within four weeks.
FIRST_REVIEW_DAYS = 28


def register(actor: Actor, joining_id: UUID, if_version: int) -> Joining:
    """Make the person of a draft: record, consent, pathways to wait for. They are not monitored yet.

    Raises Conflict "not-ready" with what is missing, "already-known", "details-differ".
    """
    row = open_joining(actor, joining_id, if_version=if_version)
    check_open(row)
    if row.patient_id is not None:
        raise Conflict("registered", "This person is there already.")
    lacks = missing(row)
    if lacks:
        raise Conflict("not-ready", "Something is missing yet.", current={"missing": lacks})
    said = {step: said_in(row, step) for step in STEPS if step in row.draft}
    patient = people.take_on(actor, row.care_team_id, said["identity"], *_place(said["identity"]))
    row.patient_id = people.key_of(patient)
    row.registered_at = db.session.execute(select(sql_now())).scalar_one()
    row.state = "registered"
    record = record_of(actor, row)
    people.consent_to_monitoring(record, said["consent"]["how"])
    write_consent(record, said["consent"])
    for step in ("contacts", "needs", "facts"):
        write_step(record, step, said[step], "")
    write_pathways(record, said["pathways"], row.draft["pathways"]["set_by"])
    changed(actor, row, "register")
    return row


def _place(said: Body) -> tuple[int | None, int | None]:
    """Inside keys of the home and of the GP practice; raises Invalid for a practice nobody knows."""
    home = directory.add_place(said["address"], said["postcode"]) if said["address"] else None
    if not said["gp_ods_code"]:
        return home, None
    practice = directory.practice_by_code(said["gp_ods_code"])
    if practice is None:
        raise Invalid(
            "gp-practice", "There is no practice with this code.", errors={"gp_ods_code": ["Not known."]}
        )
    return home, practice


def give_kit(actor: Actor, joining_id: UUID, body: Body, if_version: int, change_id: UUID) -> Joining:
    """Give a piece of kit by what stands on its label; raises as `kit.give`, Invalid "least-restrictive"."""
    row = open_joining(actor, joining_id, if_version=if_version)
    check_open(row)
    if row.patient_id is None:
        raise Conflict("not-registered", "First make the person's record.")
    record = record_of(actor, row)
    piece = kit.find(actor, body["device"])
    why = body["least_restrictive_because"]
    if piece.kind in kit.NEEDS_REASON and not why:
        raise Invalid(
            "least-restrictive", "Write why a door or location sensor is the least restrictive way.",
            errors={"least_restrictive_because": ["Needed for this kind of kit."]},
        )  # fmt: skip
    # Given on the page of kit already: then only the reason is new.
    has_it = any(one.row_id == piece.id for one in kit.kit_of(row.patient_id))
    if not (has_it and why):
        kit.give(
            actor, piece, record.patient.public_id, body["slot"], body["without_cleaning_because"], change_id
        )
    if why:
        assert actor.practitioner_id is not None
        db.session.add(
            SensorReason(
                patient_id=row.patient_id, device_id=piece.id, why=why, recorded_by=actor.practitioner_id
            )
        )
    changed(actor, row, "kit")
    return row


def go_live(actor: Actor, joining_id: UUID, if_version: int) -> Joining:
    """Begin to watch; raises Conflict "cannot-go-live" with every reason why not."""
    row = open_joining(actor, joining_id, if_version=if_version)
    check_open(row)
    if row.patient_id is None:
        raise Conflict("not-registered", "First make the person's record.")
    record = record_of(actor, row)
    set_live(record)
    row.state, row.closed_at = "live", db.session.execute(select(sql_now())).scalar_one()
    # What was said stands in the record now; a draft would be a second place to find a name in.
    row.draft = {}
    board.decided(row, "joined")
    changed(actor, row, "go-live")
    return row


def set_live(record: Record) -> None:
    """Set what a person waits for live, and date their first review; never somebody who has died."""
    patient = record.patient
    if patient.id in died([patient.id]):
        raise Conflict("died", "This person has died. If that is a mistake, take it back first.")
    problems = problems_of(patient)
    if problems:
        words = "This person cannot be monitored yet: " + "; ".join(problems) + "."
        raise Conflict("cannot-go-live", words, current={"problems": problems})
    pathways.activate(patient.id, *known_of(patient))
    today = db.session.execute(select(sql_now())).scalar_one().date()
    if db.session.execute(select(Review.id).where(Review.patient_id == patient.id)).first() is None:
        due = today.fromordinal(today.toordinal() + FIRST_REVIEW_DAYS)
        db.session.add(Review(patient_id=patient.id, note="", next_due=due))
    db.session.flush()


def decline(actor: Actor, joining_id: UUID, body: Body, if_version: int) -> Joining:
    """Write down that it was offered and not taken, and why. What the draft said of the person is forgotten."""
    row = open_joining(actor, joining_id, if_version=if_version)
    check_open(row)
    if row.patient_id is not None:
        raise Conflict("registered", "The record is there already: end the monitoring on the person's page.")
    row.state, row.closed_at = "declined", db.session.execute(select(sql_now())).scalar_one()
    # Nobody here looks after them: no more is kept than that somebody was asked.
    row.draft = {}
    board.decided(row, body["outcome"], body["reason"])
    changed(actor, row, "decline")
    return row
