"""Pauses of one person's readings: when they were, when they end, and the statuses that follow from them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from backend.access.record import Record
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict, Invalid
from backend.pathways.models import PauseRow

PauseKind = Literal["pause", "admission"]
# Alongside defaults, not national guidance.
LONGEST, LONGEST_PAST = timedelta(days=90), timedelta(days=31)


@dataclass(frozen=True, slots=True)
class PauseSpan:
    """Readings are off from `start` up to and not including `end` (aware UTC).

    `kind` is "pause" or "admission"; after an admission a person's baselines begin anew. `is_now` by the
    database's clock; one that is planned has `is_now` False and a `start` to come.
    """

    id: UUID
    start: datetime
    end: datetime
    kind: PauseKind
    is_now: bool
    reason: str
    version: int
    discharged: bool = False


def pauses_for(patient_ids: Collection[int]) -> dict[int, tuple[PauseSpan, ...]]:
    """Every pause of these people, past, present and planned, oldest first; people without one are absent."""
    rows = db.session.execute(
        select(PauseRow, PauseRow.span.contains(sql_now()))
        .where(PauseRow.patient_id.in_(list(patient_ids)), ~func.isempty(PauseRow.span))
        .order_by(PauseRow.patient_id, func.lower(PauseRow.span))
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[PauseSpan]] = {}
    for row, is_now in rows:
        span = PauseSpan(
            row.public_id, *_ends(row), cast(PauseKind, row.kind), is_now, row.reason,
            row.version,
            row.discharged,
        )  # fmt: skip
        found.setdefault(row.patient_id, []).append(span)
    return {id_: tuple(spans) for id_, spans in found.items()}


@dataclass(frozen=True, slots=True)
class Over:
    """A pause that has ended and that nobody was told of yet."""

    id: UUID
    patient_id: int
    kind: PauseKind
    end: datetime
    discharged: bool


def begin_pause(
    record: Record, kind: PauseKind, since: datetime | None, until: datetime, reason: str
) -> None:
    """Turn a person's readings off from `since` (None: now) until `until`; household alarms go on.

    Raises Invalid for an end that is not after both the beginning and now, or is over 90 days away (Alongside
    default: a longer one is an ending); Conflict "already-paused" when another one lies across it.
    """
    now = _now()
    begins = since or now
    _check_end(begins, until, now)
    if begins < now - LONGEST_PAST:
        raise Invalid("from", "It cannot have begun over 31 days ago.", errors={"from": ["Too long ago."]})
    row = PauseRow(
        patient_id=record.patient.id, version=1, span=Range(begins, until), kind=kind, reason=reason,
        made_by=record.actor.practitioner_id,
    )  # fmt: skip
    _save(row)
    follow_pauses(record.patient.id)


def move_end(record: Record, pause_id: UUID, until: datetime) -> None:
    """Let a pause end earlier or later than was thought; raises as `begin_pause`, Conflict for one that is over."""
    row = _standing(record, pause_id)
    begins, _ = _ends(row)
    _check_end(begins, until, _now())
    row.span = Range(begins, until)
    row.version += 1
    _save(row)
    follow_pauses(record.patient.id)


def end_pause(record: Record, pause_id: UUID, *, discharged: bool) -> None:
    """End a pause now, or call off one that is planned. `discharged`: home from hospital, baselines begin anew."""
    row = _standing(record, pause_id)
    now = _now()
    row.span = _cut(row, now)
    row.ended_at, row.ended_by, row.discharged = now, record.actor.practitioner_id, discharged
    row.version += 1
    db.session.flush()
    follow_pauses(record.patient.id)


def cut_pauses(patient_id: int) -> dict[str, list[str]]:
    """End whatever pause stands or is planned, because the person is watched no more; nobody need check it.

    Answers what `restore_pauses` needs: public id -> when it began and was to end.
    """
    mine = select(PauseRow).where(PauseRow.patient_id == patient_id, func.upper(PauseRow.span) > sql_now())
    now = _now()
    before: dict[str, list[str]] = {}
    for row in db.session.scalars(mine):
        before[str(row.public_id)] = [end.isoformat() for end in _ends(row)]
        row.span = _cut(row, now)
        row.ended_at = row.checked_at = now
    db.session.flush()
    return before


def restore_pauses(patient_id: int, before: Mapping[str, Sequence[str]]) -> None:
    """Undo `cut_pauses`: each stands as it was, and one that is over by now is to be checked like any other.

    One across which another was begun since stays ended: the newer says more of how the person is.
    """
    mine = PauseRow.public_id.in_([UUID(one) for one in before])
    for row in db.session.scalars(select(PauseRow).where(PauseRow.patient_id == patient_id, mine)):
        begins, until = (datetime.fromisoformat(end) for end in before[str(row.public_id)])
        with suppress(Conflict):
            _change(row, Range(begins, until))
    follow_pauses(patient_id)


def _change(row: PauseRow, span: Range[datetime]) -> None:
    with _no_other():
        row.span, row.ended_at, row.checked_at = span, None, None
        row.version += 1


_FOLLOW = text(
    """with moment as materialized (select db_now() as at),
    off as materialized (select p.patient_id from pause p, moment where p.span @> moment.at)
    update enrolment e set status = case when e.status = 'live' then 'paused' else 'live' end, version = e.version + 1
    where (cast(:id as int) is null or e.patient_id = :id)
      and ((e.status = 'live' and e.patient_id in (select patient_id from off))
        or (e.status = 'paused' and e.patient_id not in (select patient_id from off)
            and exists (select from pause p where p.patient_id = e.patient_id)))
    returning e.patient_id"""
)


def follow_pauses(patient_id: int | None = None) -> list[int]:
    """Let every enrolment's status follow the pauses, of one person or of everybody; answers whose changed."""
    db.session.flush()
    changed = db.session.scalars(_FOLLOW, {"id": patient_id}).all()
    db.session.expire_all()
    return list(changed)


