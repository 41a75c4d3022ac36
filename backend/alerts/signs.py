"""Looks at whoever may have given no sign for too long, each at their own deadline and nobody in between."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from backend.alerts.episodes import raise_episodes
from backend.alerts.history import Finding, History
from backend.alerts.home import Home, OwnPattern
from backend.alerts.limits import parameters_of
from backend.alerts.not_heard import quiet_kit
from backend.alerts.occurrence import Occurrence
from backend.alerts.rules import inactivity, no_sign
from backend.alerts.subjects import people
from backend.alerts.telling import record_events
from backend.alerts.watching import (
    SOON,
    Watched,
    check_failed,
    drop,
    live_with,
    look_again,
    occurrence,
    pauses_of,
    take,
)
from backend.alerts.worry import SAID_BY
from backend.core.db import db
from backend.observations.codes import Code
from backend.pathways import service as pathways
from backend.pathways.service import EnrolledOn

log = logging.getLogger("alongside.alerts")

NO_SIGN, INACTIVITY = "no_sign", "inactivity"
# What says something of the person only when it is 1: a sensor that reports "no movement" has seen nobody.
SEEN = (
    Code.MOVEMENT, Code.BED_OCCUPANCY, Code.CHAIR_OCCUPANCY, Code.DOOR, Code.PROPERTY_EXIT, Code.MEDICATION_DISPENSER,
    Code.STEPS, Code.FALL, Code.PENDANT,
)  # fmt: skip
# Presses and falls are the person's own; smoke, water or "nobody moves" say nothing of how they are.
OWN_ALARMS = ("sos", "fall")
MOVES = (Code.MOVEMENT, Code.CHAIR_OCCUPANCY, Code.DOOR, Code.PROPERTY_EXIT)
# Alongside defaults, not national guidance: how late whoever cannot be judged yet is looked at again, and when a card
# that somebody closed comes back while nothing has changed.
LATER, CLOSED_FOR = timedelta(hours=6), timedelta(hours=24)

_LAST = text(
    """select p.id, l.reading_at, m.seen_at, m.moved_at, a.alarm_at, a.contact_at, x.away_at
    from unnest(cast(:ids as int[])) p (id),
    lateral (select max(effective_at) as reading_at from latest
        where patient_id = p.id and not code = any(:seen) and not (code = :concern and value = :of_another)) l,
    lateral (select max(effective_at) as seen_at, max(effective_at) filter (where code = any(:moves)) as moved_at
        from observation where patient_id = p.id and code = any(:seen) and value >= 1
            and effective_at > (select db_now()) - interval '8 days' and effective_at <= (select db_now())) m,
    lateral (select max(opened_at) filter (where kind = 'alarm' and rule = any(:own)) as alarm_at,
            max(contacted_at) as contact_at
        from alert where patient_id = p.id and opened_at > (select db_now()) - interval '8 days') a,
    lateral (select max(effective_at) filter (where value = 1) as away_at from latest
        where patient_id = p.id and code = :away) x"""
)
_PATTERNS = text("select * from home_pattern where patient_id = any(:ids) and usual_gap_s is not null")
_STANDING = text(
    """select distinct on (patient_id) patient_id, id, true_at, closed_at from alert
    where patient_id = any(:ids) and rule = :rule and kind = 'clinical'
    order by patient_id, (closed_at is null) desc, closed_at desc"""
)
_SEEN_AGAIN = text(
    "select distinct alert_id from alert_event where alert_id = any(:ids) and kind = 'sign-seen'"
)


@dataclass(frozen=True, slots=True)
class _Subject:
    """One person as a rule of signs sees them, and what says when to look again if it finds nothing."""

    watched: Watched
    history: History
    enrolled: Sequence[EnrolledOn]
    when: Callable[[History], datetime]


def sweep_no_sign() -> int:
    """Judge whoever's time without a sign may be over; in the caller's transaction. Answers how many it looked at."""
    return _sweep(NO_SIGN, no_sign.evaluate, no_sign.SOURCE, _when_no_sign)


def sweep_inactivity() -> int:
    """Judge whoever's home may be quiet for longer than it ever is; as `sweep_no_sign`."""
    return _sweep(INACTIVITY, inactivity.evaluate, inactivity.SOURCE, _when_inactive)


def _when_no_sign(history: History) -> datetime:
    home = history.home
    if history.facts.lives_alone is False:
        return history.as_of + LATER
    since = max(at for at in (home.last_sign_at, home.watched_since) if at is not None)
    ends = [pause.end for pause in history.pauses if pause.end is not None and pause.start <= history.as_of]
    due = max([since, *ends]) + no_sign.within(history)
    return due if due > history.as_of else history.as_of + SOON


def _when_inactive(history: History) -> datetime:
    pattern, since = history.home.pattern, inactivity.counted_from(history)
    if pattern is None or since is None:
        return history.as_of + LATER
    due = max(since + inactivity.threshold(pattern, history), inactivity.out_until(history) or since)
    return min(due, history.as_of + LATER) if due > history.as_of else history.as_of + SOON


