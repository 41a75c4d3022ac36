"""A person invites somebody to help: a code read out or sent, seven days, one use, and nothing is open before."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from backend.access import helping, pairing
from backend.access.helping import Allowed
from backend.access.pairing import Paired
from backend.access.phones import NamedPhone
from backend.access.record import NO_RECORD, Record
from backend.access.sessions import actor_of, open_session, revoke_token
from backend.access.sign_in.local import hash_password
from backend.audit import service as audit
from backend.circle.models import Invitation
from backend.core.clock import sql_now
from backend.core.db import db, transaction
from backend.core.errors import Conflict, Invalid, NotFound
from backend.core.http import ANONYMOUS, Actor, SignedIn

Row = dict[str, Any]
# Alongside defaults. It lives longer than a pairing code, so it is longer: 2^60 codes, tried as seldom (pairing.py).
LENGTH, PART = 12, 4
LIVES = timedelta(days=7)
# A person's open invitations; more are a mistake, or somebody else's doing.
MOST_OPEN = 20
UNKNOWN = (
    "invitation-unknown",
    "This code is not known, was used, or its seven days are over. Ask whoever sent it for a new one.",
)


@dataclass(frozen=True, slots=True)
class Where:
    """From where somebody accepts: address, browser, its former cookie, and the phone it says it is."""

    address: str
    device_label: str | None
    former_token: str | None
    phone: NamedPhone | None


def send(record: Record, invitation_id: UUID, said: Row) -> tuple[str, datetime]:
    """Make an invitation, or one's own anew with another code; answers the code, shown this once, and its end.

    No code is kept, so asking again ends the one before: whoever lost the answer asks again. Raises Conflict
    "invitation-over" for one that was accepted or withdrawn.
    """
    allowed = Allowed(said["scopes"], said["until"], said["tell_seen"])
    helping.check_allowed(allowed)
    code = "".join(secrets.choice(pairing.ALPHABET) for _ in range(LENGTH))
    now = _now()
    row = db.session.scalars(
        select(Invitation).where(Invitation.public_id == invitation_id).with_for_update()
    ).one_or_none()
    if row is None:
        if len([one for one in record.list(Invitation) if state_of(one, now) == "open"]) >= MOST_OPEN:
            raise Conflict(
                "too-many-invitations", "Many invitations are open. Withdraw one first.", status=409
            )
        row = Invitation(public_id=invitation_id, patient_id=record.patient.id, version=0)
    elif row.patient_id != record.patient.id:
        raise NotFound(*NO_RECORD)
    elif row.accepted_at is not None or row.withdrawn_at is not None:
        raise Conflict(
            "invitation-over", "This invitation was used or withdrawn. Make a new one.", status=409
        )
    row.for_name, row.relation = said["for_name"], said["relation"]
    row.scopes, row.until, row.tell_seen = sorted(set(allowed.scopes)), allowed.until, allowed.tell_seen
    row.code_hash, row.expires_at, row.version = pairing.hash_code(code), now + LIVES, row.version + 1
    db.session.add(row)
    db.session.flush()
    _note(record, row, "invite")
    return "-".join(code[at : at + PART] for at in range(0, LENGTH, PART)), row.expires_at


def withdraw(record: Record, invitation_id: UUID) -> None:
    """Take an invitation back; again is quiet. Raises Conflict when it was accepted: end what they may see."""
    row = record.get(Invitation, invitation_id)
    # Somebody may be accepting it just now: what they did is seen, or they find it withdrawn.
    db.session.refresh(row, with_for_update=True)
    if row.accepted_at is not None:
        raise Conflict("invitation-used", "They have accepted. You can end what they may see.", status=409)
    if row.withdrawn_at is None:
        row.withdrawn_at, row.version = _now(), row.version + 1
        db.session.flush()
        _note(record, row, "withdraw-invitation")


def sent(record: Record) -> list[Row]:
    """What a person sent and is not over for long, newest first; nobody else's to see."""
    if not record.is_for_the_person:
        return []
    now = _now()
    rows = record.list(Invitation, Invitation.expires_at > now - 4 * LIVES)
    return [
        {
            "id": row.public_id, "for_name": row.for_name, "relation": row.relation,
            "scopes": list(row.scopes), "until": row.until, "tell_seen": row.tell_seen,
            "expires_at": row.expires_at, "state": state_of(row, now),
        }
        for row in reversed(rows)
    ]  # fmt: skip


