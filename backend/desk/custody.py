"""Follows one alert, or one reading, from being measured to how it ended: every step, its time, by whom and what."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.access.record import Record
from backend.alerts.models import Alert
from backend.core.db import db
from backend.core.errors import Invalid, NotFound
from backend.core.http import Actor
from backend.desk.cards import Card, cards_of
from backend.desk.custody_words import (
    THE_GATEWAY,
    THE_OUTBOX,
    THE_RULES,
    THE_SERVICE,
    about_words,
    by_words,
    press_words,
    state_words,
    to_words,
    typed_by,
    typed_words,
    who_words,
)
from backend.desk.door import look_at
from backend.desk.withheld import is_told, withheld

_EVENTS = text(
    """select e.alert_id, e.at, e.kind, e.words, e.actor_kind, p.display_name, e.detail ->> 'cause' as cause
    from alert_event e left join practitioner p on p.public_id = e.actor_id and e.actor_kind = 'practitioner'
    where e.alert_id = any(:ids) order by e.id"""
)
_TOLD = text(
    """select c.alert_id, c.created_at, c.sent_at, c.state, c.channel, c.template, c.to_kind, c.last_error,
        r.at as receipt_at, r.provider_ref
    from communication c left join receipt r on r.communication_id = c.id
    where c.alert_id = any(:ids) order by c.id"""
)
_DOWN = text(
    """select alert_id, device, created_at, sent_at, payload ->> 'state' as state from downlink
    where alert_id = any(:ids) and channel = 'alarm' order by id"""
)
_PRESSES = text(
    """select alert_id, device, phase, kind, raised_at, received_at from alarm_event
    where alert_id = any(:ids) order by id"""
)
_MESSAGE = text(
    """select m.id, m.received_at, m.device, m.message_id, m.boot, m.seq, m.payload from device_message m
    where m.id = any(:ids)"""
)
_AT = text(
    """select distinct device_message_id as id from observation
    where patient_id = :patient and code = any(:codes) and effective_at = :at and device_message_id is not null"""
)
_NAMED = text(
    """select k.device_message_id as id from message_key k
    where k.message_id = :name and k.device_id in (select device_id from device_association
        where patient_id = :patient)"""
)
_VALUES = text(
    """select code, value, special, effective_at, received_at, device_message_id from observation
    where patient_id = :patient and code = any(:codes) and device_message_id = any(:ids)
    order by effective_at, code"""
)
_TYPED = text(
    """select t.made_at, t.made_offline, t.received_at, t.oxygen, t.repeated, r.display_name from reading_typed t
    left join related_person r on r.id = t.related_person_id where t.device_message_id = any(:ids)"""
)
_WATERMARK = text("select judged_to, at from patient_watermark where patient_id = :patient")
_RESTING = text(
    """select public_id, id, card_id from alert where patient_id = :patient
        and evidence @> cast(:evidence as jsonb) order by id"""
)
# What an event is called on the page of custody; others keep their own name.
_KINDS = {"pressed-again": "repeated", "worse": "worsened"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: when (None is not known), what, in words, by whom, by which version; `ms_since` the step before."""

    at: datetime | None
    what: str
    words: str
    who: str | None = None
    by_version: str | None = None
    finding: UUID | None = None
    ms_since: int | None = None


def alert_custody(actor: Actor, alert_id: UUID) -> dict[str, Any]:
    """Every step of a card and its findings, in order of time; raises RecordRefused when it is not theirs."""
    opened = look_at(actor, alert_id)
    card = opened.card
    if opened.record is None and card.head.patient_id is not None:
        # Of somebody on no team's list every desk reads what was said and pressed, and no other finding.
        card = withheld(card)
        card = Card(card.head, tuple(one for one in card.findings if is_told(one)))
    lead = card.lead
    return {
        "alert": {
            "id": card.head.public_id, "title": lead.title, "level": lead.level, "rule": lead.rule,
            "judged_by": lead.judged_by, "versions": list(lead.raised_versions),
        },
        "steps": _in_order([*_arrival(card), *_since(card)]),
    }  # fmt: skip


def reading_custody(
    record: Record, at: datetime | None, codes: Sequence[int], message: str | None
) -> dict[str, Any]:
    """Every step of what was measured at one time, or came in one message, up to how its alerts ended.

    Raises Invalid when neither is named, NotFound when there is no such reading in this record.
    """
    patient = record.patient.id
    if message is not None:
        asked = db.session.scalars(_NAMED, {"name": message, "patient": patient}).all()
    elif at is not None:
        asked = db.session.scalars(_AT, {"patient": patient, "codes": list(codes), "at": at}).all()
    else:
        raise Invalid("which-reading", "Say which reading: its time and code, or its message.")
    values = list(db.session.execute(_VALUES, {"patient": patient, "codes": list(codes), "ids": list(asked)}))
    if not values:
        raise NotFound("no-record", "There is no such record, or it is not open to you.")
    messages = list(db.session.execute(_MESSAGE, {"ids": list(asked)}))
    typed = list(db.session.execute(_TYPED, {"ids": list(asked)}))
    cards = _resting(patient, values)
    by = typed_by(typed[0]) if typed else _device(messages)
    steps = [
        Step(values[0].effective_at, "measured", "Measured", by),
        *(step for one in messages for step in _received(one)),
        *(step for one in typed for step in _typed(one)),
        *_judged(patient, values[0].received_at, cards),
        *(step for one in cards for step in _since(one)),
    ]
    return {
        "reading": {
            "effective_at": values[0].effective_at, "received_at": values[0].received_at,
            "device": _device(messages), "message": messages[0].message_id if messages else None,
        },
        "steps": _in_order(steps),
        "alerts": [
            {"id": one.head.public_id, "title": one.lead.title, "level": one.lead.level} for one in cards
        ],
    }  # fmt: skip


