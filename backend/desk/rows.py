"""Makes the rows of cards as the desk shows them, every list in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.access import needs
from backend.access import service as access
from backend.access.record import OpenPatient
from backend.alerts import service as alerts
from backend.alerts.models import Alert
from backend.core.clock import whole_years
from backend.core.db import db
from backend.desk.acts import Tried, Undoable, last_tries, undoable
from backend.desk.cards import NO_COVER_RULES, RED, Card, state_of
from backend.desk.handed import Handed, handed
from backend.desk.next_action import Stands, next_action
from backend.desk.withheld import withheld
from backend.escalation.service import LadderView, ladder_of

# What a nurse must know beside the reason; the words of these events are shown on the card.
TOLD_ON_CARD = ("cancel", "clear", "heard-again", "mended", "unreached", "responder", "responder-back")
# A row shows what is newest; the whole evidence stands in the custody.
EVIDENCE_SHOWN = 6
FOLLOW_UPS = {
    "died": "record-death",
    "in-hospital": "record-admission",
    "999-or-admitted": "record-admission",
}

Told = tuple[str, datetime, str]

_TOLD = text(
    """select alert_id, kind, at, words from alert_event
    where alert_id = any(:ids) and kind = any(:kinds) order by id"""
)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is read for a list of cards at once, by inside keys of findings or of heads."""

    now: datetime
    practitioner_id: int | None
    owners: Mapping[int, tuple[UUID, str]]
    needs: Mapping[int, needs.Spoken]
    told: Mapping[int, list[Told]] = field(default_factory=dict)
    devices: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    void: Mapping[int, str] = field(default_factory=dict)
    handed: Mapping[int, Handed] = field(default_factory=dict)
    tries: Mapping[int, Tried] = field(default_factory=dict)
    undoable: Mapping[int, Undoable] = field(default_factory=dict)
    ladders: Mapping[int, LadderView] = field(default_factory=dict)


def rows(
    cards: Sequence[Card], patients: Mapping[int, OpenPatient], practitioner_id: int | None, now: datetime
) -> list[dict[str, Any]]:
    """Rows of these cards, in the order given; `patients` holds everybody whose card is read whole."""
    whole = {None, *patients}
    cards = [one if one.head.patient_id in whole else withheld(one) for one in cards]
    beside = _beside(cards, patients, practitioner_id, now)
    return [_row(one, patients, beside) for one in cards]


def _beside(
    cards: Sequence[Card], patients: Mapping[int, OpenPatient], practitioner_id: int | None, now: datetime
) -> Beside:
    findings = [finding for one in cards for finding in one.findings]
    heads = [one.head.id for one in cards]
    owners = {one.owner_id for one in findings if one.owner_id is not None}
    about = {one.head.patient_id for one in cards} & set(patients)
    # In a list only those that have climbed: before that the next step is the time to acknowledge or to contact.
    climbing = [one.id for one in findings if one.closed_at is None and (one.rung > 0 or len(cards) == 1)]
    return Beside(
        now,
        practitioner_id,
        access.practitioner_names(list(owners)) if owners else {},
        needs.spoken_to([id_ for id_ in about if id_ is not None]),
        _told([one.id for one in findings]),
        alerts.last_told([one.id for one in findings if one.device is not None]),
        alerts.withdrawn(findings),
        handed(heads, practitioner_id),
        last_tries(heads),
        undoable([(one.head.id, one.head.version) for one in cards], practitioner_id, now),
        ladder_of(climbing),
    )


class _Seen:
    """A card's own questions answered once, because a list asks them of hundreds."""

    __slots__ = ("card", "head", "lead", "new", "open", "owner_id", "state")

    def __init__(self, card: Card) -> None:
        self.card, self.head = card, card.head
        self.open = card.open
        self.new = [one for one in self.open if one.claimed_at is None]
        self.lead = self.open[0] if self.open else card.head
        self.owner_id = next(
            (one.owner_id for one in self.open or card.findings if one.owner_id is not None), None
        )
        self.state = "closed" if not self.open else "open" if self.new else "claimed"


