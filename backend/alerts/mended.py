"""Closes a technical card by itself once its cause is gone, unless somebody has taken it in hand."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from backend.alerts.cards import bump_cards, try_lock_cards
from backend.alerts.levels import Severity
from backend.alerts.occurrence import Subject
from backend.alerts.telling import notice, record_events
from backend.core.db import db
from backend.core.notices import notify_all

_WHOSE = text("select id, patient_id from alert where id = any(:ids) and closed_at is null")
# A card that somebody claimed is theirs to close: they are only told.
_MEND = text(
    """update alert a set version = version + 1, note = coalesce(a.note, :words),
        closed_at = case when a.claimed_at is null then db_now() end,
        outcome = case when a.claimed_at is null then 'no-change' end,
        recheck_by = case when a.claimed_at is not null then a.recheck_by end,
        recheck_why = case when a.claimed_at is not null then a.recheck_why end,
        rung_due_at = case when a.claimed_at is not null then a.rung_due_at end
    from (select m.id, p.public_id as patient from alert m left join patient p on p.id = m.patient_id
        where m.id = any(:ids) and m.closed_at is null order by m.id for update of m) mine
    where a.id = mine.id and not exists (select 1 from alert_event e where e.alert_id = a.id and e.kind = 'mended'
        and e.words = :words and e.at > a.claimed_at)
    returning a.id, a.public_id, a.patient_id, a.level, a.rule, a.is_canary, a.closed_at, a.card_id,
        mine.patient"""
)


def mend(alert_ids: Sequence[int], words: str) -> int:
    """Write on these open cards that the cause is gone, and close those nobody has claimed; answers how many.

    A card that somebody is working on at this moment is left to the next look.
    """
    if not alert_ids:
        return 0
    whose = {row.id: row.patient_id for row in db.session.execute(_WHOSE, {"ids": list(alert_ids)})}
    mine = try_lock_cards({id_ for id_ in whose.values() if id_ is not None})
    free = [id_ for id_, patient_id in whose.items() if patient_id is None or patient_id in mine]
    rows: Sequence[Any] = db.session.execute(_MEND, {"ids": free, "words": words}).all()
    bump_cards({row.card_id for row in rows} - {row.id for row in rows})
    record_events((row.id, row.patient_id, "mended", words, {}) for row in rows)
    notify_all(
        notice(
            Subject(row.patient_id, row.patient, None, row.is_canary), row.public_id, Severity(row.level),
            "claimed" if row.closed_at is None else "closed", row.rule,
        )
        for row in rows
        if not (row.is_canary and row.patient is None)
    )  # fmt: skip
    return len(rows)
