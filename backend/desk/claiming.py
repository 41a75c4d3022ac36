"""Who has a card: claim it whole, take it over, accept it from the shift before, send somebody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.access import teams
from backend.alerts.levels import Severity, clock_for
from backend.core.db import db
from backend.core.errors import Conflict
from backend.core.http import Actor
from backend.desk.door import Deed, Opened, open_card, save
from backend.desk.handed import waiting
from backend.desk.models import Handover, HandoverCard
from backend.desk.undoing import snapshot

# Who may have set off: somebody who can be called by name or call sign, and asked.
RESPONDERS = {
    "key-holder": "A key-holder",
    "family": "Family",
    "neighbour": "A neighbour",
    "responder-team": "The responder team",
    "nurse": "A nurse",
    "ambulance": "An ambulance",
    "fire-and-rescue": "The fire service",
    "police": "The police",
}


@dataclass(frozen=True, slots=True)
class Responder:
    """Who confirmed setting off: what they are, who by name or call sign, and in how many minutes.

    `set_off` False: they have said since that they are not coming after all.
    """

    who: str
    name: str
    eta_minutes: int | None
    set_off: bool = True

    def words(self) -> str:
        """For the card and the time line."""
        if not self.set_off:
            return f"{RESPONDERS[self.who]} is not coming ({self.name})"
        about = "" if self.eta_minutes is None else f", there in about {self.eta_minutes} min"
        return f"{RESPONDERS[self.who]} has set off ({self.name}){about}"

    def detail(self) -> dict[str, Any]:
        """For the event."""
        return {"who": self.who, "name": self.name, "eta_minutes": self.eta_minutes}


def claim(
    actor: Actor, alert_id: UUID, if_version: int, change_id: UUID, *, take_over: bool = False
) -> dict[str, Any]:
    """Take a card whole, with what joined it since; answers its row.

    Claiming never stops the ladder: it starts the second clock, to contact, by the database's time. Raises Conflict
    with the row as it stands when somebody was first (unless `take_over`), RecordRefused when it is not theirs.
    """
    opened = open_card(actor, alert_id)
    card = opened.card
    if card.state == "claimed" and card.owner_id == actor.practitioner_id:
        return opened.shown()
    if not card.open or (card.state == "claimed" and not take_over):
        words = "It is closed." if not card.open else "Somebody else has it."
        raise Conflict("already-claimed", words, current=opened.shown())
    from_another = card.owner_id not in (None, actor.practitioner_id)
    words = (
        "Taken over" if from_another else "Claimed what joined" if card.owner_id is not None else "Claimed"
    )
    deed = Deed("claimed", words, {"took_over": from_another}, act="claim", before=snapshot(card.findings))
    return save(opened, if_version, change_id, deed, lambda: take(opened))


def take(opened: Opened) -> None:
    """The whole card is theirs; the clock to contact starts for what was not claimed. A contact stays made."""
    who = opened.actor.practitioner_id
    for one in opened.card.open:
        one.owner_id, one.handed_to = who, None
        if one.claimed_at is None:
            one.claimed_at = opened.now
            one.contact_by = opened.now + clock_for(one.rule, Severity(one.level)).contact
            one.rung_due_at = None if one.contacted_at is not None else one.contact_by
        one.seen_at = one.seen_at or opened.now
    drop_handover(opened.card.head.id, opened.now)


def take_if_free(opened: Opened) -> None:
    """Whoever works on a card that has no owner takes it, or their own that woke; a colleague's stays theirs."""
    if opened.card.owner_id is None or opened.card.owner_id == opened.actor.practitioner_id:
        take(opened)


def drop_handover(alert_id: int, now: datetime) -> None:
    """End a hand-over of this card that waits: the card has gone another way."""
    asked = select(HandoverCard).where(HandoverCard.alert_id == alert_id, *waiting())
    for row in db.session.scalars(asked):
        row.dropped_at = now


def accept(actor: Actor, alert_id: UUID, if_version: int, change_id: UUID) -> dict[str, Any]:
    """Take a card that was handed to oneself or one's team; raises Conflict "not-handed" when it was not."""
    opened = open_card(actor, alert_id)
    opened.refuse_closed()
    asked = (
        select(HandoverCard, Handover)
        .join(Handover, Handover.id == HandoverCard.handover_id)
        .where(HandoverCard.alert_id == opened.card.head.id, *waiting())
    )
    found = db.session.execute(asked.with_for_update(of=HandoverCard)).one_or_none()
    if found is None or not _is_for(found[1], actor):
        raise Conflict("not-handed", "It does not wait for you to accept it.", current=opened.shown())
    item: HandoverCard = found[0]

    def change() -> None:
        item.accepted_at, item.accepted_by = opened.now, actor.practitioner_id
        take(opened)

    return save(
        opened, if_version, change_id, Deed("accepted", "Accepted at hand-over", act="accept"), change
    )


def _is_for(handover: Handover, actor: Actor) -> bool:
    if handover.to_id is not None:
        return handover.to_id == actor.practitioner_id
    return actor.practitioner_id is not None and handover.care_team_id in teams.team_ids(
        actor.practitioner_id
    )


def send_responder(
    actor: Actor, alert_id: UUID, responder: Responder, if_version: int, change_id: UUID
) -> dict[str, Any]:
    """Write down that a named responder has set off, and only then tell the device that help is coming.

    That they are not coming after all is told as well: the device says again that it is being handled.
    Whoever writes it takes a card that nobody has. Answers its row; raises as `claim` does.
    """
    opened = open_card(actor, alert_id)
    opened.refuse_closed()
    kind = "responder" if responder.set_off else "responder-back"

    def change() -> None:
        take_if_free(opened)
        for one in opened.card.open:
            if one.kind == "alarm" or one.id == opened.card.lead.id:
                one.help_coming_at = opened.now if responder.set_off else None

    deed = Deed(kind, responder.words(), responder.detail(), eta_min=responder.eta_minutes)
    return save(opened, if_version, change_id, deed, change)
