"""Hands a shift's cards to a colleague or a team; each is accepted by itself, and one that is not climbs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import or_, select

from backend.access import service as access
from backend.access import teams
from backend.access.policy import DUTY_MANAGER, TEAM_LEAD
from backend.access.record import Panel, RecordRefused, open_panel
from backend.alerts.cards import lock_cards_with
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict, Invalid, Problem
from backend.core.http import Actor
from backend.desk.cards import Card, cards_of
from backend.desk.claiming import drop_handover
from backend.desk.door import Deed, Opened, open_card, save
from backend.desk.handed import waiting
from backend.desk.models import Handover, HandoverCard
from backend.desk.rows import rows
from backend.desk.snoozing import each, return_to_list, taken, touch

# How long a card waits to be accepted. Alongside default, not national guidance.
ACCEPT_WITHIN = timedelta(minutes=15)
LISTED_FOR = timedelta(hours=24)
_RUN_THE_SHIFT = (TEAM_LEAD, DUTY_MANAGER)


@dataclass(frozen=True, slots=True)
class Given:
    """A card to hand over, at the version its giver saw."""

    id: UUID
    version: int


def colleagues(actor: Actor) -> list[dict[str, Any]]:
    """Who may be given a card: everybody on a desk of one's teams."""
    open_panel(actor)
    assert actor.practitioner_id is not None
    return [
        {"id": one.id, "name": one.name, "role": one.role, "me": one.key == actor.practitioner_id}
        for one in teams.colleagues(actor.practitioner_id)
    ]


