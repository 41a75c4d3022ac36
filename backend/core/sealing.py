"""Opens what a phone sealed to the service: nobody who holds the phone can read it, not even who wrote it."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app

from backend.core.errors import Invalid, Unavailable

CURVE = ec.SECP256R1()
# NIST P-256: the number of points, under which every private key lies.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_INFO = b"alongside outbox 1"
_POINT, _IV = 65, 12


class CannotOpen(Invalid):
    """What was sent is no envelope, is for another key, or was changed on its way."""

    def __init__(self) -> None:
        super().__init__(
            "cannot-open", "This could not be opened here, so nothing of it was stored. Keep it."
        )


@dataclass(frozen=True, slots=True)
class SealKey:
    """Our key pair: its name, the public half as an uncompressed point in base64, and the private half."""

    kid: str
    public_key: str
    private: ec.EllipticCurvePrivateKey


def told_key() -> SealKey:
    """The key that phones seal to now; raises Unavailable "no-outbox-key" where none was set up."""
    seeds = str(current_app.config["OUTBOX_KEY"] or "").split()
    if not seeds:
        raise Unavailable(
            "no-outbox-key", "This service has no key for what is sealed. Keep it, and try later."
        )
    return derive(seeds[0])


@lru_cache(maxsize=8)
def derive(seed: str) -> SealKey:
    """The same key for the same seed (32 random bytes, as text)."""
    number = int.from_bytes(hashlib.sha512(b"alongside outbox\0" + seed.encode()).digest(), "big")
    private = ec.derive_private_key(number % (_ORDER - 1) + 1, CURVE)
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return SealKey(hashlib.sha256(point).hexdigest()[:16], b64(point), private)


def open_sealed(envelope: Mapping[str, str]) -> bytes:
    """The plain bytes of `kid`, `epk`, `iv` and `ct`; raises CannotOpen.

    ECDH on P-256 with a key of that one envelope, HKDF-SHA256 (salt: that key's point), AES-256-GCM.
    """
    told_key()
    keys = [derive(seed) for seed in str(current_app.config["OUTBOX_KEY"]).split()]
    mine = next(
        (key for key in keys if hmac.compare_digest(key.kid.encode(), envelope["kid"].encode())), None
    )
    if mine is None:
        raise CannotOpen
    try:
        point, iv, sealed = (unb64(envelope[name]) for name in ("epk", "iv", "ct"))
        if len(point) != _POINT or len(iv) != _IV:
            raise CannotOpen
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
        secret = mine.private.exchange(ec.ECDH(), theirs)
        key = HKDF(SHA256(), 32, point, _INFO).derive(secret)
        return AESGCM(key).decrypt(iv, sealed, None)
    except (ValueError, InvalidTag):
        raise CannotOpen from None


def b64(data: bytes) -> str:
    """URL-safe base64 without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Its bytes; raises CannotOpen."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, ValueError):
        raise CannotOpen from None
