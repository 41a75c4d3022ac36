"""The one way to a card and back: opened behind its person's door, locked whole, saved at the version seen."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from backend.access import service as access
from backend.access import teams
from backend.access.record import (
    Action,
    OpenPatient,
    Purpose,
    Record,
    RecordRefused,
    open_panel,
    open_record,
)
from backend.alerts import service as alerts
from backend.alerts.cards import lock_cards
from backend.alerts.models import Alert
from backend.audit import service as audit
from backend.core.db import db
from backend.core.errors import Conflict
from backend.core.http import Actor
from backend.desk import acts
from backend.desk.cards import Card, card
from backend.desk.rows import rows
from backend.desk.seen import tell_carers

CHANGED = ("changed-meanwhile", "Somebody changed this since you last saw it.")

_EVENT = text(
    """insert into alert_event (alert_id, patient_id, kind, actor_kind, actor_id, words, detail)
    values (:alert_id, :patient_id, :kind, :actor_kind, :actor_id, :words, cast(:detail as jsonb))"""
)
_PATIENT = text("select public_id from patient where id = :id")


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done: its kind on the time line, in words without values, and what is kept of it."""

    kind: str
    words: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    act: str | None = None
    before: Mapping[str, Any] | None = None
    eta_min: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A card that is locked for this change, the door it was opened by, and the database's time."""

    actor: Actor
    card: Card
    record: Record | None
    now: datetime

    def shown(self) -> dict[str, Any]:
        """The row as it stands."""
        patients: Mapping[int, OpenPatient] = (
            {self.record.patient.id: self.record.patient} if self.record else {}
        )
        fresh = card(_findings(self.card.head.card_id, lock=False))
        return rows([fresh], patients, self.actor.practitioner_id, access.database_time())[0]

    def refuse_unless(self, version: int) -> None:
        """Raise Conflict with the row as it stands unless it is at the version seen."""
        if self.card.head.version != version:
            raise Conflict(*CHANGED, current=self.shown())

    def refuse_closed(self) -> None:
        """Raise Conflict with the row as it stands when nothing of it is open."""
        if not self.card.open:
            raise Conflict("already-closed", "It is closed already.", current=self.shown())


def look_at(actor: Actor, alert_id: UUID) -> Opened:
    """The same door for reading: nothing is locked."""
    return _opened(actor, alert_id, lock=False)


def open_card(actor: Actor, alert_id: UUID) -> Opened:
    """Lock the card of an alert behind its door: the patient's record, or for whoever has no team any desk.

    Whoever joins a finding to it waits until this is over. Raises RecordRefused when it is not theirs to open.
    """
    return _opened(actor, alert_id, lock=True)


def _opened(actor: Actor, alert_id: UUID, *, lock: bool) -> Opened:
    found = _find(alert_id, lock=lock)
    if found is None:
        detail = {"rule": "no-such-record"}
        audit.record_refusal(actor, Action.ACT_ON_ALERT.value, "alert", str(alert_id), detail=detail)
        raise RecordRefused
    head = found.head
    if head.patient_id is not None and access.team_of(head.patient_id) is not None:
        patient: UUID = db.session.execute(_PATIENT, {"id": head.patient_id}).scalar_one()
        record = open_record(actor, patient, Purpose.CAREMGT, Action.ACT_ON_ALERT)
        return Opened(actor, found, record, access.database_time())
    # Nobody is known, or they are on no team's list, so there is no record to open: whoever is on a desk may act,
    # and it is audited.
    panel = open_panel(actor)
    if panel.watches_canary != head.is_canary:
        detail = {"rule": "canary"}
        audit.record_refusal(actor, Action.ACT_ON_ALERT.value, "alert", str(alert_id), detail=detail)
        raise RecordRefused
    if _is_another_teams(head, panel.practitioner.id):
        detail = {"rule": "another-team"}
        audit.record_refusal(actor, Action.ACT_ON_ALERT.value, "alert", str(alert_id), detail=detail)
        raise RecordRefused
    return Opened(actor, found, None, access.database_time())


def _is_another_teams(head: Alert, practitioner_id: int) -> bool:
    """About no person but a team's own affair, such as its rota, and not of a team of theirs."""
    own = head.patient_id is None and head.care_team_id is not None
    return own and head.care_team_id not in teams.team_ids(practitioner_id)


def _find(alert_id: UUID, *, lock: bool) -> Card | None:
    with db.session.no_autoflush:
        asked = select(Alert.card_id, Alert.patient_id).where(Alert.public_id == alert_id)
        found = db.session.execute(asked).one_or_none()
        if found is None:
            return None
        # Before any row, as everybody does who opens or joins: nothing joins the card until this is over.
        if lock:
            lock_cards([found.patient_id] if found.patient_id is not None else [])
        return card(_findings(found.card_id, lock=lock))


def _findings(card_id: int, *, lock: bool) -> list[Alert]:
    """Every finding of a card, as the database has it, in one order so that two desks never wait for each other."""
    asked = select(Alert).where(Alert.card_id == card_id).order_by(Alert.id)
    with db.session.no_autoflush:
        return list(
            db.session.scalars(
                asked.with_for_update() if lock else asked, execution_options={"populate_existing": lock}
            )
        )


def save(
    opened: Opened, if_version: int, change_id: UUID, deed: Deed, change: Callable[[], None]
) -> dict[str, Any]:
    """Make the change at the version seen, keep it, audit it, tell devices and pages; answers the row.

    Raises Conflict with the row as it stands when somebody was first, also when a finding joined meanwhile.
    """
    opened.refuse_unless(if_version)
    actor, head = opened.actor, opened.card.head
    unseen = [one for one in opened.card.findings if one.seen_at is None]
    with db.session.no_autoflush:
        change()
        if opened.record is None:
            _save_unassigned(actor, head, deed.kind)
        else:
            # To the type checker an alert is no PatientRow, since it may be about nobody; this one is not.
            row: Any = head
            opened.record.save(row, if_version=if_version, change_id=change_id)
    db.session.flush()
    for finding in opened.card.findings:
        alerts.tell_devices(finding.id, deed.eta_min)
    if opened.record is not None:
        tell_carers(opened.record.patient, [one for one in unseen if one.seen_at is not None])
    record_deed(opened, deed)
    alerts.note_told([head.id])
    return opened.shown()


def record_deed(opened: Opened, deed: Deed) -> None:
    """Write the event on the time line and the act on the card."""
    actor, head = opened.actor, opened.card.head
    db.session.execute(
        _EVENT,
        {
            "alert_id": head.id,
            "patient_id": head.patient_id,
            "kind": deed.kind,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "words": deed.words,
            "detail": json.dumps(dict(deed.detail), default=str),
        },
    )
    acts.write(
        head.id, head.patient_id, deed.act or deed.kind, actor.practitioner_id, head.version,
        deed.detail, deed.before,
    )  # fmt: skip


def _save_unassigned(actor: Actor, head: Alert, kind: str) -> None:
    head.version += 1
    db.session.flush()
    audit.record(
        actor, kind, "alert", str(head.public_id), purpose=Purpose.CAREMGT.value,
        detail={"version": head.version},
    )  # fmt: skip
