"""Gathers what whoever rings a person has to know: the facts on the card, what was tried, who else is worried."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from backend.access import needs
from backend.access import service as access
from backend.access.needs import Needs
from backend.access.record import Record
from backend.alerts import service as alerts
from backend.alerts.models import Alert
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.http import Actor
from backend.desk.cards import Card
from backend.desk.closing import NEEDS, OUTCOMES
from backend.desk.contacts import WHOM
from backend.desk.door import Opened, look_at
from backend.desk.models import DeskAct
from backend.observations.codes import Code
from backend.observations.reading import Limit
from backend.plans import service as plans

LAST_OUTCOMES = 3
LOG_SHOWN = 100
WORRIED_FOR = timedelta(hours=24)
# The rules that speak for a person or a carer who is worried.
WORRY_RULES = ("concern", "carer_concern")
# Asked at once of whoever lies on the floor. Alongside default, not national guidance: confirmed by the deploying
# organisation's clinical safety officer.
FALL_SCRIPT = (
    "Did you hit your head?",
    "Do you take a blood thinner?",
    "How long have you been on the floor?",
    "Can you get up by yourself?",
)
FALL_RULES = frozenset({"fall", "fall_seen", "sos", "fall_recurrent"})
_ACTS = {
    "claim": "Claimed", "note": "Note", "snooze": "Put aside", "recheck": "To be checked again", "undo": "Undone",
    "recheck-done": "Checked again", "wrong-rule": "Rule said to be wrong for this person", "message": "Message sent",
    "close": "Closed", "hand-over": "Handed over", "accept": "Accepted at hand-over", "snooze-over": "Snooze over",
    "recheck-missed": "Recheck not done", "not-accepted": "Not accepted at hand-over", "responder": "Somebody set off",
    "responder-back": "Somebody is not coming after all",
}  # fmt: skip


def read_card(actor: Actor, alert_id: UUID) -> dict[str, Any]:
    """A card with everything care asks to stand on it; raises RecordRefused when it is not theirs."""
    opened = look_at(actor, alert_id)
    record, card = opened.record, opened.card
    known = None if record is None else needs.needs_of([record.patient.id]).get(record.patient.id)
    return {
        "row": opened.shown(),
        "facts": None if record is None else _facts(record, known) | {"plan": _plan(record, card)},
        "last_outcomes": [] if record is None else _last_outcomes(record, card),
        "worried": [] if record is None else _worried(record),
        **_log(card, _left_at(opened)),
        "fall_script": _fall_script(card, record),
        "outcomes": [{"value": one, "needs": _asks(one, card)} for one in OUTCOMES],
    }


def _asks(outcome: str, card: Card) -> list[str]:
    return [*NEEDS.get(outcome, ()), *(["confirm"] if card.is_red else [])]


def _facts(record: Record, known: Needs | None) -> dict[str, Any]:
    patient = record.patient
    limits = alerts.limits_for(patient)
    said = known or Needs()
    oxygen = limits.get(Code.SPO2)
    return {
        **{
            name: getattr(said, name)
            for name in ("language", "interpreter", "hearing", "sight", "reach", "rescue_pack", "rescue_pack_where",
                         "home_oxygen", "end_of_life")
        },
        "lives_alone": patient.lives_alone,
        "key_safe_reference": patient.key_safe_reference,
        "oxygen_litres": None if said.oxygen_litres is None else format(said.oxygen_litres, "f"),
        "oxygen_target": None if oxygen is None else _range(Code.SPO2, oxygen),
        "anticoagulant": patient.facts.get("anticoagulant"),
        # A pointer and never an order: the response to an alarm is the same.
        "documents": [
            {
                "kind": one.kind, "dated": one.dated, "original_at": one.original_at, "ceiling": one.ceiling,
                "verified_by": one.verified_by,
            }
            for one in said.documents
        ],
        "second_number": said.second_phone,
        "contacts": [{"relation": one.relation, "name": one.name, "phone": one.phone} for one in said.contacts],
        "palliative_line": None
        if said.palliative_line is None
        else {"name": said.palliative_line.name, "phone": said.palliative_line.phone},
        "usual": [
            _range(code, one) for code, one in limits.items()
        ],
    }  # fmt: skip


def _plan(record: Record, card: Card) -> dict[str, Any] | None:
    """What the person's plan tells them to do now, so that whoever rings says the same; None at milder levels."""
    if card.lead.kind != "clinical" or card.lead.closed_at is not None:
        return None
    said = plans.advice(record.patient.id, card.lead.level, card.lead.rule)
    return None if said is None else {"words": said["words"], "is_agreed": said["from"] == "plan"}