def state_of(row: Invitation, now: datetime) -> str:
    """open, accepted, withdrawn or expired."""
    if row.accepted_at is not None:
        return "accepted"
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "open" if now < row.expires_at else "expired"


def read(code: str, address: str) -> Row:
    """Who invites, for what; called outside a transaction. Raises NotFound, or NotAllowed (429)."""
    digest = _checked(code, address)
    with transaction():
        row = _open(digest)
        return {
            "by": helping.name_of(row.patient_id)[1], "for_name": row.for_name, "relation": row.relation,
            "scopes": list(row.scopes), "until": row.until, "expires_at": row.expires_at,
        }  # fmt: skip


def accept(code: str, said: Row, signed_in: SignedIn | None, where: Where) -> Paired | None:
    """Come to help: with a new account and its first session, or (None) with the one signed in.

    Called outside a transaction. A user name that is taken uses no code up. Raises Conflict "needs-own-account"
    for somebody signed in whose account is no helper's, NotFound, NotAllowed (429), Invalid.
    """
    digest = _checked(code, where.address)
    password = said["password"]
    if password is None:
        with transaction():
            _take(digest, _helper(signed_in))
        return None
    if not said["name"]:
        raise Invalid("name", "Say what you are called.", errors={"name": ["Needed."]})
    # Slow on purpose, so with nothing held; and only for a code that is good.
    password_hash = hash_password(password)
    with transaction():
        account = helping.new_helper(said["name"], said["username"], password_hash)
        _take(digest, actor_of(account))
        if where.former_token:
            revoke_token("person", where.former_token)
        opened = open_session(account, "person", where.device_label, where.phone)
        audit.record(opened.signed_in.actor, "sign-in", "account", str(account.public_id))
        return Paired(opened, account.username)


def _helper(signed_in: SignedIn | None) -> Actor:
    if signed_in is None:
        raise Invalid("password", "Choose a password.", errors={"password": ["Needed."]})
    if signed_in.actor.related_person_id is None:
        raise Conflict(
            "needs-own-account",
            "This sign-in has a record of its own. Choose a password for one to help with.",
            status=409,
        )
    return signed_in.actor


def _take(digest: bytes, actor: Actor) -> None:
    """Use the code up; of two at once one finds it."""
    row = _open(digest)
    assert actor.related_person_id is not None
    allowed = Allowed(row.scopes, row.until, row.tell_seen)
    row.consent_id = helping.let_help(row.patient_id, actor.related_person_id, row.relation, allowed, actor)
    row.accepted_at, row.version = _now(), row.version + 1
    db.session.flush()


def _checked(code: str, address: str) -> bytes:
    """The hash of a code that is good; a wrong one stays counted against the address it came from."""
    subject = hashlib.sha256(f"invitation {pairing.network(address)}".encode()).digest()
    with transaction():
        attempt = pairing.note_attempt(subject)
    digest = pairing.hash_code(code.upper().replace("-", "").replace(" ", ""))
    with transaction():
        is_good = db.session.execute(select(Invitation.id).where(_good(digest))).first() is not None
        if is_good:
            pairing.forget_attempt(attempt)
    if not is_good:
        audit.record_refusal(ANONYMOUS, "accept-invitation", "invitation", detail={"rule": UNKNOWN[0]})
        raise NotFound(*UNKNOWN)
    return digest


def _open(digest: bytes) -> Invitation:
    row = db.session.scalars(select(Invitation).where(_good(digest)).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(*UNKNOWN)
    return row


def _good(digest: bytes) -> ColumnElement[bool]:
    return (
        (Invitation.code_hash == digest)
        & Invitation.accepted_at.is_(None)
        & Invitation.withdrawn_at.is_(None)
        & (Invitation.expires_at > sql_now())
        & (Invitation.until.is_(None) | (Invitation.until > sql_now()))
    )


def _note(record: Record, row: Invitation, action: str) -> None:
    audit.record(
        record.actor, action, "invitation", str(row.public_id), patient_id=record.patient.id,
        purpose=record.purpose.value, detail={"scopes": ",".join(row.scopes)},
    )  # fmt: skip


def _now() -> datetime:
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    return now
