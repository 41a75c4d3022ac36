"""Who looked at a person's information, in words: from the audit trail, by day, for that person alone."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from backend.access import helping
from backend.access import service as access
from backend.access.policy import PRACTICE
from backend.access.record import Record
from backend.audit import service as audit
from backend.audit.service import Looked

Row = dict[str, Any]
# A page of days, newest first.
PAGE = timedelta(days=30)
ZONE = "Europe/London"
ROLES = {
    "nurse": "Nurse", "team-lead": "Team lead", "clinician": "Clinician", "duty-manager": "Duty manager",
    "installer": "Brings and checks equipment", "administrator": "Administrator",
    "practice": "GP practice staff",
}  # fmt: skip
# HL7 v3 PurposeOfUse in words for the person; one that is not here would not open a record.
PURPOSES = {
    "TREAT": "To treat you", "CAREMGT": "To plan or check your care", "PATRQT": "Because you asked them to help",
    "HOPERAT": "To run the service", "BTG": "In an emergency, without being in your team",
}  # fmt: skip
_UNSAID = "As part of their work"
# What an action opened or changed, by how the audit trail calls it.
_WHAT = (
    ("readings", "readings"), ("series", "readings"), ("observation", "readings"), ("alert", "alerts"),
    ("message", "messages"), ("thread", "messages"), ("plan", "plan"), ("goal", "plan"),
    ("check-in", "check-ins"), ("kit", "equipment"), ("device", "equipment"), ("photo", "photo"),
    ("circle", "who helps you"), ("proxy", "who helps you"), ("invitation", "who helps you"),
)  # fmt: skip


def page(record: Record, day: date | None) -> Row:
    """The days up to `day` (now, without one), 30 at a time; `next` is the day to ask for to see what was before."""
    zone = ZoneInfo(ZONE)
    now = access.database_time()
    last = day or now.astimezone(zone).date()
    until = min(datetime.combine(last + timedelta(days=1), time(), zone), now + timedelta(seconds=1))
    since = datetime.combine(last + timedelta(days=1), time(), zone) - PAGE
    rows = audit.looked(record.patient.id, since, until, ZONE)
    more = audit.looked_before(record.patient.id, since)
    return {
        "rows": _in_words(rows),
        "next": (since.astimezone(zone) - timedelta(seconds=1)).date() if more else None,
    }


def newest(record: Record, most: int) -> list[Row]:
    """The last few, for a page on which they are not the matter."""
    rows: list[Row] = page(record, None)["rows"]
    return rows[:most]


def _in_words(rows: list[Looked]) -> list[Row]:
    known = helping.names({row.actor_id for row in rows})
    shown = []
    for row in rows:
        who = known.get(row.actor_id)
        role = who.role if who else None
        shown.append(
            {
                "day": row.day, "name": who.name if who else "Somebody who has left",
                "relation": _relation(row, role),
                "role": ROLES.get(role, "") if role else "",
                "why": _why(row),
                "what": sorted({_what(one) for one in row.actions}),
                "changed": any(not one.startswith("read-") for one in row.actions), "times": row.times,
                "first_at": row.first_at, "last_at": row.last_at,
            }
        )  # fmt: skip
    return shown


def _relation(row: Looked, role: str | None) -> str:
    if row.actor_kind != "practitioner":
        return "carer"
    return "practice" if role == PRACTICE else "team"


def _why(row: Looked) -> str:
    """In words; a helper has no other reason than that they were asked."""
    said = {"PATRQT"} if row.actor_kind != "practitioner" else set(row.purposes)
    return ", ".join(sorted({PURPOSES.get(one, _UNSAID) for one in said})) or _UNSAID


def _what(action: str) -> str:
    return next((words for part, words in _WHAT if part in action), "record")