def _range(code: Code, limit: Limit) -> dict[str, Any]:
    return {
        "code": code.value,
        "low": None if limit.low is None else format(limit.low, "f"),
        "high": None if limit.high is None else format(limit.high, "f"),
        "source": limit.source,
        "personal": limit.personal,
    }


def _last_outcomes(record: Record, card: Card) -> list[dict[str, Any]]:
    """How the person's last three cards ended."""
    asked = (
        select(Alert)
        .where(
            Alert.patient_id == record.patient.id, Alert.closed_at.is_not(None), Alert.id == Alert.card_id,
            Alert.card_id != card.head.card_id,
        )
        .order_by(Alert.closed_at.desc())
        .limit(LAST_OUTCOMES)
    )  # fmt: skip
    found = db.session.scalars(asked).all()
    names = _names([one.owner_id for one in found])
    return [
        {
            "at": one.closed_at, "title": one.title, "outcome": one.outcome, "note": one.note,
            "by": names.get(one.owner_id or 0),
        }
        for one in found
    ]  # fmt: skip


def _worried(record: Record) -> list[dict[str, Any]]:
    """Who has said that they are worried: what is open, and what was said in the last day."""
    asked = select(Alert).where(
        Alert.patient_id == record.patient.id,
        Alert.rule.in_(WORRY_RULES),
        or_(Alert.closed_at.is_(None), Alert.opened_at > sql_now() - WORRIED_FOR),
    )
    found = db.session.scalars(asked.order_by(Alert.opened_at.desc()))
    return [{"at": one.opened_at, "who": one.title, "words": one.reason} for one in found]


def _left_at(opened: Opened) -> datetime | None:
    """When somebody on no team's list was last on one: what was written before that is their team's."""
    patient_id = opened.card.head.patient_id
    return None if opened.record is not None or patient_id is None else access.left_at(patient_id)


def _log(card: Card, since: datetime | None) -> dict[str, Any]:
    """What was done with the card, and each try to reach somebody, newest first; notes only from `since` on."""
    asked = (
        select(DeskAct).where(DeskAct.alert_id == card.head.id).order_by(DeskAct.id.desc()).limit(LOG_SHOWN)
    )
    acts = db.session.scalars(asked).all()
    names = _names([one.by_id for one in acts])
    return {
        "log": [
            {
                "at": one.at, "kind": one.kind, "words": _act_words(one), "by": names.get(one.by_id or 0),
                "note": _noted(one, since), "undone": one.undone_at is not None,
            }
            for one in acts
        ],
        "tries": [
            {name: one.detail.get(name) for name in ("to", "how", "result", "next_what", "next_at")}
            | {"note": _noted(one, since), "at": one.at, "by": names.get(one.by_id or 0)}
            for one in acts
            if one.kind == "contact"
        ],
    }  # fmt: skip


def _noted(act: DeskAct, since: datetime | None) -> str | None:
    return act.detail.get("note") if since is None or act.at > since else None


def _act_words(act: DeskAct) -> str:
    if act.kind == "contact":
        return f"{WHOM[act.detail['to']]}: {act.detail['result'].replace('-', ' ')}".capitalize()
    said = _ACTS.get(act.kind, act.kind)
    outcome = act.detail.get("outcome")
    return f"{said}: {outcome}" if outcome else said


def _names(ids: Sequence[int | None]) -> Mapping[int, str]:
    wanted = sorted({one for one in ids if one is not None})
    return {id_: name for id_, (_, name) in access.practitioner_names(wanted).items()} if wanted else {}


def _fall_script(card: Card, record: Record | None) -> list[str]:
    """What to ask after a fall; who is known to take an anticoagulant is not asked but told of."""
    if not any(one.rule in FALL_RULES for one in card.findings):
        return []
    thins = record is not None and record.patient.facts.get("anticoagulant") is True
    return [
        "On record: takes a blood thinner. A head injury needs 999."
        if thins and "blood thinner" in one
        else one
        for one in FALL_SCRIPT
    ]
