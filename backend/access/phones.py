"""The phones somebody signs in on: each has a name, can be shut out, and may bring what it recorded meanwhile."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from backend.access.models import Account, Phone, SignInSession, UploadRight
from backend.access.record import NO_RECORD, Record
from backend.access.tickets import TICKET_LIVES, Told, new_ticket, read_ticket
from backend.audit import service as audit
from backend.core.clock import sql_now
from backend.core.db import db, fetch
from backend.core.errors import NotFound
from backend.core.http import Actor

Kind = Literal["own", "shared"]
Row = dict[str, Any]
# Alongside default. A phone that was shut out may still bring what was recorded before anybody noticed.
SHUT_OUT_BRINGS_FOR = timedelta(days=14)
# Why a session ended; the browser that asks with it is told, and wipes itself.
SHUT_OUT = "phone-revoked"


@dataclass(frozen=True, slots=True)
class NamedPhone:
    """What a phone says of itself when somebody signs in on it."""

    id: UUID
    kind: Kind
    label: str


@dataclass(frozen=True, slots=True)
class TicketOwner:
    """Whose ticket it is: the account that wrote, the phone's inside key, and whether it was shut out."""

    account: Account
    phone_id: int
    is_shut_out: bool


def sign_in_on(account_id: int, named: NamedPhone) -> tuple[int, str]:
    """Note that somebody signs in on this phone; answers its inside key and a new ticket.

    A phone that was shut out is let in again by whoever knows the password.
    """
    told = {"kind": named.kind, "label": named.label}
    fresh = {"last_seen_at": sql_now(), "revoked_at": None, "revoked_by": None, "wiped_at": None}
    made = (
        insert(Phone)
        .values(public_id=named.id, account_id=account_id, **told)
        .on_conflict_do_update(index_elements=["account_id", "public_id"], set_=told | fresh)
        .returning(Phone.id)
    )
    phone_id = db.session.execute(made).scalar_one()
    expires_at: datetime = db.session.execute(select(sql_now() + TICKET_LIVES)).scalar_one()
    account = db.session.get_one(Account, account_id).public_id
    ticket = new_ticket(Told(account, named.id, named.kind, expires_at))
    _keep(ticket, account_id, phone_id, expires_at)
    return phone_id, ticket


def _keep(ticket: str, account_id: int, phone_id: int, expires_at: datetime) -> None:
    made = insert(UploadRight).values(
        ticket_hash=_hash(ticket), account_id=account_id, phone_id=phone_id, expires_at=expires_at
    )
    # Two changes of one phone may bring a forgotten ticket back at the same moment.
    db.session.execute(made.on_conflict_do_nothing())


def of_session(session_id: int) -> Row | None:
    """The phone of a session as its page knows it; None for one that named none."""
    found = db.session.execute(
        select(Phone.public_id, Phone.kind)
        .join(SignInSession, SignInSession.phone_id == Phone.id)
        .where(SignInSession.id == session_id)
    ).one_or_none()
    return None if found is None else {"id": found.public_id, "kind": found.kind}


def account_id_of(actor: Actor) -> UUID:
    """The public id of the account somebody signed in with."""
    assert actor.account_id is not None
    found: UUID = fetch(_ACCOUNT, id=actor.account_id).scalar_one()
    return found


_ACCOUNT = text("select public_id from account where id = :id")


def of_ticket(ticket: str) -> TicketOwner | None:
    """Whose ticket this is; None when it is unknown, over, its account closed or its phone shut out long ago."""
    if db.session.scalar(select(UploadRight.id).where(UploadRight.ticket_hash == _hash(ticket))) is None:
        _remember(ticket)
    found = db.session.execute(
        select(Account, Phone)
        .join(UploadRight, UploadRight.account_id == Account.id)
        .join(Phone, Phone.id == UploadRight.phone_id)
        .where(
            UploadRight.ticket_hash == _hash(ticket),
            UploadRight.expires_at > sql_now(),
            Account.disabled_at.is_(None),
            Phone.revoked_at.is_(None) | (Phone.revoked_at > sql_now() - SHUT_OUT_BRINGS_FOR),
        )
    ).one_or_none()
    if found is None:
        return None
    account, phone = found
    return TicketOwner(account, phone.id, phone.revoked_at is not None)


