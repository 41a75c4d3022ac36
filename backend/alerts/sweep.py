"""Finds devices that have gone quiet by one query, and judges only those by the rule."""

import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from backend.alerts.episodes import raise_episodes
from backend.alerts.history import Finding, History
from backend.alerts.levels import Severity
from backend.alerts.occurrence import Occurrence, Subject
from backend.alerts.rules import device_silent
from backend.alerts.subjects import QuietDevice, people, quiet_devices
from backend.alerts.telling import notice, record_events
from backend.alerts.watching import check_failed
from backend.core.db import db
from backend.core.notices import notify_all

log = logging.getLogger("alongside.alerts")

RULE = "device_silent"

# The evidence of a silence is the moment since when a device is quiet; a later sign of life ends that silence.
_HEARD_AGAIN = text(
    """with quiet as (
        select a.id, e.value ->> 'device' as device, max(cast(e.value ->> 'at' as timestamptz)) as since
        from alert a cross join lateral jsonb_array_elements(a.evidence) e
        where a.rule = :rule and a.closed_at is null group by 1, 2)
    select a.id, a.patient_id, a.public_id, a.level, a.is_canary, p.public_id as patient, d.kind, q.device,
        a.claimed_at is not null as claimed, cast(q.since as text) as since
    from quiet q join alert a on a.id = q.id join patient p on p.id = a.patient_id
    join device d on d.device_id = q.device join device_state s on s.device_id = d.id
    where s.last_seen_at > q.since
      and not exists (select 1 from alert_event e where e.alert_id = a.id and e.kind = 'heard-again'
          and e.detail ->> 'device' = q.device and e.detail ->> 'since' = cast(q.since as text))"""
)


def sweep_silence() -> int:
    """Raise an alert for each person with a device past its limit, and say on an open one that it is back.

    In the caller's transaction; answers how many alerts were opened or changed. Running it twice changes
    nothing, because the moment since when a device is quiet is the alert's evidence.
    """
    found: dict[int, list[tuple[QuietDevice, Finding]]] = {}
    failed: dict[int, QuietDevice] = {}
    for one in quiet_devices(device_silent.SILENT_AFTER):
        try:
            finding = device_silent.evaluate(History((), one.now, device=one.state))
        except Exception:
            # One device's surprise must not stop the others, and must not be lost either.
            log.exception("rule %s failed for patient row %s", RULE, one.patient_id)
            failed[one.patient_id] = one
            continue
        if finding is not None:
            found.setdefault(one.patient_id, []).append((one, finding))
    known = people([*found, *failed])
    occurrences = [_occurrence(known[id_].subject, quiet) for id_, quiet in found.items()]
    occurrences += [
        check_failed(known[id_], RULE, one.state.bound_at, one.now) for id_, one in failed.items()
    ]
    changed = sum(episode.changed for episode in raise_episodes(occurrences))
    return changed + _heard_again()


def _occurrence(subject: Subject, quiet: Sequence[tuple[QuietDevice, Finding]]) -> Occurrence:
    """One card a person, which names every device that is quiet now."""
    first, finding = quiet[0]
    title = finding.title if len(quiet) == 1 else f"No cover: {len(quiet)} devices not heard"
    return Occurrence(
        subject=Subject(
            subject.patient_id,
            subject.patient,
            subject.care_team_id,
            subject.is_canary,
            first.device_row,
            first.state.device_id,
        ),
        rule=RULE,
        kind="technical",
        level=max((f.severity for _, f in quiet), key=lambda level: level.rank),
        title=title,
        reason="; ".join(f.reason for _, f in quiet),
        true_at=min(f.true_at for _, f in quiet),
        known_at=first.now,
        evidence=[{"at": f.true_at.isoformat(), "device": one.state.device_id} for one, f in quiet],
        judged_by=device_silent.SOURCE,
    )


def _heard_again() -> int:
    """A human closes the card, but must not ring somebody about a device that speaks again."""
    rows: Sequence[Any] = db.session.execute(_HEARD_AGAIN, {"rule": RULE}).all()
    record_events(
        (
            row.id,
            row.patient_id,
            "heard-again",
            f"The {row.kind.replace('-', ' ')} is heard again",
            {"device": row.device, "since": row.since},
        )
        for row in rows
    )
    notify_all(
        notice(
            Subject(row.patient_id, row.patient, None, row.is_canary),
            row.public_id,
            Severity(row.level),
            "claimed" if row.claimed else "open",
            RULE,
        )
        for row in rows
    )
    return len(rows)
