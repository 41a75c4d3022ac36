"""Reads what alerts need of people and devices in one statement each, because a red reading waits on it.

It is the one place in this slice that reads tables of access and devices, and it only reads.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from backend.alerts.history import DeviceState, Facts
from backend.alerts.levels import Hours
from backend.alerts.occurrence import Subject
from backend.core.clock import whole_years
from backend.core.db import db


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the rules judge: who to tell, and what changes the meaning of a value."""

    subject: Subject
    birth_date: date
    facts: Facts

    def age(self, now: datetime) -> int:
        """Whole years at `now`."""
        return whole_years(self.birth_date, now.date())


_PEOPLE = text(
    """select p.id, p.public_id, p.birth_date, p.is_canary, p.facts, p.lives_alone,
        (select c.care_team_id from caseload c where c.patient_id = p.id and c.valid @> db_now()
            order by c.id limit 1) as care_team_id
    from patient p where p.id = any(:ids)"""
)

_HOURS = text(
    "select id, opens, closes, time_zone, db_now() as now from care_team where id = any(cast(:ids as int[]))"
)

_MESSAGES = text("select id, message_id from device_message where id = any(:ids)")

# Kit that nobody may switch off by pausing readings gives its sign by heartbeat alone; a person's own kit
# counts while somebody watches the person. Judged by the database's clock. A silence that a human has closed
# comes back after a day (Alongside default, not national guidance), or at once when the device spoke in between.
_QUIET = text(
    """select d.id as device_row, d.device_id, d.kind, a.patient_id,
        lower(a.valid) as bound_at, s.last_seen_at, (select db_now()) as now,
        coalesce(d.expected_every_s, least(s.hb_s, d.hb_s)) as every_s, s.asleep_until
    from device_association a
    join device d on d.id = a.device_id
    left join device_state s on s.device_id = d.id
    where a.valid @> (select db_now()) and d.revoked_at is null
      and (d.expected_every_s is null or exists (select 1 from enrolment e where e.patient_id = a.patient_id
          and e.status = 'live' and e.valid @> (select db_now())))
      and greatest(s.last_seen_at, lower(a.valid)) <= (select db_now())
          - :silent_after * coalesce(d.expected_every_s, least(s.hb_s, d.hb_s)) * interval '1 second'
      and (cast(:device_row as int) is null or d.id = :device_row)
      and not exists (select 1 from alert c where c.patient_id = a.patient_id and c.rule = 'device_silent'
          and c.closed_at > greatest(s.last_seen_at, lower(a.valid), (select db_now()) - interval '1 day')
          and c.evidence @> jsonb_build_array(jsonb_build_object('device', d.device_id)))
    order by d.id"""
)


_AWAY = text(
    """select distinct e.alert_id from alarm_event e join device d on d.device_id = e.device
    join device_state s on s.device_id = d.id
    where e.alert_id = any(:ids) and s.presence in ('lost', 'going_offline', 'sleeping')"""
)


@dataclass(frozen=True, slots=True)
class QuietDevice:
    """A device that has passed its limit of silence, and who wears it."""

    device_row: int
    patient_id: int
    state: DeviceState
    now: datetime


def people(patient_ids: Collection[int]) -> dict[int, Person]:
    """Those of these patients that exist, by inside key."""
    rows = db.session.execute(_PEOPLE, {"ids": list(patient_ids)})
    return {row.id: _person(row) for row in rows}


def _person(row: Any) -> Person:
    facts = facts_of(row.facts, row.birth_date, lives_alone=row.lives_alone)
    return Person(Subject(row.id, row.public_id, row.care_team_id, row.is_canary), row.birth_date, facts)


_TRUTHS = frozenset(one.name for one in fields(Facts) if "bool" in str(one.type))
_QUANTITIES = frozenset(one.name for one in fields(Facts) if "Decimal" in str(one.type))


def facts_of(stored: Mapping[str, Any], birth_date: date, *, lives_alone: bool | None) -> Facts:
    """`patient.facts` as the rules read it: its keys are the names of Facts, quantities are text or numbers.

    What is not there is not known. A name that Facts does not have is another slice's.
    """
    known: dict[str, Any] = {name: bool(stored[name]) for name in _TRUTHS if stored.get(name) is not None}
    known |= {name: Decimal(str(stored[name])) for name in _QUANTITIES if stored.get(name) is not None}
    return Facts(**known | {"birth_date": birth_date, "lives_alone": lives_alone})


def hours_of(care_team_ids: Collection[int]) -> dict[int, tuple[Hours, datetime]]:
    """When these teams watch, with the database's time, by inside key."""
    rows = db.session.execute(_HOURS, {"ids": list(care_team_ids)})
    return {row.id: (Hours(row.opens, row.closes, row.time_zone), row.now) for row in rows}


def message_ids(device_message_ids: Collection[int]) -> Mapping[int, str]:
    """The devices' own message ids, by the inbox's number; those sent without one are absent."""
    rows = db.session.execute(_MESSAGES, {"ids": list(device_message_ids)})
    return {row.id: row.message_id for row in rows if row.message_id}


def quiet_devices(silent_after: float, device_row: int | None = None) -> list[QuietDevice]:
    """Every bound device silent for `silent_after` of its own intervals; with `device_row`, only that one."""
    rows = db.session.execute(_QUIET, {"silent_after": silent_after, "device_row": device_row})
    return [
        QuietDevice(
            row.device_row,
            row.patient_id,
            DeviceState(
                row.device_id, row.kind, row.every_s, row.bound_at, row.last_seen_at, row.asleep_until
            ),
            row.now,
        )
        for row in rows
    ]


def alerts_of_devices_away(alert_ids: Collection[int]) -> frozenset[int]:
    """Those of these alarms whose device is not connected now, as far as the broker has told."""
    return frozenset(db.session.scalars(_AWAY, {"ids": list(alert_ids)}))
