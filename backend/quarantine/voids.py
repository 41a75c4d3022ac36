"""Takes a faulty device's readings out of the records of a team's own people, and puts them back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.access import service as access
from backend.access.record import Action, Panel, Purpose, RecordRefused, open_record
from backend.audit import service as audit
from backend.core.errors import Conflict, Invalid, NotFound
from backend.core.http import Actor
from backend.core.notices import notify
from backend.devices import known
from backend.devices.known import KnownDevice
from backend.observations import service as observations
from backend.observations.service import Made, Measured
from backend.quarantine import replays
from backend.quarantine.desk import open_desk

ENTITY = "correction"
# Alongside defaults: longer than any fault that nobody noticed, and what one transaction holds with ease.
LONGEST = timedelta(days=92)
MOST_MESSAGES = 20_000


@dataclass(frozen=True, slots=True)
class Batch:
    """What a void would take out: of the team's own people; of others only how many there are."""

    panel: Panel
    device: KnownDevice
    messages: Sequence[Measured]
    elsewhere: int

    def people(self) -> list[dict[str, object]]:
        """Each person with how many messages, first and last."""
        mine: dict[int, list[Measured]] = {}
        for one in self.messages:
            mine.setdefault(one.patient_id, []).append(one)
        return [
            {
                "id": self.panel.patients[id_].public_id,
                "display_name": self.panel.patients[id_].display_name,
                "messages": len(ones),
                "first_at": ones[0].effective_at,
                "last_at": ones[-1].effective_at,
            }
            for id_, ones in mine.items()
        ]


def find(actor: Actor, device_id: str, starts_at: datetime, ends_at: datetime) -> Batch:
    """What a device measured in [starts_at, ends_at); raises NotFound for unknown kit, Invalid for the period."""
    panel = open_desk(actor)
    if not starts_at < ends_at <= starts_at + LONGEST:
        words = f"The end must be after the start, and at most {LONGEST.days} days after it."
        raise Invalid("period", words, errors={"to": [words]})
    device = known.find_device(device_id)
    if device is None:
        words = "No device is registered with this name."
        raise NotFound("no-device", words, errors={"device": [words]})
    people = known.ever_wore(device.id) | observations.given_by_hand(device.id)
    mine = people & set(panel.patients)
    messages = observations.measured_by(device.id, mine, starts_at, ends_at)
    elsewhere = observations.measured_by(device.id, people - mine, starts_at, ends_at)
    return Batch(panel, device, messages, len(elsewhere))


def preview(actor: Actor, device_id: str, starts_at: datetime, ends_at: datetime) -> dict[str, object]:
    """Counts and people of what a void would take out; nothing is changed."""
    batch = find(actor, device_id, starts_at, ends_at)
    audit.record(
        actor, "preview-void", "device", device_id, purpose=Purpose.CAREMGT.value,
        detail={"messages": len(batch.messages)},
    )  # fmt: skip
    return {
        "device_id": batch.device.device_id,
        "model": batch.device.model,
        "messages": len(batch.messages),
        "readings": sum(len(one.codes) for one in batch.messages),
        "elsewhere": batch.elsewhere,
        "people": batch.people(),
    }


