"""What a pendant is told of its alarm: each state only once it is true, by a row written with its cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import text

from backend.alerts.subjects import alerts_of_devices_away
from backend.core.db import db
from backend.core.notices import notify_all
from backend.devices import service as devices

Told = Literal["received", "being_handled", "help_coming", "resolved", "cannot_reach_anyone"]
# An alarm whose own id could not be read is named by us; its device would not know the name.
NAMELESS = "unreadable-"


@dataclass(frozen=True, slots=True)
class Standing:
    """What has happened to an alert, as far as a device is told of it."""

    closed: bool = False
    help_coming: bool = False
    claimed: bool = False
    unreached: bool = False


def state_for(stands: Standing) -> Told:
    """The one state that is true: `help_coming` only when a named responder set off, and not once it is over."""
    if stands.closed:
        return "resolved"
    if stands.help_coming:
        return "help_coming"
    if stands.claimed:
        return "being_handled"
    return "cannot_reach_anyone" if stands.unreached else "received"


_STANDS = text(
    """select closed_at is not null as closed, help_coming_at is not null as help_coming,
        claimed_at is not null as claimed, unreached_at is not null as unreached, db_now() as now
    from alert where id = :alert_id"""
)
# A press belongs to the last episode it was part of; kit that counts from one again uses a name twice.
_ALARMS = text(
    """select distinct e.device, e.alarm_id from alarm_event e where e.alert_id = :alert_id
        and not exists (select from alarm_event l where l.device = e.device and l.alarm_id = e.alarm_id
            and l.alert_id > e.alert_id)
    order by e.device, e.alarm_id"""
)
_AGAIN = text(
    """update downlink set state = 'waiting', asked = asked + 1 where id = (
        select id from downlink where alert_id = :alert_id and device = :device
            and payload ->> 'alarm' = :alarm_id order by id desc limit 1)
        and payload ->> 'state' = :state returning id"""
)
_TOLD_ELSE = text(
    """select coalesce((select payload ->> 'state' from downlink where alert_id = :alert_id and device = :device
        and channel = 'alarm' and payload ->> 'alarm' = :alarm_id
        order by id desc limit 1), 'received') <> 'received'"""
)
# What a device was last told of each alarm that is open, or was until yesterday.
_BORN = text(
    """with newest as (
        select distinct on (e.device, e.alarm_id) e.device, e.alarm_id, e.alert_id from alarm_event e
        where e.device = any(:devices) and e.alert_id is not null
        order by e.device, e.alarm_id, e.alert_id desc),
    last as (
        select distinct on (d.device, n.alarm_id) d.id from newest n
        join alert a on a.id = n.alert_id
            and (a.closed_at is null or a.closed_at > db_now() - interval '1 day')
        join downlink d on d.alert_id = n.alert_id and d.device = n.device
            and d.payload ->> 'alarm' = n.alarm_id
        order by d.device, n.alarm_id, d.id desc)
    update downlink d set state = 'waiting', asked = d.asked + 1 from last
    where d.id = last.id and d.state = 'sent' returning d.id"""
)
_NOTICES = text(
    """select a.public_id, a.level, a.rule, p.public_id as patient,
        case when a.closed_at is not null then 'closed' when a.claimed_at is not null then 'claimed'
            else 'open' end as state
    from alert a left join patient p on p.id = a.patient_id
    where a.id = any(:ids) and not (a.is_canary and p.id is null)"""
)
_LAST_TOLD = text(
    """select distinct on (alert_id) alert_id, payload ->> 'state' as state, created_at, sent_at
    from downlink where alert_id = any(:ids) and channel = 'alarm' order by alert_id, id desc"""
)
_FIRST_HEARD = text(
    """select alert_id, min(received_at) as at from alarm_event
    where alert_id = any(:ids) and left(alarm_id, 11) <> 'unreadable-' group by alert_id"""
)


def tell_devices(alert_id: int, eta_min: int | None = None) -> None:
    """Tell every alarm of an episode how it stands now; in the transaction of the change, after its flush.

    `eta_min` (minutes from now) goes with `help_coming`. No name and no value ever goes to a device.
    """
    for row in db.session.execute(_ALARMS, {"alert_id": alert_id}).all():
        _say(alert_id, row.device, row.alarm_id, eta_min)


def tell_again(alert_id: int, device: str, alarm_id: str) -> None:
    """A device spoke of an alarm: what stands beyond `received`, which the gateway answers at once, goes out again."""
    state, _ = _state_now(alert_id)
    if state == "received":
        return
    asked = {"alert_id": alert_id, "device": device, "alarm_id": alarm_id, "state": state}
    if db.session.execute(_AGAIN, asked).first() is not None:
        devices.wake_downlink()
    else:
        _say(alert_id, device, alarm_id, None)


def tell_born(born: Sequence[str]) -> int:
    """Devices came back: their broker may have lost what waited for them. Answers how many are told again."""
    if not born:
        return 0
    again = len(db.session.execute(_BORN, {"devices": sorted(set(born))}).all())
    if again:
        devices.wake_downlink()
    return again


def note_told(alert_ids: Sequence[int]) -> None:
    """Tell the open pages that a device has been told, so that a card does not say that it waits."""
    if alert_ids:
        rows = db.session.execute(_NOTICES, {"ids": list(alert_ids)}).all()
        notify_all(
            {
                "t": "alert",
                "p": r.patient,
                "a": r.public_id,
                "l": r.level,
                "s": r.state,
                "k": r.rule,
                "x": None,
            }
            for r in rows
        )


def last_told(alert_ids: Sequence[int]) -> Mapping[int, dict[str, Any]]:
    """What the devices of each alarm were told last: {"state", "at", "sent_at", "away"}.

    `sent_at` is when it first went out, None while it waits; `away` that the device is not connected now, so that
    it will hear it when it is back. `received` is answered by the gateway as it stores, so its time is that of the
    first press.
    """
    found: dict[int, dict[str, Any]] = {}
    if alert_ids:
        ids = {"ids": list(alert_ids)}
        for row in db.session.execute(_FIRST_HEARD, ids):
            found[row.alert_id] = {"state": "received", "at": row.at, "sent_at": row.at}
        for row in db.session.execute(_LAST_TOLD, ids):
            found[row.alert_id] = {"state": row.state, "at": row.created_at, "sent_at": row.sent_at}
        away = alerts_of_devices_away(alert_ids)
        for alert_id, told in found.items():
            told["away"] = alert_id in away
    return found


def _state_now(alert_id: int) -> tuple[Told, datetime]:
    """The state of an alert and the database's time, because no other clock is the same for every process."""
    row = db.session.execute(_STANDS, {"alert_id": alert_id}).one()
    return state_for(Standing(row.closed, row.help_coming, row.claimed, row.unreached)), row.now


def _say(alert_id: int, device: str, alarm_id: str, eta_min: int | None) -> None:
    state, now = _state_now(alert_id)
    if alarm_id.startswith(NAMELESS):
        return
    asked = {"alert_id": alert_id, "device": device, "alarm_id": alarm_id}
    # The gateway says `received` as it stores; here only to take back what is true no more.
    if state == "received" and not db.session.execute(_TOLD_ELSE, asked).scalar_one():
        return
    at = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    said: dict[str, object] = {"v": 1, "alarm": alarm_id, "state": state, "at": at}
    if eta_min is not None and state == "help_coming":
        said["eta_min"] = eta_min
    devices.queue_down(device, "alarm", said, alert_id=alert_id)
