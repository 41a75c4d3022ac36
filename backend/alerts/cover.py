"""Runs the unprotected clock: whoever has no working way to call for help, by how the devices are and not by cards."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from backend.alerts.episodes import raise_episodes
from backend.alerts.history import Finding, History
from backend.alerts.home import Fault, Home
from backend.alerts.levels import Severity
from backend.alerts.mended import mend
from backend.alerts.occurrence import Occurrence
from backend.alerts.rules import device_silent, unprotected
from backend.alerts.subjects import people
from backend.alerts.watching import check_failed, occurrence
from backend.core.db import db

log = logging.getLogger("alongside.alerts")

RULE = "unprotected"
# By these a person calls for help, or it is called for them.
CALLS = ("pendant", "telecare-unit", "fall-detector")
# A card that somebody closed while nothing was mended comes back. Alongside default, not national guidance.
CLOSED_FOR = timedelta(hours=12)

# Household alarms go on in a pause, so no enrolment is asked for. Begun from the few devices that something may be
# wrong with; a fault is the first that is true of a device, and one device that works is cover.
_UNCOVERED = text(
    """with clock as materialized (select db_now() as now),
    doubtful as materialized (
        select d.id from device d left join device_state s on s.device_id = d.id, clock
        where d.kind = any(:calls) and d.revoked_at is null and (s.last_seen_at is null or s.battery_pct <= :flat
            or s.presence = 'lost' or s.last_seen_at + :silent_after
                * coalesce(d.expected_every_s, least(s.hb_s, d.hb_s)) * interval '1 second' <= now)),
    whose as materialized (
        select distinct a.patient_id from doubtful join device_association a on a.device_id = doubtful.id, clock
        where a.valid @> now and not exists (select from leaving l
            where l.patient_id = a.patient_id and l.kind = 'died' and l.undone_at is null)
        union select unnest(cast(:told as int[]))),
    worn as (
        select a.patient_id, d.device_id, d.kind, lower(a.valid) as bound_at,
            greatest(s.last_seen_at, lower(a.valid)) as heard_at, s.battery_pct,
            s.battery_at, s.presence, s.presence_at, s.last_seen_at,
            greatest(greatest(s.last_seen_at, lower(a.valid)) + :silent_after
                * coalesce(d.expected_every_s, least(s.hb_s, d.hb_s)) * interval '1 second',
                s.asleep_until + cast(:wake_margin as interval)) as silent_at
        from whose join device_association a on a.patient_id = whose.patient_id
        join device d on d.id = a.device_id
        left join device_state s on s.device_id = d.id, clock
        where a.valid @> now and d.revoked_at is null and d.kind = any(:calls)),
    faults as (
        select patient_id, device_id, kind, now, last_seen_at >= bound_at as is_heard,
            case when silent_at <= now then 'silent' when battery_pct <= :flat then 'flat-battery'
                when presence = 'lost' and presence_at >= last_seen_at
                    and presence_at <= now - cast(:line_down as interval) then 'line-down' end as trouble,
            case when silent_at <= now then heard_at when battery_pct <= :flat then battery_at
                else presence_at end as since
        from worn, clock)
    select patient_id, min(now) as now, array_agg(device_id order by device_id) as devices,
        array_agg(kind order by device_id) as kinds, array_agg(trouble order by device_id) as troubles,
        array_agg(coalesce(since, now) order by device_id) as since,
        bool_and(trouble is not null) as is_uncovered, coalesce(bool_or(trouble is null and is_heard), false) as works
    from faults group by patient_id having bool_and(trouble is not null) or patient_id = any(:told)"""
)
# Whoever's pathway runs this clock and who wears nothing to call with, whether they never did or it was taken back
# while it worked.
_NONE_WORN = text(
    """with named as materialized (
        select id from pathway_version
        where body -> 'rules' @> jsonb_build_array(jsonb_build_object('id', cast(:rule as text))))
    select distinct e.patient_id, (select db_now()) as now from enrolment e join named n on n.id = e.pathway_version_id
    where e.status = 'live' and e.valid @> (select db_now())
      and not exists (select from device_association a join device d on d.id = a.device_id
        where a.patient_id = e.patient_id and a.valid @> (select db_now()) and d.revoked_at is null
          and d.kind = any(:calls))
      and not exists (select from leaving l
        where l.patient_id = e.patient_id and l.kind = 'died' and l.undone_at is null)"""
)
_OPEN = text(
    """select a.patient_id, a.true_at, (select db_now()) as now from alert a
    where a.rule = :rule and a.closed_at is null and a.patient_id is not null and not exists (select from leaving l
        where l.patient_id = a.patient_id and l.kind = 'died' and l.undone_at is null)"""
)
_STANDING = text(
    """select id, patient_id, level, evidence, closed_at, opened_at, true_at from alert where rule = :rule
    and (closed_at is null
        or (patient_id = any(:ids) and closed_at > (select db_now()) - cast(:closed_for as interval)))
    order by closed_at is null, closed_at"""
)


def sweep_cover() -> int:
    """Raise and worsen by the clock, and end what is mended; in the caller's transaction. Answers how many changed.

    Running it twice changes nothing: a fault, and a level it has reached, is evidence once.
    """
    told = {row.patient_id: row for row in db.session.execute(_OPEN, {"rule": RULE})}
    rows = db.session.execute(
        _UNCOVERED,
        {
            "silent_after": device_silent.SILENT_AFTER,
            "wake_margin": device_silent.WAKE_MARGIN,
            "line_down": unprotected.LINE_DOWN_AFTER,
            "flat": unprotected.FLAT_PCT,
            "calls": list(CALLS),
            "told": list(told),
        },
    ).all()
    uncovered = {row.patient_id: row for row in rows if row.is_uncovered}
    works = {row.patient_id for row in rows if row.works}
    # Taking the broken one away mends nothing: the clock goes on until one that works is heard.
    with_none = set(told) - {row.patient_id for row in rows}
    missing = {
        row.patient_id: row.now
        for row in db.session.execute(_NONE_WORN, {"rule": RULE, "calls": list(CALLS)})
    }
    asked = {"rule": RULE, "ids": [*uncovered, *missing], "closed_for": CLOSED_FOR}
    standing = {row.patient_id: row for row in db.session.execute(_STANDING, asked)}
    faults = {id_: (row.now, _faults(row)) for id_, row in uncovered.items()}
    faults |= {id_: (now, (_none_worn(standing.get(id_), now),)) for id_, now in missing.items()}
    faults |= {id_: (told[id_].now, (_taken_away(told[id_].true_at),)) for id_ in with_none}
    raised = raise_episodes(_occurrences(faults, standing))
    covered = [row.id for id_, row in standing.items() if row.closed_at is None and id_ in works]
    return len(raised) + mend(covered, "There is a working way to call for help again")


def _occurrences(
    uncovered: Mapping[int, tuple[datetime, tuple[Fault, ...]]], standing: Mapping[int, Any]
) -> list[Occurrence]:
    known = people(list(uncovered))
    found = []
    for id_, (now, faults) in uncovered.items():
        history = History((), now, facts=known[id_].facts, home=Home(faults=faults))
        try:
            finding = unprotected.evaluate(history)
        except Exception:
            # One person's surprise must not stop the others, and must not be lost either.
            log.exception("rule %s failed for patient row %s", RULE, id_)
            found.append(check_failed(known[id_], RULE, min(fault.since for fault in faults), now))
            continue
        if finding is None or not _is_news(finding, faults, standing.get(id_)):
            continue
        evidence = _evidence(finding, faults)
        found.append(occurrence(known[id_], RULE, unprotected.SOURCE, finding, now, evidence=evidence))
    return found


def _none_worn(stands: Any, now: datetime) -> Fault:
    """That nothing to call with is theirs, since somebody was first told of it."""
    since: datetime = now if stands is None else stands.true_at
    return Fault("none", "device to call with", "none-worn", since)


def _taken_away(since: datetime) -> Fault:
    """That a person without a working way to call wears nothing to call with any more."""
    return Fault("none", "device to call with", "taken-away", since)


def _faults(row: Any) -> tuple[Fault, ...]:
    listed = zip(row.devices, row.kinds, row.troubles, row.since, strict=True)
    return tuple(Fault(*one) for one in listed)


def _evidence(finding: Finding, faults: Sequence[Fault]) -> list[dict[str, str]]:
    """The level is part of it, because an alert takes a worse level only with something new to show for it."""
    return [
        {
            "at": fault.since.isoformat(),
            "device": fault.device,
            "trouble": fault.trouble,
            "level": finding.severity.value,
        }
        for fault in faults
    ]


def _is_news(finding: Finding, faults: Sequence[Fault], stands: Any) -> bool:
    """A card that is open takes what is worse; one that was closed holds its peace for a while, unless it is worse."""
    if stands is None:
        return True
    if finding.severity.worse_than(Severity(stands.level)):
        return True
    if stands.closed_at is not None:
        closed_at: datetime = stands.closed_at
        return max(fault.since for fault in faults) > closed_at
    told = {entry.get("device") for entry in stands.evidence}
    return any(fault.device not in told for fault in faults)