def _remember(ticket: str) -> None:
    """A service that was restored has forgotten what it gave since; the ticket itself says what it was."""
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    told = read_ticket(ticket, now)
    account_id = (
        None
        if told is None
        else db.session.scalar(select(Account.id).where(Account.public_id == told.account))
    )
    if told is None or account_id is None:
        return
    known = (Phone.account_id == account_id) & (Phone.public_id == told.phone)
    phone_id = db.session.scalar(select(Phone.id).where(known))
    if phone_id is None:
        phone = Phone(public_id=told.phone, account_id=account_id, kind=told.kind)
        db.session.add(phone)
        db.session.flush()
        phone_id = phone.id
    _keep(ticket, account_id, phone_id, told.expires_at)


def of_actor(actor: Actor, session_id: int | None = None) -> list[Row]:
    """The phones somebody may use now, the one asked from first; `session_id` says which that is."""
    this = None if session_id is None else db.session.get_one(SignInSession, session_id).phone_id
    return _listed(_account(actor), this)


def of_record(record: Record) -> list[Row]:
    """The phones on which the person this record is about signs in, for their team."""
    mine = select(Account.id).where(Account.patient_id == record.patient.id).order_by(Account.id)
    return [row for account_id in db.session.scalars(mine) for row in _listed(account_id, None)]


def shut_out(actor: Actor, phone_id: UUID) -> None:
    """End every session of a phone of one's own; raises NotFound for another's."""
    _shut_out(actor, phone_id, (Phone.account_id == _account(actor)), "self", None)


def shut_out_for(record: Record, phone_id: UUID) -> None:
    """The same by their team, for somebody who lost it."""
    mine = Phone.account_id.in_(select(Account.id).where(Account.patient_id == record.patient.id))
    _shut_out(record.actor, phone_id, mine, "team", record)


def _shut_out(actor: Actor, phone_id: UUID, mine: Any, by: str, record: Record | None) -> None:
    row = db.session.scalars(
        select(Phone).where(Phone.public_id == phone_id, mine).order_by(Phone.id).limit(1).with_for_update()
    ).one_or_none()
    if row is None:
        if record is not None:
            audit.record_refusal(
                actor, "shut-out-phone", "phone", str(phone_id), patient_id=record.patient.id,
                purpose=record.purpose.value, detail={"rule": "no-such-phone"},
            )  # fmt: skip
        raise NotFound(*NO_RECORD)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = sql_now(), by
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.phone_id == row.id, SignInSession.revoked_at.is_(None))
        .values(revoked_at=sql_now(), ended_why=SHUT_OUT)
    )
    audit.record(
        actor, "shut-out-phone", "phone", str(phone_id), detail={"by": by},
        patient_id=actor.patient_id if record is None else record.patient.id,
        purpose=None if record is None else record.purpose.value,
    )  # fmt: skip
    db.session.flush()


def was_wiped(token: str) -> bool:
    """Note that a phone that was shut out has nothing left; False when this browser's was not shut out."""
    phone_id = db.session.scalar(
        select(SignInSession.phone_id).where(
            SignInSession.token_hash == _hash(token), SignInSession.ended_why == SHUT_OUT
        )
    )
    if phone_id is None:
        return False
    db.session.execute(
        update(Phone).where(Phone.id == phone_id, Phone.revoked_at.is_not(None)).values(wiped_at=sql_now())
    )
    return True


def _listed(account_id: int, this: int | None) -> list[Row]:
    rows = db.session.scalars(
        select(Phone)
        .where(
            Phone.account_id == account_id,
            Phone.revoked_at.is_(None) | (Phone.revoked_at > sql_now() - SHUT_OUT_BRINGS_FOR),
        )
        .order_by(Phone.last_seen_at.desc(), Phone.id)
    )
    shown: list[Row] = [
        {
            "key": row.id, "id": row.public_id, "kind": row.kind, "label": row.label, "since": row.since,
            "last_seen_at": row.last_seen_at, "this": row.id == this, "shut_out_at": row.revoked_at,
            "wiped_at": row.wiped_at,
        }
        for row in rows
    ]  # fmt: skip
    return sorted(shown, key=lambda row: not row["this"])


def _account(actor: Actor) -> int:
    assert actor.account_id is not None
    return actor.account_id


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
