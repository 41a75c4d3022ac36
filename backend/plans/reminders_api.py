"""How a person is reminded, over HTTP: their own choice alone, for it says when and by what they are reached."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from backend.access import service as access
from backend.access.record import Action, Purpose, Record, open_record
from backend.audit import service as audit
from backend.core.db import db
from backend.core.errors import Conflict, Invalid
from backend.core.http import Answer, current_actor
from backend.messages import service as messages
from backend.messages.ways import QUIET_FROM, QUIET_TO
from backend.pathways import service as pathways
from backend.pathways.schedule import HOME, on
from backend.plans import reminders
from backend.plans.edits import RemindersEditSchema, RemindersSchema
from backend.plans.models import ReminderSetting
from backend.plans.reminding import Wanted, clock, in_time, of_readings
from backend.plans.routes import blp
from backend.plans.written import Row, take_turns

Body = dict[str, Any]
open_anew = reminders.open_anew


def _opened(patient_id: UUID) -> Record:
    return open_record(current_actor(), patient_id, Purpose.PATRQT, Action.MANAGE_SHARING)


@blp.get("/patients/<uuid:patient_id>/reminders", audience="person", answers=RemindersSchema)
def read_reminders(patient_id: UUID) -> Answer:
    """What the person chose; version 0 is what nobody has chosen yet."""
    return _answer(_opened(patient_id))


@blp.post(
    "/patients/<uuid:patient_id>/reminders", method="PUT", audience="person", body=RemindersEditSchema,
    answers=RemindersSchema, repeatable=True, versioned=True,
)  # fmt: skip
def save_reminders(patient_id: UUID, if_version: int, body: Body) -> Answer:
    """Choose, at the version seen, W/"0" at first. What waits is put to the new times at once."""
    record = _opened(patient_id)
    take_turns(record)
    row = db.session.get(ReminderSetting, record.patient.id, populate_existing=True)
    if (row.version if row else 0) != if_version:
        shown = RemindersSchema().dump(_view(record))
        raise Conflict("changed-meanwhile", "This was changed on another phone of yours.", current=shown)
    _check(record, body)
    if row is None:
        row = ReminderSetting(patient_id=record.patient.id, version=0)
        db.session.add(row)
    row.version = if_version + 1
    for name in ("readings", "check_ins", "medicines", "times", "tell_seen"):
        setattr(row, name, body[name])
    messages.prefer(record.patient.id, body["channel"], body["email"])
    messages.keep_quiet(record.patient.id, clock(body["quiet_from"]), clock(body["quiet_to"]))
    db.session.flush()
    audit.record(
        record.actor, "change-reminders", "patient", str(patient_id), patient_id=record.patient.id,
        purpose=record.purpose.value, detail={"version": row.version},
    )  # fmt: skip
    reminders.open_anew(record.patient.id)
    return _answer(record)


def _check(record: Record, body: Body) -> None:
    if body["channel"] == "email":
        messages.check_address("email", body["email"] or "")
    errors, expected = {}, _expected(record)
    for kind, said in body["times"].items():
        due = [one for one in expected if one.subject == kind]
        moved = _counting(due, said)
        if due and not moved:
            words = ", ".join(sorted({_wall(one) for one in due}))
            errors[f"times.{kind}"] = [f"This is too far from the time your team expects it: {words}."]
    if errors:
        raise Invalid("times", "One of your times does not fit.", errors=errors)


def _counting(due: list[Wanted], said: str) -> list[Wanted]:
    """Those of these times for which a reading taken at a time of the day would count."""
    return [one for one in due if in_time(one, on(one.due_at.astimezone(HOME).date(), clock(said)))]


def _wall(one: Wanted) -> str:
    return one.due_at.astimezone(HOME).strftime("%H:%M")


def _expected(record: Record) -> list[Wanted]:
    """What the pathways expect in a week, at their own times."""
    now = access.database_time()
    enrolled = pathways.enrolments_for([record.patient.id]).get(record.patient.id, [])
    return of_readings(
        pathways.due_readings([one.pack for one in enrolled], now, now + timedelta(days=7)), {}
    )


def _answer(record: Record) -> Answer:
    view = _view(record)
    return Answer(view, version=view["version"])


def _view(record: Record) -> Row:
    row = db.session.get(ReminderSetting, record.patient.id, populate_existing=True)
    told = messages.preference(record.patient.id)
    expected: dict[str, set[str]] = {}
    for one in _expected(record):
        expected.setdefault(one.subject, set()).add(_wall(one))
    return {
        "version": row.version if row else 0, "readings": bool(row and row.readings),
        "check_ins": bool(row and row.check_ins), "medicines": row.medicines if row else True,
        "times": row.times if row else {}, "tell_seen": row.tell_seen if row else True,
        "expected": {kind: sorted(times) for kind, times in expected.items()},
        "quiet_from": (told.quiet_from if told else QUIET_FROM).strftime("%H:%M"),
        "quiet_to": (told.quiet_to if told else QUIET_TO).strftime("%H:%M"),
        "channel": told.channel if told else "web-push", "email": told.email if told else None,
        "channels": messages.sendable(),
    }  # fmt: skip
