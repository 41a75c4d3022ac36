"""Says what a correction changes: alerts that rest on its readings, and what the rules find with and without them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from backend.access import service as access
from backend.alerts.cases import Case, Waiting, load_cases
from backend.alerts.history import Finding, History
from backend.alerts.judge import Rule, findings
from backend.alerts.models import Alert
from backend.alerts.rows import state_of
from backend.alerts.withdrawn import share
from backend.core.db import db
from backend.observations import service as observations
from backend.observations.codes import BY_NUMBER
from backend.observations.reading import StoredReading
from backend.observations.service import Measured


@dataclass(frozen=True, slots=True)
class Resting:
    """An alert whose evidence holds some of the readings; `wholly` when it holds nothing else."""

    id: UUID
    patient: UUID
    title: str
    reason: str
    level: str
    state: str
    true_at: datetime
    wholly: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule finds in a person's readings only with, or only without, those in question."""

    patient: UUID
    rule: str
    title: str
    reason: str
    level: str
    true_at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """Both sides of it. Nothing is raised or closed by asking."""

    alerts: tuple[Resting, ...]
    only_with: tuple[Found, ...]
    only_without: tuple[Found, ...]


def difference(messages: Sequence[Measured]) -> Difference:
    """What these messages' readings change, in the records they are in, whether they are void now or not."""
    if not messages:
        return Difference((), (), ())
    ids = {one.device_message_id for one in messages}
    only_with: list[Found] = []
    only_without: list[Found] = []
    for case in _cases(messages, ids):
        without = [one for one in case.stored if one.device_message_id not in ids]
        for name, (rule, judge_from) in case.to_try().items():
            one, other = compare(rule, case.for_rule(name), case.stored, without, judge_from)
            only_with += [_found(case, name, finding) for finding in one]
            only_without += [_found(case, name, finding) for finding in other]
    return Difference(resting_on(messages), tuple(only_with), tuple(only_without))


def compare(
    rule: Rule,
    base: History,
    stored: Sequence[StoredReading],
    without: Sequence[StoredReading],
    judge_from: datetime,
) -> tuple[list[Finding], list[Finding]]:
    """What the rule finds from `judge_from` on in `stored` alone, and what in `without` alone."""
    one = {_key(f): f for f in findings(rule, base, stored, judge_from, base.as_of)}
    other = {_key(f): f for f in findings(rule, base, without, judge_from, base.as_of)}
    return [one[k] for k in one if k not in other], [other[k] for k in other if k not in one]


def _key(finding: Finding) -> tuple[str, str, datetime]:
    return finding.severity.value, finding.title, finding.true_at


def resting_on(messages: Sequence[Measured]) -> tuple[Resting, ...]:
    """Alerts, open or closed, whose evidence holds readings of these messages, oldest first."""
    names = {(one.patient_id, one.effective_at, one.received_at) for one in messages}
    people = {one.patient_id for one in messages}
    public = access.public_ids(sorted(people))
    since = min(one.effective_at for one in messages)
    rows = db.session.scalars(
        select(Alert)
        .where(
            Alert.patient_id.in_(sorted(people)),
            Alert.kind == "clinical",
            (Alert.closed_at.is_(None)) | (Alert.closed_at >= since),
        )
        .order_by(Alert.true_at, Alert.id)
    )
    found = [(alert, share(alert.patient_id or 0, alert.evidence, names)) for alert in rows]
    return tuple(
        Resting(
            alert.public_id, public[alert.patient_id or 0], alert.title, alert.reason, alert.level,
            state_of(alert), alert.true_at, part == "all",
        )
        for alert, part in found
        if part != "none"
    )  # fmt: skip


def _cases(messages: Sequence[Measured], ids: Collection[int]) -> list[Case]:
    """Each monitored person with everything the rules need, the readings in question among it."""
    waiting: dict[int, Waiting] = {}
    for one in messages:
        since = dict(waiting[one.patient_id].since) if one.patient_id in waiting else {}
        for number in one.codes:
            code = BY_NUMBER[number]
            from_ = one.effective_at - observations.JUDGED_BEFORE
            since[code] = min(since.get(code, from_), from_)
        waiting[one.patient_id] = Waiting(one.patient_id, since)
    return load_cases(waiting, access.database_time(), even=ids)


def _found(case: Case, rule: str, finding: Finding) -> Found:
    patient = case.person.subject.patient
    assert patient is not None
    return Found(patient, rule, finding.title, finding.reason, finding.severity.value, finding.true_at)
