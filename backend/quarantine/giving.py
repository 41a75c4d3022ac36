"""Gives a reading that belongs to nobody yet to a person, and takes it back: chosen from one's own caseload."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from backend.access.record import Action, OpenPatient, Purpose, open_record
from backend.audit import service as audit
from backend.core.clock import now
from backend.core.errors import Invalid
from backend.core.http import Actor
from backend.devices import known
from backend.quarantine import desk, replays

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody a reading may be given to. `wore` says that the device was ever bound to them."""

    id: UUID
    display_name: str
    birth_date: date
    nhs_number: str
    wore: bool


def choices(actor: Actor, message_id: UUID, words: str) -> list[Choice]:
    """People of the caseload whose name or NHS number holds `words`, who ever wore the device first."""
    seen = desk.opened(actor, message_id)
    device = seen.message.device_row_id
    wore = known.ever_wore(device) if device is not None else set()
    asked = words.casefold().replace(" ", "")
    found = [one for one in seen.panel.patients.values() if _holds(one, asked) and (asked or one.id in wore)]
    found.sort(key=lambda one: (one.id not in wore, one.display_name))
    return [
        Choice(one.public_id, one.display_name, one.birth_date, one.nhs_number, one.id in wore)
        for one in found[:MOST_FOUND]
    ]


def _holds(patient: OpenPatient, asked: str) -> bool:
    return asked in patient.display_name.casefold().replace(" ", "") or asked in patient.nhs_number


def give(actor: Actor, message_id: UUID, patient: UUID, reason: str) -> replays.Progress:
    """Say whose reading a message is; the gateway stores it through the one door, where consent must stand.

    Raises RecordRefused when the message or the person is not open to this actor, Invalid when the message's
    trouble is not that its wearer is unknown.
    """
    seen = desk.opened(actor, message_id, Action.ADD_READING)
    record = open_record(actor, patient, Purpose.CAREMGT, Action.ADD_READING)
    message = seen.message
    if not desk.may_attribute(message):
        raise Invalid(
            "not-attributable", "Only a reading of known kit that waits for its person can be given."
        )
    # The gateway asks again as of the time of measurement; who has withdrawn since is not given anything either.
    if not known.wearer_named(message.device_id, record.patient.id, now()).consented:
        raise Invalid("no-consent", "This person has not agreed to be monitored, so no reading may be added.")
    asked = replays.ask(seen.panel.practitioner.id, [message.key], record.patient.id, reason)
    audit.record(
        actor,
        "attribute",
        desk.ENTITY,
        str(message_id),
        patient_id=record.patient.id,
        purpose=Purpose.CAREMGT.value,
        detail={"replay": str(asked.id), "device": message.device_id},
    )
    return asked
