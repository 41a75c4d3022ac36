"""Seals a push so that only the one browser reads it, and signs who sends it: RFC 8291, 8188 and 8292."""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
# NIST P-256: the number of points, under which every private key lies.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
RECORD_SIZE = 4096
# RFC 8188 2: the one record is the last, and 2 says so.
LAST_RECORD = b"\x02"
# RFC 8292 2: at most 24 hours.
SIGNED_FOR = timedelta(hours=12)


def b64(data: bytes) -> str:
    """URL-safe base64 without padding, as these standards write bytes."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of it; raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def private_key(seed: str) -> ec.EllipticCurvePrivateKey:
    """Our key pair for a home, the same for the same seed (a secret of at least 32 random bytes, as text)."""
    number = int.from_bytes(hashlib.sha512(b"alongside web push\0" + seed.encode()).digest(), "big")
    return ec.derive_private_key(number % (ORDER - 1) + 1, CURVE)


def public_key(key: ec.EllipticCurvePrivateKey) -> str:
    """The public half as a browser is given it: an uncompressed point in base64."""
    return b64(_point(key.public_key()))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def check_keys(p256dh: str, auth: str) -> None:
    """Raise ValueError for what is no point of the curve or no 16 bytes."""
    ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unb64(p256dh))
    if len(unb64(auth)) != 16:
        raise ValueError("auth must be 16 bytes")


def seal(
    plain: bytes, p256dh: str, auth: str, *,
    ours: ec.EllipticCurvePrivateKey | None = None, salt: bytes | None = None,
) -> bytes:  # fmt: skip
    """The body of a push (aes128gcm, one record of at most 3,993 bytes). `ours` and `salt` are new each time.

    They are parameters for the example of RFC 8291 appendix A alone. Raises ValueError for keys that are none.
    """
    if len(plain) > RECORD_SIZE - 103:
        raise ValueError("too long for one push")
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unb64(p256dh))
    ours = ours or ec.generate_private_key(CURVE)
    salt = salt or os.urandom(16)
    their_point, our_point = _point(theirs), _point(ours.public_key())
    secret = ours.exchange(ec.ECDH(), theirs)
    shared = _hkdf(unb64(auth), secret, b"WebPush: info\0" + their_point + our_point, 32)
    key = _hkdf(salt, shared, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, shared, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(our_point)]) + our_point
    return header + AESGCM(key).encrypt(nonce, plain + LAST_RECORD, None)


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def signature(endpoint: str, subject: str, key: ec.EllipticCurvePrivateKey, at: datetime) -> str:
    """The Authorization header of a push (RFC 8292): who we are, for this push service, for twelve hours.

    `subject` is an https or mailto address where we are found.
    """
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((at + SIGNED_FOR).timestamp()),
        "sub": subject,
    }
    said = ".".join(b64(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(SHA256())))
    signed = b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={said}.{signed}, k={public_key(key)}"
