"""Reads alerts as the desk and the person see them, every list in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import and_, or_, select

from backend.access import service as access
from backend.access.record import OpenPatient
from backend.alerts.device_states import last_told
from backend.alerts.levels import Severity
from backend.alerts.models import Alert, AlertEvent
from backend.alerts.withdrawn import withdrawn
from backend.core.clock import whole_years
from backend.core.db import db

State = Literal["open", "claimed", "closed"]
# What a nurse must know beside the reason; the words of these events are shown on the card.
TOLD_ON_CARD = ("cancel", "clear", "heard-again", "mended", "unreached", "responder", "responder-back")
RECENTLY_CLOSED = 10


def state_of(alert: Alert) -> State:
    """Where an episode stands."""
    if alert.closed_at is not None:
        return "closed"
    return "claimed" if alert.claimed_at is not None else "open"


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert as the person sees it; the owner is a name, never an id."""

    id: UUID
    level: str
    kind: str
    rule: str
    title: str
    reason: str
    true_at: datetime
    opened_at: datetime
    state: State
    seen_at: datetime | None
    owner: str | None


def open_alerts(patient_id: int) -> list[AlertView]:
    """A person's open alerts for them to see, worst and newest first; `patient_id` is an opened record's inside key."""
    # Information is the team's: it asks nothing of the person.
    mine = select(Alert).where(
        Alert.patient_id == patient_id, Alert.closed_at.is_(None), Alert.level != Severity.INFO.value
    )
    rows = sorted(db.session.scalars(mine).all(), key=_order)
    names = _owners(rows)
    void = withdrawn(rows)
    return [
        AlertView(
            row.public_id,
            row.level,
            row.kind,
            row.rule,
            row.title,
            f"{row.reason}. {void[row.id]}" if row.id in void else row.reason,
            row.true_at,
            row.opened_at,
            state_of(row),
            row.seen_at,
            names[row.owner_id][1] if row.owner_id is not None else None,
        )
        for row in rows
    ]


def events_of(patient_id: int, since: datetime) -> list[dict[str, Any]]:
    """What happened to a person's alerts from `since` on, newest first: {"at", "kind", "words"}.

    `kind` is alert, claim, close or device, as the time line names them.
    """
    asked = (
        select(AlertEvent.at, AlertEvent.kind, AlertEvent.words, Alert.kind.label("about"))
        .join(Alert, Alert.id == AlertEvent.alert_id)
        .where(AlertEvent.patient_id == patient_id, AlertEvent.at >= since)
        .order_by(AlertEvent.at.desc())
    )
    kinds = {"claimed": "claim", "closed": "close"}
    return [
        {
            "at": row.at,
            "kind": kinds.get(row.kind, "device" if row.about == "technical" else "alert"),
            "words": row.words,
        }
        for row in db.session.execute(asked)
    ]


def desk_alerts(patients: Mapping[int, OpenPatient]) -> list[Alert]:
    """What stands on a desk: open alerts of its patients and every unassigned alarm, in order; no canary.

    Unassigned is also what a device says of somebody on no team's list: else no desk would have it.
    """
    on_desk = select(Alert).where(
        Alert.closed_at.is_(None),
        Alert.is_canary.is_(False),
        or_(
            Alert.patient_id.in_(list(patients)),
            Alert.patient_id.is_(None),
            and_(Alert.device.is_not(None), Alert.patient_id.not_in(access.patients_with_a_team())),
        ),
    )
    return sorted(db.session.scalars(on_desk).all(), key=_order)


def alerts_of(patient_id: int) -> list[Alert]:
    """A person's open alerts and the last few closed ones, for the team's page about the person."""
    mine = select(Alert).where(Alert.patient_id == patient_id)
    standing = db.session.scalars(mine.where(Alert.closed_at.is_(None))).all()
    closed = db.session.scalars(
        mine.where(Alert.closed_at.is_not(None)).order_by(Alert.closed_at.desc()).limit(RECENTLY_CLOSED)
    ).all()
    return [*sorted(standing, key=_order), *closed]


