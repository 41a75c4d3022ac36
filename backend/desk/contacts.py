"""What was said and tried: a contact that ends the ladder, a try that reached nobody, a note, a message."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.access import service as access
from backend.access.record import Record
from backend.alerts.models import Alert
from backend.core.db import db
from backend.core.errors import Conflict
from backend.core.http import Actor
from backend.core.outbox import Message, queue
from backend.desk import acts
from backend.desk.claiming import take_if_free
from backend.desk.door import Deed, Opened, open_card, save
from backend.desk.models import DeskMessage
from backend.desk.next_action import TRY_WORDS, suggestion, try_again_at
from backend.threads import service as threads

WHOM = {
    "person": "the person",
    "second-number": "the second number",
    "key-holder": "a key-holder",
    "welfare-check": "a welfare check",
    "999": "999",
    "other": "somebody else",
}
HOW = ("call", "video", "message", "visit", "voice-unit")
RESULTS = {"reached": "reached", "no-reply": "no reply", "left-message": "left a message"}
TEMPLATE = "message-from-team"
MESSAGES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom somebody tried to reach, how, and what came of it.

    `with_person`: they spoke to the person, or to somebody who is beside them. Only that ends the ladder: a
    key-holder who answers the telephone has not seen the person yet.
    """

    to: str
    how: str
    result: str
    note: str | None
    with_person: bool

    @property
    def ends_ladder(self) -> bool:
        """Whether the clock to contact is met."""
        return self.result == "reached" and self.with_person

    def words(self) -> str:
        """For the time line."""
        return f"Tried {WHOM[self.to]} by {self.how.replace('-', ' ')}: {RESULTS[self.result]}"


def contact(actor: Actor, alert_id: UUID, made: Contact, if_version: int, change_id: UUID) -> dict[str, Any]:
    """Record a contact or a try; answers the row.

    Reached and with the person, the ladder of every open finding ends. "No reply" never closes and never postpones:
    it says whom to try next and by when, and the ladder goes on, at that time at the latest.
    """
    opened = open_card(actor, alert_id)
    opened.refuse_closed()
    card = opened.card
    detail: dict[str, Any] = {
        "to": made.to, "how": made.how, "result": made.result, "note": made.note, "ended": made.ends_ladder,
    }  # fmt: skip
    words = made.words()
    if not made.ends_ladder:
        level = card.lead.level
        next_what = suggestion(level, [*acts.tried_since_reached(card.head.id), made.to])
        next_at = try_again_at(level, opened.now)
        detail |= {"next_what": next_what, "next_at": next_at.isoformat()}
        words = f"{words}. Next: {TRY_WORDS[next_what][0].lower()}{TRY_WORDS[next_what][1:]}"

    def change() -> None:
        take_if_free(opened)
        for one in card.open:
            if made.ends_ladder:
                one.contacted_at, one.rung_due_at = opened.now, None
            elif one.contacted_at is None:
                one.rung_due_at = min(at for at in (one.rung_due_at, next_at) if at is not None)

    deed = Deed("contacted" if made.ends_ladder else "tried", words, detail, act="contact")
    return save(opened, if_version, change_id, deed, change)


def note(actor: Actor, alert_id: UUID, words: str, if_version: int, change_id: UUID) -> dict[str, Any]:
    """Add a note to a card, open or closed. What it says stands on the card and not on the time line."""
    opened = open_card(actor, alert_id)
    deed = Deed("noted", "Note added", {"note": words}, act="note")
    return save(opened, if_version, change_id, deed, lambda: None)


def message(actor: Actor, alert_id: UUID, words: str, if_version: int, change_id: UUID) -> dict[str, Any]:
    """Send plain words to the person's own app; what travels outside says only that a message is there."""
    opened = open_card(actor, alert_id)
    record = opened.record
    if record is None:
        raise Conflict("nobody", "Nobody is registered with this device.", current=opened.shown())
    opened.refuse_unless(if_version)
    _queue(opened, record, words)
    deed = Deed("messaged", "Message sent to the person", {"note": words}, act="message")
    return save(opened, if_version, change_id, deed, lambda: None)


def _queue(opened: Opened, record: Record, words: str) -> None:
    head: Alert = opened.card.head
    by_id = opened.actor.practitioner_id
    assert by_id is not None
    row = DeskMessage(patient_id=record.patient.id, alert_id=head.id, by_id=by_id, words=words)
    db.session.add(row)
    db.session.flush()
    # From the card of a message that waits it is the answer; from any other card the question still stands.
    # A practice's silence is about words that were written to the practice.
    answers = any(one.rule == threads.RULES["team"] for one in opened.card.open)
    threads.write_from_card(record, opened.actor, row.public_id, words, answers=answers)
    facts = {"message": str(row.public_id)}
    queue(Message("patient", str(record.patient.public_id), TEMPLATE, facts, record.patient.id, head.id))


def messages_to(patient_id: int) -> list[dict[str, Any]]:
    """The newest messages of the team to a person: {"id", "at", "words", "from"}; who wrote is a name."""
    asked = select(DeskMessage).where(DeskMessage.patient_id == patient_id)
    found = db.session.scalars(asked.order_by(DeskMessage.id.desc()).limit(MESSAGES_SHOWN)).all()
    names = access.practitioner_names([one.by_id for one in found]) if found else {}
    return [
        {"id": one.public_id, "at": one.at, "words": one.words, "from": names[one.by_id][1]} for one in found
    ]
