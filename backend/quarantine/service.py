"""What other slices may ask of the desk: which readings a correction is about, and what it did to one record."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.access import service as access
from backend.core.http import Actor
from backend.devices import known
from backend.observations import service as observations
from backend.observations.service import Measured
from backend.quarantine import voids


def corrected_by(actor: Actor, correction_id: UUID) -> Sequence[Measured]:
    """The messages of a correction, behind the door of everybody it touches."""
    voids.opened(actor, correction_id)
    return observations.messages_of(observations.find_correction(correction_id).id)


def measured_in(actor: Actor, device_id: str, starts_at: datetime, ends_at: datetime) -> Sequence[Measured]:
    """The messages a void of this device and time would take out."""
    return voids.find(actor, device_id, starts_at, ends_at).messages


def events_of(patient_id: int, since: datetime) -> list[dict[str, Any]]:
    """Corrections of a person's record from `since` on, newest first, as the time line names them."""
    found = observations.corrections_of(patient_id, since)
    by = {one.made_by for one, _ in found} | {one.undone_by for one, _ in found if one.undone_by is not None}
    names = {id_: name for id_, (_, name) in access.practitioner_names(sorted(by)).items()}
    devices = known.device_names({one.device_id for one, _ in found if one.device_id is not None})
    lines: list[dict[str, Any]] = []
    for one, count in found:
        device = devices.get(one.device_id or 0, "")
        readings = "A reading" if count == 1 else f"{count} readings"
        done = "given to this person" if one.kind == "attribution" else "withdrawn"
        if one.made_at >= since:
            words = f"{readings} of {device} {done} by {names[one.made_by]}: {one.reason}"
            lines.append({"at": one.made_at, "kind": "device", "words": words})
        if one.undone_at is not None and one.undone_by is not None and one.undone_at >= since:
            undone = "taken back" if one.kind == "attribution" else "put back"
            words = f"{readings} of {device} {undone} by {names[one.undone_by]}: {one.undone_reason}"
            lines.append({"at": one.undone_at, "kind": "device", "words": words})
    return sorted(lines, key=lambda line: line["at"], reverse=True)
