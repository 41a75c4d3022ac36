"""Local accounts: a name and a password, the same words and time whether or not the name exists."""

import hashlib
import math
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select

from backend.access.models import Account, SignInAttempt
from backend.access.phones import NamedPhone
from backend.access.sessions import Opened, audience_of, open_session, revoke_token
from backend.audit import service as audit
from backend.core.clock import sql_now
from backend.core.db import db, transaction
from backend.core.errors import NotAllowed
from backend.core.http import ANONYMOUS, Audience

# Argon2id with one pass over 64 MiB, above OWASP's least for one pass (46 MiB): 60 to 100 ms on a small core.
HASHER = PasswordHasher(time_cost=1, memory_cost=65536, parallelism=1)
# Each check takes those 64 MiB, so a crowd at the door takes turns instead of taking the machine's memory.
_checking = threading.BoundedSemaphore(4)
# Verified when the name is not known, so that the answer takes as long as for one that is.
_NOBODY = HASHER.hash("a password that nobody has, for names that nobody has")

# Limits are Alongside defaults. By name: a guesser gets 960 tries a day, and whoever mistypes waits minutes.
# By address: higher, because a surgery or a household stands behind one.
WINDOW = timedelta(minutes=15)
MOST_BY_NAME = 10
MOST_BY_ADDRESS = 100


@dataclass(frozen=True)
class Attempt:
    """One try to sign in, noted before the password is looked at, so that tries side by side all count."""

    ids: tuple[int, ...]
    account: Account | None
    password_hash: str


def hash_password(password: str) -> str:
    """The hash to store for a new password."""
    return HASHER.hash(password)


def sign_in(
    username: str,
    password: str,
    audience: Audience,
    *,
    address: str,
    device_label: str | None,
    former_token: str | None,
    phone: NamedPhone | None = None,
) -> Opened:
    """Sign in, or raise NotAllowed: "wrong-credentials", "too-many-attempts" or "wrong-audience".

    Called outside a transaction: what was tried has to stay written when the answer is no, and no
    transaction is held open while the password is checked.
    """
    name = username.strip().lower()
    with transaction():
        attempt = _note_attempt(name, address)
    if attempt is None:
        audit_refused("too-many-attempts", name)
        raise NotAllowed(
            "too-many-attempts",
            f"Too many tries. Wait {_minutes(_wait(name, address))}, then try again.",
            status=429,
            headers={"Retry-After": str(_wait(name, address))},
        )
    known = _verified(attempt.password_hash, password)
    account = attempt.account
    if not known or account is None:
        audit_refused("wrong-credentials", name)
        raise NotAllowed("wrong-credentials", "The user name or password is not right.", status=401)
    with transaction():
        db.session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(attempt.ids)))
        db.session.execute(delete(SignInAttempt).where(SignInAttempt.subject == _subject("name", name)))
    if audience_of(account) != audience:
        audit_refused("wrong-audience", name)
        raise NotAllowed("wrong-audience", f"This account signs in on the {_other(audience)} page.")
    with transaction():
        if former_token:
            revoke_token(audience, former_token)
        opened = open_session(account, audience, device_label, phone)
        audit.record(
            opened.signed_in.actor, "sign-in", "account", str(account.public_id), detail={"by": "local"}
        )
    return opened


def audit_refused(rule: str, name: str) -> None:
    """Keep a refused try: by a hash of the name, because people type their password there."""
    digest = _subject("name", name).hex()
    audit.record_refusal(ANONYMOUS, "sign-in", "account", detail={"rule": rule, "name_sha256": digest})


def _note_attempt(name: str, address: str) -> Attempt | None:
    """Count this try against the name and the address; None when either has had too many."""
    subjects = [(_subject("name", name), MOST_BY_NAME), (_subject("address", address), MOST_BY_ADDRESS)]
    for subject, most in sorted(subjects):
        # Tries side by side take turns, or each would count only itself.
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(subject.hex(), 0))))
        if len(_recent(subject)) >= most:
            return None
    rows = [SignInAttempt(subject=subject) for subject, _ in subjects]
    db.session.add_all(rows)
    db.session.flush()
    account = db.session.scalars(
        select(Account).where(Account.username == name, Account.disabled_at.is_(None))
    ).one_or_none()
    return Attempt(tuple(row.id for row in rows), account, account.password_hash if account else _NOBODY)


def _recent(subject: bytes) -> list[datetime]:
    return list(
        db.session.scalars(
            select(SignInAttempt.at)
            .where(SignInAttempt.subject == subject, SignInAttempt.at > sql_now() - WINDOW)
            .order_by(SignInAttempt.at)
        )
    )


def _wait(name: str, address: str) -> int:
    """Seconds, by the database's clock, until the oldest counted try no longer counts."""
    longest = timedelta(0)
    for subject, most in (
        (_subject("name", name), MOST_BY_NAME),
        (_subject("address", address), MOST_BY_ADDRESS),
    ):
        recent = _recent(subject)
        if len(recent) >= most:
            now: datetime = db.session.execute(select(sql_now())).scalar_one()
            longest = max(longest, recent[-most] + WINDOW - now)
    return max(1, math.ceil(longest.total_seconds()))


def _minutes(seconds: int) -> str:
    minutes = math.ceil(seconds / 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _verified(password_hash: str, password: str) -> bool:
    with _checking:
        try:
            return HASHER.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def _subject(kind: str, value: str) -> bytes:
    return hashlib.sha256(f"{kind} {value}".encode()).digest()


def _other(audience: Audience) -> str:
    return "team's" if audience == "person" else "patients'"
