"""What could not be used, in words a vendor and a nurse understand, with what to do about it."""

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.dialects.postgresql import Range

from backend.core.db import db
from backend.devices import moments
from backend.devices.models import Device, DeviceAnchor, DeviceAssociation, Quarantine

# The contract that vendors read is the one place where a reason has its words; it is data, not code of ours.
REASONS = Path(__file__).parents[2] / "device_gateway" / "contract" / "reasons.json"
# The canary's own messages are a test of the path and no work for anybody.
_NO_CANARY = func.coalesce(Device.is_canary, False).is_(False)
MOST_DEVICES = 20


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason's words and what to do."""

    words: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the kept messages: open or resolved, and of these; None is any."""

    is_open: bool = True
    reason: str | None = None
    device: str | None = None
    model: str | None = None

    def conditions(self, leaving_out: str = "") -> list[ColumnElement[bool]]:
        """As conditions on Quarantine joined to Device, one of them left out by its name."""
        ended = Quarantine.resolved_at
        found: list[ColumnElement[bool]] = [
            _NO_CANARY,
            ended.is_(None) if self.is_open else ended.is_not(None),
        ]
        columns = {"reason": Quarantine.reason, "device": Quarantine.device, "model": Device.model}
        for name, column in columns.items():
            value = getattr(self, name)
            if value is not None and name != leaving_out:
                found.append(column == value)
        return found


@dataclass(frozen=True, slots=True)
class QuarantinedMessage:
    """One kept message; `times` counts the same bytes sent again. `key` is the inside key, None rows of no device."""

    key: int
    id: UUID
    first_received_at: datetime
    received_at: datetime
    device_id: str
    device_row_id: int | None
    model: str | None
    channel: str
    topic: str
    reason: str
    words: str
    what_to_do: str
    detail: str
    message_id: str | None
    times: int
    payload: bytes
    resolved_at: datetime | None
    resolution: str | None


@cache
def reasons() -> Mapping[str, Reason]:
    """Every reason of the contract by its code."""
    listed = json.loads(REASONS.read_text(encoding="utf-8"))["reasons"]
    return {code: Reason(entry["words"], entry["what_to_do"]) for code, entry in listed.items()}


def reason_of(code: str) -> Reason:
    """A reason's words; the code itself for one that this version does not know."""
    return reasons().get(code, Reason(code, "Ask the people who run this service."))


def open_count() -> int:
    """How many messages wait for somebody to look."""
    return sum(count for _, count in _counted(Quarantine.reason, Wanted().conditions()))


def counts(wanted: Wanted) -> dict[str, list[dict[str, object]]]:
    """How many of `wanted` there are by reason, by device and by model, most first.

    Each as if it were not chosen itself, so that a choice can be changed for another; of devices, the first 20.
    """
    by_reason = _counted(Quarantine.reason, wanted.conditions("reason"))
    by_device = _counted(Quarantine.device, wanted.conditions("device"))
    by_model = _counted(Device.model, wanted.conditions("model"))
    return {
        "counts": [{"reason": code, "words": reason_of(code).words, "count": n} for code, n in by_reason],
        "devices": [{"device_id": device, "count": n} for device, n in by_device[:MOST_DEVICES]],
        "models": [{"model": model, "count": n} for model, n in by_model if model is not None],
    }


def _counted(column: object, conditions: Sequence[ColumnElement[bool]]) -> list[tuple[str, int]]:
    named: ColumnElement[str] = column  # type: ignore[assignment]  # an attribute of a model is one in a query
    rows = db.session.execute(
        select(named, func.count())
        .select_from(Quarantine)
        .outerjoin(Device, Device.id == Quarantine.device_id)
        .where(*conditions)
        .group_by(named)
        .order_by(func.count().desc(), named)
    )
    return [(name, count) for name, count in rows]


def _rows() -> Select[Quarantine, str | None]:
    return select(Quarantine, Device.model).outerjoin(Device, Device.id == Quarantine.device_id)


def newest(wanted: Wanted, limit: int, before: UUID | None = None) -> list[QuarantinedMessage]:
    """Kept messages, the last received first; with `before`, those after that one in the same order."""
    asked = _rows().where(*wanted.conditions())
    if before is not None:
        place = select(Quarantine.last_received_at, Quarantine.id).where(Quarantine.public_id == before)
        asked = asked.where(tuple_(Quarantine.last_received_at, Quarantine.id) < place.scalar_subquery())
    asked = asked.order_by(Quarantine.last_received_at.desc(), Quarantine.id.desc()).limit(limit)
    return [_shown(row, model) for row, model in db.session.execute(asked)]


