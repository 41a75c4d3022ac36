"""One person's care besides readings: what is known, who decides, what is paused; read whole, changed in parts."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from backend.access import care, documents, proxies
from backend.access import service as access
from backend.access.needs import needs_of
from backend.access.record import Action, Purpose, Record, open_record
from backend.alerts import service as alerts
from backend.caseload import leavings, reviews, written
from backend.caseload.joined import rule_conflicts_of, status_of
from backend.caseload.joinings import said_by
from backend.caseload.schemas import QUANTITIES, TRUTHS
from backend.core.http import Actor
from backend.pathways import pauses
from backend.pathways import service as pathways

Body = Mapping[str, Any]
Row = dict[str, Any]
NEEDS = ("language", "interpreter", "hearing", "sight", "reach", "rescue_pack", "rescue_pack_where")


def read(actor: Actor, patient_id: UUID) -> Row:
    """The whole page."""
    return view(open_record(actor, patient_id, Purpose.CAREMGT, Action.READ_RECORD))


def change(
    actor: Actor, patient_id: UUID, if_version: int, what: str, write: Callable[[Record, care.PatientOf], None],
    action: Action = Action.CHANGE_CARE,
) -> Row:  # fmt: skip
    """Change one part at the version seen; answers the page as it then is. Raises as `open_record`, Conflict."""
    # A death closes cards, and whoever has a card writes to the audit after it: the card comes first for all of them.
    alerts.lock_cards_of([patient_id])
    record = open_record(actor, patient_id, Purpose.CAREMGT, action)
    write(record, care.touch(record, if_version, what))
    return view(open_record(actor, patient_id, Purpose.CAREMGT, Action.READ_RECORD))


def write_needs(record: Record, _: care.PatientOf, said: Body) -> None:
    """Needs, whole."""
    care.set_needs(record.patient.id, said)


def write_contacts(_: Record, row: care.PatientOf, said: Body) -> None:
    """Contacts, whole."""
    written.write_contacts(row, said)


def write_facts(_: Record, row: care.PatientOf, said: Body) -> None:
    """Facts that drive rules, whole."""
    written.write_facts(row, said)


def write_more_pathways(record: Record, _: care.PatientOf, said: Body) -> None:
    """Pathways to wait for, with targets and choices."""
    written.write_pathways(record, said, said_by(record.actor))


def view(record: Record) -> Row:
    """Everything on the page of one person's care."""
    patient = record.patient
    enrolled = pathways.enrolments_for([patient.id]).get(patient.id, [])
    died_on = leavings.died([patient.id]).get(patient.id)
    status = status_of(one.status for one in enrolled)
    known = needs_of([patient.id])[patient.id]
    return {
        "as_of": access.database_time(), "version": care.version_of(patient.id),
        "patient": {
            "id": patient.public_id, "display_name": patient.display_name, "birth_date": patient.birth_date,
            "nhs_number": patient.nhs_number,
        },
        "status": status, "monitored": status == "live", "died_on": died_on,
        "lives_alone": patient.lives_alone, "key_safe_reference": patient.key_safe_reference,
        "needs": {name: getattr(known, name) for name in NEEDS},
        "contacts": [asdict(one) for one in known.contacts],
        "rule_conflicts": rule_conflicts_of(patient.id),
        "facts": {name: patient.facts.get(name) for name in (*TRUTHS, *QUANTITIES)},
        "capacity": proxies.capacity_rows(record), "proxies": proxies.proxy_rows(record),
        "documents": [asdict(one) for one in known.documents], "end_of_life": documents.plan_row(record),
        "pauses": [_pause(one) for one in pauses.pauses_for([patient.id]).get(patient.id, ())],
        "enrolments": [
            {
                "id": one.enrolment, "pathway": one.pack.pathway, "title": one.pack.title,
                "version": one.pack.version, "status": one.status,
            }
            for one in enrolled
        ],
        **reviews.of(patient.id),
    }  # fmt: skip


def _pause(one: pauses.PauseSpan) -> Row:
    return {
        "id": one.id, "version": one.version, "kind": one.kind, "from": one.start, "until": one.end,
        "is_now": one.is_now, "reason": one.reason, "discharged": one.discharged,
    }  # fmt: skip
