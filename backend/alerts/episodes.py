"""Opens and carries on episodes: one open alert a rule a person, told in the same transaction."""

import json
from collections.abc import Sequence

from sqlalchemy import text

from backend.alerts.levels import Severity, clock_for
from backend.alerts.occurrence import Episode, Occurrence
from backend.alerts.telling import tell
from backend.core.db import db

EVIDENCE_KEPT = 60

Key = tuple[int | None, str | None, str]


def _key(occurrence: Occurrence) -> Key:
    subject = occurrence.subject
    return subject.patient_id, None if subject.patient_id is not None else subject.device, occurrence.rule


_INSERT = text(
    """insert into alert (patient_id, device_id, device, care_team_id, rule, kind, level, title, reason,
        evidence, judged_by, true_at, known_at, late, opened_at, acknowledge_by, contact_by, is_canary)
    select patient_id, device_id, device, care_team_id, rule, kind, level, title, reason, evidence, judged_by,
        true_at, known_at, late, t, t + ack * interval '1 second', t + contact * interval '1 second',
        is_canary
    from (select clock_timestamp() as t) clock, unnest(cast(:patient_id as int[]), cast(:device_id as int[]),
        cast(:device as text[]), cast(:care_team_id as int[]), cast(:rule as text[]), cast(:kind as text[]),
        cast(:level as text[]), cast(:title as text[]), cast(:reason as text[]), cast(:evidence as jsonb[]),
        cast(:judged_by as text[]), cast(:true_at as timestamptz[]), cast(:known_at as timestamptz[]),
        cast(:late as boolean[]), cast(:ack as int[]), cast(:contact as int[]), cast(:is_canary as boolean[]))
        as o (patient_id, device_id, device, care_team_id, rule, kind, level, title, reason, evidence,
            judged_by, true_at, known_at, late, ack, contact, is_canary)
    on conflict do nothing
    returning id, public_id, patient_id, device, rule"""
)

_OPEN = text(
    """select id, public_id, version, level, evidence, claimed_at is not null as claimed from alert
    where closed_at is null and rule = :rule
      and (patient_id = :patient_id
        or (cast(:patient_id as int) is null and patient_id is null and device = :device))
    for update"""
)

_CARRY_ON = text(
    """update alert set repeats = repeats + 1, evidence = cast(:evidence as jsonb),
        true_at = least(true_at, :true_at), late = late or :late, level = :level,
        title = case when :words then :title else title end,
        reason = case when :words then :reason else reason end,
        judged_by = case when :words then :judged_by else judged_by end,
        version = version + case when :changed then 1 else 0 end,
        acknowledge_by = case when not :worse then acknowledge_by
            else least(acknowledge_by, clock_timestamp() + :ack * interval '1 second') end,
        contact_by = case when not :worse then contact_by
            else least(contact_by, clock_timestamp() + :contact * interval '1 second') end
    where id = :id"""
)


def raise_episodes(occurrences: Sequence[Occurrence]) -> list[Episode]:
    """Open an alert for each occurrence, or carry on the open one; answers in the order given.

    Safe to call from two processes at once for one person: the partial unique index decides who opened
    it, and the other's occurrence becomes a repeat. Writes events, messages and notices; never commits.
    """
    done: dict[int, Episode] = {}
    waiting = list(range(len(occurrences)))
    # The open alert that stood in the way may be closed between the two statements: then try to open again.
    for _ in range(5):
        opened = _open([occurrences[i] for i in waiting])
        left: list[int] = []
        for i in waiting:
            key = _key(occurrences[i])
            episode = opened.pop(key, None) or _carry_on(occurrences[i])
            if episode is None:
                left.append(i)
            else:
                done[i] = episode
        waiting = left
        if not waiting:
            break
    if waiting:
        raise RuntimeError("an alert could neither be opened nor carried on; the work stays waiting")
    episodes = [done[i] for i in range(len(occurrences))]
    tell([(o, e) for o, e in zip(occurrences, episodes, strict=True) if e.changed])
    return episodes


def _open(occurrences: Sequence[Occurrence]) -> dict[Key, Episode]:
    """Try to open one alert each, in one statement; the keys of those that really were opened."""
    if not occurrences:
        return {}
    first: dict[Key, Occurrence] = {}
    for occurrence in occurrences:
        first.setdefault(_key(occurrence), occurrence)
    rows = list(first.values())
    clocks = [clock_for(o.rule, o.level) for o in rows]
    result = db.session.execute(
        _INSERT,
        {
            "patient_id": [o.subject.patient_id for o in rows],
            "device_id": [o.subject.device_id for o in rows],
            "device": [o.subject.device for o in rows],
            "care_team_id": [o.subject.care_team_id for o in rows],
            "rule": [o.rule for o in rows],
            "kind": [o.kind for o in rows],
            "level": [o.level.value for o in rows],
            "title": [o.title for o in rows],
            "reason": [o.reason for o in rows],
            "evidence": [json.dumps([dict(e) for e in o.evidence]) for o in rows],
            "judged_by": [o.judged_by for o in rows],
            "true_at": [o.true_at for o in rows],
            "known_at": [o.known_at for o in rows],
            "late": [o.late for o in rows],
            "ack": [int(c.acknowledge.total_seconds()) for c in clocks],
            "contact": [int((c.acknowledge + c.contact).total_seconds()) for c in clocks],
            "is_canary": [o.subject.is_canary for o in rows],
        },
    )
    opened: dict[Key, Episode] = {}
    for row in result:
        key = (row.patient_id, None if row.patient_id is not None else row.device, row.rule)
        opened[key] = Episode(row.id, row.public_id, True, False, first[key].level, "open")
    return opened


def _carry_on(occurrence: Occurrence) -> Episode | None:
    """Add to the open episode; None when there is none any more.

    Evidence already on the alert changes nothing, so the same reading may be judged any number of times.
    The level never falls while it is open. The words follow the newest occurrence unless it is milder than
    what opened it: then they stay, and the event tells. An older one that arrives late only adds.
    """
    subject = occurrence.subject
    row = db.session.execute(
        _OPEN, {"rule": occurrence.rule, "patient_id": subject.patient_id, "device": subject.device}
    ).one_or_none()
    if row is None:
        return None
    level = Severity(row.level)
    state = "claimed" if row.claimed else "open"
    fresh = [dict(e) for e in occurrence.evidence if dict(e) not in row.evidence]
    if not fresh:
        return Episode(row.id, row.public_id, False, False, level, state, changed=False)
    worse = occurrence.level.worse_than(level)
    newest = max((str(e.get("at", "")) for e in row.evidence), default="")
    is_newer = max((str(e.get("at", "")) for e in occurrence.evidence), default="") >= newest
    clock = clock_for(occurrence.rule, occurrence.level)
    db.session.execute(
        _CARRY_ON,
        {
            "id": row.id,
            "evidence": json.dumps([*row.evidence, *fresh][-EVIDENCE_KEPT:]),
            "true_at": occurrence.true_at,
            "late": occurrence.late,
            "level": (occurrence.level if worse else level).value,
            "words": worse or (is_newer and not level.worse_than(occurrence.level)),
            "title": occurrence.title,
            "reason": occurrence.reason,
            "judged_by": occurrence.judged_by,
            "changed": worse or occurrence.is_new_press,
            "worse": worse,
            "ack": int(clock.acknowledge.total_seconds()),
            "contact": int((clock.acknowledge + clock.contact).total_seconds()),
        },
    )
    return Episode(row.id, row.public_id, False, worse, occurrence.level if worse else level, state)
