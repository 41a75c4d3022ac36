"""What the board asks of each offer, apart from the clinical record: written, never shown beside a reading."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from backend.caseload.models import BoardRecord, Joining
from backend.core.clock import sql_now
from backend.core.db import db

ANSWERS = ("ethnicity", "language", "disability", "digital_access", "deprivation_decile", "channel")


def offered(row: Joining) -> None:
    """Monitoring was offered to somebody: what became of it is written later."""
    db.session.add(
        BoardRecord(
            joining_id=row.id, care_team_id=row.care_team_id, offered_at=row.started_at, outcome="offered"
        )
    )
    db.session.flush()


def answered(row: Joining, said: Mapping[str, Any]) -> None:
    """What the person answered; null is not asked."""
    record = _of(row)
    for name in ANSWERS:
        setattr(record, name, said[name])
    db.session.flush()


def decided(row: Joining, outcome: str, reason: str | None = None) -> None:
    """What became of the offer: joined, declined, not-suitable or withdrawn."""
    record = _of(row)
    record.outcome, record.reason, record.patient_id = outcome, reason, row.patient_id
    record.outcome_at = db.session.execute(select(sql_now())).scalar_one()
    db.session.flush()


def answers(row: Joining) -> dict[str, Any] | None:
    """What was answered, for the page on which it was asked; None while nothing was."""
    return asked([row.id]).get(row.id)


def asked(joining_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The same for several drafts, by inside key; one of which nothing was answered is absent."""
    records = db.session.scalars(select(BoardRecord).where(BoardRecord.joining_id.in_(list(joining_ids))))
    said = {record.joining_id: {name: getattr(record, name) for name in ANSWERS} for record in records}
    return {id_: one for id_, one in said.items() if any(value is not None for value in one.values())}


def _of(row: Joining) -> BoardRecord:
    return db.session.scalars(select(BoardRecord).where(BoardRecord.joining_id == row.id)).one()
