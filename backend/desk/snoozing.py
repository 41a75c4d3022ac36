"""Puts a card aside for a time that ends, and makes sure that what was to be checked again is."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute

from backend.access import service as access
from backend.alerts import service as alerts
from backend.alerts.cards import lock_cards
from backend.alerts.levels import Severity, clock_for
from backend.alerts.models import Alert
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict, Invalid
from backend.core.http import SYSTEM, Actor
from backend.desk import acts
from backend.desk.cards import Card, cards_of
from backend.desk.claiming import take_if_free
from backend.desk.door import Deed, Opened, open_card, record_deed, save
from backend.desk.undoing import snapshot
from backend.observations import service as observations

log = logging.getLogger("alongside.desk")

# The longest snooze of each level; an emergency has none. Alongside defaults, not national guidance.
LONGEST: Mapping[str, timedelta] = {
    "urgent": timedelta(minutes=60),
    "soon": timedelta(hours=24),
    "routine": timedelta(hours=72),
    "info": timedelta(hours=72),
}
# What a sweep takes at once; the rest waits for the next round, which is a few seconds away.
BATCH = 200
_REOPENED_ELSEWHERE = text(
    """select exists (select from alert n join alert o on o.card_id = :card and n.rule = o.rule
        and (n.patient_id = o.patient_id
            or (n.patient_id is null and o.patient_id is null and n.device = o.device))
        where n.closed_at is null and n.card_id <> :card)"""
)


def snooze(
    actor: Actor,
    alert_id: UUID,
    until: datetime | None,
    minutes: int | None,
    why: str,
    if_version: int,
    change_id: UUID,
) -> dict[str, Any]:
    """Put every open finding aside until a time; answers the row.

    It keeps the level and the newest values, so that a worse level or value breaks it. Raises Conflict
    "snooze-emergency", Invalid when the time is past or longer than the level allows.
    """
    opened = open_card(actor, alert_id)
    opened.refuse_closed()
    opened.refuse_unless(if_version)
    level = opened.card.lead.level
    if level == Severity.EMERGENCY.value:
        raise Conflict("snooze-emergency", "An emergency cannot be snoozed.", status=409)
    end = until if until is not None else opened.now + timedelta(minutes=minutes or 0)
    _refuse_length(level, end, opened.now)
    if level == Severity.URGENT.value and any(one.contacted_at is None for one in opened.card.open):
        _refuse_for_ever(opened, end)
    before = snapshot(opened.card.findings)
    kept = _kept(opened, why)

    def change() -> None:
        take_if_free(opened)
        for one in opened.card.open:
            one.snoozed_until, one.snooze = end, {**kept, "level": one.level}
            # While it rests nobody is called; its end starts the owner's clock again.
            if one.contacted_at is None:
                one.contact_by = end + clock_for(one.rule, Severity(one.level)).contact
                one.rung_due_at = one.contact_by

    detail = {"until": end.isoformat(), "note": why, "level": level}
    deed = Deed("snoozed", "Put aside for a while", detail, act="snooze", before=before)
    return save(opened, if_version, change_id, deed, change)


def _refuse_length(level: str, end: datetime, now: datetime) -> None:
    longest = LONGEST[level]
    if end <= now:
        raise Invalid(
            "snooze-end", "A snooze ends later than now.", errors={"until": ["Must be later than now."]}
        )
    if end > now + longest + timedelta(seconds=5):
        most = f"{longest.total_seconds() / 60:.0f} minutes"
        raise Invalid(
            "snooze-long", f"This can be snoozed for {most} at most.", errors={"until": [f"At most {most}."]}
        )


def _refuse_for_ever(opened: Opened, end: datetime) -> None:
    """While nobody has reached the person, an urgent card rests no longer in all than it may at once."""
    rested = acts.rested(opened.card.head.id, opened.now)
    left = LONGEST[Severity.URGENT.value] - rested
    if not rested or end <= opened.now + left + timedelta(seconds=5):
        return
    minutes = int(left.total_seconds() // 60)
    words = (
        f"Nobody has reached the person. It can be snoozed for {minutes} minutes more."
        if minutes > 0
        else "Nobody has reached the person, and it has been snoozed for 60 minutes already."
    )
    raise Invalid("snooze-long", words, errors={"until": [words]})


def _kept(opened: Opened, why: str) -> dict[str, Any]:
    """Who, why, and the newest value of each code the findings rest on, in the words of evidence."""
    codes = {str(row["code"]) for one in opened.card.open for row in one.evidence if "code" in row}
    patient_id = opened.card.head.patient_id
    newest = observations.latest([patient_id]).get(patient_id, {}) if patient_id is not None and codes else {}
    values = {code.value: str(one.reading.value) for code, one in newest.items() if code.value in codes}
    assert opened.actor.practitioner_id is not None
    name = access.practitioner_names([opened.actor.practitioner_id])[opened.actor.practitioner_id][1]
    return {"by": name, "why": why, "at": opened.now.isoformat(), "values": values}


def recheck(
    actor: Actor, alert_id: UUID, by: datetime, why: str, if_version: int, change_id: UUID
) -> dict[str, Any]:
    """Promise to look again by a time; when that is not done the card comes back, even a closed one."""
    opened = open_card(actor, alert_id)
    opened.refuse_unless(if_version)
    if by <= opened.now:
        raise Invalid(
            "recheck-by", "A recheck is later than now.", errors={"by": ["Must be later than now."]}
        )
    head = opened.card.head

    def change() -> None:
        if opened.card.open:
            take_if_free(opened)
        head.recheck_by, head.recheck_why = by, why

    deed = Deed("recheck-set", "To be checked again", {"by": by.isoformat(), "note": why}, act="recheck")
    return save(opened, if_version, change_id, deed, change)


def recheck_done(
    actor: Actor, alert_id: UUID, words: str | None, if_version: int, change_id: UUID
) -> dict[str, Any]:
    """Say that it was checked again; raises Conflict "no-recheck" when none is owed."""
    opened = open_card(actor, alert_id)
    head = opened.card.head
    if head.recheck_by is None:
        raise Conflict("no-recheck", "No recheck is owed here.", current=opened.shown())

    def change() -> None:
        head.recheck_by, head.recheck_why = None, None

    deed = Deed("rechecked", "Checked again", {"note": words}, act="recheck-done")
    return save(opened, if_version, change_id, deed, change)


def wake_snoozed() -> int:
    """Snoozes that have ended: the owner's clock to contact runs from then. Answers how many cards."""
    cards = taken(Alert.card_id, Alert.closed_at.is_(None), Alert.snoozed_until <= sql_now())
    now = access.database_time()

    def wake(card: Card) -> None:
        for finding in card.open:
            if finding.snoozed_until is not None and finding.snoozed_until <= now:
                finding.snoozed_until, finding.snooze = None, None
        touch(card, "snooze-over", "The snooze is over", now)

    return each(cards, wake)


