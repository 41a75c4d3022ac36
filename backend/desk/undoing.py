"""Takes back a claim, a close or a snooze of one's own within half a minute, as long as nothing happened since."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.alerts.models import AlarmEvent, Alert
from backend.core.db import db
from backend.core.errors import Conflict
from backend.core.http import Actor
from backend.desk import acts
from backend.desk.door import Deed, Opened, open_card, save
from backend.desk.handed import waiting
from backend.desk.models import HandoverCard

# What a claim, a close or a snooze may have changed. That it was seen stays true.
_TIMES = ("claimed_at", "contact_by", "rung_due_at", "snoozed_until", "closed_at", "recheck_by")
_PLAIN = ("owner_id", "rung", "snooze", "outcome", "note", "recheck_why", "handed_to")

_HANDOVER = "handover"


def snapshot(findings: Collection[Alert]) -> dict[str, Any]:
    """What stands now of these findings, by inside key, as an undo puts it back; and the hand-over that waits."""
    asked = select(HandoverCard.id).where(HandoverCard.alert_id.in_([one.id for one in findings]), *waiting())
    return {_HANDOVER: list(db.session.scalars(asked))} | {
        str(one.id): {name: getattr(one, name) for name in _PLAIN}
        | {name: at.isoformat() if (at := getattr(one, name)) is not None else None for name in _TIMES}
        for one in findings
    }


def undo(actor: Actor, alert_id: UUID, why: str | None, if_version: int, change_id: UUID) -> dict[str, Any]:
    """Put back what stood before this practitioner's last claim, close or snooze of the card.

    Raises Conflict "undo-nothing" when there is none, "undo-too-late" after half a minute by the database's clock,
    "changed-meanwhile" when anything happened since, "opened-anew" when the same has begun again since a close.
    """
    opened = open_card(actor, alert_id)
    opened.refuse_unless(if_version)
    head = opened.card.head
    found = acts.last_undoable(head.id, actor.practitioner_id)
    if found is None:
        raise Conflict("undo-nothing", "There is nothing of yours to undo here.", status=409)
    act, now = found
    if act.version != head.version:
        raise Conflict("changed-meanwhile", "Something happened since. Look again.", current=opened.shown())
    if now > act.at + acts.UNDO_FOR:
        raise Conflict("undo-too-late", "It can be undone for 30 seconds only.", status=409)
    before: dict[str, Any] = act.before or {}
    _refuse_second_episode(opened, before)

    def change() -> None:
        act.undone_at = now
        for one in opened.card.findings:
            if str(one.id) in before:
                _put_back(one, before[str(one.id)])
        _hand_over_again(before.get(_HANDOVER, []))
        if act.kind == "close":
            _keep_what_a_unit_was_told(opened)

    words = {"claim": "Claim undone", "close": "Close undone", "snooze": "Snooze undone"}[act.kind]
    return save(
        opened,
        if_version,
        change_id,
        Deed("undone", words, {"undoes": act.kind, "note": why}, act="undo"),
        change,
    )


def _put_back(alert: Alert, stood: dict[str, Any]) -> None:
    for name in _PLAIN:
        setattr(alert, name, stood[name])
    for name in _TIMES:
        setattr(alert, name, datetime.fromisoformat(stood[name]) if stood[name] else None)


def _hand_over_again(ids: list[int]) -> None:
    """What was on its way to another shift is again: its giver may have gone home."""
    for row in db.session.scalars(select(HandoverCard).where(HandoverCard.id.in_(ids))):
        row.dropped_at = None


def _refuse_second_episode(opened: Opened, before: dict[str, Any]) -> None:
    """One open episode a rule a person: what began again since the close is carried on there."""
    again = [one for one in opened.card.findings if one.closed_at and _was_open(before.get(str(one.id)))]
    if not again:
        return
    head = opened.card.head
    whose = (
        Alert.patient_id == head.patient_id if head.patient_id is not None else Alert.device == head.device
    )
    newer = select(Alert.id).where(
        whose,
        Alert.closed_at.is_(None),
        Alert.rule.in_([one.rule for one in again]),
        Alert.card_id != head.card_id,
    )
    if db.session.scalars(newer).first() is not None:
        words = "The same has begun again since and stands on the list as a new card."
        raise Conflict("opened-anew", words, status=409)


def _was_open(stood: dict[str, Any] | None) -> bool:
    return stood is not None and stood["closed_at"] is None


def _keep_what_a_unit_was_told(opened: Opened) -> None:
    """A unit that heard "it is over" must hear that somebody has it: who undid the close keeps the card."""
    ids = [one.id for one in opened.card.findings if one.closed_at is None and one.claimed_at is None]
    heard = select(AlarmEvent.alert_id).where(AlarmEvent.alert_id.in_(ids))
    if ids and db.session.scalars(heard).first() is not None:
        for one in opened.card.open:
            one.owner_id = one.owner_id or opened.actor.practitioner_id
            one.claimed_at = one.claimed_at or opened.now
