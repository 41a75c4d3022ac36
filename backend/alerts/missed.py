"""Climbs the pathway's ladder for readings that do not come: the person is asked first, then somebody is told."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import text

from backend.alerts.due import RULE, settle_due
from backend.alerts.episodes import raise_episodes
from backend.alerts.history import History
from backend.alerts.home import Home, MissedAction, MissedRow
from backend.alerts.mended import mend
from backend.alerts.not_heard import quiet_kit
from backend.alerts.occurrence import Occurrence
from backend.alerts.rules import readings_missed
from backend.alerts.subjects import Person, people
from backend.alerts.watching import SOON, check_failed, live_with, occurrence
from backend.core.db import db
from backend.core.outbox import Message, queue_all
from backend.pathways import service as pathways
from backend.pathways.service import EnrolledOn

# A silence that goes on after somebody closed its card comes back. Alongside defaults, not national guidance.
AGAIN_AFTER: dict[MissedAction, timedelta] = {
    "task": timedelta(days=3),
    "same-day-call": timedelta(days=1),
}
TEMPLATES: dict[str, str] = {"nudge": "reading-waits", "nudge-and-contact": "reading-waits-or-call"}
BATCH = 1_000

log = logging.getLogger("alongside.alerts")

Pair = tuple[int, str]

_TIMED = text(
    """with due as (select patient_id, kind from reading_silence where next_at <= (select db_now())
        order by next_at limit :limit for update skip locked)
    update reading_silence s set next_at = null from due d
    where s.patient_id = d.patient_id and s.kind = d.kind returning s.patient_id, s.kind"""
)
# What a device kept and sent late was taken in time, however late we knew.
_LATE = text(
    """update reading_due r set state = 'taken' from unnest(cast(:ids as int[]), cast(:kinds as text[])) t (id, kind)
    where r.patient_id = t.id and r.kind = t.kind and r.state = 'missed'
    and r.due_at > (select db_now()) - interval '8 days'
    and reading_has_come(r.patient_id, r.code, r.early_at, r.grace_until)"""
)
# A row a person and kind: the misses since the newest that was taken, and how the last seven days went.
_SILENT = text(
    """select d.patient_id, d.kind, min(d.code) as code, (select db_now()) as now,
        min(d.due_at) filter (where d.state = 'missed' and d.due_at > d.last_taken) as since,
        max(d.due_at) filter (where d.state = 'missed') as last_due_at,
        count(*) filter (where d.state = 'missed' and d.due_at > d.last_taken) as missed,
        count(*) filter (where d.due_at > (select db_now()) - interval '7 days') as due_7d,
        count(*) filter (where d.state = 'missed' and d.due_at > (select db_now()) - interval '7 days') as missed_7d,
        min(s.since) as known_since, min(s.last_due_at) as known_last_due_at, min(s.rung) as rung,
        bool_and(d.last_taken = '-infinity') as none_taken
    from (select r.*, coalesce(max(r.due_at) filter (where r.state = 'taken')
            over (partition by r.patient_id, r.kind), '-infinity') as last_taken
        from reading_due r join unnest(cast(:ids as int[]), cast(:kinds as text[])) t (id, kind)
            on r.patient_id = t.id and r.kind = t.kind
        where r.state in ('taken', 'missed') and r.due_at > (select db_now()) - interval '31 days') d
    left join reading_silence s on s.patient_id = d.patient_id and s.kind = d.kind
    group by d.patient_id, d.kind"""
)
_KEEP = text(
    """insert into reading_silence (patient_id, kind, code, since, last_due_at, rung, next_at)
    select * from unnest(cast(:ids as int[]), cast(:kinds as text[]), cast(:codes as smallint[]),
        cast(:since as timestamptz[]), cast(:last as timestamptz[]), cast(:rungs as smallint[]),
        cast(:next_at as timestamptz[]))
    on conflict (patient_id, kind) do update set since = excluded.since, last_due_at = excluded.last_due_at,
        rung = excluded.rung, next_at = excluded.next_at"""
)
_KEPT = {
    "ids": "patient_id", "kinds": "kind", "codes": "code", "since": "since", "last": "last", "rungs": "rung",
    "next_at": "next_at",
}  # fmt: skip
# Told of fewer than half taken once a week at most.
_TOLD = text(
    """select distinct patient_id from alert where patient_id = any(:ids) and rule = :rule
    and (closed_at is null or closed_at > (select db_now()) - interval '7 days')"""
)
# The newest value of a kind was measured after the last that was missed: the silence is over.
_BROKEN = text(
    """delete from reading_silence s using latest l where l.patient_id = s.patient_id and l.code = s.code
    and l.effective_at > s.last_due_at"""
)
_OVER = text(
    """select a.id from alert a where a.rule = :rule and a.closed_at is null and not exists (
        select from jsonb_array_elements(a.evidence) e join reading_silence s
            on s.patient_id = a.patient_id and s.kind = e ->> 'kind')"""
)


@dataclass(frozen=True, slots=True)
class _Step:
    """What is to be done now about one kind of reading of one person."""

    row: MissedRow
    reached: Sequence[MissedAction]
    is_new: bool
    next_at: datetime | None
    source: Any


def sweep_missed() -> int:
    """Settle what has had its time and climb the ladders; in the caller's transaction. Answers how many it settled.

    Safe to run twice and by two at once: what is settled is not found again, and each step is taken once.
    """
    settled, missed = settle_due()
    timed = [(row.patient_id, row.kind) for row in db.session.execute(_TIMED, {"limit": BATCH})]
    climb({(one.patient_id, one.kind) for one in missed}, timed)
    db.session.execute(_BROKEN)
    over = list(db.session.scalars(_OVER, {"rule": RULE}))
    mend(over, "Readings have come again")
    return settled


def climb(missed: Iterable[Pair], timed: Iterable[Pair] = ()) -> None:
    """Take the steps that are due for these people and kinds; `timed` are those whose hour has come."""
    timed = set(timed)
    pairs = sorted(set(missed) | timed)
    if not pairs:
        return
    asked = {"ids": [id_ for id_, _ in pairs], "kinds": [kind for _, kind in pairs]}
    db.session.execute(_LATE, asked)
    rows = [row for row in db.session.execute(_SILENT, asked).all() if row.missed]
    ids = {row.patient_id for row in rows}
    enrolled = {id_: live_with(RULE, on) for id_, on in pathways.enrolments_for(ids).items()}
    kit = quiet_kit(ids)
    steps: dict[int, list[_Step]] = defaultdict(list)
    failed: dict[int, Any] = {}
    for row in rows:
        if enrolled.get(row.patient_id):
            try:
                steps[row.patient_id].append(_step(row, enrolled[row.patient_id], kit, timed))
            except Exception:
                # One person's surprise must not stop the others, and must not be lost either.
                log.exception("rule %s failed for patient row %s", RULE, row.patient_id)
                failed[row.patient_id] = row
    _keep([step for mine in steps.values() for step in mine])
    _try_again(failed.values())
    _tell(steps, enrolled, failed)


def _since(row: Any) -> datetime:
    """When a silence began, which a look of 31 days back does not see of a long one."""
    since: datetime = row.since
    if row.known_since is not None and row.none_taken and row.known_last_due_at >= since:
        known_since: datetime = row.known_since
        return min(known_since, since)
    return since


def _try_again(rows: Iterable[Any]) -> None:
    """Keep what could not be judged as it stood, to be looked at again soon."""
    again = [
        {
            "patient_id": row.patient_id, "kind": row.kind, "code": row.code, "since": _since(row),
            "last": row.last_due_at, "rung": row.rung or 0, "next_at": row.now + SOON,
        }
        for row in rows
    ]  # fmt: skip
    if again:
        db.session.execute(_KEEP, {name: [one[key] for one in again] for name, key in _KEPT.items()})


def _step(
    row: Any, enrolled: Sequence[EnrolledOn], kit: Mapping[tuple[int, str], str], timed: set[Pair]
) -> _Step:
    rungs = tuple(
        (rung.due_readings, None if rung.after_hours is None else float(rung.after_hours),
         cast(MissedAction, rung.do))
        for rung in pathways.missed_ladder([one.pack for one in enrolled], row.kind)
    )  # fmt: skip
    pair = (row.patient_id, row.kind)
    since = _since(row)
    missed = MissedRow(row.kind, since, row.missed, rungs, kit.get(pair), row.due_7d, row.missed_7d)
    reached = readings_missed.reached(missed, row.now)
    before = row.rung if row.known_since == since else 0
    waits = [
        since + timedelta(hours=after)
        for _, after, _ in rungs
        if after is not None and since + timedelta(hours=after) > row.now
    ]
    again = AGAIN_AFTER.get(reached[-1]) if reached else None
    # The hour of the last step came once more: it is said again, so that a closed card does not end a silence.
    is_again = pair in timed and again is not None and len(reached) == before
    next_at = min(waits, default=None if again is None else row.now + again)
    return _Step(missed, reached, len(reached) > before or is_again, next_at, row)


def _keep(steps: Sequence[_Step]) -> None:
    if steps:
        db.session.execute(
            _KEEP,
            {
                "ids": [one.source.patient_id for one in steps],
                "kinds": [one.row.kind for one in steps],
                "codes": [one.source.code for one in steps],
                "since": [one.row.since for one in steps],
                "last": [one.source.last_due_at for one in steps],
                "rungs": [len(one.reached) for one in steps],
                "next_at": [one.next_at for one in steps],
            },
        )


def _tell(
    steps: Mapping[int, Sequence[_Step]],
    enrolled: Mapping[int, Sequence[EnrolledOn]],
    failed: Mapping[int, Any],
) -> None:
    """The person by message, the team by an alert: what is new of each ladder, and of each person one thing."""
    known = people([*steps, *failed])
    told = set(db.session.scalars(_TOLD, {"ids": list(steps), "rule": RULE}))
    occurrences = [check_failed(known[id_], RULE, row.since, row.now) for id_, row in failed.items()]
    messages: list[Message] = []
    for id_, mine in steps.items():
        person = known[id_]
        new = [one for one in mine if one.is_new or (_is_half(one.row) and id_ not in told)]
        if not new:
            continue
        try:
            found = _occurrence(person, new, enrolled[id_])
        except Exception:
            log.exception("rule %s failed for patient row %s", RULE, id_)
            found = check_failed(person, RULE, new[0].row.since, new[0].source.now)
        if found is not None:
            occurrences.append(found)
        else:
            messages += _nudge(person, new)
    raise_episodes(occurrences)
    queue_all(messages)


def _is_half(row: MissedRow) -> bool:
    return row.missed_7d * 2 > row.due_7d >= readings_missed.LEAST_DUE


def _occurrence(person: Person, steps: Sequence[_Step], enrolled: Sequence[EnrolledOn]) -> Occurrence | None:
    now: datetime = steps[0].source.now
    history = History((), now, facts=person.facts, home=Home(missed=tuple(one.row for one in steps)))
    finding = readings_missed.evaluate(history)
    if finding is None:
        return None
    evidence = [
        {
            "at": one.row.since.isoformat(),
            "kind": one.row.kind,
            "do": one.reached[-1] if one.reached else "half",
            "told": now.isoformat(),
        }
        for one in steps
    ]
    return occurrence(
        person, RULE, readings_missed.SOURCE, finding, now, evidence=evidence, enrolled=enrolled
    )


def _nudge(person: Person, steps: Sequence[_Step]) -> list[Message]:
    """One message a person, whatever was missed; who cannot be heard is told of the device and not of the reading."""
    subject = person.subject
    if subject.is_canary or subject.patient is None:
        return []
    actions = [one.reached[-1] for one in steps if one.reached]
    template = TEMPLATES["nudge-and-contact" if "nudge-and-contact" in actions else "nudge"]
    if all(one.row.quiet_device is not None for one in steps):
        template = "device-not-heard"
    return [Message("patient", str(subject.patient), template, {}, subject.patient_id)]