def _row(card: Card, patients: Mapping[int, OpenPatient], beside: Beside) -> dict[str, Any]:
    seen = _Seen(card)
    lead, head = seen.lead, seen.head
    said = {one.id: _common(one, beside.void) for one in card.findings}
    patient = None if head.patient_id is None else patients.get(head.patient_id)
    about = None if patient is None else about_patient(patient, beside)
    told = [one for finding in card.findings for one in beside.told.get(finding.id, ())]
    evidence = _newest(lead.evidence)
    return {
        "id": head.public_id,
        "version": head.version,
        "patient": about,
        "unassigned": {"device_id": lead.device, "words": lead.reason} if about is None else None,
        **said[lead.id],
        "state": seen.state,
        "owner": _owner(seen.owner_id, beside),
        "claimed_at": lead.claimed_at,
        "closed_at": lead.closed_at if seen.state == "closed" else None,
        "note": lead.note,
        "repeats": lead.repeats,
        "also": [
            *(words for kind, _, words in told if kind != "cancel"),
            *(one.title for one in seen.open if one.id != lead.id),
        ],
        "cancelled_at": next((at for kind, at, _ in told if kind == "cancel"), None),
        "device_told": next(
            (beside.devices[one.id] for one in card.findings if one.id in beside.devices), None
        ),
        "findings": [_finding(one, said[one.id], seen, beside) for one in card.findings],
        "new_findings": len(seen.new) if seen.owner_id is not None else 0,
        "red": any(one.level in RED for one in seen.open or card.findings),
        "no_cover": any(one.rule in NO_COVER_RULES for one in seen.open),
        "call_999": any(one.call_999 for one in seen.open),
        "data_at": evidence,
        "data_age_s": None if evidence is None else max(0, int((beside.now - evidence).total_seconds())),
        **_steps(seen, beside),
    }


def _common(alert: Alert, void: Mapping[int, str]) -> dict[str, Any]:
    """What a finding says, which is also what the row of its card says when it is the worst."""
    withdrawn = void.get(alert.id)
    return {
        "level": alert.level,
        "rule": alert.rule,
        "title": alert.title,
        # On the row itself, because nobody should call about a reading that was withdrawn.
        "reason": alert.reason if withdrawn is None else f"{alert.reason}. {withdrawn}",
        "kind": alert.kind,
        "judged_by": alert.judged_by,
        "stands": alert.stands,
        "true_at": alert.true_at,
        "known_at": alert.known_at,
        "opened_at": alert.opened_at,
        "late": alert.late,
        "acknowledge_by": alert.acknowledge_by,
        "contact_by": alert.contact_by,
        "outcome": alert.outcome,
    }


def _finding(alert: Alert, said: Mapping[str, Any], seen: _Seen, beside: Beside) -> dict[str, Any]:
    return {
        **said,
        "id": alert.public_id,
        "evidence": _shown(alert.evidence),
        "state": state_of(alert),
        "is_new": seen.owner_id is not None and alert.closed_at is None and alert.claimed_at is None,
        "snoozed_until": alert.snoozed_until,
        "contacted_at": alert.contacted_at,
        "closed_at": alert.closed_at,
        "withdrawn": beside.void.get(alert.id),
    }


def _steps(seen: _Seen, beside: Beside) -> dict[str, Any]:
    """What was agreed, what comes next and by when, and when it goes on by itself."""
    head, opened = seen.head, seen.open
    hand, snoozed = beside.handed.get(head.id), _snoozed_until(opened, beside.now)
    undo = beside.undoable.get(head.id)
    told = [one.contacted_at for one in opened]
    return {
        "contacted_at": max((at for at in told if at), default=None) if opened and all(told) else None,
        "next_action": _next(seen, beside, snoozed) if opened else None,
        "climbs_at": min((one.rung_due_at for one in opened if one.rung_due_at is not None), default=None),
        "rung": max((one.rung for one in opened), default=0),
        **_ladder(seen, beside),
        "snooze": None
        if snoozed is None
        else {"until": snoozed} | {key: (opened[0].snooze or {}).get(key) for key in ("by", "why", "level")},
        "recheck": None if head.recheck_by is None else {"by": head.recheck_by, "why": head.recheck_why},
        "handover": None
        if hand is None
        else {"from": hand.from_, "to": hand.to, "to_me": hand.to_me, "due_at": hand.due_at},
        "undo": None if undo is None else {"what": undo.what, "until": undo.until},
        "follow_up": _follow_up(seen),
    }


