"""What staff want a device set to: a revision, sent retained, and shown as set only once the device confirms it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from backend.access.record import Purpose, open_kit_panel
from backend.audit import service as audit
from backend.core.db import db
from backend.core.errors import Conflict, Invalid, NotFound
from backend.core.http import Actor
from backend.devices.downlink import queue_down, wake
from backend.devices.models import Device, DeviceConfig

# The contract's bounds of a heartbeat, in seconds.
FASTEST_S, SLOWEST_S = 10, 90_000


@dataclass(frozen=True, slots=True)
class Applied:
    """A status in which a device says which revision it runs."""

    device: str
    device_row_id: int
    rev: int
    at: datetime


# A revision beyond ours is noise. With the heartbeat confirmed, the device is judged by it from now on: it is what
# the device keeps and what staff want, so neither its older birth nor an older promise may stretch its silence.
# What staff have in hand just now (a rotation waits for the broker) is passed over: a batch of everybody's readings
# waits for no desk, and the device says it again with its next status.
_APPLIED = text(
    """with said as (select distinct on (id) id, rev, at from unnest(cast(:ids as int[]), cast(:revs as bigint[]),
            cast(:ats as timestamptz[])) as s (id, rev, at) order by id, at desc),
    kit as (select id from device where id = any(cast(:ids as int[])) order by id for no key update skip locked),
    free as (select c.device_id from device_config c where c.device_id in (select id from kit)
        order by c.device_id for update skip locked),
    news as (update device_config c set applied_rev = said.rev, applied_at = said.at from said, free
        where c.device_id = said.id and c.device_id = free.device_id and said.rev <= c.rev
            and c.applied_rev is distinct from said.rev
        returning c.device_id, case when c.applied_rev = c.rev then cast(c.body ->> 'hb_s' as int) end as hb_s),
    kept as (update device d set hb_s = news.hb_s from news where d.id = news.device_id and news.hb_s is not null)
    update device_state s set hb_s = news.hb_s from news
    where s.device_id = news.device_id and news.hb_s is not null"""
)
# The newest settings that a device has not confirmed, unless they went out just now.
_UNCONFIRMED = text(
    """update downlink set state = 'waiting', asked = asked + 1
    where state = 'sent' and sent_at < clock_timestamp() - :quiet_s * interval '1 second' and id in (
        select l.id from downlink l join device d on d.device_id = l.device
        join device_config c on c.device_id = d.id
        where l.device = any(:devices) and c.applied_rev is distinct from c.rev
            and l.channel = 'config' and l.retain and cast(l.payload ->> 'rev' as bigint) = c.rev)
    returning id"""
)
# A device that cannot apply its settings is not told with every heartbeat.
TELL_AGAIN_S = 60


def note_applied(applied: Sequence[Applied]) -> None:
    """Write which revision devices say they run; one that runs an older one is sent the newest again."""
    said = {
        "ids": [one.device_row_id for one in applied],
        "revs": [one.rev for one in applied],
        "ats": [one.at for one in applied],
    }
    db.session.execute(_APPLIED, said)
    _send_unconfirmed([one.device for one in applied], TELL_AGAIN_S)


def configure_born(born: Sequence[str]) -> None:
    """Devices came back: send the settings they have not confirmed again, in case the broker lost them."""
    _send_unconfirmed(born, 0)


def _send_unconfirmed(names: Sequence[str], quiet_s: int) -> None:
    asked = {"devices": sorted(set(names)), "quiet_s": quiet_s}
    if db.session.execute(_UNCONFIRMED, asked).first() is not None:
        wake()


def shown(actor: Actor, device_id: UUID) -> dict[str, Any]:
    """The settings of a piece of kit by its public id; raises NotFound, also for what another team's person wears."""
    return _shown(_opened(actor, device_id))


