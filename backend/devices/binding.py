"""Who wears a device, from when to when: given, ended and corrected, so that no reading crosses to another person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from backend.access.record import Record
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict, Invalid, NotFound
from backend.devices.models import DeviceAssociation

# Readings of this device, of anybody who ever wore it, that stand outside what that person's bindings cover and
# that nobody decided about. A device has few wearers, so each one's own index is asked.
_STRANDED = text(
    """select count(*) as many, min(o.effective_at) as first_at, max(o.effective_at) as last_at
    from observation o
    where o.patient_id in (select w.patient_id from device_association w where w.device_id = :device)
      and o.device_id = :device and o.effective_at <@ cast(:span as tstzrange)
      and not exists (select from device_association a where a.device_id = :device
          and a.patient_id = o.patient_id and a.valid @> o.effective_at)
      and not exists (select from observation_correction c where c.device_message_id = o.device_message_id
          and c.ended_at is null)"""
)


@dataclass(frozen=True, slots=True)
class Binding:
    """That somebody wears a device, from `since` up to and not including `until`; None is open."""

    public_id: UUID
    device_row_id: int
    patient_id: int
    slot: int
    since: datetime | None
    until: datetime | None
    is_now: bool
    version: int


def bindings_of(device_row_ids: Collection[int], *, now_only: bool = False) -> dict[int, list[Binding]]:
    """Bindings by the inside key of their device, the newest first."""
    wanted = (
        select(DeviceAssociation, DeviceAssociation.valid.contains(sql_now()))
        .where(DeviceAssociation.device_id.in_(list(device_row_ids)))
        .order_by(DeviceAssociation.slot, DeviceAssociation.valid.desc())
    )
    if now_only:
        wanted = wanted.where(DeviceAssociation.valid.contains(sql_now()))
    found: dict[int, list[Binding]] = {}
    for row, is_now in db.session.execute(wanted.execution_options(populate_existing=True)):
        found.setdefault(row.device_id, []).append(_binding(row, is_now))
    return found


def binding(public_id: UUID, device_row_id: int) -> Binding | None:
    """One binding of this device, or None."""
    mine = bindings_of([device_row_id]).get(device_row_id, ())
    return next((one for one in mine if one.public_id == public_id), None)


def bind(
    record: Record, device_row_id: int, slot: int, since: datetime | None, *, keep: bool, change_id: UUID
) -> None:
    """Put a device on the person whose record this is, from `since` (None: now, by the database's time) on.

    Raises Conflict "slot-taken" when somebody has that slot then, "readings-stranded" when readings of that
    time are somebody else's already and `keep` does not say that they may stay; Invalid for a time to come.
    """
    now = _now()
    if since is not None and since > now:
        raise Invalid("from-in-future", "A device is given to somebody now or was given before.")
    row = DeviceAssociation(device_id=device_row_id, slot=slot, valid=Range(since or now, None))
    _save(record, row, None, change_id)
    _check_nothing_crossed(device_row_id, Range(since or now, None), keep)


def end_binding(
    record: Record, public_id: UUID, at: datetime | None, *, keep: bool, if_version: int, change_id: UUID
) -> None:
    """Let a binding end, at `at` or now; raises as `set_dates`."""
    row = record.get(DeviceAssociation, public_id)
    _set(record, row, Range(row.valid.lower, at or _now()), keep, if_version, change_id)


def set_dates(
    record: Record,
    public_id: UUID,
    since: datetime | None,
    until: datetime | None,
    *,
    keep: bool,
    if_version: int,
    change_id: UUID,
) -> None:
    """Correct from when to when somebody wore a device, half-open.

    Raises Conflict: "slot-taken" when that is somebody else's time, "readings-stranded" when readings stored
    for this person would stand outside and `keep` does not say that they may, "changed-meanwhile". Raises
    Invalid when it would end before it begins, NotFound for a binding of another person.
    """
    row = record.get(DeviceAssociation, public_id)
    _set(record, row, Range(since or row.valid.lower, until), keep, if_version, change_id)


def _set(
    record: Record, row: DeviceAssociation, new: Range[datetime], keep: bool, if_version: int, change_id: UUID
) -> None:
    before = row.valid
    lower, upper = new.lower, new.upper
    if upper is not None and lower is not None and upper <= lower:
        raise Invalid("ends-before-it-begins", "It has to end after it began.")
    _save(record, row, if_version, change_id, valid=new)
    _check_nothing_crossed(row.device_id, _hull(before, new), keep)


def _save(
    record: Record,
    row: DeviceAssociation,
    if_version: int | None,
    change_id: UUID,
    valid: Range[datetime] | None = None,
) -> None:
    device_row_id, slot = row.device_id, row.slot
    try:
        with db.session.begin_nested():
            # Inside, or what is refused would be written before there is anything to go back to.
            row.valid = valid or row.valid
            record.save(row, if_version=if_version, change_id=change_id)
    except IntegrityError as refused:
        if getattr(refused.orig, "sqlstate", None) != "23P01":  # an exclusion constraint
            raise
        raise Conflict(
            "slot-taken",
            "Somebody else has it in that time: end that first.",
            current={"slot": slot, "taken": _taken(device_row_id, slot)},
        ) from refused


def _check_nothing_crossed(device_row_id: int, span: Range[datetime], keep: bool) -> None:
    row = db.session.execute(_STRANDED, {"device": device_row_id, "span": _text(span)}).one()
    if row.many == 0 or keep:
        return
    counted = "1 reading is" if row.many == 1 else f"{row.many} readings are"
    words = f"{counted} stored for somebody outside the time they wore it by these dates."
    raise Conflict(
        "readings-stranded",
        f"{words} Keep them where they are, or void or move them at the quarantine desk first.",
        current={
            "count": row.many,
            "first_at": _zulu(row.first_at),
            "last_at": _zulu(row.last_at),
            "words": words,
        },
    )


def _taken(device_row_id: int, slot: int) -> list[Mapping[str, object]]:
    """The slot's times, without names: whose they are is told by a door."""
    return [
        {"id": str(one.public_id), "from": _zulu(one.since), "until": _zulu(one.until)}
        for one in bindings_of([device_row_id]).get(device_row_id, ())
        if one.slot == slot
    ]


def _now() -> datetime:
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    return now


def _hull(one: Range[datetime], other: Range[datetime]) -> Range[datetime]:
    """From the earlier beginning to the later end."""
    lower = min(one.lower, other.lower) if one.lower and other.lower else None
    upper = max(one.upper, other.upper) if one.upper and other.upper else None
    return Range(lower, upper)


def _text(span: Range[datetime]) -> str:
    lower = span.lower.isoformat() if span.lower else ""
    upper = span.upper.isoformat() if span.upper else ""
    return f"[{lower},{upper})"


def _zulu(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def _binding(row: Any, is_now: bool) -> Binding:
    return Binding(
        row.public_id,
        row.device_id,
        row.patient_id,
        row.slot,
        row.valid.lower,
        row.valid.upper,
        is_now,
        row.version,
    )


def require_binding(public_id: UUID, device_row_id: int) -> Binding:
    """One binding of this device; raises NotFound."""
    found = binding(public_id, device_row_id)
    if found is None:
        raise NotFound("no-record", "There is no such record, or it is not open to you.")
    return found