def _ladder(seen: _Seen, beside: Beside) -> dict[str, Any]:
    """The steps of every open finding's ladder, the last words where one has come to its end."""
    views = [beside.ladders[one.id] for one in seen.open if one.id in beside.ladders]
    return {
        "steps": [step for view in views for step in view.steps],
        "ladder_end": next((view.end for view in views if view.end is not None), None),
        "undelivered": any(view.undelivered for view in views),
    }


def _follow_up(seen: _Seen) -> dict[str, Any] | None:
    do = FOLLOW_UPS.get(seen.head.outcome or "") if seen.state == "closed" else None
    return None if do is None or seen.head.patient_id is None else {"do": do}


def _snoozed_until(opened: Sequence[Alert], now: datetime) -> datetime | None:
    """The end of the snooze when all of the card is snoozed; a new finding is not."""
    ends = [one.snoozed_until for one in opened]
    if not ends or any(end is None or end <= now for end in ends):
        return None
    return min(end for end in ends if end is not None)


def _next(seen: _Seen, beside: Beside, snoozed: datetime | None) -> dict[str, Any]:
    uncontacted = [one for one in seen.open if one.contacted_at is None and one.claimed_at is not None]
    tried, hand = beside.tries.get(seen.head.id), beside.handed.get(seen.head.id)
    stands = Stands(
        min((one.acknowledge_by for one in seen.new if one.acknowledge_by is not None), default=None),
        bool(seen.new),
        bool(uncontacted),
        min((one.contact_by for one in uncontacted if one.contact_by is not None), default=None),
        snoozed,
        seen.head.recheck_by,
        hand.due_at if hand is not None and hand.to_me else None,
        tried.next_at if tried is not None else None,
        tried.next_what if tried is not None else None,
    )
    found = next_action(stands)
    return {"what": found.what, "words": found.words, "by": found.by, "suggest": found.suggest}


def _shown(evidence: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The newest of the evidence, newest first."""
    if len(evidence) == 1:
        return list(evidence)
    return sorted(evidence, key=_at, reverse=True)[:EVIDENCE_SHOWN]


def _at(row: Mapping[str, Any]) -> str:
    return str(row.get("at", ""))


def _newest(evidence: Sequence[Mapping[str, Any]]) -> datetime | None:
    newest = max(map(_at, evidence), default="")
    return datetime.fromisoformat(newest) if newest else None


def _owner(owner_id: int | None, beside: Beside) -> dict[str, Any] | None:
    if owner_id is None:
        return None
    id_, name = beside.owners[owner_id]
    return {"id": id_, "name": name, "me": owner_id == beside.practitioner_id}


def about_patient(patient: OpenPatient, beside: Beside) -> dict[str, Any]:
    """Who it is, as a nurse needs it before calling."""
    known = beside.needs.get(patient.id)
    return {
        "id": patient.public_id,
        "display_name": patient.display_name,
        "nhs_number": patient.nhs_number,
        "age": whole_years(patient.birth_date, beside.now.date()),
        "gender": patient.gender,
        "phone": patient.phone,
        "lives_alone": patient.lives_alone,
        "key_safe_reference": patient.key_safe_reference,
        "language": known.language if known is not None else None,
        "interpreter": known.interpreter if known is not None else None,
        "hearing": known.hearing if known is not None else None,
        "sight": known.sight if known is not None else None,
    }


def _told(alert_ids: Sequence[int]) -> dict[int, list[Told]]:
    """What happened at the device and on the way to it since: kind, when and in words, by alert."""
    found: dict[int, list[Told]] = {}
    if alert_ids:
        for event in db.session.execute(_TOLD, {"ids": list(alert_ids), "kinds": list(TOLD_ON_CARD)}):
            found.setdefault(event.alert_id, []).append((event.kind, event.at, event.words))
    return found
