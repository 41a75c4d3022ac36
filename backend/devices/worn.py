"""Which devices a patient wears now and when each was last heard, for the screens."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from backend.core.db import fetch
from backend.core.once import asked_once


@dataclass(frozen=True, slots=True)
class WornDevice:
    """A device bound to a patient now; `every_s` is how often a sign of it is expected, in seconds."""

    public_id: UUID
    device_id: str
    kind: str
    model: str | None
    firmware: str | None
    battery_pct: int | None
    last_seen_at: datetime | None
    every_s: int
    bound_at: datetime
    # Until when it said that it sleeps, bounded by its interval; since when the broker has lost it.
    asleep_until: datetime | None = None
    lost_at: datetime | None = None


@asked_once
def devices_of(patient_id: int) -> list[WornDevice]:
    """The devices bound to this patient now, oldest binding first; `patient_id` is the inside key."""
    return [
        WornDevice(
            row.public_id,
            row.device_id,
            row.kind,
            row.model,
            row.firmware,
            None if row.battery_pct is None else round(row.battery_pct),
            row.last_seen_at,
            row.every_s,
            row.bound_at,
            row.asleep_until,
            row.lost_at,
        )
        for row in fetch(_WORN, patient_id=patient_id)
    ]


# The interval staff set is a ceiling: a device may speak more often, never less.
_WORN = text("""select d.public_id, d.device_id, d.kind, d.model, s.firmware, s.battery_pct, s.last_seen_at,
        coalesce(d.expected_every_s, least(s.hb_s, d.hb_s)) as every_s,
        coalesce(lower(a.valid), d.created_at) as bound_at, s.asleep_until,
        case when s.presence = 'lost' then s.presence_at end as lost_at
    from device_association a join device d on d.id = a.device_id left join device_state s on s.device_id = d.id
    where a.patient_id = :patient_id and a.valid @> db_now() order by a.id""")