def hand_over(
    actor: Actor, to: UUID | None, cards: Sequence[Given], words: str, change_id: UUID
) -> dict[str, Any]:
    """Give cards to a colleague, or with `to` None to everybody of one's team; answers what was given and what not.

    The giver has each until it is accepted. One that was changed meanwhile, or is not theirs to open, is refused by
    itself, and the others go.
    """
    # Everybody's at once and first: one after the other, in the order of cards, would meet a sweep half way.
    lock_cards_with([one.id for one in cards])
    panel = open_panel(actor)
    made = Handover(
        from_id=panel.practitioner.id, to_id=_receiver(panel, to), note=words,
        care_team_id=panel.team.id if to is None else None,
        due_at=access.database_time() + ACCEPT_WITHIN,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    given: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for one in sorted(cards, key=lambda card: str(card.id)):
        try:
            given.append(_give(actor, made, one, uuid5(NAMESPACE_URL, f"{change_id} {one.id}")))
        except (Conflict, RecordRefused) as no:
            refused.append({"id": one.id, **_why(no)})
    names = access.practitioner_names([made.to_id]) if made.to_id else {}
    return {
        "id": made.public_id,
        "to": names[made.to_id][1] if made.to_id else panel.team.name,
        "due_at": made.due_at,
        "rows": given,
        "refused": refused,
    }


def _why(no: Problem) -> dict[str, str]:
    return {"code": no.code, "detail": no.detail}


def _receiver(panel: Panel, to: UUID | None) -> int | None:
    if to is None:
        return None
    found = {one.id: one.key for one in teams.colleagues(panel.practitioner.id)}
    if to not in found or found[to] == panel.practitioner.id:
        words = "Choose a colleague of your team."
        raise Invalid("no-colleague", words, errors={"to": [words]})
    return found[to]


def _give(actor: Actor, made: Handover, one: Given, change_id: UUID) -> dict[str, Any]:
    opened = open_card(actor, one.id)
    opened.refuse_closed()
    opened.refuse_unless(one.version)
    _refuse_what_is_not_theirs(opened, made)
    head = opened.card.head

    def change() -> None:
        drop_handover(head.id, opened.now)
        db.session.flush()
        db.session.add(HandoverCard(handover_id=made.id, alert_id=head.id, due_at=made.due_at))
        for finding in opened.card.open:
            finding.handed_to = made.to_id

    return save(opened, one.version, change_id, Deed("handed-over", "Handed over", act="hand-over"), change)


def _refuse_what_is_not_theirs(opened: Opened, made: Handover) -> None:
    """Raise Conflict unless the giver may give it, and whoever it goes to may open it.

    Nobody's card may be given by anybody at the desk; a colleague's only by who runs the shift.
    """
    owner, giver = opened.card.owner_id, opened.actor
    if owner not in (None, giver.practitioner_id) and access.role_of(giver) not in _RUN_THE_SHIFT:
        words = "Somebody else has it. A team lead or the duty manager can hand it over."
        raise Conflict("not-yours", words, current=opened.shown())
    head = opened.card.head
    theirs = {made.care_team_id} if made.to_id is None else set(teams.team_ids(made.to_id))
    whose = {head.care_team_id} if head.care_team_id is not None else set()
    if head.patient_id is not None:
        # Somebody on no team's list is on every desk.
        whose = set(teams.looking_after(head.patient_id))
    if whose and not whose & theirs:
        words = "Whoever it would go to does not look after this person."
        raise Conflict("not-on-their-list", words, current=opened.shown())


def handovers(actor: Actor) -> dict[str, Any]:
    """What waits for this practitioner to accept, and what became of what they gave in the last day."""
    panel = open_panel(actor)
    me = panel.practitioner.id
    mine = or_(Handover.to_id == me, Handover.care_team_id.in_(teams.team_ids(me)))
    item = select(HandoverCard, Handover).join(Handover, Handover.id == HandoverCard.handover_id)
    to_me = db.session.execute(item.where(mine, Handover.from_id != me, *waiting())).all()
    by_me = db.session.execute(item.where(Handover.from_id == me, Handover.at > sql_now() - LISTED_FOR)).all()
    shown = _shown({row[0].alert_id for row in to_me if row[0]}, panel)
    return {
        "to_me": _grouped([(row[0], row[1]) for row in to_me], shown),
        "by_me": _grouped([(row[0], row[1]) for row in by_me], {}),
    }


def _shown(alert_ids: set[int], panel: Panel) -> dict[int, dict[str, Any]]:
    """Rows of those cards whose people are on this desk."""
    cards = [one for one in cards_of(alert_ids).values() if _is_on(one, panel)]
    listed = rows(cards, panel.patients, panel.practitioner.id, access.database_time())
    return {one.head.id: row for one, row in zip(cards, listed, strict=True)}


def _is_on(card: Card, panel: Panel) -> bool:
    whose = card.head.patient_id
    return whose is None or whose in panel.patients or not teams.looking_after(whose)


def _grouped(
    items: Sequence[tuple[HandoverCard, Handover]], shown: dict[int, dict[str, Any]]
) -> list[dict[str, Any]]:
    together: dict[int, tuple[Handover, list[HandoverCard]]] = {}
    for item, handover in items:
        together.setdefault(handover.id, (handover, []))[1].append(item)
    people = {id_ for one, _ in together.values() for id_ in (one.from_id, one.to_id) if id_ is not None}
    names = access.practitioner_names(sorted(people)) if people else {}
    named = teams.team_names([one.care_team_id for one, _ in together.values() if one.care_team_id])
    return [
        {
            "id": one.public_id,
            "from": names[one.from_id][1],
            "to": names[one.to_id][1] if one.to_id else named[one.care_team_id or 0],
            "at": one.at,
            "due_at": one.due_at,
            "note": one.note,
            "rows": [shown[item.alert_id] for item in cards if item.alert_id in shown],
            "cards": len(cards),
            "accepted": sum(item.accepted_at is not None for item in cards),
            "climbed": sum(item.climbed_at is not None for item in cards),
        }
        for one, cards in together.values()
    ]


def climb_unaccepted() -> int:
    """Cards that nobody accepted in time: nobody has them any more, and the ladder goes on at once.

    Answers how many. Safe to run twice.
    """
    cards = taken(HandoverCard.alert_id, HandoverCard.due_at <= sql_now(), *waiting())
    if not cards:
        return 0
    now = access.database_time()
    return each(cards, lambda card: _climb(card, now))


def _climb(card: Card, now: datetime) -> None:
    late = select(HandoverCard).where(HandoverCard.due_at <= now, *waiting())
    for item in db.session.scalars(late.where(HandoverCard.alert_id == card.head.id).with_for_update()):
        if card.open:
            item.climbed_at = now
        else:
            item.dropped_at = now
    if card.open:
        return_to_list(card, now)
        for one in card.open:
            one.rung_due_at = now
        touch(card, "not-accepted", "Nobody accepted it at hand-over: it climbs", now)
