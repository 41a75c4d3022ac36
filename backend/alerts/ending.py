"""Closes everything that is open about a person at once: somebody has died, or is watched no longer."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.alerts.cards import lock_cards
from backend.alerts.device_states import tell_devices
from backend.alerts.levels import Severity
from backend.alerts.occurrence import Subject
from backend.alerts.telling import notice
from backend.core.db import db
from backend.core.notices import notify_all

_CLOSE = text(
    """update alert a set closed_at = db_now(), outcome = :outcome, note = coalesce(a.note, cast(:note as text)),
        version = a.version + 1, rung_due_at = null, snoozed_until = null, recheck_by = null, recheck_why = null
    from (select c.id, p.public_id as patient from alert c join patient p on p.id = c.patient_id
        where c.patient_id = :patient_id and c.closed_at is null and c.level = any(:levels)
        order by c.id for update of c) mine
    where a.id = mine.id
    returning a.id, a.public_id, a.level, a.rule, a.is_canary, mine.patient"""
)
# A recheck owed on what was closed before would bring it back, about somebody whom nobody is to be rung for.
_OWED = text(
    """update alert set recheck_by = null, recheck_why = null, version = version + 1 where id in (
        select id from alert where patient_id = :patient_id and recheck_by is not null order by id for update)
    returning id"""
)
_EVENT = text(
    """insert into alert_event (alert_id, patient_id, kind, actor_kind, actor_id, words)
    select id, :patient_id, :kind, case when cast(:by as uuid) is null then 'system' else 'practitioner' end,
        cast(:by as uuid), :words
    from unnest(cast(:ids as int[])) id"""
)


def close_all(
    patient_id: int, outcome: str, note: str | None, actor_id: UUID | None,
    only: Collection[Severity] = tuple(Severity),
) -> int:  # fmt: skip
    """Close every open alert of a person with one outcome of the desk; never commits, and answers how many.

    `only`: of these levels. What was to be checked again of them is not any more, of alerts closed before as well.

    `patient_id` is the inside key, `actor_id` the practitioner who decided it (None: the system). Nothing of the
    person can be opened meanwhile. Doing it twice changes nothing.
    """
    lock_cards([patient_id])
    asked = {"patient_id": patient_id, "outcome": outcome, "note": note} | {
        "levels": [level.value for level in only]
    }
    rows: list[Any] = list(db.session.execute(_CLOSE, asked))
    owed = list(db.session.scalars(_OWED, {"patient_id": patient_id}))
    by = {"patient_id": patient_id, "by": actor_id}
    if owed:
        words = f"Not to be checked again: {outcome}"
        db.session.execute(_EVENT, by | {"ids": owed, "kind": "recheck-dropped", "words": words})
    if not rows:
        return 0
    said = {"ids": [row.id for row in rows], "kind": "closed", "words": f"Closed: {outcome}"}
    db.session.execute(_EVENT, by | said)
    for row in rows:
        tell_devices(row.id)
    notify_all(
        notice(
            Subject(patient_id, row.patient, None, row.is_canary), row.public_id, Severity(row.level), "closed",
            row.rule,
        )
        for row in rows
    )  # fmt: skip
    return len(rows)
