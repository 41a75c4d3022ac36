"""Tells of an episode: the events on it, the messages to people and the notices to open pages."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.alerts.levels import Severity
from backend.alerts.occurrence import Episode, Occurrence, Subject
from backend.core.db import db
from backend.core.notices import CHANNEL, TELL, written
from backend.core.outbox import INSERT, WAKE, Message, columns

# What only the team can mend: telling the person of a message that did not reach them helps nobody.
# What a carer says of themselves is no news for whom they help.
TEAM_ONLY = frozenset(
    {"communication_failed", "carer_check_in", "message_unanswered", "practice_message_unanswered"}
)

_EVENTS = """insert into alert_event (alert_id, patient_id, kind, words, detail)
    select * from unnest(cast(:alert_ids as int[]), cast(:patient_ids as int[]), cast(:kinds as text[]),
        cast(:words as text[]), cast(:details as jsonb[]))"""
# All that an alarm waits for, in one round trip and not in four.
_ALL = text(f"with events as ({_EVENTS}), messages as ({INSERT}) {TELL}")

Event = tuple[int, int | None, str, str, Mapping[str, Any]]


def tell(pairs: Sequence[tuple[Occurrence, Episode]]) -> None:
    """Write what happened, queue the messages, and tell the streams."""
    events: list[Event] = [
        (
            e.alert_id,
            o.subject.patient_id,
            _event_kind(o, e),
            o.reason,
            {"cause": o.caused_by, "late": o.late},
        )
        for o, e in pairs
    ]
    events += [
        (
            e.alert_id,
            o.subject.patient_id,
            "snooze-broken" if e.was_snoozed else "woken",
            f"Awake again: {e.woken}" if e.was_snoozed else f"New since the contact: {e.woken}",
            {"why": e.woken},
        )
        for o, e in pairs
        if e.woken is not None
    ]
    messages = [message for o, e in pairs for message in _messages(o, e)]
    notices = [
        notice(o.subject, e.alert, e.level, e.state, o.rule, o.caused_by) for o, e in pairs if _heard(o)
    ]
    if events:
        told = written([*([WAKE] if messages else []), *notices])
        asked = {**_columns(events), **columns(messages), "notices": CHANNEL, "told": told}
        db.session.execute(_ALL, asked)


def _heard(occurrence: Occurrence) -> bool:
    """An alarm of nobody's kit goes to every desk, so the canary's must not be told at all."""
    return not (occurrence.subject.is_canary and occurrence.subject.patient is None)


def _event_kind(occurrence: Occurrence, episode: Episode) -> str:
    if episode.created:
        return "raised"
    if episode.worse:
        return "worse"
    return "pressed-again" if occurrence.is_new_press else "repeated"


def _messages(occurrence: Occurrence, episode: Episode) -> list[Message]:
    """To the team (or the duty desk where there is none) and to the person; never about a canary."""
    subject = occurrence.subject
    tells = episode.created or episode.worse or episode.woken is not None or occurrence.is_new_press
    if not tells or subject.is_canary or occurrence.level is Severity.INFO:
        return []
    facts = {"alert": str(episode.alert), "level": episode.level.value}
    to_team = subject.care_team_id is not None
    messages = [
        Message(
            to_kind="care-team" if to_team else "duty",
            to_ref=str(subject.care_team_id) if to_team else "duty",
            template="alert-for-team",
            facts=facts,
            patient_id=subject.patient_id,
            alert_id=episode.alert_id,
        )
    ]
    if subject.patient is not None and occurrence.rule not in TEAM_ONLY:
        template = "device-not-heard" if occurrence.kind == "technical" else "alert-for-person"
        messages.append(
            Message("patient", str(subject.patient), template, facts, subject.patient_id, episode.alert_id)
        )
    return messages


def notice(
    subject: Subject, alert: UUID, level: Severity, state: str, rule: str, caused_by: str | None = None
) -> dict[str, object]:
    """What the streams hear of a change to an alert: ids and words for programs, nothing clinical."""
    return {
        "t": "alert",
        "p": subject.patient,
        "a": alert,
        "l": level.value,
        "s": state,
        "k": rule,
        "x": caused_by,
    }


def record_events(events: Iterable[Event]) -> None:
    """Append alert events: (alert id, patient id, kind, words, detail)."""
    rows = list(events)
    if rows:
        db.session.execute(text(_EVENTS), _columns(rows))


def _columns(rows: Sequence[Event]) -> dict[str, object]:
    return {
        "alert_ids": [r[0] for r in rows],
        "patient_ids": [r[1] for r in rows],
        "kinds": [r[2] for r in rows],
        "words": [r[3] for r in rows],
        "details": [json.dumps(dict(r[4]), default=str) for r in rows],
    }
