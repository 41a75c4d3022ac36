"""The plain types of an episode: whom it is about, one time it was true, and what became of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.alerts.levels import Severity


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom an alert is about; no patient means kit that nobody is registered as wearing."""

    patient_id: int | None
    patient: UUID | None
    care_team_id: int | None
    is_canary: bool
    device_id: int | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time a rule was true, or an alarm came. `evidence` is JSON rows, each with `at` (ISO time).

    `versions` are those of the pathways that run the rule, as "copd 2026.1".
    """

    subject: Subject
    rule: str
    kind: str
    level: Severity
    title: str
    reason: str
    true_at: datetime
    known_at: datetime
    late: bool = False
    judged_by: str = ""
    evidence: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    caused_by: str | None = None
    is_new_press: bool = False
    call_999: bool = False
    versions: Sequence[str] = ()


Key = tuple[int | None, str | None, str]


def key_of(occurrence: Occurrence) -> Key:
    """What there is one open episode of: a person and a rule, or for kit that nobody wears the device and a rule."""
    subject = occurrence.subject
    return subject.patient_id, None if subject.patient_id is not None else subject.device, occurrence.rule


@dataclass(frozen=True, slots=True)
class Episode:
    """What became of an occurrence. `woken` says why an alert that rested does so no more, `card_id` its card.

    `was_snoozed`: what woke it ended a snooze; else a contact was on record.
    """

    alert_id: int
    alert: UUID
    created: bool
    worse: bool
    level: Severity
    state: str
    changed: bool = True
    card_id: int | None = None
    woken: str | None = None
    was_snoozed: bool = False