def void(
    actor: Actor, device_id: str, starts_at: datetime, ends_at: datetime, reason: str, expected: int
) -> dict[str, object]:
    """Take the batch out. `expected` is what the preview counted: Conflict when it is another number now."""
    batch = find(actor, device_id, starts_at, ends_at)
    if not batch.messages:
        raise Invalid("nothing-to-void", "This device has no readings of your people in that time.")
    if len(batch.messages) > MOST_MESSAGES:
        raise Invalid("too-many", f"At most {MOST_MESSAGES} messages at once; choose a shorter time.")
    if len(batch.messages) != expected:
        raise Conflict(
            "changed-meanwhile",
            "There are other readings now than when you looked. Look again.",
            current={"messages": len(batch.messages)},
        )
    _open_all(actor, {one.patient_id for one in batch.messages})
    made = observations.void(
        batch.messages,
        by=batch.panel.practitioner.id,
        reason=reason,
        device_row_id=batch.device.id,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    _noted(actor, "void", made, batch.messages)
    return view(made, batch.panel, batch.messages, batch.device.device_id)


def undo(actor: Actor, correction_id: UUID, reason: str) -> dict[str, object]:
    """Take a correction back. A reading that had been given to a person waits at the desk again."""
    panel = open_desk(actor)
    found = _found(actor, correction_id)
    messages = observations.messages_of(found.id)
    _open_all(actor, {one.patient_id for one in messages})
    made = observations.undo(correction_id, by=panel.practitioner.id, reason=reason)
    if made.kind == "attribution":
        replays.waits_again(made.id)
    _noted(actor, "undo", made, messages)
    return view(made, panel, messages, _device_name(made))


def opened(actor: Actor, correction_id: UUID) -> dict[str, object]:
    """One correction, for members of a team of anybody it touches."""
    panel = open_desk(actor)
    found = _found(actor, correction_id)
    messages = observations.messages_of(found.id)
    _open_all(actor, {one.patient_id for one in messages})
    return view(found, panel, messages, _device_name(found))


def made_on(actor: Actor, device_id: str) -> list[dict[str, object]]:
    """Corrections of one device that touched the team's own people, the last first."""
    panel = open_desk(actor)
    device = known.find_device(device_id)
    if device is None:
        return []
    found = [(one, observations.messages_of(one.id)) for one in observations.corrections_on(device.id)]
    return [
        view(one, panel, messages, device.device_id)
        for one, messages in found
        if any(message.patient_id in panel.patients for message in messages)
    ]


def view(made: Made, panel: Panel, messages: Sequence[Measured], device_id: str | None) -> dict[str, Any]:
    """A correction as the page shows it; people of other teams are not named."""
    by = [made.made_by, *([made.undone_by] if made.undone_by is not None else [])]
    names = access.practitioner_names(by)
    people = [
        panel.patients[id_] for id_ in sorted({one.patient_id for one in messages} & set(panel.patients))
    ]
    return {
        "id": made.public_id,
        "kind": made.kind,
        "device_id": device_id,
        "from_at": made.starts_at,
        "to_at": made.ends_at,
        "reason": made.reason,
        "made_at": made.made_at,
        "made_by": names[made.made_by][1],
        "undone_at": made.undone_at,
        "undone_by": None if made.undone_by is None else names[made.undone_by][1],
        "undone_reason": made.undone_reason,
        "messages": len(messages),
        "people": [{"id": person.public_id, "display_name": person.display_name} for person in people],
    }


def _found(actor: Actor, correction_id: UUID) -> Made:
    try:
        return observations.find_correction(correction_id)
    except NotFound:
        detail = {"rule": "no-such-record"}
        audit.record_refusal(actor, Action.ADD_READING.value, ENTITY, str(correction_id), detail=detail)
        raise RecordRefused from None


def _open_all(actor: Actor, patient_ids: Collection[int]) -> None:
    """Each person's own door; refused as soon as one of them is another team's."""
    for public_id in access.public_ids(sorted(patient_ids)).values():
        open_record(actor, public_id, Purpose.CAREMGT, Action.ADD_READING)


def _device_name(made: Made) -> str | None:
    return None if made.device_id is None else known.device_names([made.device_id]).get(made.device_id)


def _noted(actor: Actor, action: str, made: Made, messages: Sequence[Measured]) -> None:
    for patient_id in sorted({one.patient_id for one in messages}):
        audit.record(
            actor, action, ENTITY, str(made.public_id), patient_id=patient_id, purpose=Purpose.CAREMGT.value,
            detail={"messages": sum(one.patient_id == patient_id for one in messages), "kind": made.kind},
        )  # fmt: skip
    # Whoever has the worklist open sees the mark on what was raised by these readings.
    notify({"t": "quarantine", "p": None, "r": action})
