"""What a nurse does with an alert: claim it, close it; the first of two wins, the other sees who."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from backend.access import service as access
from backend.access.record import (
    Action,
    OpenPatient,
    Purpose,
    Record,
    RecordRefused,
    open_panel,
    open_record,
)
from backend.alerts.device_states import tell_devices
from backend.alerts.levels import Severity, clock_for
from backend.alerts.models import Alert
from backend.alerts.occurrence import Subject
from backend.alerts.rows import rows, state_of
from backend.alerts.telling import notice
from backend.audit import service as audit
from backend.core.db import db
from backend.core.errors import Conflict
from backend.core.http import Actor
from backend.core.notices import notify

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


_EVENT = text(
    """insert into alert_event (alert_id, patient_id, kind, actor_kind, actor_id, words, detail)
    values (:alert_id, :patient_id, :kind, :actor_kind, :actor_id, :words, cast(:detail as jsonb))"""
)
_PATIENT = text("select public_id from patient where id = :id")


def claim(actor: Actor, alert_id: UUID, if_version: int, change_id: UUID) -> dict[str, Any]:
    """Take an alert; answers its row. Claiming starts the second clock, to contact, by the database's time.

    Raises Conflict with the row as it stands when somebody was first, RecordRefused when it is not theirs
    to open or is not there.
    """
    alert, record = _open(actor, alert_id)
    if alert.owner_id == actor.practitioner_id and alert.closed_at is None:
        return _shown(actor, alert, record)
    if alert.owner_id is not None or alert.closed_at is not None:
        words = "It is closed." if alert.closed_at is not None else "Somebody else has it."
        raise Conflict("already-claimed", words, current=_shown(actor, alert, record))
    _take(actor, alert, access.database_time())
    return _saved(actor, alert, record, if_version, change_id, "claimed", "Claimed")


def close(
    actor: Actor, alert_id: UUID, outcome: str, note: str | None, if_version: int, change_id: UUID
) -> dict[str, Any]:
    """Close an alert with one of OUTCOMES; answers its row. Raises as `claim` does."""
    alert, record = _open(actor, alert_id)
    if alert.closed_at is not None:
        raise Conflict("already-closed", "It is closed already.", current=_shown(actor, alert, record))
    now = access.database_time()
    if alert.owner_id is None:
        alert.owner_id, alert.claimed_at = actor.practitioner_id, now
    alert.seen_at = alert.seen_at or now
    alert.closed_at, alert.outcome, alert.note = now, outcome, note
    return _saved(actor, alert, record, if_version, change_id, "closed", f"Closed: {outcome}")


def send_responder(
    actor: Actor, alert_id: UUID, responder: Responder, if_version: int, change_id: UUID
) -> dict[str, Any]:
    """Write down that a named responder has set off, and only then tell the device that help is coming.

    That they are not coming after all is told as well: the device says again that it is being handled.
    Whoever writes it takes an alert that nobody has. Answers its row; raises as `claim` does.
    """
    alert, record = _open(actor, alert_id)
    if alert.closed_at is not None:
        raise Conflict("already-closed", "It is closed already.", current=_shown(actor, alert, record))
    now = access.database_time()
    _take(actor, alert, now)
    alert.help_coming_at = now if responder.set_off else None
    kind = "responder" if responder.set_off else "responder-back"
    return _saved(
        actor, alert, record, if_version, change_id, kind, responder.words(), responder.detail(),
        eta_min=responder.eta_minutes,
    )  # fmt: skip


def _take(actor: Actor, alert: Alert, now: datetime) -> None:
    """Whoever acts on an alert that nobody has, has it; the second clock, to contact, starts."""
    if alert.owner_id is None:
        alert.owner_id, alert.claimed_at = actor.practitioner_id, now
        alert.contact_by = now + clock_for(alert.rule, Severity(alert.level)).contact
    alert.seen_at = alert.seen_at or now


def _open(actor: Actor, alert_id: UUID) -> tuple[Alert, Record | None]:
    """The alert behind its door: the patient's record, or for nobody's device the duty desk."""
    with db.session.no_autoflush:
        alert = db.session.scalars(
            select(Alert).where(Alert.public_id == alert_id).with_for_update()
        ).one_or_none()
    if alert is None:
        detail = {"rule": "no-such-record"}
        audit.record_refusal(actor, Action.ACT_ON_ALERT.value, "alert", str(alert_id), detail=detail)
        raise RecordRefused
    if alert.patient_id is not None and (
        alert.device is None or access.team_of(alert.patient_id) is not None
    ):
        patient: UUID = db.session.execute(_PATIENT, {"id": alert.patient_id}).scalar_one()
        return alert, open_record(actor, patient, Purpose.CAREMGT, Action.ACT_ON_ALERT)
    # Nobody wears it, or who does is on no team's list, so there is no record to open: whoever is on a desk
    # may act, and it is audited.
    panel = open_panel(actor)
    if panel.watches_canary != alert.is_canary:
        detail = {"rule": "canary"}
        audit.record_refusal(actor, Action.ACT_ON_ALERT.value, "alert", str(alert_id), detail=detail)
        raise RecordRefused
    return alert, None


def _saved(
    actor: Actor,
    alert: Alert,
    record: Record | None,
    if_version: int,
    change_id: UUID,
    kind: str,
    words: str,
    detail: Mapping[str, Any] | None = None,
    *,
    eta_min: int | None = None,
) -> dict[str, Any]:
    if record is None:
        _save_unassigned(actor, alert, if_version, kind)
    else:
        # To the type checker an alert is no PatientRow, since it may be about nobody; this one is not.
        row: Any = alert
        alert = record.save(
            row, if_version=if_version, change_id=change_id, describe=lambda a: _shown(actor, a, record)
        )
    state = state_of(alert)
    db.session.execute(
        _EVENT,
        {
            "alert_id": alert.id,
            "patient_id": alert.patient_id,
            "kind": kind,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "words": words,
            "detail": json.dumps(dict(detail or {})),
        },
    )
    tell_devices(alert.id, eta_min)
    subject = Subject(alert.patient_id, record.patient.public_id if record else None, None, alert.is_canary)
    if record is not None or not alert.is_canary:
        notify(notice(subject, alert.public_id, Severity(alert.level), state, alert.rule))
    return _shown(actor, alert, record)


def _save_unassigned(actor: Actor, alert: Alert, if_version: int, kind: str) -> None:
    with db.session.no_autoflush:
        stands = db.session.scalar(select(Alert.version).where(Alert.id == alert.id))
    if stands != if_version:
        db.session.refresh(alert)
        shown = _shown(actor, alert, None)
        raise Conflict("changed-meanwhile", "Somebody changed this since you last saw it.", current=shown)
    alert.version = if_version + 1
    db.session.flush()
    audit.record(
        actor, kind, "alert", str(alert.public_id), purpose=Purpose.CAREMGT.value,
        detail={"version": alert.version},
    )  # fmt: skip


def _shown(actor: Actor, alert: Alert, record: Record | None) -> dict[str, Any]:
    patients: Mapping[int, OpenPatient] = {record.patient.id: record.patient} if record else {}
    return rows([alert], patients, actor.practitioner_id, access.database_time().date())[0]