def kept(public_id: UUID) -> QuarantinedMessage | None:
    """One kept message by its outside id; None when there is none."""
    found = db.session.execute(_rows().where(Quarantine.public_id == public_id)).one_or_none()
    return None if found is None else _shown(*found)


def lock(keys: Collection[int]) -> dict[int, QuarantinedMessage]:
    """These messages by inside key, held for this transaction in one order, so that two cannot end one."""
    asked = _rows().where(Quarantine.id.in_(list(keys))).order_by(Quarantine.id)
    rows = db.session.execute(asked.with_for_update(of=Quarantine).execution_options(populate_existing=True))
    return {row.id: _shown(row, model) for row, model in rows}


def keys_of(wanted: Wanted, ids: Collection[UUID], channels: Collection[str], limit: int) -> list[int]:
    """Inside keys of the open messages of `wanted` on these channels, oldest first; with `ids`, only those."""
    asked = (
        select(Quarantine.id)
        .outerjoin(Device, Device.id == Quarantine.device_id)
        .where(*wanted.conditions(), Quarantine.channel.in_(list(channels)))
    )
    if ids:
        asked = asked.where(Quarantine.public_id.in_(list(ids)))
    return list(db.session.scalars(asked.order_by(Quarantine.received_at, Quarantine.id).limit(limit)))


def concerned(keys: Collection[int]) -> dict[int, list[frozenset[int]]]:
    """Whose values each message may hold: one entry for each moment in question at which somebody wore its device.

    An entry is all who wore it then, in any slot. The moments are when it was measured, as far as that can be read,
    and when it was first received; where nothing can be read, when it was first and last received. More than one
    entry that differ mean that it came across a hand-over, and nobody can say here whose it is.
    """
    asked = select(
        Quarantine.id,
        Quarantine.device_id,
        Quarantine.received_at,
        Quarantine.last_received_at,
        Quarantine.payload,
    ).where(Quarantine.id.in_(list(keys)))
    rows = db.session.execute(asked).all()
    devices = {row.device_id for row in rows if row.device_id is not None}
    worn: dict[int, list[tuple[Range[datetime], int]]] = {device: [] for device in devices}
    wearers = select(DeviceAssociation.device_id, DeviceAssociation.valid, DeviceAssociation.patient_id)
    for device, valid, patient_id in db.session.execute(
        wearers.where(DeviceAssociation.device_id.in_(devices))
    ):
        worn[device].append((valid, patient_id))
    began = _anchors(devices)
    found: dict[int, list[frozenset[int]]] = {key: [] for key in keys}
    for row in rows:
        at = _measured(row.payload, row.received_at, row.device_id, began) or {row.last_received_at}
        worn_then = (
            frozenset(
                patient_id for valid, patient_id in worn.get(row.device_id, []) if valid.contains(moment)
            )
            for moment in {row.received_at, *at}
        )
        found[row.id] = sorted({people for people in worn_then if people}, key=sorted)
    return found


def _anchors(devices: Collection[int]) -> dict[tuple[int, str], datetime]:
    rows = db.session.execute(
        select(DeviceAnchor.device_id, DeviceAnchor.boot, DeviceAnchor.booted_at).where(
            DeviceAnchor.device_id.in_(devices)
        )
    )
    return {(device, boot): booted_at for device, boot, booted_at in rows}


def _measured(
    payload: bytes, received_at: datetime, device: int | None, began: Mapping[tuple[int, str], datetime]
) -> set[datetime]:
    found = moments.said(payload)
    counted = moments.by_uptime(payload, received_at)
    if counted is not None:
        boot, up_ms, at = counted
        found.add(at)
        # What waited at the broker was measured earlier than its receipt says; its life's beginning tells.
        if device is not None and (device, boot) in began:
            with suppress(OverflowError):
                found.add(began[device, boot] + timedelta(milliseconds=up_ms))
    return found


def _shown(row: Quarantine, model: str | None) -> QuarantinedMessage:
    said = reason_of(row.reason)
    return QuarantinedMessage(
        row.id, row.public_id, row.received_at, row.last_received_at, row.device, row.device_id, model,
        row.channel, row.topic, row.reason, said.words, said.what_to_do, row.detail, row.message_id, row.times,
        row.payload, row.resolved_at, row.resolution,
    )  # fmt: skip
