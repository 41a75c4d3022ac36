"""Makes the tickets of phones so that a service restored from a backup still knows those it gave since."""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from flask import current_app

from backend.core.sealing import CannotOpen, b64, unb64

# Alongside default. A ticket outlives every session (30 days), so that somebody who comes home from hospital after
# two months loses nothing.
TICKET_LIVES = timedelta(days=90)
_CHANCE, _ID, _TIME, _MAC = 16, 16, 6, 16
_KINDS: tuple[Literal["own", "shared"], ...] = ("own", "shared")
_LENGTH = _CHANCE + 2 * _ID + _TIME + 1


@dataclass(frozen=True, slots=True)
class Told:
    """What a ticket of ours says by itself: whose and which phone's it is, and until when."""

    account: UUID
    phone: UUID
    kind: Literal["own", "shared"]
    expires_at: datetime


def new_ticket(told: Told) -> str:
    """A ticket nobody can guess or make. Where no key was set up it says nothing by itself, and serves as well."""
    chance = secrets.token_bytes(_CHANCE)
    ends = int(told.expires_at.timestamp()).to_bytes(_TIME, "big")
    said = chance + told.account.bytes + told.phone.bytes + ends + bytes([_KINDS.index(told.kind)])
    key = next(_keys(), None)
    return secrets.token_urlsafe(32) if key is None else b64(said + _mac(key, said))


def read_ticket(ticket: str, now: datetime) -> Told | None:
    """What it says; None when it is not ours, was changed, or is over."""
    try:
        data = unb64(ticket)
    except CannotOpen:
        return None
    said, mac = data[:_LENGTH], data[_LENGTH:]
    if len(mac) != _MAC or not any(hmac.compare_digest(_mac(key, said), mac) for key in _keys()):
        return None
    account, phone, rest = said[_CHANCE:][:_ID], said[_CHANCE + _ID :][:_ID], said[_CHANCE + 2 * _ID :]
    expires_at = datetime.fromtimestamp(int.from_bytes(rest[:_TIME], "big"), tz=now.tzinfo)
    if expires_at <= now:
        return None
    return Told(UUID(bytes=account), UUID(bytes=phone), _KINDS[rest[_TIME]], expires_at)


def _keys() -> Iterator[bytes]:
    """From the seeds of the key that phones seal to: they outlive a database, and a copied home keeps them."""
    for seed in str(current_app.config["OUTBOX_KEY"] or "").split():
        yield hashlib.sha256(b"alongside ticket\0" + seed.encode()).digest()


def _mac(key: bytes, said: bytes) -> bytes:
    return hmac.digest(key, said, "sha256")[:_MAC]
