"""Delivers the outbox: at least once, never with a transaction open while it speaks to a provider."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import text

from backend.core.clock import now
from backend.core.db import db, transaction
from backend.core.job import Job
from backend.messages.lease import LEASE, Lease
from backend.messages.outgoing import NO_WAY, Address, Channel, Outgoing, Receipt, RetryLater, Undeliverable
from backend.messages.templates import TEMPLATES
from backend.messages.ways import Targets, is_kept_for_the_day, usable, ways_to
from backend.plugs import discover

log = logging.getLogger("alongside.messages")

BATCH = 50
MARK_EVERY_S = 1.0
# After this a batch is not gone on with.
SLOW_S = 15.0
# Alongside defaults: about a day of trying, then a human has to know.
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=15)
MOST_ATTEMPTS = 100

# The red ones first: an outage that ends brings hours of others at once.
_TAKE = text(
    """with due as (
        select id from communication where state = 'waiting' and not_before <= (select db_now())
            and (not :red or facts ->> 'level' in ('emergency', 'urgent'))
        order by case facts ->> 'level' when 'emergency' then 0 when 'urgent' then 1 else 2 end, not_before, id
        limit :limit for update skip locked)
    update communication c set not_before = db_now() + :lease, attempts = attempts + 1
    from due where c.id = due.id
    returning c.id, c.public_id, c.to_kind, c.to_ref, c.channel, c.template, c.facts, c.attempts, db_now() as now"""
)
_WAIT = text(
    """update communication c set not_before = night.until, attempts = c.attempts - 1
    from unnest(cast(:ids as bigint[]), cast(:until as timestamptz[])) as night (id, until)
    where c.id = night.id and c.state = 'waiting'"""
)
_SENT = text(
    """with told as (
        select * from unnest(cast(:ids as bigint[]), cast(:channels as text[]), cast(:refs as text[]),
            cast(:at as timestamptz[])) as t (id, channel, ref, at)),
    sent as (
        update communication c set state = 'sent', sent_at = told.at, last_error = null, channel = told.channel
        from told where c.id = told.id and c.state = 'waiting' returning c.id, c.channel, told.ref, told.at)
    insert into receipt (communication_id, channel, provider_ref, at) select id, channel, ref, at from sent"""
)
_LATER = text(
    "update communication set not_before = db_now() + :wait, last_error = :why"
    " where id = :id and state = 'waiting'"
)
_FAILED = text(
    "update communication set state = 'failed', last_error = :why where id = :id and state = 'waiting'"
)
_FORGET = text("delete from push_subscription where endpoint = any(:endpoints)")


@dataclass(frozen=True, slots=True)
class _Due:
    id: int
    attempts: int
    ways: Sequence[tuple[str, Targets]]
    outgoing: Outgoing


@cache
def channels() -> Mapping[str, Channel]:
    """Every channel by name."""
    return {name: cast(Channel, module) for name, module in discover("backend.messages.channels").items()}


def configured() -> list[str]:
    """The channels this service was told how to use."""
    return [name for name, channel in channels().items() if channel.is_configured()]


def deliver_due(*, red: bool = False) -> int:
    """Send what is due, only what is `red` if asked; answers how many were taken.

    Claim and commit, send with no transaction, then mark.
    """
    with transaction():
        rows = db.session.execute(_TAKE, {"limit": BATCH, "lease": LEASE, "red": red}).all()
        dues = _awake(rows)
    # The session gives its connection back here: nothing of the database is held while a provider answers.
    db.session.remove()
    known, marks = channels(), _Marks()
    began = time.monotonic()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # what the proxy stands for
    # Sent and not yet marked is still in hand: only what has been marked is safe from being sent again.
    with Lease(app, [due.id for due in dues]) as lease:
        while dues and time.monotonic() - began < SLOW_S:
            _deliver(known, dues.pop(0), marks, lease)
        marks.write()
    if dues:
        # The provider is slow: what is left goes back at once, to a sender that may be quicker.
        _put_off({due.id: rows[0].now for due in dues})
    return len(rows)


def deliver_red() -> int:
    """The lane of what is red, in a thread of its own, so that a slow provider of others' never holds it up."""
    return deliver_due(red=True)


