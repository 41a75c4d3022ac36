"""A one-time code, read off a screen or a QR, with which somebody chooses a password; no NHS login is needed."""

import hashlib
import ipaddress
import math
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update

from backend.access.models import Account, PairingAttempt, PairingCode, SignInSession
from backend.access.phones import NamedPhone
from backend.access.sessions import Opened, open_session, revoke_token
from backend.access.sign_in.local import hash_password
from backend.audit import service as audit
from backend.core.clock import sql_now
from backend.core.db import db, transaction
from backend.core.errors import Invalid, NotAllowed, NotFound
from backend.core.http import ANONYMOUS, Actor, Audience

# As a device's claim code (kit): no letters that are taken for one another, ten minutes, one use. Alongside
# defaults. Many wrong codes from anywhere make every address slower and lock nobody out: a guesser with a thousand
# addresses then gets 60,000 tries an hour at 2^40 codes, one chance in eighteen million for each code that is open.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 8
LIVES = timedelta(minutes=10)
WINDOW = timedelta(minutes=10)
MOST_BY_ADDRESS, CROWDED_FROM = 5, 100
CROWDED_EVERY = timedelta(minutes=1)
# An Alongside default: long, and no rule about signs (as the National Cyber Security Centre advises).
SHORTEST_PASSWORD = 10
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")
_SALT, _COST = b"alongside pairing code 1", {"n": 2**14, "r": 8, "p": 1}
_KEPT = timedelta(days=1)
UNKNOWN = (
    "pairing-code-unknown",
    "This code is not known, was used, or its ten minutes are over. Ask your team for a new one.",
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose account a code opens: exactly one of them, by inside key."""

    patient_id: int | None = None
    related_person_id: int | None = None
    practitioner_id: int | None = None

    @property
    def kind(self) -> str:
        """The account's kind."""
        if self.practitioner_id is not None:
            return "practitioner"
        return "patient" if self.patient_id is not None else "related-person"


@dataclass(frozen=True, slots=True)
class Paired:
    """A new session, and the name to sign in with next time."""

    opened: Opened
    username: str


def make_code(actor: Actor, owner: Owner) -> tuple[str, datetime]:
    """A new code in two halves and when it ends. A code made before for the same person ends. Audited."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    mine = (
        (PairingCode.patient_id == owner.patient_id)
        if owner.patient_id is not None
        else (PairingCode.related_person_id == owner.related_person_id)
        if owner.related_person_id is not None
        else (PairingCode.practitioner_id == owner.practitioner_id)
    )
    db.session.execute(delete(PairingCode).where(PairingCode.created_at < sql_now() - _KEPT))
    db.session.execute(
        update(PairingCode).where(mine, PairingCode.expires_at > sql_now()).values(expires_at=sql_now())
    )
    expires_at: datetime = db.session.execute(select(sql_now() + LIVES)).scalar_one()
    row = PairingCode(
        patient_id=owner.patient_id, related_person_id=owner.related_person_id,
        practitioner_id=owner.practitioner_id, code_hash=hash_code(code), made_by=actor.practitioner_id,
        expires_at=expires_at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        actor, "make-pairing-code", "account", patient_id=owner.patient_id, detail={"kind": owner.kind}
    )
    return f"{code[:4]}-{code[4:]}", expires_at


def is_paired(patient_id: int) -> bool:
    """True once the person has an account of their own with a password."""
    mine = select(Account.id).where(Account.patient_id == patient_id, Account.has_password.is_(True))
    return db.session.execute(mine).first() is not None


def pair(
    code: str, password: str, username: str | None, audience: Audience, *, address: str,
    device_label: str | None, former_token: str | None, phone: NamedPhone | None = None,
) -> Paired:  # fmt: skip
    """Exchange a code for an account with this password, and sign in; called outside a transaction.

    An account there was gets the new password and its sessions end. Raises NotFound in the same words for a
    code unknown, used, over or for the other pages; NotAllowed (429, Retry-After) after too many wrong ones;
    Invalid "username" or "username-taken", and then the code is still good.
    """
    subject = hashlib.sha256(f"pair {network(address)}".encode()).digest()
    with transaction():
        attempt = note_attempt(subject)
    digest = hash_code(code.upper().replace("-", "").replace(" ", ""))
    with transaction():
        is_good = (
            db.session.execute(select(PairingCode.id).where(_good(digest, audience))).first() is not None
        )
        if is_good:
            forget_attempt(attempt)
    if not is_good:
        audit.record_refusal(ANONYMOUS, "pair", "account", detail={"rule": UNKNOWN[0]})
        raise NotFound(*UNKNOWN)
    # Slow on purpose, so with nothing held; and only for a code that is good.
    password_hash = hash_password(password)
    with transaction():
        account = _take(digest, audience, username, password_hash)
        if former_token:
            revoke_token(audience, former_token)
        opened = open_session(account, audience, device_label, phone)
        audit.record(opened.signed_in.actor, "pair", "account", str(account.public_id))
        return Paired(opened, account.username)


def _good(digest: bytes, audience: Audience) -> ColumnElement[bool]:
    for_staff = PairingCode.practitioner_id.is_not(None)
    return (
        (PairingCode.code_hash == digest)
        & PairingCode.used_at.is_(None)
        & (PairingCode.expires_at > sql_now())
        & (for_staff if audience == "team" else ~for_staff)
    )


def _take(digest: bytes, audience: Audience, username: str | None, password_hash: str) -> Account:
    """Use the code up and write the password; of two at once one finds it."""
    row = db.session.execute(
        update(PairingCode)
        .where(_good(digest, audience))
        .values(used_at=sql_now())
        .returning(PairingCode.patient_id, PairingCode.related_person_id, PairingCode.practitioner_id)
    ).one_or_none()
    if row is None:
        raise NotFound(*UNKNOWN)
    account = _account_of(Owner(*row))
    if account is None:
        return _new_account(Owner(*row), username, password_hash)
    if account.disabled_at is not None:
        raise NotFound(*UNKNOWN)
    account.password_hash, account.has_password = password_hash, True
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.account_id == account.id, SignInSession.revoked_at.is_(None))
        .values(revoked_at=sql_now())
    )
    return account


def _account_of(owner: Owner) -> Account | None:
    column = {"practitioner": Account.practitioner_id, "patient": Account.patient_id}.get(
        owner.kind, Account.related_person_id
    )
    key = owner.practitioner_id or owner.patient_id or owner.related_person_id
    mine = select(Account).where(column == key).order_by(Account.id).limit(1)
    return db.session.scalars(mine).one_or_none()


def _new_account(owner: Owner, username: str | None, password_hash: str) -> Account:
    name = free_name(username)
    account = Account(
        username=name, password_hash=password_hash, kind=owner.kind, patient_id=owner.patient_id,
        related_person_id=owner.related_person_id, practitioner_id=owner.practitioner_id,
    )  # fmt: skip
    db.session.add(account)
    db.session.flush()
    return account


def free_name(wanted: str | None) -> str:
    """The user name asked for, or one made up; never one that tells whose it is. Raises Invalid."""
    if wanted is None:
        return f"home-{secrets.randbelow(10**8):08d}"
    name = wanted.strip().lower()
    check_username(name)
    return name


def check_username(name: str) -> None:
    """Raise Invalid for what cannot be a user name, or is somebody's."""
    if not _USERNAME.fullmatch(name):
        raise Invalid(
            "username", "3 to 64 letters, digits, dots and hyphens.", errors={"username": ["Not usable."]}
        )
    if db.session.execute(select(Account.id).where(Account.username == name)).first() is not None:
        raise Invalid("username-taken", "Somebody has this user name.", errors={"username": ["Taken."]})


def network(address: str) -> str:
    """Who one subscriber is: an IPv4 address, or the /64 of an IPv6 one, which hands out addresses without end."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found.packed[:8] + bytes(8), 64)))
    return str(found)


def note_attempt(subject: bytes) -> int:
    """Count this try before looking at the code, so that tries side by side all count; raises NotAllowed."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("pairing", 0))))
    db.session.execute(delete(PairingAttempt).where(PairingAttempt.at <= sql_now() - WINDOW))
    in_all = db.session.execute(select(func.count()).select_from(PairingAttempt)).scalar_one()
    mine = db.session.scalars(
        select(PairingAttempt.at).where(PairingAttempt.subject == subject).order_by(PairingAttempt.at)
    ).all()
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    waits = [mine[-MOST_BY_ADDRESS] + WINDOW] if len(mine) >= MOST_BY_ADDRESS else []
    if in_all >= CROWDED_FROM and mine:
        waits.append(mine[-1] + CROWDED_EVERY)
    if waits and max(waits) > now:
        seconds = max(1, math.ceil((max(waits) - now).total_seconds()))
        raise NotAllowed(
            "too-many-attempts", "Too many wrong codes. Wait, then ask for a new code.", status=429,
            headers={"Retry-After": str(seconds)},
        )  # fmt: skip
    row = PairingAttempt(subject=subject)
    db.session.add(row)
    db.session.flush()
    return row.id


def forget_attempt(attempt: int) -> None:
    """A code that was good is no wrong one."""
    db.session.execute(delete(PairingAttempt).where(PairingAttempt.id == attempt))


def hash_code(code: str) -> bytes:
    """What is kept of a code."""
    # Whatever is sent is only a wrong code, half a character too.
    return hashlib.scrypt(
        code.encode(errors="surrogatepass"), salt=_SALT, dklen=32, maxmem=64 * 1024 * 1024, **_COST
    )
