"""Signed-in browsers: an opaque token in a cookie, its hash in a row, and an end to each.

How long a session lives is an Alongside default, not national guidance. A person's local account: 30 days in
all, because a phone that has to be signed in each morning is a phone on which nobody sees the alert, and the
page says whose record is open. A member of staff: 12 hours in all, a shift, and 60 minutes without a request.
A page that listens to the live stream counts as in use: a desk that signs itself out while a nurse watches it
is a desk that misses the alarm. Locking a deserted desk is the screen's part. NHS login identities, when they
come, must end after 12 hours in all and 30 minutes idle.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Interval, bindparam, func, select, update

from backend.access.models import Account, Patient, Phone, Practitioner, RelatedPerson, SignInSession
from backend.access.phones import SHUT_OUT, NamedPhone, sign_in_on
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import NotAllowed
from backend.core.http import Actor, ActorKind, Audience, SignedIn


@dataclass(frozen=True)
class Lifetime:
    """How long a session lives in all, and how long without a request."""

    absolute: timedelta
    idle: timedelta


LIFETIMES: Mapping[Audience, Lifetime] = {
    "person": Lifetime(timedelta(days=30), timedelta(days=30)),
    "team": Lifetime(timedelta(hours=12), timedelta(minutes=60)),
}
# The row is touched at most this often, so that reading does not mean writing each time.
TOUCH_EVERY = timedelta(seconds=60)
# A phone that others use too: a day out, as for staff, and the browser drops the cookie when it is closed.
SHARED_PHONE = timedelta(hours=12)


@dataclass(frozen=True)
class Opened:
    """A new session: the token goes into the cookie and is kept nowhere else, nor is the ticket of a named phone."""

    token: str
    signed_in: SignedIn
    ticket: str | None = None
    is_shared: bool = False


def csrf_of(token: str) -> str:
    """The CSRF token of a session: derived, so that it can be given again without being stored in clear."""
    return hmac.new(token.encode(), b"alongside csrf", hashlib.sha256).hexdigest()


def open_session(
    account: Account, audience: Audience, device_label: str | None, phone: NamedPhone | None = None
) -> Opened:
    """Begin a session under a new token; whatever token the browser had before is worth nothing for it.

    On a phone that others use too it ends with the browser, and after twelve hours in any case.
    """
    token = secrets.token_urlsafe(32)
    # A desk is no phone: nothing is recorded on it without a network.
    on, ticket = (None, None) if phone is None or audience == "team" else sign_in_on(account.id, phone)
    is_shared = on is not None and phone is not None and phone.kind == "shared"
    lives = SHARED_PHONE if is_shared else LIFETIMES[audience].absolute
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    row = SignInSession(
        token_hash=_hash(token),
        csrf_hash=_hash(csrf_of(token)),
        account_id=account.id,
        audience=audience,
        expires_at=now + lives,
        device_label=device_label,
        phone_id=on,
    )
    db.session.add(row)
    db.session.flush()
    signed_in = SignedIn(actor_of(account), audience, row.id, csrf_of(token), row.expires_at)
    return Opened(token, signed_in, ticket, is_shared)


def resolve(audience: Audience, token: str) -> SignedIn | None:
    """The live session of a token; None when it ended, was revoked, or belongs to the other pages.

    Raises NotAllowed (401) "phone-revoked" for the browser of a phone that was shut out: it seals and sends what it
    has, and wipes itself.
    """
    found: Any = db.session.execute(
        _LIVE, {"token": _hash(token), "audience": audience, "idle": LIFETIMES[audience].idle}
    ).one_or_none()
    if found is None:
        _check_shut_out(audience, token)
        return None
    if found.now - found.last_seen_at > TOUCH_EVERY:
        touch(found.id)
    return SignedIn(
        _actor(found.account_id, found, found.owner), audience, found.id, csrf_of(token), found.expires_at
    )


# Every request asks it: to put a statement together takes longer than PostgreSQL needs to answer it.
_LIVE = (
    select(
        SignInSession.id,
        SignInSession.last_seen_at,
        SignInSession.expires_at,
        SignInSession.account_id,
        Account.patient_id,
        Account.related_person_id,
        Account.practitioner_id,
        func.coalesce(Patient.public_id, RelatedPerson.public_id, Practitioner.public_id).label("owner"),
        sql_now().label("now"),
    )
    .join(Account, Account.id == SignInSession.account_id)
    .outerjoin(Patient, Patient.id == Account.patient_id)
    .outerjoin(RelatedPerson, RelatedPerson.id == Account.related_person_id)
    .outerjoin(Practitioner, Practitioner.id == Account.practitioner_id)
    .where(
        SignInSession.token_hash == bindparam("token"),
        SignInSession.audience == bindparam("audience"),
        SignInSession.revoked_at.is_(None),
        SignInSession.expires_at > sql_now(),
        SignInSession.last_seen_at > sql_now() - bindparam("idle", type_=Interval),
        Account.disabled_at.is_(None),
    )
)


def _check_shut_out(audience: Audience, token: str) -> None:
    why = db.session.scalar(
        select(SignInSession.ended_why).where(
            SignInSession.token_hash == _hash(token), SignInSession.audience == audience
        )
    )
    if why == SHUT_OUT:
        raise NotAllowed(SHUT_OUT, "This phone was signed out from elsewhere.", status=401)


def touch(session_id: int) -> None:
    """Note that the session is in use, and the phone it is on."""
    on = select(SignInSession.phone_id).where(SignInSession.id == session_id).scalar_subquery()
    db.session.execute(update(Phone).where(Phone.id == on).values(last_seen_at=sql_now()))
    db.session.execute(
        update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=sql_now())
    )


def is_live(session_id: int, audience: Audience) -> bool:
    """True while the session stands: what a long stream asks from time to time."""
    found = db.session.scalar(
        select(SignInSession.id)
        .join(Account, Account.id == SignInSession.account_id)
        .where(
            SignInSession.id == session_id,
            SignInSession.audience == audience,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > sql_now(),
            Account.disabled_at.is_(None),
        )
    )
    return found is not None


def revoke(session_id: int) -> None:
    """End one session now."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.revoked_at.is_(None))
        .values(revoked_at=sql_now())
    )


def revoke_token(audience: Audience, token: str) -> None:
    """End the session a browser came with, when it signs in anew."""
    db.session.execute(
        update(SignInSession)
        .where(
            SignInSession.token_hash == _hash(token),
            SignInSession.audience == audience,
            SignInSession.revoked_at.is_(None),
        )
        .values(revoked_at=sql_now())
    )


def actor_of(account: Account) -> Actor:
    """Who signs in with this account."""
    if account.patient_id is not None:
        owner = select(Patient.public_id).where(Patient.id == account.patient_id)
    elif account.related_person_id is not None:
        owner = select(RelatedPerson.public_id).where(RelatedPerson.id == account.related_person_id)
    else:
        owner = select(Practitioner.public_id).where(Practitioner.id == account.practitioner_id)
    return _actor(account.id, account, db.session.execute(owner).scalar_one())


def _actor(account_id: int, of: Any, owner: UUID) -> Actor:
    kind: ActorKind = "practitioner"
    if of.patient_id is not None:
        kind = "patient"
    elif of.related_person_id is not None:
        kind = "related-person"
    return Actor(kind, owner, account_id, of.patient_id, of.related_person_id, of.practitioner_id)


def audience_of(account: Account) -> Audience:
    """Which pages an account is for."""
    return "team" if account.practitioner_id is not None else "person"


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
