"""Tells of an episode: the events on it, the messages to people and the notices to open pages."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.alerts.levels import Severity
from backend.alerts.occurrence import Episode, Occurrence, Subject
from backend.core.db import db
from backend.core.notices import notify_all
from backend.core.outbox import Message, queue_all

_EVENTS = text(
    """insert into alert_event (alert_id, patient_id, kind, words, detail)
    select * from unnest(cast(:alert_id as int[]), cast(:patient_id as int[]), cast(:kind as text[]),
        cast(:words as text[]), cast(:detail as jsonb[]))"""
)


def tell(pairs: Sequence[tuple[Occurrence, Episode]]) -> None:
    """Write what happened, queue the messages, and tell the streams."""
    record_events(
        (
            e.alert_id,
            o.subject.patient_id,
            _event_kind(o, e),
            o.reason,
            {"cause": o.caused_by, "late": o.late},
        )
        for o, e in pairs
    )
    queue_all([message for o, e in pairs for message in _messages(o, e)])
    heard = [(o, e) for o, e in pairs if _heard(o)]
    notify_all(notice(o.subject, e.alert, e.level, e.state, o.rule, o.caused_by) for o, e in heard)


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
    tells = episode.created or episode.worse or occurrence.is_new_press
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
    if subject.patient is not None:
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


def record_events(events: Iterable[tuple[int, int | None, str, str, Mapping[str, Any]]]) -> None:
    """Append alert events: (alert id, patient id, kind, words, detail)."""
    rows = list(events)
    if rows:
        db.session.execute(
            _EVENTS,
            {
                "alert_id": [r[0] for r in rows],
                "patient_id": [r[1] for r in rows],
                "kind": [r[2] for r in rows],
                "words": [r[3] for r in rows],
                "detail": [json.dumps(dict(r[4]), default=str) for r in rows],
            },
        )
