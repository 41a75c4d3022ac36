"""What an author is told of what a phone brought: which changes we have, and which were refused and wait for them."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from backend.access.record import NO_RECORD
from backend.audit import service as audit
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import NotFound
from backend.core.http import Actor
from backend.core.models import IdempotencyKey
from backend.phones.models import HeldChange, LateChange

How = Literal["sent-again", "let-go"]
_SHOWN = (
    "patient",
    "method",
    "path",
    "body",
    "if_match",
    "made_at",
    "made_offline",
    "received_at",
    "problem",
)


def unknown(actor: Actor, ids: Sequence[UUID]) -> list[UUID]:
    """Which of these changes we have no answer to: a service that was restored asks for them again so."""
    kept: tuple[tuple[InstrumentedAttribute[UUID], InstrumentedAttribute[int]], ...] = (
        (IdempotencyKey.key, IdempotencyKey.account_id),
        (LateChange.change_id, LateChange.account_id),
        (HeldChange.change_id, HeldChange.account_id),
    )
    known: set[UUID] = set()
    for change_id, account_id in kept:
        mine = select(change_id).where(account_id == _account(actor), change_id.in_(list(ids)))
        known |= set(db.session.scalars(mine))
    return [one for one in dict.fromkeys(ids) if one not in known]


def waiting(actor: Actor) -> list[dict[str, Any]]:
    """What was refused and this author has not looked at, oldest first."""
    rows = db.session.scalars(
        select(HeldChange)
        .where(HeldChange.account_id == _account(actor), HeldChange.settled_at.is_(None))
        .order_by(HeldChange.received_at, HeldChange.change_id)
    )
    return [{"id": row.change_id} | {name: getattr(row, name) for name in _SHOWN} for row in rows]


def settle(actor: Actor, change_id: UUID, how: How) -> None:
    """Note what became of it; again is quiet. Its words are kept no longer. Raises NotFound for another's."""
    mine = (HeldChange.account_id == _account(actor)) & (HeldChange.change_id == change_id)
    if db.session.execute(select(HeldChange.change_id).where(mine)).first() is None:
        raise NotFound(*NO_RECORD)
    done = db.session.execute(
        update(HeldChange)
        .where(mine, HeldChange.settled_at.is_(None))
        .values(settled_at=sql_now(), settled_how=how, body=None, problem={})
        .returning(HeldChange.change_id)
    )
    if done.first() is not None:
        audit.record(actor, "settle-held", "change", str(change_id), detail={"how": how})


def brought_by(phone_key: int) -> int:
    """How many changes a phone brought after it had been shut out."""
    kept = [
        select(row.change_id).where(row.phone_id == phone_key, row.from_shut_out)
        for row in (LateChange, HeldChange)
    ]
    return sum(len(db.session.scalars(one).all()) for one in kept)


def _account(actor: Actor) -> int:
    assert actor.account_id is not None
    return actor.account_id
