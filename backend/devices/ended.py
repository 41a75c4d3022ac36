"""Ends a kept message's wait, and lets it wait again when what ended it is undone."""

from collections.abc import Collection
from typing import Literal

import msgspec
from msgspec import Struct
from sqlalchemy import func, select, text, update

from backend.core.clock import sql_now
from backend.core.db import db
from backend.devices.models import Device, Quarantine

Resolution = Literal["replayed", "attributed", "stored-since", "set-aside"]

# A resend is known by its id, stored after this one was held: under an id that was stored before, this is another
# message, and waits. Where the id was refused as used for another message it says nothing, and what was given to a
# person by hand and undone waits on purpose. What was stored last comes first, so that what differs blocks nothing.
_STORED_SINCE = text(
    """select q.id, q.reason, q.payload, m.id is null, m.boot, m.seq
    from quarantine q join message_key k on k.device_id = q.device_id and k.message_id = q.message_id
    left join device_message m on m.id = k.device_message_id and m.received_at = k.received_at
    where q.resolved_at is null
      and q.channel in ('obs', 'raw') and q.reason <> 'id-reused' and k.received_at > q.received_at
      and not exists (select 1 from observation_correction v where v.device_message_id = k.device_message_id
          and v.kind = 'void' and v.ended_at is null)
    order by k.device_message_id desc limit :limit for update of q skip locked"""
)
AT_ONCE = 1_000
_FORGET = text(
    """delete from quarantine where id in (select id from quarantine
        where resolved_at < clock_timestamp() - make_interval(days => :days) limit :limit)"""
)
_KEYED = text(
    """select device_message_id from message_key
    where device_id = :device_row_id and message_id = :message_id"""
)


class _Head(Struct, frozen=True):
    boot: str = ""
    seq: int = -1


_HEAD = msgspec.json.Decoder(_Head)


def stored_since() -> list[str]:
    """End the wait of messages that were stored when they came again; answers their reasons, once each."""
    again = [
        (key, reason)
        for key, reason, payload, is_gone, boot, seq in db.session.execute(_STORED_SINCE, {"limit": AT_ONCE})
        if is_gone or _may_be(payload, boot, seq)
    ]
    resolve([key for key, _ in again], "stored-since")
    return sorted({reason for _, reason in again})


def _may_be(payload: bytes, boot: str | None, seq: int | None) -> bool:
    """Whether these bytes may be the message stored with this boot and seq, because a resend keeps both.

    Where they cannot be read here, as in CBOR, the id alone decides.
    """
    try:
        said = _HEAD.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return True
    return (said.boot or None, None if said.seq < 0 else said.seq) == (boot, seq)


def forget_ended(days: int, limit: int) -> int:
    """Forget messages whose wait ended so many days ago, with their tries; answers how many."""
    done = db.session.execute(_FORGET, {"days": days, "limit": limit})
    return int(done.rowcount)  # type: ignore[attr-defined]  # a delete answers how many rows


def stored_as(device_row_id: int, message_id: str) -> int | None:
    """The inbox's number under which this message id of this device is stored; None when it is not."""
    found: int | None = db.session.scalar(_KEYED, {"device_row_id": device_row_id, "message_id": message_id})
    return found


def resolve(keys: Collection[int], resolution: Resolution) -> None:
    """End these messages' wait; never commits."""
    _set(keys, resolved_at=sql_now(), resolution=resolution)


def reopen(keys: Collection[int]) -> None:
    """Let these messages wait again, since what ended their wait was undone."""
    _set(keys, resolved_at=None, resolution=None)


def refused_again(key: int, reason: str, detail: str) -> None:
    """Say what today's decoder says of a message, and whose kit it is if that was registered since."""
    mine = select(Device.id).where(Device.device_id == Quarantine.device).scalar_subquery()
    device_id = func.coalesce(Quarantine.device_id, mine)
    _set([key], reason=reason, detail=detail.replace("\0", "\\0"), device_id=device_id)


def _set(keys: Collection[int], **values: object) -> None:
    db.session.execute(
        update(Quarantine)
        .where(Quarantine.id.in_(list(keys)))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
