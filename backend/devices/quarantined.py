"""What could not be used, in words a vendor and a nurse understand, with what to do about it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from backend.core.db import db
from backend.devices.models import Device, Quarantine

# The contract that vendors read is the one place where a reason has its words; it is data, not code of ours.
REASONS = Path(__file__).parents[2] / "device_gateway" / "contract" / "reasons.json"
# So many bytes of a payload are shown: enough to see what is wrong with it.
EXCERPT_BYTES = 400
# The canary's own messages are a test of the path and no work for anybody.
_OPEN = (Quarantine.resolved_at.is_(None), func.coalesce(Device.is_canary, False).is_(False))


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason's words and what to do."""

    words: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class QuarantinedMessage:
    """One kept message; `times` counts the same bytes sent again."""

    id: UUID
    received_at: datetime
    device_id: str
    model: str | None
    channel: str
    reason: str
    words: str
    what_to_do: str
    detail: str
    message_id: str | None
    times: int
    size: int
    excerpt: str


@cache
def reasons() -> Mapping[str, Reason]:
    """Every reason of the contract by its code."""
    listed = json.loads(REASONS.read_text(encoding="utf-8"))["reasons"]
    return {code: Reason(entry["words"], entry["what_to_do"]) for code, entry in listed.items()}


def _reason(code: str) -> Reason:
    return reasons().get(code, Reason(code, "Ask the people who run this service."))


def open_count() -> int:
    """How many messages wait for somebody to look."""
    return sum(count for _, count in _counted())


def counts() -> list[dict[str, object]]:
    """Open messages by reason, most first."""
    return [{"reason": code, "words": _reason(code).words, "count": count} for code, count in _counted()]


def _counted() -> list[tuple[str, int]]:
    rows = db.session.execute(
        select(Quarantine.reason, func.count())
        .outerjoin(Device, Device.id == Quarantine.device_id)
        .where(*_OPEN)
        .group_by(Quarantine.reason)
        .order_by(func.count().desc(), Quarantine.reason)
    )
    return [(reason, count) for reason, count in rows]


def newest(reason: str | None, limit: int) -> list[QuarantinedMessage]:
    """Open messages, the last received first; with `reason`, only those."""
    wanted = (
        select(Quarantine, Device.model)
        .outerjoin(Device, Device.id == Quarantine.device_id)
        .where(*_OPEN)
        .order_by(Quarantine.last_received_at.desc(), Quarantine.id.desc())
        .limit(limit)
    )
    if reason is not None:
        wanted = wanted.where(Quarantine.reason == reason)
    return [_shown(row, model) for row, model in db.session.execute(wanted)]


def _shown(row: Quarantine, model: str | None) -> QuarantinedMessage:
    said = _reason(row.reason)
    return QuarantinedMessage(
        row.public_id,
        row.last_received_at,
        row.device,
        model,
        row.channel,
        row.reason,
        said.words,
        said.what_to_do,
        row.detail,
        row.message_id,
        row.times,
        len(row.payload),
        _excerpt(row.payload),
    )


def _excerpt(payload: bytes) -> str:
    """The beginning of the payload as text; what is no text shows as \\x00 and not as a broken page."""
    text = payload[:EXCERPT_BYTES].decode("utf-8", "backslashreplace")
    return "".join(sign if sign.isprintable() or sign == "\n" else f"\\x{ord(sign):02x}" for sign in text)