def reopen_unchecked() -> int:
    """Rechecks that nobody did: the card is unclaimed again and climbs, a closed one is open again.

    Where the same has begun again meanwhile on another card, that one is worked on, and this says so. Answers how
    many. Safe to run twice.
    """
    cards = taken(Alert.card_id, Alert.recheck_by <= sql_now())
    if not cards:
        return 0
    now = access.database_time()

    def reopen(card: Card) -> None:
        words = "The recheck was not done; the same is open on another card"
        card.head.recheck_by, card.head.recheck_why = None, None
        if card.open or not _goes_on_elsewhere(card.head.card_id):
            return_to_list(card, now)
            words = "The recheck was not done: back on the list"
        touch(card, "recheck-missed", words, now)

    return each(cards, reopen)


def taken(card_id: InstrumentedAttribute[int], *due: ColumnElement[bool]) -> dict[int, Card]:
    """A batch of the cards whose keys stand in a column where `due` holds, locked whole, those still due.

    The locks of the people come before any row, as with everybody who opens, joins or closes.
    """
    first = set(db.session.scalars(select(card_id).where(*due).limit(BATCH)))
    if not first:
        return {}
    mine = select(Alert.patient_id).where(Alert.card_id.in_(first), Alert.patient_id.is_not(None)).distinct()
    lock_cards([id_ for id_ in db.session.scalars(mine) if id_ is not None])
    rows = select(Alert).where(Alert.card_id.in_(first)).order_by(Alert.id).with_for_update()
    db.session.scalars(rows, execution_options={"populate_existing": True}).all()
    return cards_of(set(db.session.scalars(select(card_id).where(*due, card_id.in_(first)))))


def _goes_on_elsewhere(card_id: int) -> bool:
    return bool(db.session.scalar(_REOPENED_ELSEWHERE, {"card": card_id}))


def return_to_list(card: Card, now: datetime) -> None:
    """Nobody has it any more: open, unclaimed, with the clocks of something that just came."""
    for one in card.open or (card.head,):
        clock = clock_for(one.rule, Severity(one.level))
        one.closed_at, one.outcome = None, None
        one.owner_id, one.claimed_at, one.contacted_at, one.handed_to = None, None, None, None
        one.acknowledge_by = now + clock.acknowledge
        one.contact_by = one.acknowledge_by + clock.contact
        one.rung, one.rung_due_at = 0, one.acknowledge_by
        one.snoozed_until, one.snooze = None, None


def each(cards: Mapping[int, Card], work: Callable[[Card], None]) -> int:
    """Do this with each card, in a savepoint of its own: one that cannot be done waits and stops no other.

    Answers how many were done, so that a sweep that can do none does not begin again at once.
    """
    done = 0
    for id_, one in cards.items():
        try:
            with db.session.begin_nested():
                work(one)
            done += 1
        except Exception as fault:
            if isinstance(fault, DBAPIError) and fault.connection_invalidated:
                raise
            log.exception("card %s could not be swept; it waits", id_)
    return done


def touch(card: Card, kind: str, words: str, now: datetime) -> None:
    """Bump the version, write the event and tell the pages; by the system."""
    card.head.version += 1
    db.session.flush()
    for finding in card.open:
        alerts.tell_devices(finding.id)
    record_deed(Opened(SYSTEM, card, None, now), Deed(kind, words, act=kind))
    alerts.note_told([card.head.id])
