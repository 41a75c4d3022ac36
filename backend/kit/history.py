"""What happened to a piece of kit: written once in words, and read back with who did it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from backend.access import service as access
from backend.audit import service as audit
from backend.core.db import db
from backend.core.http import Actor
from backend.devices.service import Piece
from backend.kit.life import Step
from backend.kit.models import CertifiedFirmware, KitBattery, KitEvent, KitFirmware, KitStep

SHOWN = 100


def note(actor: Actor, piece: Piece, kind: str, words: str, note: str = "", **detail: object) -> None:
    """Write what was done to kit, in its history and in the audit trail; `detail` holds codes and ids."""
    db.session.add(
        KitEvent(
            device_id=piece.id, kind=kind, words=words, practitioner_id=actor.practitioner_id, note=note,
            detail=detail,
        )
    )  # fmt: skip
    db.session.flush()
    audit.record(actor, f"kit-{kind}", "device", str(piece.public_id), detail=detail)


def events(device_row_id: int) -> list[dict[str, object]]:
    """The history of one piece, newest first."""
    rows = db.session.scalars(
        select(KitEvent).where(KitEvent.device_id == device_row_id).order_by(KitEvent.id.desc()).limit(SHOWN)
    ).all()
    names = _names(row.practitioner_id for row in rows)
    return [
        {"at": row.at, "kind": row.kind, "words": row.words, "by": names.get(row.practitioner_id), "note": row.note}
        for row in rows
    ]  # fmt: skip


def last_tests(device_row_ids: Collection[int]) -> Mapping[int, datetime]:
    """When each last went the whole way in a test."""
    rows = db.session.execute(
        select(KitEvent.device_id, func.max(KitEvent.at))
        .where(KitEvent.device_id.in_(list(device_row_ids)), KitEvent.kind == "test")
        .group_by(KitEvent.device_id)
    )
    return {device: at for device, at in rows}


def steps(device_row_ids: Collection[int]) -> Mapping[int, Sequence[Step]]:
    """The last try of each step of each installation."""
    rows = db.session.scalars(
        select(KitStep)
        .ext(distinct_on(KitStep.device_id, KitStep.step))
        .where(KitStep.device_id.in_(list(device_row_ids)))
        .order_by(KitStep.device_id, KitStep.step, KitStep.id.desc())
    )
    found: dict[int, list[Step]] = {}
    for row in rows:
        step = Step(row.step, row.outcome, row.at, row.practitioner_id, row.note, row.signal_dbm)
        found.setdefault(row.device_id, []).append(step)
    return found


def firmware_of(device_row_id: int) -> list[dict[str, object]]:
    """Which firmware a device was born with, and since when, newest first."""
    rows = db.session.scalars(
        select(KitFirmware)
        .where(KitFirmware.device_id == device_row_id)
        .order_by(KitFirmware.id.desc())
        .limit(SHOWN)
    )
    return [{"firmware": row.firmware, "at": row.at} for row in rows]


def batteries_of(device_row_id: int) -> list[dict[str, object]]:
    """How a battery went, newest first."""
    rows = db.session.scalars(
        select(KitBattery)
        .where(KitBattery.device_id == device_row_id)
        .order_by(KitBattery.id.desc())
        .limit(SHOWN)
    )
    return [{"pct": round(row.pct), "at": row.at} for row in rows]


def certified() -> frozenset[tuple[str, str]]:
    """Every pair of model and firmware that somebody answers for."""
    return frozenset(
        (row.model, row.firmware)
        for row in db.session.execute(select(CertifiedFirmware.model, CertifiedFirmware.firmware))
    )


def certified_rows() -> list[dict[str, object]]:
    """The same with when and by whom."""
    rows = db.session.scalars(
        select(CertifiedFirmware).order_by(CertifiedFirmware.model, CertifiedFirmware.at.desc())
    ).all()
    names = _names(row.practitioner_id for row in rows)
    return [
        {"model": row.model, "firmware": row.firmware, "at": row.at, "by": names.get(row.practitioner_id)}
        for row in rows
    ]


def step_names(tried: Sequence[Step]) -> Mapping[int | None, str]:
    """Who tried, by inside key."""
    return _names(one.practitioner_id for one in tried)


def _names(ids: Any) -> Mapping[int | None, str]:
    wanted = {one for one in ids if one is not None}
    return (
        {key: name for key, (_, name) in access.practitioner_names(sorted(wanted)).items()} if wanted else {}
    )