def _awake(rows: Sequence[Any]) -> list[_Due]:
    """What goes out now, red first; a nudge to somebody in their night is put off to the morning."""
    found = ways_to({Address(row.to_kind, row.to_ref) for row in rows})
    usable_channels = configured() if rows else []
    dues, asleep = [], {}
    for row in sorted(rows, key=lambda row: row.id):
        to = Address(row.to_kind, row.to_ref)
        until = found[to].quiet_until(row.now) if is_kept_for_the_day(row.template, row.facts) else None
        if until is not None:
            asleep[row.id] = until
            continue
        outgoing = Outgoing(row.public_id, to, row.template, row.facts)
        dues.append(
            _Due(row.id, row.attempts, usable(found[to], row.channel, usable_channels, to.kind), outgoing)
        )
    if asleep:
        _wait(asleep)
    return sorted(dues, key=lambda due: not due.outgoing.is_red)


def _put_off(until: Mapping[int, datetime]) -> None:
    with transaction():
        _wait(until)


def _wait(until: Mapping[int, datetime]) -> None:
    """These were not tried after all, and are due at these times."""
    db.session.execute(_WAIT, {"ids": list(until), "until": list(until.values())})


class _Marks:
    """Those sent and not yet marked: written together, because each commit waits for the disk.

    A crash before that sends them once more, by the same ids; so they are kept for a second at most.
    """

    def __init__(self) -> None:
        self._sent: list[tuple[int, str, str | None, datetime]] = []
        self._gone: set[str] = set()
        self._since = time.monotonic()

    def add(self, id_: int, channel: str, receipt: Receipt) -> None:
        """One more was sent."""
        if not self._sent:
            self._since = time.monotonic()
        self._sent.append((id_, channel, receipt.provider_ref, now()))
        self.forget(receipt.gone)
        if time.monotonic() - self._since > MARK_EVERY_S:
            self.write()

    def forget(self, endpoints: Sequence[str]) -> None:
        """Browsers that are no more."""
        self._gone.update(endpoints)

    def write(self) -> None:
        """Mark them in one transaction."""
        if not self._sent and not self._gone:
            return
        with transaction():
            if self._sent:
                ids, names, refs, times = (list(column) for column in zip(*self._sent, strict=True))
                db.session.execute(_SENT, {"ids": ids, "channels": names, "refs": refs, "at": times})
            if self._gone:
                db.session.execute(_FORGET, {"endpoints": sorted(self._gone)})
        db.session.remove()
        self._sent.clear()
        self._gone.clear()


def _deliver(known: Mapping[str, Channel], due: _Due, marks: _Marks, lease: Lease) -> None:
    """Try its ways in order until one takes it; only when none ever will is it failed."""
    later: tuple[str, timedelta | None] | None = None
    never: list[str] = []
    for name, targets in due.ways:
        try:
            receipt = _send(known, name, replace(due.outgoing, targets=targets))
        except RetryLater as busy:
            later = later or (str(busy), busy.after)
        except Undeliverable as refused:
            never.append(str(refused))
            marks.forget(refused.gone)
        except Exception as surprise:
            # A channel's own fault is no reason to lose the message or to stop the others.
            log.exception("communication could not be sent", extra={"communication": str(due.outgoing.id)})
            later = later or (type(surprise).__name__, None)
        else:
            marks.add(due.id, name, receipt)
            return
    lease.give_back(due.id)
    if later is not None:
        _try_later(due, *later)
    else:
        _fail(due, "; ".join(never) or NO_WAY)


def _send(known: Mapping[str, Channel], name: str, outgoing: Outgoing) -> Receipt:
    if name not in known:
        raise Undeliverable(f"no channel {name}")
    if outgoing.template not in TEMPLATES:
        raise Undeliverable(f"no template {outgoing.template}")
    return known[name].send(outgoing)


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


JOBS = (
    Job("deliver_due", deliver_due, every_s=5, wakes_on="outbox", drains=True, settle_s=0.05),
    Job("deliver_red", deliver_red, every_s=2, drains=True),
)