def pauses_over() -> list[Over]:
    """Pauses that have ended and that nobody was told of yet; marks them told, in the caller's transaction."""
    rows = db.session.execute(
        update(PauseRow)
        .where(PauseRow.checked_at.is_(None), func.upper(PauseRow.span) <= sql_now())
        .values(checked_at=sql_now())
        .returning(
            PauseRow.public_id,
            PauseRow.patient_id,
            PauseRow.kind,
            func.upper(PauseRow.span),
            PauseRow.discharged,
        )
        .execution_options(synchronize_session=False)
    )
    return [Over(*row) for row in rows]


def _standing(record: Record, pause_id: UUID) -> PauseRow:
    row = record.get(PauseRow, pause_id)
    if row.span.isempty or row.span.upper is None or row.span.upper <= _now():
        raise Conflict("pause-over", "This pause is over.")
    return row


def _ends(row: PauseRow) -> tuple[datetime, datetime]:
    # The table refuses a pause without either.
    begins, until = row.span.lower, row.span.upper
    assert begins is not None
    assert until is not None
    return begins, until


def _cut(row: PauseRow, now: datetime) -> Range[datetime]:
    """What is left of a pause that ends now; nothing of one that never began."""
    begins, _ = _ends(row)
    return Range(begins, now) if begins < now else Range(empty=True)


def _check_end(begins: datetime, until: datetime, now: datetime) -> None:
    if until <= max(begins, now):
        raise Invalid(
            "until", "A pause ends after it begins, and later than now.", errors={"until": ["Too early."]}
        )
    if until > now + LONGEST:
        raise Invalid(
            "until",
            "A pause is at most 90 days. For longer, end the monitoring.",
            errors={"until": ["Too late."]},
        )


def _save(row: PauseRow) -> None:
    with _no_other():
        db.session.add(row)


@contextmanager
def _no_other() -> Iterator[None]:
    """Write what happens inside, or raise Conflict "already-paused" when another pause lies across it."""
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as refused:
        if getattr(refused.orig, "sqlstate", None) != "23P01":  # an exclusion constraint
            raise
        raise Conflict(
            "already-paused", "There is a pause in that time already. Change that one."
        ) from refused


def _now() -> datetime:
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    return now
