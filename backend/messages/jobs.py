"""Delivers the outbox: at least once, never with a transaction open while it speaks to a provider."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import text

from backend.core.clock import now
from backend.core.db import db, transaction
from backend.core.job import Job
from backend.messages.outgoing import Address, Channel, Outgoing, Receipt, RetryLater, Undeliverable
from backend.messages.templates import TEMPLATES
from backend.plugs import discover

log = logging.getLogger("alongside.messages")

BATCH = 50
# A sender that dies holds its rows this long, then another sends them again: at least once, by the same id.
LEASE = timedelta(seconds=30)
MARK_EVERY_S = 1.0
# Alongside defaults: about a day of trying, then a human has to know.
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=15)
MOST_ATTEMPTS = 100

_TAKE = text(
    """with due as (
        select id from communication where state = 'waiting' and not_before <= clock_timestamp()
        order by not_before, id limit :limit for update skip locked)
    update communication c set not_before = clock_timestamp() + :lease, attempts = attempts + 1
    from due where c.id = due.id
    returning c.id, c.public_id, c.to_kind, c.to_ref, c.channel, c.template, c.facts, c.attempts"""
)
_SENT = text(
    """with told as (
        select * from unnest(cast(:ids as bigint[]), cast(:refs as text[]), cast(:at as timestamptz[]))
            as t (id, ref, at)),
    sent as (
        update communication c set state = 'sent', sent_at = told.at, last_error = null
        from told where c.id = told.id and c.state = 'waiting' returning c.id, c.channel, told.ref, told.at)
    insert into receipt (communication_id, channel, provider_ref, at) select id, channel, ref, at from sent"""
)
_LATER = text(
    "update communication set not_before = clock_timestamp() + :wait, last_error = :why"
    " where id = :id and state = 'waiting'"
)
_FAILED = text(
    "update communication set state = 'failed', last_error = :why where id = :id and state = 'waiting'"
)


@dataclass(frozen=True, slots=True)
class _Due:
    id: int
    attempts: int
    channel: str
    outgoing: Outgoing


@cache
def channels() -> Mapping[str, Channel]:
    """Every channel by name."""
    return {name: cast(Channel, module) for name, module in discover("backend.messages.channels").items()}


def deliver_due() -> int:
    """Send what is due; answers how many. Claim and commit, send with no transaction, then mark."""
    with transaction():
        rows = db.session.execute(_TAKE, {"limit": BATCH, "lease": LEASE}).all()
    # The session gives its connection back here: nothing of the database is held while a provider answers.
    db.session.remove()
    known, marks = channels(), _Marks()
    began = time.monotonic()
    for row in sorted(rows, key=lambda row: row.id):
        if time.monotonic() - began > LEASE.total_seconds() / 2:
            # The provider is slow: what is left goes back with the lease, before somebody else sends it too.
            break
        _deliver(known, _due(row), marks)
    marks.write()
    return len(rows)


class _Marks:
    """Those sent and not yet marked: written together, because each commit waits for the disk.

    A crash before that sends them once more, by the same ids; so they are kept for a second at most.
    """

    def __init__(self) -> None:
        self._sent: list[tuple[int, str | None, datetime]] = []
        self._since = time.monotonic()

    def add(self, id_: int, ref: str | None) -> None:
        """One more was sent."""
        if not self._sent:
            self._since = time.monotonic()
        self._sent.append((id_, ref, now()))
        if time.monotonic() - self._since > MARK_EVERY_S:
            self.write()

    def write(self) -> None:
        """Mark them in one transaction."""
        if self._sent:
            ids, refs, times = (list(column) for column in zip(*self._sent, strict=True))
            with transaction():
                db.session.execute(_SENT, {"ids": ids, "refs": refs, "at": times})
            db.session.remove()
            self._sent.clear()


def _due(row: Any) -> _Due:
    to = Address(row.to_kind, row.to_ref)
    return _Due(row.id, row.attempts, row.channel, Outgoing(row.public_id, to, row.template, row.facts))


def _deliver(known: Mapping[str, Channel], due: _Due, marks: _Marks) -> None:
    try:
        receipt = _send(known, due)
    except RetryLater as later:
        _try_later(due, str(later), later.after)
    except Undeliverable as never:
        _fail(due, str(never))
    except Exception as surprise:
        # A channel's own fault is no reason to lose the message or to stop the others.
        log.exception("communication could not be sent", extra={"communication": str(due.outgoing.id)})
        _try_later(due, type(surprise).__name__, None)
    else:
        marks.add(due.id, receipt.provider_ref)


def _send(known: Mapping[str, Channel], due: _Due) -> Receipt:
    if due.channel not in known:
        raise Undeliverable(f"no channel {due.channel}")
    if due.outgoing.template not in TEMPLATES:
        raise Undeliverable(f"no template {due.outgoing.template}")
    return known[due.channel].send(due.outgoing)


def _try_later(due: _Due, why: str, after: timedelta | None) -> None:
    if due.attempts >= MOST_ATTEMPTS:
        _fail(due, f"gave up after {due.attempts} attempts: {why}")
        return
    wait = after or min(FIRST_RETRY * 2 ** min(due.attempts - 1, 16), LONGEST_RETRY)
    with transaction():
        db.session.execute(_LATER, {"id": due.id, "wait": wait, "why": why})


def _fail(due: _Due, why: str) -> None:
    log.error("communication failed", extra={"communication": str(due.outgoing.id), "phase": why})
    with transaction():
        db.session.execute(_FAILED, {"id": due.id, "why": why})


JOBS = (Job("deliver_due", deliver_due, every_s=5, wakes_on="outbox", drains=True, settle_s=0.05),)
