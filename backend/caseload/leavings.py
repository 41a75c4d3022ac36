"""How being watched ends: told to everybody and never while something is open; and a death, in one act, reversible."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.access import joining as people
from backend.access.needs import contacts_of
from backend.access.record import Record
from backend.alerts import service as alerts
from backend.alerts.levels import Severity
from backend.caseload.models import Leaving
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict, Invalid
from backend.core.outbox import Message, queue_all
from backend.directory import service as directory
from backend.escalation import service as escalation
from backend.kit import returning as kit
from backend.messages import service as messages
from backend.messages.outgoing import Address
from backend.pathways import enrolling, pauses

Row = dict[str, Any]


def end(record: Record, reason: str, note: str, change_id: UUID) -> Row:
    """End the monitoring now: tell the person, carers and GP, ask the kit back, leave the caseload.

    Raises Conflict "alerts-open" with what is open: nobody walks away from something unanswered.
    """
    patient = record.patient
    # From here on nothing of theirs opens until this is over: what comes meanwhile comes after, and stays open.
    alerts.lock_cards([patient.id])
    _check_nothing_open(patient.id)
    before = {"enrolments": enrolling.end_enrolments(patient.id)}
    pauses.cut_pauses(patient.id)
    # What is left is information, which asks nothing of anybody.
    alerts.close_all(
        patient.id, "no-change", "Monitoring has ended.", record.actor.id, only=frozenset({Severity.INFO})
    )
    messages.stop(patient.id)
    row = _add(record, "ended", reason=reason, note=note, before=before)
    # Whose death is known is not told of again: not to the GP, and not to those who mourn.
    told = [] if died([patient.id]) else _tell_not_watched(record, row)
    asked = kit.ask_back(record, "Monitoring has ended", change_id, end=True)
    people.end_monitoring_consent(patient.id)
    people.end_care(patient.id)
    listed = [{"device_id": one, "state": state} for one, state in kit.states_of(list(asked)).items()]
    return {
        "not_watched_from": row.at, "told": [one.to_kind for one in told], "no_way": _no_way(told), "kit": listed,
    }  # fmt: skip


def died(patient_ids: Collection[int]) -> dict[int, date]:
    """Who of these has died, and on which day: evaluation looks no further than that."""
    rows = db.session.execute(
        select(Leaving.patient_id, Leaving.died_on).where(
            Leaving.patient_id.in_(list(patient_ids)), Leaving.kind == "died", Leaving.undone_at.is_(None)
        )
    )
    return {row.patient_id: row.died_on for row in rows}


def note_death(record: Record, died_on: date, note: str, change_id: UUID) -> None:
    """Somebody has died: nothing more is sent to them, alerts close, GP and alarm centre are told.

    Kit stays bound until it is fetched, gently: whoever presses a pendant in that home still gets an answer.
    The team keeps the record open to them. Raises Conflict "died-already", Invalid for a day to come.
    """
    patient = record.patient
    today = db.session.execute(select(sql_now())).scalar_one().date()
    if died_on > today:
        raise Invalid("died-on", "That day has not come.", errors={"died_on": ["In the future."]})
    if patient.id in died([patient.id]):
        raise Conflict("died-already", "This was written down already.")
    is_telecare = any(one.is_telecare for one in kit.kit_of(patient.id))
    before: Row = {"enrolments": enrolling.end_enrolments(patient.id)}
    before["kit"] = kit.ask_back(record, "Collect gently: the person has died", change_id, end=False)
    before["consents"] = people.end_monitoring_consent(patient.id)
    before["pauses"] = pauses.cut_pauses(patient.id)
    # First the row: from here on the outbox itself takes nothing for the person.
    row = _add(record, "died", note=note, died_on=died_on, before=before)
    messages.stop(patient.id)
    alerts.close_all(patient.id, "died", None, record.actor.id)
    _tell_organisations(record, "person-died", row, alarm_centre=is_telecare)


def undo_death(record: Record, why: str) -> None:
    """Take it back: watched as before, kit stays; alerts that were closed stay closed, and say why.

    Raises Conflict when no death is written down.
    """
    patient = record.patient
    row = next(
        (one for one in record.list(Leaving, Leaving.kind == "died", Leaving.undone_at.is_(None))), None
    )
    if row is None:
        raise Conflict("not-died", "No death is written down for this person.")
    row.undone_at = db.session.execute(select(sql_now())).scalar_one()
    row.undone_by, row.undone_why = record.actor.practitioner_id, why
    row.version += 1
    db.session.flush()
    people.restore_consent(patient.id, row.before["consents"])
    enrolling.restore_enrolments(patient.id, row.before["enrolments"])
    pauses.restore_pauses(patient.id, row.before.get("pauses", {}))
    kit.keep_after_all(record, row.before["kit"])
    is_telecare = any(one.is_telecare for one in kit.kit_of(patient.id))
    _tell_organisations(record, "person-died-undone", row, alarm_centre=is_telecare)


def _add(record: Record, kind: str, **facts: Any) -> Leaving:
    row = Leaving(
        patient_id=record.patient.id, version=1, kind=kind, made_by=record.actor.practitioner_id, **facts
    )
    db.session.add(row)
    db.session.flush()
    db.session.refresh(row)
    return row


def _check_nothing_open(patient_id: int) -> None:
    standing, words = alerts.open_alerts(patient_id), "Close what is open about this person first."
    if not standing:
        # Somebody promised to look again, and nobody could any more.
        standing, words = alerts.owed_rechecks(patient_id), "Do what is to be checked again first."
    if standing:
        listed = [{"id": str(one.id), "title": one.title, "level": one.level} for one in standing]
        raise Conflict("alerts-open", words, current={"alerts": listed})


def _tell_not_watched(record: Record, row: Leaving) -> list[Message]:
    """The person, everybody around them who is to be told, and the GP: "not watched from <date>"."""
    patient = record.patient
    facts = {"leaving": str(row.public_id), "from": f"{row.at:%-d %B %Y}"}
    template = "not-watched-from"
    told = [Message("patient", str(patient.public_id), template, facts, patient.id)]
    around = {one.person for one in contacts_of([patient.id]).get(patient.id, ()) if one.tell}
    around |= set(people.standing_proxies(patient.id))
    told += [
        Message("related-person", str(one), template, facts, patient.id) for one in sorted(around, key=str)
    ]
    told += _to_practice(record, template, facts)
    queue_all(told)
    return told


def _no_way(told: Collection[Message]) -> list[str]:
    """Of those who should be told, the organisations that no message can reach: somebody rings them."""
    asked = {Address(one.to_kind, one.to_ref) for one in told if one.to_kind == "organization"}
    return [address.kind for address, ways in messages.reach(asked).items() if not ways]


def _tell_organisations(record: Record, template: str, row: Leaving, *, alarm_centre: bool) -> None:
    facts = {"leaving": str(row.public_id), "patient": str(record.patient.public_id)}
    told = _to_practice(record, template, facts)
    if alarm_centre:
        theirs = escalation.alarm_centre_of(record.patient.id)
        centres = [theirs] if theirs is not None else directory.alarm_centres()
        told += [Message("organization", str(one), template, facts, record.patient.id) for one in centres]
        if not centres:
            told.append(Message("duty", "duty", template, facts, record.patient.id))
    queue_all(told)


def _to_practice(record: Record, template: str, facts: dict[str, str]) -> list[Message]:
    practice = record.patient.gp_practice_id
    address = directory.addresses_of([practice]).get(practice) if practice is not None else None
    return (
        [] if address is None else [Message("organization", str(address), template, facts, record.patient.id)]
    )