def _order(alert: Alert) -> tuple[int, datetime, int]:
    """Emergency, then urgent, each by deadline; then people without cover, then soon, routine and info."""
    ranks = {"emergency": 0, "urgent": 1, "soon": 3, "routine": 4, "info": 5}
    rank = ranks[alert.level]
    if alert.rule == "device_silent" and rank > 2:
        rank = 2
    return rank, alert.contact_by or alert.opened_at, alert.id


def rows(
    alerts: Sequence[Alert], patients: Mapping[int, OpenPatient], practitioner_id: int | None, today: date
) -> list[dict[str, Any]]:
    """Rows of the worklist, in the order given; `patients` holds everybody the alerts are about."""
    owners = _owners(alerts)
    told = _told([alert.id for alert in alerts])
    devices = last_told([alert.id for alert in alerts if alert.device is not None])
    void = withdrawn(alerts)
    together: dict[int, list[Alert]] = {}
    for alert in alerts:
        if alert.patient_id is not None and alert.closed_at is None:
            together.setdefault(alert.patient_id, []).append(alert)
    return [
        _row(alert, patients, owners, practitioner_id, today)
        | {
            "also": [
                *(words for kind, _, words in told.get(alert.id, []) if kind != "cancel"),
                *(one.title for one in together.get(alert.patient_id or 0, []) if one.id != alert.id),
            ],
            # On the row itself, because nobody should call about a reading that was withdrawn.
            "reason": f"{alert.reason}. {void[alert.id]}" if alert.id in void else alert.reason,
            "cancelled_at": next((at for kind, at, _ in told.get(alert.id, []) if kind == "cancel"), None),
            "device_told": devices.get(alert.id),
        }
        for alert in alerts
    ]


def _row(
    alert: Alert,
    patients: Mapping[int, OpenPatient],
    owners: Mapping[int, tuple[UUID, str]],
    practitioner_id: int | None,
    today: date,
) -> dict[str, Any]:
    owner = None
    if alert.owner_id is not None:
        id_, name = owners[alert.owner_id]
        owner = {"id": id_, "name": name, "me": alert.owner_id == practitioner_id}
    patient = None if alert.patient_id is None else patients.get(alert.patient_id)
    about = None if patient is None else _about(patient, today)
    return {
        "id": alert.public_id,
        "patient": about,
        "unassigned": {"device_id": alert.device, "words": alert.reason} if about is None else None,
        "level": alert.level,
        "rule": alert.rule,
        "title": alert.title,
        "reason": alert.reason,
        "kind": alert.kind,
        "true_at": alert.true_at,
        "known_at": alert.known_at,
        "opened_at": alert.opened_at,
        "late": alert.late,
        "acknowledge_by": alert.acknowledge_by,
        "contact_by": alert.contact_by,
        "state": state_of(alert),
        "owner": owner,
        "claimed_at": alert.claimed_at,
        "closed_at": alert.closed_at,
        "outcome": alert.outcome,
        "note": alert.note,
        "judged_by": alert.judged_by,
        "repeats": alert.repeats,
        "version": alert.version,
    }


def _about(patient: OpenPatient, today: date) -> dict[str, Any]:
    return {
        "id": patient.public_id,
        "display_name": patient.display_name,
        "nhs_number": patient.nhs_number,
        "age": whole_years(patient.birth_date, today),
        "gender": patient.gender,
        "phone": patient.phone,
        "lives_alone": patient.lives_alone,
        "key_safe_reference": patient.key_safe_reference,
    }


def _owners(alerts: Sequence[Alert]) -> Mapping[int, tuple[UUID, str]]:
    ids = {alert.owner_id for alert in alerts if alert.owner_id is not None}
    return access.practitioner_names(list(ids)) if ids else {}


def _told(alert_ids: Sequence[int]) -> dict[int, list[tuple[str, datetime, str]]]:
    """What happened at the device and on the way to it since: kind, when and in words, by alert."""
    found: dict[int, list[tuple[str, datetime, str]]] = {}
    if alert_ids:
        events = select(AlertEvent.alert_id, AlertEvent.kind, AlertEvent.at, AlertEvent.words).where(
            AlertEvent.alert_id.in_(list(alert_ids)), AlertEvent.kind.in_(TOLD_ON_CARD)
        )
        for event in db.session.execute(events.order_by(AlertEvent.id)):
            found.setdefault(event.alert_id, []).append((event.kind, event.at, event.words))
    return found
