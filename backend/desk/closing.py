"""Closes a card with how it ended; nothing closes without an outcome, and a red one asks for a second look."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.core.errors import Conflict, Invalid
from backend.core.http import Actor
from backend.desk.claiming import drop_handover
from backend.desk.door import Deed, Opened, open_card, save
from backend.desk.undoing import snapshot

OUTCOMES = (
    "contact",
    "advice",
    "change-of-care",
    "visit",
    "passed-on",
    "no-change",
    "999-or-admitted",
    "in-hospital",
    "died",
    "wrong-alert",
)
# What an outcome cannot be said without.
NEEDS = {"passed-on": ("passed_to", "accepted"), "wrong-alert": ("note",)}


@dataclass(frozen=True, slots=True)
class Ending:
    """How it ended. `accepted`: whoever it was passed on to has said yes; `minutes` of staff time, if known."""

    outcome: str
    note: str | None = None
    confirm: bool = False
    passed_to: str | None = None
    accepted: bool = False
    accepted_by: str | None = None
    minutes: int | None = None
    recheck_done: bool = False


def close(actor: Actor, alert_id: UUID, ending: Ending, if_version: int, change_id: UUID) -> dict[str, Any]:
    """Close every finding of a card with one of OUTCOMES; answers its row.

    Raises Invalid for an outcome without what it needs, Conflict "second-look" for a red card that was not confirmed,
    and Conflict with the row as it stands when somebody was first or a finding joined meanwhile.
    """
    _refuse_incomplete(ending)
    opened = open_card(actor, alert_id)
    opened.refuse_closed()
    opened.refuse_unless(if_version)
    if opened.card.is_red and not ending.confirm:
        words = "This is urgent. Look once more, then confirm that it may be closed."
        raise Conflict("second-look", words, status=409, current=opened.shown())
    before = snapshot(opened.card.findings)
    detail = {
        "outcome": ending.outcome, "note": ending.note, "passed_to": ending.passed_to,
        "accepted_by": ending.accepted_by, "minutes": ending.minutes,
    }  # fmt: skip
    deed = Deed("closed", f"Closed: {ending.outcome}", detail, act="close", before=before)
    return save(opened, if_version, change_id, deed, lambda: _end(opened, ending))


def _refuse_incomplete(ending: Ending) -> None:
    missing = [name for name in NEEDS.get(ending.outcome, ()) if not getattr(ending, name)]
    if missing:
        words = {
            "passed_to": "Say to whom it was passed on.",
            "accepted": "It is passed on only when they have accepted it.",
            "note": "Say why the alert was wrong.",
        }
        errors = {name: [words[name]] for name in missing}
        raise Invalid("outcome-needs", " ".join(words[name] for name in missing), errors=errors)


def _end(opened: Opened, ending: Ending) -> None:
    words = ending.note
    if ending.passed_to:
        to = f"Passed on to {ending.passed_to}, accepted" + (
            f" by {ending.accepted_by}" if ending.accepted_by else ""
        )
        words = f"{to}. {words}" if words else to
    for one in opened.card.open:
        if one.owner_id is None:
            one.owner_id, one.claimed_at = opened.actor.practitioner_id, opened.now
        one.claimed_at = one.claimed_at or opened.now
        one.seen_at = one.seen_at or opened.now
        one.closed_at, one.outcome, one.note = opened.now, ending.outcome, words
        one.rung_due_at, one.snoozed_until, one.snooze, one.handed_to = None, None, None, None
    if ending.recheck_done:
        opened.card.head.recheck_by, opened.card.head.recheck_why = None, None
    drop_handover(opened.card.head.id, opened.now)
