"""Keeps how a member of staff is reached, says by what they can be now, and sends them a test."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from backend.access import reaching
from backend.access.facts import PractitionerRef
from backend.access.service import database_time
from backend.audit import service as audit
from backend.core.db import db
from backend.core.errors import Conflict, Invalid, NotAllowed
from backend.core.http import Actor
from backend.core.outbox import Message, queue
from backend.messages import service
from backend.messages.models import Communication, PractitionerReach, PushSubscription
from backend.messages.outgoing import Address
from backend.messages.ways import ORDER, PROVEN_FOR

TEMPLATE = "reach-test"
# Alongside default: a test costs a text message, and a second tap is mostly impatience.
BETWEEN_TESTS = timedelta(seconds=30)

_KEEP_TEST = text(
    """insert into practitioner_reach (practitioner_id, test_id)
    select :who, id from communication where public_id = :test
    on conflict (practitioner_id) do update set test_id = excluded.test_id"""
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """How somebody wants to be reached: a number, an address (None: by no such way), and the order to try them in."""

    sms: str | None
    email: str | None
    order: Sequence[str]


def mine(actor: Actor) -> Row:
    """How this member of staff is reached, and whose ways they may set besides."""
    others = reaching.others(actor)
    ways = service.reach([_address(one) for one in others])
    listed = [
        {"id": one.public_id, "name": one.display_name, "role": one.role, "ways": ways[_address(one)]}
        for one in others
    ]
    return _page(reaching.myself(actor)) | {"others": listed}


def of(actor: Actor, staff_id: UUID) -> Row:
    """How a colleague is reached; for a lead of their team or an administrator. Audited: it is their own number."""
    who = reaching.somebody(actor, staff_id)
    audit.record(actor, "read-reach", "practitioner", str(who.public_id))
    return _page(who) | {"others": []}


def set_mine(actor: Actor, asked: Asked) -> Row:
    """Write down how this member of staff is reached; raises Invalid, at the field."""
    _write(actor, reaching.myself(actor), asked)
    return mine(actor)


def set_of(actor: Actor, staff_id: UUID, asked: Asked) -> Row:
    """The same for a colleague."""
    who = reaching.somebody(actor, staff_id)
    _write(actor, who, asked)
    return _page(who) | {"others": []}


def send_test(actor: Actor, channel: str) -> Row:
    """Queue one message to this member of staff by a channel or by "best"; answers how it stands.

    Raises Conflict "no-way" when nothing leads to them by it, NotAllowed "too-soon" (429) for one right after another.
    """
    who = reaching.myself(actor)
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"reach-test {who.id}", 0))))
    _refuse_too_soon(_test(who.id))
    ways = service.reach([_address(who)])[_address(who)]
    if not ways or (channel != "best" and channel not in ways):
        raise Conflict("no-way", "Nothing leads to you by this yet. Save a way first.", status=409)
    public_id = uuid4()
    queue(Message("practitioner", str(who.public_id), TEMPLATE, channel=channel, public_id=public_id))
    db.session.execute(_KEEP_TEST, {"who": who.id, "test": public_id})
    audit.record(actor, "test-reach", "practitioner", str(who.public_id), detail={"channel": channel})
    made = _shown(_test(who.id))
    assert made is not None
    return made


def _refuse_too_soon(last: Communication | None) -> None:
    if last is None:
        return
    left = last.created_at + BETWEEN_TESTS - database_time()
    if left > timedelta(0):
        seconds = str(math.ceil(left.total_seconds()))
        raise NotAllowed(
            "too-soon", "A test has just been sent. Wait half a minute.", status=429,
            headers={"Retry-After": seconds},
        )  # fmt: skip


def _write(actor: Actor, who: PractitionerRef, asked: Asked) -> None:
    if len(set(asked.order)) != len(asked.order) or not set(asked.order) <= set(ORDER):
        words = "Name each way once."
        raise Invalid("order", words, errors={"order": [words]})
    # A field that was emptied is a way that is not there.
    said = {"sms": (asked.sms or "").strip() or None, "email": (asked.email or "").strip() or None}
    for channel, address in said.items():
        service.set_contact(who.id, channel, address)
    kept = {"channels": list(asked.order), "changed_at": func.db_now()}
    row = insert(PractitionerReach).values(practitioner_id=who.id, channels=list(asked.order))
    db.session.execute(row.on_conflict_do_update(index_elements=["practitioner_id"], set_=kept))
    # Which ways there are, never where they lead.
    detail = {"ways": [channel for channel, address in said.items() if address], "order": list(asked.order)}
    audit.record(actor, "change-reach", "practitioner", str(who.public_id), detail=detail)


def _page(who: PractitionerRef) -> Row:
    kept = db.session.get(PractitionerReach, who.id, populate_existing=True)
    contacts = service.contacts([who.id]).get(who.id, {})
    chosen = tuple(kept.channels) if kept is not None else ()
    proven, browsers = _browsers(who.id)
    ways = service.reach([_address(who)])[_address(who)]
    return {
        "as_of": database_time(),
        "id": who.public_id,
        "name": who.display_name,
        "sms": contacts.get("sms"),
        "email": contacts.get("email"),
        "browsers": browsers,
        "browsers_confirmed": proven,
        "order": [*chosen, *(one for one in ORDER if one not in chosen)],
        "ways": ways,
        # What this service can send by at all: a number helps nobody while there is no provider.
        "channels": [one for one in ORDER if one in service.sendable()],
        "test": _shown(_test(who.id)),
    }


def _browsers(practitioner_id: int) -> tuple[int, int]:
    """How many of their browsers said within a week that they are still there, and how many there are."""
    fresh = PushSubscription.confirmed_at > func.db_now() - PROVEN_FOR
    counted = select(func.count().filter(fresh), func.count()).where(
        PushSubscription.practitioner_id == practitioner_id
    )
    proven, browsers = db.session.execute(counted).one()
    return proven, browsers


def _test(practitioner_id: int) -> Communication | None:
    asked = (
        select(Communication)
        .join(PractitionerReach, PractitionerReach.test_id == Communication.id)
        .where(PractitionerReach.practitioner_id == practitioner_id)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(asked).one_or_none()


def _shown(test: Communication | None) -> Row | None:
    if test is None:
        return None
    sent: datetime | None = test.sent_at
    return {
        "asked_at": test.created_at, "state": test.state, "channel": test.channel, "handed_over_at": sent,
        "why": test.last_error,
    }  # fmt: skip


def _address(who: PractitionerRef) -> Address:
    return Address("practitioner", str(who.public_id))
