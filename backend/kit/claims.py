"""A claim code: what a device shows or is told once, and exchanges for an account of its own within ten minutes."""

import hashlib
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, text, update

from backend.core.clock import sql_now
from backend.core.db import db, transaction
from backend.core.errors import Conflict, Invalid, NotAllowed, NotFound
from backend.core.http import SYSTEM, Actor
from backend.devices import service as devices
from backend.devices.service import Piece
from backend.kit import history
from backend.kit.accounts import UNFINISHED_AFTER, broker, finish_revocation
from backend.kit.models import ClaimAttempt, ClaimCode

# Capitals and digits that cannot be taken for one another when read aloud or off a small display: 32^8 codes.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 8
LIVES = timedelta(minutes=10)
# Alongside defaults. By address: an installer mistypes. In all: whoever has many addresses gets 600 tries an hour
# at 2^40 codes, each good for ten minutes.
WINDOW = timedelta(minutes=10)
MOST_BY_ADDRESS, MOST_IN_ALL = 5, 100
_IN_ALL = hashlib.sha256(b"claim in all").digest()
KEPT = timedelta(days=1)
# Slow on purpose (about 50 ms and 16 MiB): of a code with 40 bits, a quick hash would be undone in minutes.
# The salt is fixed, because a code has to be found by its hash.
_SALT, _COST = b"alongside claim code 1", {"n": 2**14, "r": 8, "p": 1}

# An account given after the code was taken is a claim that was finished.
_UNFINISHED = text(
    """update claim_code c set used_at = null from device d
    where d.id = c.device_id and c.expires_at > clock_timestamp()
        and c.used_at < clock_timestamp() - cast(:after as interval)
        and (d.credential_at is null or d.credential_at < c.used_at)"""
)

