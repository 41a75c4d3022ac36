"""Tells a reading that was not taken from one that could not arrive: is the kit it is measured with heard?"""

from collections.abc import Collection, Mapping

from sqlalchemy import text

from backend.alerts.rules.device_silent import LATE_AFTER
from backend.core.db import db

# What a kind of reading is measured with.
KIT_FOR = {
    "blood-pressure": ("blood-pressure-monitor",),
    "spo2": ("pulse-oximeter",),
    "pulse": ("pulse-oximeter", "blood-pressure-monitor"),
    "weight": ("scale",),
    "temperature": ("thermometer",),
    "glucose": ("glucose-meter",),
    "peak-flow": ("peak-flow-meter",),
    "movement": ("motion-sensor", "door-sensor", "bed-sensor"),
}

_WORN = text(
    """select a.patient_id, d.kind, coalesce(bool_and(s.last_seen_at is null or coalesce(s.presence, '') = 'lost'
        or greatest(s.last_seen_at, lower(a.valid)) <= (select db_now())
            - :late_after * coalesce(d.expected_every_s, least(s.hb_s, d.hb_s)) * interval '1 second'), true) as quiet
    from device_association a join device d on d.id = a.device_id
    left join device_state s on s.device_id = d.id
    where a.patient_id = any(:ids) and a.valid @> (select db_now()) and d.revoked_at is null
    group by a.patient_id, d.kind"""
)


def quiet_kit(patient_ids: Collection[int]) -> Mapping[tuple[int, str], str]:
    """For each person and kind of reading whose kit is not heard, every piece of it: the name of the kit.

    Whoever has none of it, or one that is heard, is absent: there the reading was not taken.
    """
    worn: dict[int, dict[str, bool]] = {}
    for row in db.session.execute(_WORN, {"ids": list(patient_ids), "late_after": LATE_AFTER}):
        worn.setdefault(row.patient_id, {})[row.kind] = row.quiet
    found: dict[tuple[int, str], str] = {}
    for patient_id, kit in worn.items():
        for kind, names in KIT_FOR.items():
            theirs = [name for name in names if name in kit]
            if theirs and all(kit[name] for name in theirs):
                found[patient_id, kind] = theirs[0]
    return found
