"""Opens and carries on episodes: one open alert a rule a person, told in the same transaction."""

import json
from collections.abc import Sequence

from sqlalchemy import text

from backend.alerts.cards import bump_cards, join_cards, lock_cards
from backend.alerts.carrying import carry_on
from backend.alerts.device_states import tell_devices
from backend.alerts.levels import Clock, clock_for, hours_matter
from backend.alerts.occurrence import Episode, Key, Occurrence, key_of
from backend.alerts.subjects import hours_of
from backend.alerts.telling import tell
from backend.alerts.waking import wake_cards
from backend.core.db import db

_INSERT = text(
    """insert into alert (patient_id, device_id, device, care_team_id, rule, kind, level, title, reason,
        evidence, judged_by, true_at, known_at, late, opened_at, acknowledge_by, contact_by, rung_due_at,
        is_canary, call_999, raised_versions)
    select patient_id, device_id, device, care_team_id, rule, kind, level, title, reason, evidence, judged_by,
        true_at, known_at, late, t, t + ack * interval '1 second', t + contact * interval '1 second',
        case when not is_canary then t + ack * interval '1 second' end,
        is_canary, call_999, string_to_array(versions, ', ')
    from (select db_now() as t) clock, unnest(cast(:patient_id as int[]), cast(:device_id as int[]),
        cast(:device as text[]), cast(:care_team_id as int[]), cast(:rule as text[]), cast(:kind as text[]),
        cast(:level as text[]), cast(:title as text[]), cast(:reason as text[]), cast(:evidence as jsonb[]),
        cast(:judged_by as text[]), cast(:true_at as timestamptz[]), cast(:known_at as timestamptz[]),
        cast(:late as boolean[]), cast(:ack as int[]), cast(:contact as int[]), cast(:is_canary as boolean[]),
        cast(:call_999 as boolean[]), cast(:versions as text[]))
        as o (patient_id, device_id, device, care_team_id, rule, kind, level, title, reason, evidence,
            judged_by, true_at, known_at, late, ack, contact, is_canary, call_999, versions)
    on conflict do nothing
    returning id, public_id, patient_id, device, rule"""
)


def raise_episodes(occurrences: Sequence[Occurrence]) -> list[Episode]:
    """Open an alert for each occurrence, or carry on the open one; answers in the order given.

    An alert just opened joins the card of its person that is open. Safe to call from two processes at once for one
    person: the lock on the person's cards decides who comes first and the partial unique index that there is one,
    so the other's occurrence becomes a repeat. Writes events, messages and notices; never commits.
    """
    lock_cards({o.subject.patient_id for o in occurrences if o.subject.patient_id is not None})
    clocks = _clocks(occurrences)
    done: dict[int, Episode] = {}
    waiting = list(range(len(occurrences)))
    # The open alert that stood in the way may be closed between the two statements: then try to open again.
    for _ in range(5):
        opened = _open([(occurrences[i], clocks[i]) for i in waiting])
        # Of two occurrences of one episode in one call the first opens it and the other carries it on.
        done |= {i: one for i in waiting if (one := opened.pop(key_of(occurrences[i]), None)) is not None}
        waiting = [i for i in waiting if i not in done]
        carried = carry_on([(occurrences[i], clocks[i]) for i in waiting])
        done |= {i: one for i, one in zip(waiting, carried, strict=True) if one is not None}
        waiting = [i for i in waiting if i not in done]
        if not waiting:
            break
    if waiting:
        raise RuntimeError("an alert could neither be opened nor carried on; the work stays waiting")
    episodes = [done[i] for i in range(len(occurrences))]
    _join(occurrences, episodes)
    tell([(o, e) for o, e in zip(occurrences, episodes, strict=True) if e.changed])
    return episodes


def _clocks(occurrences: Sequence[Occurrence]) -> list[Clock]:
    """By the hours of each one's team where they matter, which for an alarm or an emergency they never do."""
    teams = {
        o.subject.care_team_id
        for o in occurrences
        if o.subject.care_team_id is not None and hours_matter(o.rule, o.level)
    }
    hours = hours_of(teams) if teams else {}
    found = []
    for one in occurrences:
        watched, now = hours.get(one.subject.care_team_id or 0, (None, None))
        found.append(clock_for(one.rule, one.level, now, watched))
    return found


def _join(occurrences: Sequence[Occurrence], episodes: Sequence[Episode]) -> None:
    """Put what was opened on its person's card; a card that changed has a new version, and nothing on it sleeps on."""
    pairs = list(zip(occurrences, episodes, strict=True))
    joined = join_cards([e.alert_id for o, e in pairs if e.created and o.subject.patient_id is not None])
    # A press that nobody has seen yet changes what a desk acts on, whichever finding of the card it came to.
    changed = [e for o, e in pairs if not e.created and (e.worse or e.woken is not None or o.is_new_press)]
    own = {e.alert_id for e in changed} | {e.alert_id for _, e in pairs if e.created}
    bump_cards({e.card_id for e in changed if e.card_id is not None} - own)
    for one in (e for o, e in pairs if e.woken is not None and not o.is_new_press):
        tell_devices(one.alert_id)
    wake_cards(set(joined.values()), "something else was found")


def _open(asked: Sequence[tuple[Occurrence, Clock]]) -> dict[Key, Episode]:
    """Try to open one alert each, in one statement; the keys of those that really were opened."""
    if not asked:
        return {}
    first: dict[Key, tuple[Occurrence, Clock]] = {}
    for occurrence, clock in asked:
        first.setdefault(key_of(occurrence), (occurrence, clock))
    rows = [occurrence for occurrence, _ in first.values()]
    clocks = [clock for _, clock in first.values()]
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
            "call_999": [o.call_999 for o in rows],
            "versions": [", ".join(o.versions) for o in rows],
        },
    )
    opened: dict[Key, Episode] = {}
    for row in result:
        key = (row.patient_id, None if row.patient_id is not None else row.device, row.rule)
        opened[key] = Episode(row.id, row.public_id, True, False, first[key][0].level, "open")
    return opened