UNKNOWN = (
    "claim-code-unknown",
    "This code is not known, was used, or its ten minutes are over. Ask for a new one.",
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a device is told once: its name and the secret, which is kept nowhere here."""

    device_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class _Taken:
    """A code that a claim has taken, at `at`, while the broker is asked for the account."""

    code_id: int
    at: datetime
    piece: Piece


def make_code(actor: Actor, piece: Piece, shown: str | None) -> tuple[str, datetime]:
    """Open the way for one device; answers the code in two halves and when it ends. The former code ends.

    `shown` is the code the device shows, None to make one. Raises Invalid for what cannot be a code or is
    another device's, Conflict for a device that was put out.
    """
    if piece.revoked_at is not None:
        raise Conflict("revoked", "It was put out. Take it back into stock first.")
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) if shown is None else tidy(shown)
    if len(code) != LENGTH or any(sign not in ALPHABET for sign in code):
        raise Invalid("code", "A code has 8 letters and digits, without I, O, 0 and 1.")
    digest = _hash(code)
    _turn(digest)
    stale = ClaimCode.created_at < sql_now() - KEPT
    over = (ClaimCode.used_at.is_not(None)) | (ClaimCode.expires_at <= sql_now())
    db.session.execute(delete(ClaimCode).where(stale | ((ClaimCode.code_hash == digest) & over)))
    _end_codes(piece.id)
    taken = select(ClaimCode.device_id).where(ClaimCode.code_hash == digest)
    holder = db.session.scalar(taken)
    if holder is not None and holder != piece.id:
        raise Invalid("code-in-use", "Another device shows this code just now. Let it show a new one.")
    db.session.execute(delete(ClaimCode).where(ClaimCode.code_hash == digest))
    row = ClaimCode(device_id=piece.id, code_hash=digest, practitioner_id=actor.practitioner_id)
    row.expires_at = db.session.execute(select(sql_now() + LIVES)).scalar_one()
    db.session.add(row)
    db.session.flush()
    history.note(actor, piece, "claim-code", "A claim code was made for it")
    return f"{code[:4]}-{code[4:]}", row.expires_at


def open_until(device_row_id: int) -> datetime | None:
    """Until when a code of this device is good; None when none is."""
    return db.session.scalar(
        select(ClaimCode.expires_at).where(
            ClaimCode.device_id == device_row_id,
            ClaimCode.used_at.is_(None),
            ClaimCode.expires_at > sql_now(),
        )
    )


def claim(code: str, address: str) -> Claimed:
    """Exchange a code for an account. Called outside a transaction: a wrong try has to stay written.

    Raises NotFound in the same words for a code unknown, used or over; NotAllowed (429, Retry-After) after too
    many wrong ones; Unavailable when the broker is away, and then the code is still good.
    """
    subject = hashlib.sha256(f"claim {address}".encode()).digest()
    with transaction():
        attempt = _note_attempt(subject)
    digest = _hash(tidy(code))
    try:
        claimed = _exchange(digest)
    except NotFound:
        raise
    except BaseException:
        # The broker's fault or ours is no guess of theirs.
        _forget(attempt)
        raise
    _forget(attempt)
    return claimed


def _exchange(digest: bytes) -> Claimed:
    """Take the code, ask the broker for the account, and write both; nothing is held while the broker answers.

    Of two at once one takes it. A crash on the way leaves the code taken, and a job gives it back.
    """
    with transaction():
        taken = _take(digest)
    try:
        with broker() as (credentials, _):
            secret = credentials.issue(taken.piece.device_id)
    except BaseException:
        with transaction():
            _give_back(taken)
        raise
    with transaction():
        is_its_own = _finish(taken)
    if not is_its_own:
        finish_revocation(taken.piece.public_id)
        raise NotFound(*UNKNOWN)
    return Claimed(taken.piece.device_id, secret)


def _take(digest: bytes) -> _Taken:
    good = (ClaimCode.code_hash == digest) & ClaimCode.used_at.is_(None) & (ClaimCode.expires_at > sql_now())
    row = db.session.execute(
        update(ClaimCode)
        .where(good)
        .values(used_at=sql_now())
        .returning(ClaimCode.id, ClaimCode.device_id, ClaimCode.used_at)
    ).one_or_none()
    piece = None if row is None else _piece(row.device_id)
    if row is None or piece is None or piece.revoked_at is not None:
        raise NotFound(*UNKNOWN)
    return _Taken(row.id, row.used_at, piece)


def _give_back(taken: _Taken) -> None:
    mine = (ClaimCode.id == taken.code_id) & (ClaimCode.used_at == taken.at)
    db.session.execute(update(ClaimCode).where(mine).values(used_at=None))


def _finish(taken: _Taken) -> bool:
    """Write that the device has its account; False when it was put out meanwhile or another claim took the code."""
    piece = devices.piece(taken.piece.public_id, for_change=True)
    assert piece is not None
    others = select(ClaimCode.used_at).where(ClaimCode.id == taken.code_id, ClaimCode.used_at != taken.at)
    if db.session.execute(others).first() is not None:
        return False
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    if piece.revoked_at is not None:
        # The account was made after it was cut off: until it is cut off again, it stands as half put out.
        devices.change_piece(piece.id, credential_at=now)
        return False
    # Used, and over with it: a code that is used and not over is one whose claim is under way.
    db.session.execute(
        update(ClaimCode).where(ClaimCode.id == taken.code_id).values(used_at=taken.at, expires_at=taken.at)
    )
    devices.change_piece(piece.id, credential_at=now, rotated_at=None)
    history.note(SYSTEM, piece, "claimed", "The device claimed its account")
    return True


def give_back_unfinished() -> None:
    """Make codes good again whose claim a crash ended on the way; they still end with their ten minutes."""
    db.session.execute(_UNFINISHED, {"after": UNFINISHED_AFTER})


def _piece(device_row_id: int) -> Piece | None:
    public_id: UUID | None = db.session.execute(
        text("select public_id from device where id = :id"), {"id": device_row_id}
    ).scalar_one_or_none()
    return None if public_id is None else devices.piece(public_id)


def _note_attempt(subject: bytes) -> int:
    """Count this try before looking at the code, so that tries side by side all count; raises NotAllowed."""
    _turn(_IN_ALL)
    recent = ClaimAttempt.at > sql_now() - WINDOW
    db.session.execute(delete(ClaimAttempt).where(~recent))
    mine = list(
        db.session.scalars(select(ClaimAttempt.at).where(ClaimAttempt.subject == subject).order_by("at"))
    )
    all_of_them = list(db.session.scalars(select(ClaimAttempt.at).order_by(ClaimAttempt.at)))
    waits = [
        tries[-most]
        for tries, most in ((mine, MOST_BY_ADDRESS), (all_of_them, MOST_IN_ALL))
        if len(tries) >= most
    ]
    if waits:
        now: datetime = db.session.execute(select(sql_now())).scalar_one()
        seconds = max(1, math.ceil((max(waits) + WINDOW - now).total_seconds()))
        raise NotAllowed(
            "too-many-attempts", "Too many wrong codes. Wait, then ask for a new code.", status=429,
            headers={"Retry-After": str(seconds)},
        )  # fmt: skip
    row = ClaimAttempt(subject=subject)
    db.session.add(row)
    db.session.flush()
    return row.id


def _forget(attempt: int) -> None:
    with transaction():
        db.session.execute(delete(ClaimAttempt).where(ClaimAttempt.id == attempt))


def _end_codes(device_row_id: int) -> None:
    # Also one that a claim has just taken: given back, it must not be good beside the new one.
    mine = (ClaimCode.device_id == device_row_id) & (ClaimCode.expires_at > sql_now())
    db.session.execute(update(ClaimCode).where(mine).values(expires_at=sql_now()))


def _turn(what: bytes) -> None:
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what.hex(), 0))))


def tidy(code: str) -> str:
    """A code as it was meant: case, hyphens and spaces do not matter."""
    return code.upper().replace("-", "").replace(" ", "")


def _hash(code: str) -> bytes:
    # Whatever is sent is only a wrong code, half a character too.
    return hashlib.scrypt(
        code.encode(errors="surrogatepass"), salt=_SALT, dklen=32, maxmem=64 * 1024 * 1024, **_COST
    )