def configure(
    actor: Actor, device_id: UUID, hb_s: int | None, settings: dict[str, Any], if_rev: int
) -> dict[str, Any]:
    """Make a new revision and send it, retained; answers as `shown`.

    `hb_s` None leaves the heartbeat as the device declares it. A slower heartbeat than so far is a promise that
    staff give for the device, so it counts at once; a faster one counts once the device confirms it.
    Raises NotFound, Conflict when somebody was first, Invalid when the device is revoked.
    """
    device = _opened(actor, device_id)
    if device.revoked_at is not None:
        raise Invalid("revoked", "It was revoked, so it hears nothing from us.")
    stands = db.session.get(DeviceConfig, device.id, with_for_update=True)
    rev = 0 if stands is None else stands.rev
    if rev != if_rev:
        raise Conflict(
            "changed-meanwhile", "Somebody changed this since you last saw it.", current=_shown(device)
        )
    body: dict[str, Any] = {"set": settings} | ({} if hb_s is None else {"hb_s": hb_s})
    if stands is None:
        stands = DeviceConfig(device_id=device.id, applied_rev=None, applied_at=None)
        db.session.add(stands)
    now: datetime = db.session.execute(text("select clock_timestamp()")).scalar_one()
    stands.rev, stands.body, stands.set_by, stands.set_at = rev + 1, body, actor.id, now
    if hb_s is not None and hb_s > device.hb_s:
        device.hb_s = hb_s
    db.session.flush()
    audit.record(
        actor,
        "configure",
        "device",
        str(device.public_id),
        purpose=Purpose.CAREMGT.value,
        detail={"rev": stands.rev},
    )
    queue_down(device.device_id, "config", {"v": 1, "rev": stands.rev, **body}, retain=True)
    return _shown(device)


_WORN_BY = text(
    "select patient_id from device_association where device_id = :id and valid @> clock_timestamp()"
)


def _opened(actor: Actor, device_id: UUID) -> Device:
    """The kit behind its door: nobody's is everybody's, somebody's is their own team's. Audited."""
    panel = open_kit_panel(actor)
    found = db.session.scalars(
        # Not FOR UPDATE: an alarm notes beside itself what refers to this row, and must wait for nobody.
        select(Device).where(Device.public_id == device_id).with_for_update(key_share=True)
    ).one_or_none()
    worn_by = [] if found is None else list(db.session.scalars(_WORN_BY, {"id": found.id}))
    if found is None or (worn_by and not set(worn_by) & set(panel.patients)):
        audit.record_refusal(
            actor, "change-kit", "device", str(device_id), patient_id=worn_by[0] if worn_by else None,
            detail={"rule": "not-on-caseload"},
        )  # fmt: skip
        raise NotFound("no-record", "There is no such record, or it is not yours to open.")
    return found


_SENT_AT = text(
    """select sent_at from downlink where device = :device and channel = 'config' and state = 'sent'
        and cast(payload ->> 'rev' as bigint) = :rev order by id desc limit 1"""
)
_DECLARED = text("select hb_s from device_state where device_id = :id")


def _shown(device: Device) -> dict[str, Any]:
    config = db.session.get(DeviceConfig, device.id)
    declared = db.session.execute(_DECLARED, {"id": device.id}).scalar_one_or_none()
    answer: dict[str, Any] = {
        "rev": 0, "hb_s": None, "set": {}, "set_at": None, "sent_at": None, "applied_rev": None, "applied_at": None,
        "declared_hb_s": declared, "judged_hb_s": min(device.hb_s, declared or device.hb_s),
    }  # fmt: skip
    if config is not None:
        sent_at = db.session.execute(_SENT_AT, {"device": device.device_id, "rev": config.rev}).scalar()
        answer |= {
            "rev": config.rev, "hb_s": config.body.get("hb_s"), "set": config.body.get("set", {}),
            "set_at": config.set_at, "sent_at": sent_at, "applied_rev": config.applied_rev,
            "applied_at": config.applied_at,
        }  # fmt: skip
    return answer
