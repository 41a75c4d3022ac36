"""Writes down who had which message on a screen and who opened it, so that "received" and "read" are true."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text

from backend.core.db import db
from backend.core.errors import NotFound
from backend.threads.door import Asker, find
from backend.threads.telling import wake

# Whoever reads also received. Of the other side's messages alone, and of none that whoever asks may not see.
_READ = text(
    """with new as (
        insert into thread_seen (message_id, account_id, what, side)
        select m.id, :account, 'read', :side from thread_message m
        where m.thread_id = :thread and m.id <= :upto and (:private or not m.private)
            and (m.relation in ('self', 'carer')) <> (:side = 'person')
        on conflict do nothing returning message_id)
    select m.private from new join thread_message m on m.id = new.message_id"""
)
_PLACE = text(
    """select id from thread_message where public_id = :id and thread_id = :thread
        and (:private or not private)"""
)
# A list of staff holds the messages of many: each is received by the side that its conversation is with.
_RECEIVED = text(
    """with new as (
        insert into thread_seen (message_id, account_id, what, side)
        select m.id, :account, 'received', t.kind from thread_message m join thread t on t.id = m.thread_id
        where m.public_id = any(cast(:ids as uuid[])) and m.relation in ('self', 'carer')
            and (:team and t.kind = 'team' and t.patient_id = any(:patients)
                or t.kind = 'practice' and t.organization_id = any(:practices))
        on conflict do nothing returning message_id)
    select distinct p.public_id, t.kind, m.private from new join thread_message m on m.id = new.message_id
    join thread t on t.id = m.thread_id join patient p on p.id = t.patient_id"""
)


def read_upto(asker: Asker, kind: str, upto: UUID) -> None:
    """Mark everything of the other side up to a message as opened; twice is once."""
    thread = find(asker.record, kind)
    private = asker.sees_private
    place = None
    if thread is not None:
        asked = {"id": upto, "thread": thread.id, "private": private}
        place = db.session.scalar(_PLACE, asked)
    if thread is None or place is None:
        raise NotFound("no-such-message", "There is no such message in this conversation.")
    asked = {
        "account": asker.actor.account_id, "side": asker.side, "thread": thread.id, "upto": place,
        "private": private,
    }  # fmt: skip
    new = list(db.session.scalars(_READ, asked))
    if new:
        wake(asker.record.patient.public_id, kind, private=all(new))


def received(
    account_id: int, ids: Collection[UUID], patients: Collection[int], practices: Collection[int]
) -> None:
    """Mark what stands on a screen of staff: of these people for their team, of these practices for theirs."""
    asked = {
        "account": account_id, "ids": sorted(ids), "team": bool(patients), "patients": sorted(patients),
        "practices": sorted(practices),
    }  # fmt: skip
    for row in db.session.execute(_RECEIVED, asked).all():
        wake(row.public_id, row.kind, private=row.private)