def _device(messages: Sequence[Any]) -> str | None:
    return messages[0].device if messages else None


def _received(message: Any) -> Iterable[Step]:
    sent = _sent(message.payload)
    number = "" if message.seq is None else f", number {message.seq} since it started"
    if sent is not None:
        yield Step(sent, "sent", f"Sent, by the device's own clock{number}", message.device)
    yield Step(message.received_at, "received", "Received by the device gateway", THE_GATEWAY)
    # Written with the inbox in one transaction, and the device has its receipt only after that.
    yield Step(message.received_at, "stored", "Stored, then receipted to the device", THE_GATEWAY)


def _typed(one: Any) -> Iterable[Step]:
    yield Step(one.made_at, "typed", typed_words(one), typed_by(one))
    yield Step(one.received_at, "received", "Received and stored", THE_SERVICE)


def _sent(payload: bytes) -> datetime | None:
    """When a device says that it sent this; None for what is not in our own form."""
    try:
        said = json.loads(payload)
        at = datetime.fromisoformat(said["sent"])
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        return None
    return at if at.tzinfo is not None else None


def _judged(patient_id: int, received_at: datetime, cards: Sequence[Card]) -> Iterable[Step]:
    if cards:
        lead = cards[0].lead
        yield Step(lead.opened_at, "judged", "Judged by the rules", THE_RULES, lead.judged_by, lead.public_id)
        return
    mark = db.session.execute(_WATERMARK, {"patient": patient_id}).one_or_none()
    if mark is None or mark.judged_to < received_at:
        yield Step(None, "judged", "Not judged by the rules yet, or not watched then", THE_RULES)
    else:
        yield Step(None, "judged", "Judged by the rules; nothing was found", THE_RULES)


def _resting(patient_id: int, values: Sequence[Any]) -> list[Card]:
    found: dict[int, None] = {}
    for row in values:
        entry = [{"at": row.effective_at.isoformat(), "received": row.received_at.isoformat()}]
        asked = {"patient": patient_id, "evidence": json.dumps(entry)}
        found |= dict.fromkeys(one.card_id for one in db.session.execute(_RESTING, asked))
    cards = cards_of(list(found))
    return [cards[id_] for id_ in found]


def _arrival(card: Card) -> Iterable[Step]:
    """What it was measured by and how it came: the newest evidence of each finding, and every press."""
    for one in card.findings:
        yield Step(
            one.true_at, "measured", f"True from here on: {one.title}", one.device, None, one.public_id
        )
        yield Step(one.known_at, "received", "We had it", THE_GATEWAY, None, one.public_id)
    public = {one.id: one.public_id for one in card.findings}
    for row in db.session.execute(_PRESSES, {"ids": list(public)}):
        words = press_words(row.kind, row.phase)
        yield Step(row.received_at, "received", words, row.device, None, public[row.alert_id])


def _since(card: Card) -> Iterable[Step]:
    by_id = {one.id: one for one in card.findings}
    ids = {"ids": list(by_id)}
    for row in db.session.execute(_EVENTS, ids):
        yield _happened(row, by_id[row.alert_id])
    for row in db.session.execute(_TOLD, ids):
        yield from _message_steps(row, by_id[row.alert_id].public_id)
    for row in db.session.execute(_DOWN, ids):
        said = f"The device is told: {state_words(row.state)}"
        words = said if row.sent_at is not None else f"{said} (waits)"
        yield Step(
            row.sent_at or row.created_at,
            "device-told",
            words,
            row.device,
            None,
            by_id[row.alert_id].public_id,
        )


def _message_steps(row: Any, finding: UUID) -> Iterable[Step]:
    """That somebody is to be told, and that they were, or why not."""
    to, by = to_words(row.to_kind), by_words(row.channel)
    yield Step(
        row.created_at, "queued", f"To be told: {to}, {about_words(row.template)}", THE_OUTBOX, None, finding
    )
    if row.sent_at is not None:
        receipt = f", receipt {row.provider_ref}" if row.provider_ref else ""
        # In the log stands what had no way out: the list shows it, and nobody was called.
        log = row.channel == "log"
        words = (
            f"On our own pages for {to}; no message left the house" if log else f"Told {to} by {by}{receipt}"
        )
        yield Step(row.receipt_at or row.sent_at, "told", words, THE_OUTBOX, None, finding)
    elif row.state == "failed":
        words = f"Could not be told: {to}. {row.last_error or ''}"
        yield Step(None, "not-told", words, THE_OUTBOX, None, finding)


def _happened(row: Any, finding: Alert) -> Step:
    version = None
    if row.kind in ("raised", "worse"):
        version = ", ".join(finding.raised_versions) or finding.judged_by or None
    return Step(row.at, _KINDS.get(row.kind, row.kind), row.words, who_words(row), version, finding.public_id)


def _in_order(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """By time, what has none last; each with the time since the step before."""
    every = list(steps)
    known = sorted((one for one in every if one.at is not None), key=_moment)
    timed: list[Step] = []
    for one in known:
        before = timed[-1].at if timed else None
        since = None if before is None or one.at is None else int((one.at - before).total_seconds() * 1000)
        timed.append(replace(one, ms_since=since))
    return [asdict(one) for one in (*timed, *(one for one in every if one.at is None))]


def _moment(step: Step) -> datetime:
    assert step.at is not None
    return step.at
