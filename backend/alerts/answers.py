"""Raises what somebody answered in the moment it arrives: it waits for no job, no pathway and no hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text

from backend.access import service as access
from backend.access.record import OpenPatient
from backend.alerts.episodes import raise_episodes
from backend.alerts.history import Finding, History, Severity
from backend.alerts.judge import evidence_row, rules, rules_watching
from backend.alerts.occurrence import Episode, Occurrence, Subject
from backend.alerts.rules import phq9_item9
from backend.alerts.subjects import people
from backend.alerts.telling import record_events
from backend.core.db import db
from backend.observations import service as observations
from backend.observations.codes import Code
from backend.observations.reading import Reading, Source, StoredReading

ITEM9 = "phq9_item9"
NOT_SAFE = "Asked “are you safe now?”, they answered no"
NO_ANSWER = "Asked “are you safe now?”, they have not answered"

_STANDS = text(
    """select id, patient_id, closed_at is not null or contacted_at is not null as is_handled from alert
    where public_id = :alert"""
)


@dataclass(frozen=True, slots=True)
class Said:
    """One value that somebody's answers came to; `because` is added to what the rule says of it."""

    code: Code
    value: Decimal
    source: Source
    because: str = ""


def raise_answers(patient: OpenPatient, said: Sequence[Said]) -> dict[Code, Episode]:
    """Put answers into the record, and whatever their rules find on the team's list at once; by the code it came from.

    In the caller's transaction, whatever the state of monitoring. The worker judges them once more and finds what
    stands already. Urgent answers given while such an alert is open tell the team once more.
    """
    if not said:
        return {}
    now = access.database_time()
    subject = people([patient.id])[patient.id].subject
    found: list[tuple[Code, Occurrence]] = []
    for one in said:
        reading = Reading(one.code, one.value, one.code.unit, now, one.source)
        stored = observations.record_said(patient.id, patient.public_id, reading)
        for name, rule in rules_watching(one.code):
            finding = rule.evaluate(History((reading,), now))
            if finding is not None:
                found.append((one.code, _occurrence(subject, name, finding, stored, one.because)))
    episodes = raise_episodes([occurrence for _, occurrence in found])
    return {code: episode for (code, _), episode in zip(found, episodes, strict=True)}


def _occurrence(
    subject: Subject, rule: str, finding: Finding, stored: StoredReading, because: str
) -> Occurrence:
    return Occurrence(
        subject=subject,
        rule=rule,
        kind="clinical",
        level=finding.severity,
        title=finding.title,
        reason=f"{finding.reason}: {because}" if because else finding.reason,
        true_at=stored.reading.effective_at,
        known_at=stored.received_at,
        judged_by=rules()[rule].SOURCE,
        evidence=[evidence_row(stored)],
        is_new_press=finding.severity.rank >= Severity.URGENT.rank,
    )


def raise_unsafe(patient_id: int, alert: UUID, value: int, since: datetime, why: str) -> str:
    """Make the alert of an answer to item 9 an emergency; answers what became of it: "raised" or "handled".

    Handled is what a human has closed meanwhile, or about which somebody has spoken to the person. `why` says what
    was answered to "are you safe now?", or that nothing was.
    """
    stands = db.session.execute(_STANDS, {"alert": alert}).one_or_none()
    if stands is not None and stands.is_handled and why != NOT_SAFE:
        return "handled"
    _raise_emergency(patient_id, value, since, access.database_time(), why)
    return "raised"


def say_unsafe(patient_id: int) -> UUID:
    """Somebody says they are not safe, and no answer to item 9 stands beside it: an emergency; answers the alert."""
    now = access.database_time()
    return _raise_emergency(patient_id, 0, now, now, NOT_SAFE).alert


def _raise_emergency(patient_id: int, value: int, since: datetime, now: datetime, why: str) -> Episode:
    """`value` is the answer to item 9; at 0 the card does not name it, because it is not why anybody is sent."""
    answer = Decimal(value)
    told = {"at": now.isoformat(), "code": Code.PHQ9_ITEM9.value, "value": str(answer), "why": why}
    occurrence = Occurrence(
        subject=people([patient_id])[patient_id].subject,
        rule=ITEM9,
        kind="clinical",
        level=Severity.EMERGENCY,
        title=phq9_item9.TITLE,
        reason=f"{phq9_item9.reason(answer)}. {why}" if value else why,
        true_at=since,
        known_at=now,
        judged_by=phq9_item9.SOURCE,
        evidence=[told],
        is_new_press=True,
        call_999=True,
    )
    return raise_episodes([occurrence])[0]


def note_safe(alert: UUID) -> None:
    """Write beside the alert that the person says they are safe now; a human goes on to speak to them."""
    stands = db.session.execute(_STANDS, {"alert": alert}).one_or_none()
    if stands is not None:
        words = "Asked “are you safe now?”, they answered yes; speak to them all the same"
        record_events([(stands.id, stands.patient_id, "said-safe", words, {})])
