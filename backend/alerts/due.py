"""Opens the readings that are due and settles each when its grace has ended: taken, missed or excused."""

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.alerts.episodes import raise_episodes
from backend.alerts.history import Pause
from backend.alerts.subjects import people
from backend.alerts.watching import SOON, check_failed, drop, live_with, look_again, pauses_of, take
from backend.core.db import db
from backend.observations.codes import Code
from backend.pathways import service as pathways
from backend.pathways.service import Pack

log = logging.getLogger("alongside.alerts")

RULE = "readings_missed"
BATCH = 1_000
# A day and a half is open ahead and looked over twice a day, spread over an hour so that not all come at once.
AHEAD, EVERY, SPREAD_S = timedelta(hours=36), timedelta(hours=12), 3_600
# What was due while no worker ran is asked for all the same, but not of longer ago.
BACK = timedelta(days=7)

_OPEN = text(
    """insert into reading_due (patient_id, kind, code, due_at, early_at, grace_until)
    select p.id, d.kind, d.code, d.due_at, d.early_at, d.grace_until
    from unnest(cast(:ids as int[]), cast(:since as timestamptz[])) as p (id, since),
        unnest(cast(:kinds as text[]), cast(:codes as smallint[]), cast(:due_at as timestamptz[]),
            cast(:early_at as timestamptz[]), cast(:grace_until as timestamptz[]))
        as d (kind, code, due_at, early_at, grace_until)
    where d.due_at > p.since on conflict do nothing"""
)
# A pathway that changed, or was joined by another, may no longer want what was opened ahead.
_UNWANTED = text(
    """delete from reading_due r where r.patient_id = any(:ids) and r.state = 'due' and r.due_at > (select db_now())
    and not exists (select from unnest(cast(:kinds as text[]), cast(:due_at as timestamptz[])) as d (kind, due_at)
        where d.kind = r.kind and d.due_at = r.due_at)"""
)
_NOT_LIVE = text(
    """with gone as (delete from reading_silence where patient_id = any(:ids)),
    ahead as (delete from reading_due where patient_id = any(:ids) and state = 'due' and due_at > (select db_now()))
    update reading_due set state = 'excused', settled_at = (select db_now())
    where patient_id = any(:ids) and state = 'due' and due_at <= (select db_now())"""
)

_SETTLE = text(
    """with ended as (
        select id from reading_due where state = 'due' and grace_until <= (select db_now())
        order by grace_until limit :limit for update skip locked)
    update reading_due r set settled_at = (select db_now()), state =
        case when reading_has_come(r.patient_id, r.code, r.early_at, r.grace_until) then 'taken' else 'missed' end
    from ended e where r.id = e.id
    returning r.id, r.patient_id, r.kind, r.code, r.due_at, r.early_at, r.grace_until, r.state,
        (select db_now()) as now"""
)
_EXCUSE = text("update reading_due set state = 'excused' where id = any(:ids)")
_ANSWERED = text(
    """delete from reading_silence s using unnest(cast(:ids as int[]), cast(:kinds as text[])) as t (patient_id, kind)
    where s.patient_id = t.patient_id and s.kind = t.kind"""
)


@dataclass(frozen=True, slots=True)
class Missed:
    """A reading that was due and did not come; the database's time when that was found."""

    id: int
    patient_id: int
    kind: str
    due_at: datetime
    grace_until: datetime
    now: datetime


def open_due() -> int:
    """Open what is due in the coming day and a half for whoever is due to be looked over; answers how many."""
    watched = take(RULE)
    if not watched:
        return 0
    enrolled = pathways.enrolments_for([one.patient_id for one in watched])
    now = watched[0].now
    groups: dict[tuple[str, ...], list[tuple[int, datetime]]] = defaultdict(list)
    packs: dict[tuple[str, ...], list[Pack]] = {}
    gone = []
    for one in watched:
        live = live_with(RULE, enrolled.get(one.patient_id, ()))
        if not live:
            gone.append(one.patient_id)
            continue
        key = tuple(sorted({on.names_version for on in live}))
        packs[key] = [on.pack for on in live]
        since = max(min(now, one.looked_to or one.since), one.since, now - BACK)
        groups[key].append((one.patient_id, since))
    failed = _open_each(groups, packs, now)
    looked = {id_: now for group in groups.values() for id_, _ in group if id_ not in failed}
    later = {id_: now + EVERY + timedelta(seconds=id_ * 37 % SPREAD_S) for id_ in looked}
    look_again(RULE, later, looked)
    if failed:
        known = people(list(failed))
        raise_episodes([check_failed(known[id_], RULE, since, now) for id_, since in failed.items()])
        look_again(RULE, dict.fromkeys(failed, now + SOON))
    if gone:
        db.session.execute(_NOT_LIVE, {"ids": gone})
        drop(RULE, gone)
    return len(watched)


def _open_each(
    groups: Mapping[tuple[str, ...], Sequence[tuple[int, datetime]]],
    packs: Mapping[tuple[str, ...], Sequence[Pack]],
    now: datetime,
) -> dict[int, datetime]:
    """Open those of each group; answers whose could not be, and since when. One version's surprise stops no other."""
    failed: dict[int, datetime] = {}
    for key, group in groups.items():
        try:
            with db.session.begin_nested():
                _open(packs[key], group, now)
        except Exception as fault:
            if isinstance(fault, DBAPIError) and fault.connection_invalidated:
                raise
            log.exception("readings of %s could not be opened", key)
            failed.update(group)
    return failed


def _open(packs: Sequence[Pack], group: Sequence[tuple[int, datetime]], now: datetime) -> None:
    """One statement for everybody on the same versions of the same pathways."""
    ids, since = [id_ for id_, _ in group], [at for _, at in group]
    due = pathways.due_readings(packs, min(since), now + AHEAD)
    wanted = {"ids": ids, "kinds": [one.kind for one in due], "due_at": [one.due_at for one in due]}
    db.session.execute(_UNWANTED, wanted)
    if due:
        more = {
            "since": since,
            "codes": [Code(one.code).number for one in due],
            "early_at": [one.early_at for one in due],
            "grace_until": [one.grace_until for one in due],
        }
        db.session.execute(_OPEN, wanted | more)


def settle_due() -> tuple[int, list[Missed]]:
    """Settle what has had its time, at most a batch: how many, and those missed by people who are watched."""
    rows = db.session.execute(_SETTLE, {"limit": BATCH}).all()
    taken = [row for row in rows if row.state == "taken"]
    if taken:
        asked = {"ids": [row.patient_id for row in taken], "kinds": [row.kind for row in taken]}
        db.session.execute(_ANSWERED, asked)
    missed = [
        Missed(row.id, row.patient_id, row.kind, row.due_at, row.grace_until, row.now)
        for row in rows
        if row.state == "missed"
    ]
    excused = _excused(missed)
    if excused:
        db.session.execute(_EXCUSE, {"ids": list(excused)})
    return len(rows), [one for one in missed if one.id not in excused]


def _excused(missed: Collection[Missed]) -> frozenset[int]:
    """Those of somebody who was paused or in hospital, or who is no longer live."""
    if not missed:
        return frozenset()
    ids = {one.patient_id for one in missed}
    enrolled, pauses = pathways.enrolments_for(ids), pauses_of(ids)
    return frozenset(
        one.id
        for one in missed
        if not live_with(RULE, enrolled.get(one.patient_id, ()))
        or any(_overlaps(pause, one) for pause in pauses.get(one.patient_id, ()))
    )


def _overlaps(pause: Pause, one: Missed) -> bool:
    return pause.start < one.grace_until and (pause.end is None or pause.end > one.due_at)
