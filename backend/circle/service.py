"""What a page shows of the people around a person: the team, the practice, who helps, who was invited, who looked."""

from typing import Any

from backend.access import helping
from backend.access import service as access
from backend.access.record import Record
from backend.circle import invitations, looked, photo
from backend.directory import service as directory

LOOKED_SHOWN = 5


def circle(record: Record) -> dict[str, Any]:
    """All of it for the person; for a helper whom they help, the team, the practice, and their own place."""
    patient = record.patient
    team = access.team_of(patient.id)
    practice = directory.contact_of(patient.gp_practice_id) if patient.gp_practice_id else None
    return {
        "me": {"name": patient.display_name, "photo": photo.small(patient.id)},
        "team": None
        if team is None
        else {
            "name": team.name, "phone": team.phone, "hours": team.hours, "watching_now": team.watch.now,
            "next_watch_at": team.watch.next_at,
        },
        # Who coordinates comes with the roles of a care team; until then nobody is named who does not know of it.
        "coordinator": None,
        "practice": practice,
        "people": helping.helpers(record),
        "former": helping.former(record),
        "invitations": invitations.sent(record),
        "looked": {"last": looked.newest(record, LOOKED_SHOWN) if record.is_for_the_person else []},
    }  # fmt: skip
