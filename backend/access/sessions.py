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

from sqlalchemy import select, update

from backend.access.models import Account, Patient, Practitioner, RelatedPerson, SignInSession
from backend.core.clock import sql_now
from backend.core.db import db
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


@dataclass(frozen=True)
class Opened:
    """A new session: the token goes into the cookie and is kept nowhere else."""

    token: str
    signed_in: SignedIn


def csrf_of(token: str) -> str:
    """The CSRF token of a session: derived, so that it can be given again without being stored in clear."""
    return hmac.new(token.encode(), b"alongside csrf", hashlib.sha256).hexdigest()


def open_session(account: Account, audience: Audience, device_label: str | None) -> Opened:
    """Begin a session under a new token; whatever token the browser had before is worth nothing for it."""
    token = secrets.token_urlsafe(32)
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    row = SignInSession(
        token_hash=_hash(token),
        csrf_hash=_hash(csrf_of(token)),
        account_id=account.id,
        audience=audience,
        expires_at=now + LIFETIMES[audience].absolute,
        device_label=device_label,
    )
    db.session.add(row)
    db.session.flush()
    return Opened(token, SignedIn(actor_of(account), audience, row.id, csrf_of(token), row.expires_at))


def resolve(audience: Audience, token: str) -> SignedIn | None:
    """The live session of a token; None when it ended, was revoked, or belongs to the other pages."""
    found = db.session.execute(
        select(SignInSession, Account, sql_now())
        .join(Account, Account.id == SignInSession.account_id)
        .where(
            SignInSession.token_hash == _hash(token),
            SignInSession.audience == audience,
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > sql_now(),
            SignInSession.last_seen_at > sql_now() - LIFETIMES[audience].idle,
            Account.disabled_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        return None
    row, account, now = found
    if now - row.last_seen_at > TOUCH_EVERY:
        touch(row.id)
    return SignedIn(actor_of(account), audience, row.id, csrf_of(token), row.expires_at)


def touch(session_id: int) -> None:
    """Note that the session is in use."""
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
    kind: ActorKind
    if account.patient_id is not None:
        kind, owner = "patient", select(Patient.public_id).where(Patient.id == account.patient_id)
    elif account.related_person_id is not None:
        kind = "related-person"
        owner = select(RelatedPerson.public_id).where(RelatedPerson.id == account.related_person_id)
    else:
        kind = "practitioner"
        owner = select(Practitioner.public_id).where(Practitioner.id == account.practitioner_id)
    return Actor(
        kind,
        db.session.execute(owner).scalar_one(),
        account.id,
        account.patient_id,
        account.related_person_id,
        account.practitioner_id,
    )


def audience_of(account: Account) -> Audience:
    """Which pages an account is for."""
    return "team" if account.practitioner_id is not None else "person"


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