def _sweep(
    rule: str, evaluate: Callable[[History], Finding | None], source: str, when: Callable[[History], datetime]
) -> int:
    watched = take(rule)
    if not watched:
        return 0
    subjects, gone = _subjects(rule, watched, when)
    drop(rule, gone)
    standing = _standing(rule, [one.watched.patient_id for one in subjects])
    known = people([one.watched.patient_id for one in subjects])
    next_look: dict[int, datetime] = {}
    found: list[Occurrence] = []
    seen: list[tuple[int, int]] = []
    for one in subjects:
        id_, now = one.watched.patient_id, one.watched.now
        try:
            finding, next_look[id_] = evaluate(one.history), one.when(one.history)
        except Exception:
            # One person's surprise must not stop the others, and must not be lost either.
            log.exception("rule %s failed for patient row %s", rule, id_)
            found.append(check_failed(known[id_], rule, one.watched.since, now))
            next_look[id_] = now + SOON
            continue
        last = standing.get(id_)
        if last is not None and last.closed_at is None:
            next_look[id_] = now + SOON
            if finding is None:
                seen.append((last.id, id_))
        elif (
            finding is not None
            and last is not None
            and last.closed_at > max(finding.true_at, now - CLOSED_FOR)
        ):
            # Somebody has closed this very silence; while it goes on it comes back tomorrow.
            next_look[id_] = last.closed_at + CLOSED_FOR
        elif finding is not None:
            evidence = [{"at": finding.true_at.isoformat()}]
            found.append(
                occurrence(known[id_], rule, source, finding, now, evidence=evidence, enrolled=one.enrolled)
            )
            next_look[id_] = now + SOON
    raise_episodes(found)
    _say_seen(seen)
    look_again(rule, next_look)
    return len(watched)


def _subjects(
    rule: str, watched: Sequence[Watched], when: Callable[[History], datetime]
) -> tuple[list[_Subject], list[int]]:
    """Those who are live on a pathway that names the rule, and the keys of those who are not."""
    ids = [one.patient_id for one in watched]
    enrolled = {id_: live_with(rule, on) for id_, on in pathways.enrolments_for(ids).items()}
    known, pauses, homes = people(ids), pauses_of(ids), _homes(watched)
    subjects, gone = [], []
    for one in watched:
        id_ = one.patient_id
        if not enrolled.get(id_) or id_ not in known:
            gone.append(id_)
            continue
        history = History(
            (), one.now, facts=known[id_].facts, pauses=pauses.get(id_, ()), home=homes[id_],
            parameters=parameters_of(rule, enrolled[id_]),
        )  # fmt: skip
        subjects.append(_Subject(one, history, enrolled[id_], when))
    return subjects, gone


def _homes(watched: Sequence[Watched]) -> dict[int, Home]:
    ids = [one.patient_id for one in watched]
    since = {one.patient_id: one.since for one in watched}
    asked = {
        "ids": ids,
        "seen": [code.number for code in SEEN],
        "moves": [code.number for code in MOVES],
        "away": Code.PROPERTY_EXIT.number,
        "concern": Code.CONCERN.number,
        "of_another": SAID_BY["carer"],
        "own": list(OWN_ALARMS),
    }
    patterns = {row.patient_id: row for row in db.session.execute(_PATTERNS, {"ids": ids})}
    quiet = quiet_kit(ids)
    return {
        row.id: _home(row, since[row.id], None if (row.id, "movement") in quiet else patterns.get(row.id))
        for row in db.session.execute(_LAST, asked)
    }


def _home(row: Any, since: datetime, pattern: Any) -> Home:
    """Without a pattern when the sensors are not heard: then quiet says nothing."""
    signs = {
        "a reading": row.reading_at, "a sensor": row.seen_at, "an alarm": row.alarm_at, "a contact": row.contact_at,
    }  # fmt: skip
    known = {what: at for what, at in signs.items() if at is not None}
    last = max(known, key=lambda what: known[what], default="")
    is_out = row.away_at is not None and row.away_at >= (row.moved_at or row.away_at)
    return Home(
        last_sign_at=known.get(last),
        last_sign=last,
        watched_since=since,
        last_movement_at=row.moved_at,
        out_since=row.away_at if is_out else None,
        pattern=None
        if pattern is None
        else OwnPattern(
            timedelta(seconds=pattern.usual_gap_s), pattern.active_from, pattern.active_to, pattern.days
        ),
    )


def _standing(rule: str, ids: Collection[int]) -> Mapping[int, Any]:
    """The open card of each, else the one closed last."""
    return {row.patient_id: row for row in db.session.execute(_STANDING, {"ids": list(ids), "rule": rule})}


def _say_seen(alerts: Sequence[tuple[int, int]]) -> None:
    """A human closes the card: whoever was quiet for a day is spoken to, even when a sensor has moved since."""
    said = set(db.session.scalars(_SEEN_AGAIN, {"ids": [id_ for id_, _ in alerts]})) if alerts else set()
    record_events(
        (alert, patient, "sign-seen", "There has been a sign since; speak to the person all the same", {})
        for alert, patient in alerts
        if alert not in said
    )
