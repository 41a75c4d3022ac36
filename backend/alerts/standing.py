"""Says on an open alert what the facts say by now, when what arrived or was taken back since says something else.

An alert is raised from what was known. A repeat that arrives late, or a reading taken back, may leave nothing of it or
make it milder. It stays open, because somebody may be acting on it, and says so.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from backend.alerts.cards import bump_cards
from backend.alerts.cases import Case, Waiting, load_cases
from backend.alerts.judge import Rule, findings, name_of_row
from backend.alerts.levels import Severity
from backend.alerts.telling import notice, record_events
from backend.core.db import db
from backend.core.notices import notify_all
from backend.observations.codes import Code

NOTHING = "By what has arrived or was taken back since, this rule would not raise it"
MILDER = "By what has arrived or was taken back since, this rule would say {level}"
AGAIN = "By what is known now, it stands as it was raised"

_OPEN = text(
    """select id, public_id, patient_id, rule, level, stands, card_id, claimed_at is not null as claimed from alert
    where id = any(:ids) and closed_at is null order by id for update"""
)
_SAY = text(
    """update alert a set stands = n.stands, version = a.version + 1
    from unnest(cast(:ids as int[]), cast(:stands as jsonb[])) as n (id, stands) where a.id = n.id"""
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """An open alert of a rule that may not stand as it is, and from when on to judge it anew."""

    patient_id: int
    rule: str
    alert_id: int
    codes: frozenset[Code]
    since: datetime


def doubt(case: Case, name: str, rule: Rule, judged_from: datetime, said: frozenset[str]) -> Doubt | None:
    """Whether the open alert of a rule rests on something that the rule no longer says; `said` names its evidence now.

    What was measured before `judged_from` was not judged again and is in no doubt.
    """
    standing = case.standing.get(name)
    if standing is None:
        return None
    rests_on = [row for row in standing.evidence if "code" in row and Code(row["code"]) in rule.WATCHES]
    gone = [
        row for row in rests_on
        if datetime.fromisoformat(row["at"]) >= judged_from and name_of_row(row) not in said
    ]  # fmt: skip
    if not gone and standing.stands is None:
        return None
    since = min((datetime.fromisoformat(row["at"]) for row in rests_on), default=judged_from)
    return Doubt(case.waiting.patient_id, name, standing.alert_id, rule.WATCHES, since)


def settle(doubts: Sequence[Doubt], now: datetime) -> int:
    """Judge these alerts anew from their first evidence on, and write what they stand for; answers how many changed."""
    if not doubts:
        return 0
    waiting: dict[int, dict[Code, datetime]] = {}
    for one in doubts:
        since = waiting.setdefault(one.patient_id, {})
        for code in one.codes:
            since[code] = min(since.get(code, one.since), one.since)
    cases = load_cases({id_: Waiting(id_, since) for id_, since in waiting.items()}, now)
    by_person = {case.waiting.patient_id: case for case in cases}
    rows = {row.id: row for row in db.session.execute(_OPEN, {"ids": [one.alert_id for one in doubts]})}
    changed: list[tuple[Any, Case, Mapping[str, Any] | None]] = []
    for one in doubts:
        case, row = by_person.get(one.patient_id), rows.get(one.alert_id)
        if case is None or row is None:
            continue
        tried = case.to_try().get(one.rule)
        if tried is None:
            continue
        found = findings(tried[0], case.for_rule(one.rule), case.stored, one.since, now)
        stands = _stands(Severity(row.level), [finding.severity for finding in found])
        if stands != row.stands:
            changed.append((row, case, stands))
    _say(changed)
    return len(changed)


def _stands(raised: Severity, found: Sequence[Severity]) -> dict[str, Any] | None:
    worst = max(found, key=lambda level: level.rank, default=None)
    if worst is None:
        return {"level": None, "words": NOTHING}
    if raised.worse_than(worst):
        return {"level": worst.value, "words": MILDER.format(level=worst.value)}
    return None


def _say(changed: Sequence[tuple[Any, Case, Mapping[str, Any] | None]]) -> None:
    if not changed:
        return
    said = [None if stands is None else json.dumps(stands) for _, _, stands in changed]
    db.session.execute(_SAY, {"ids": [row.id for row, _, _ in changed], "stands": said})
    bump_cards({row.card_id for row, _, _ in changed} - {row.id for row, _, _ in changed})
    record_events(
        (
            row.id,
            row.patient_id,
            "would-differ",
            AGAIN if stands is None else stands["words"],
            dict(stands or {}),
        )
        for row, _, stands in changed
    )
    notify_all(
        notice(
            case.person.subject,
            row.public_id,
            Severity(row.level),
            "claimed" if row.claimed else "open",
            row.rule,
        )
        for row, case, _ in changed
    )
