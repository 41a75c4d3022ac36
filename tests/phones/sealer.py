"""Seals as a phone does, written from the contract and not from the code that opens."""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from werkzeug.test import TestResponse

from tests.browsing import Browser
from tests.factories import PASSWORD


def b64(data: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def seal(key: dict[str, str], plain: object) -> dict[str, object]:
    """The envelope of a plain object for a service's key."""
    point = urlsafe_b64decode(key["public_key"] + "==")
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    ours = ec.generate_private_key(ec.SECP256R1())
    epk = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = HKDF(SHA256(), 32, epk, b"alongside outbox 1").derive(ours.exchange(ec.ECDH(), theirs))
    iv = os.urandom(12)
    sealed = AESGCM(secret).encrypt(iv, json.dumps(plain).encode(), None)
    return {"v": 1, "kid": key["kid"], "epk": b64(epk), "iv": b64(iv), "ct": b64(sealed)}


class PhoneOf:
    """A phone on which somebody has signed in; it knows its ticket and the service's key."""

    def __init__(self, browser: Browser, username: str, kind: str = "own", label: str = "") -> None:
        self.browser, self.id = browser, str(uuid4())
        phone = {"id": self.id, "kind": kind, "label": label}
        self.signed_in = browser.post(
            "/session", {"username": username, "password": PASSWORD, "phone": phone}
        )
        assert self.signed_in.status_code == 200, self.signed_in.get_data(as_text=True)
        self.session = self.signed_in.get_json()
        browser.csrf = self.session["csrf"]

    def command(self, path: str, **other: object) -> dict[str, object]:
        """A change as the phone keeps it."""
        return {
            "id": str(uuid4()), "ticket": self.session["upload_ticket"], "method": "POST", "path": path,
            "body": None, "ifMatch": None, "madeAt": "2026-11-20T08:05:00Z", "madeOffline": True,
        } | other  # fmt: skip

    def worry(self, patient_id: UUID, **other: object) -> dict[str, object]:
        """'I'm worried', recorded without a network."""
        return self.command(f"/patients/{patient_id}/concern", **other)

    def bring(self, command: dict[str, object], browser: Browser | None = None) -> TestResponse:
        """Send it sealed, by a browser that nobody is signed in on."""
        return (browser or self.browser).post("/outbox/sealed", seal(self.session["seal_key"], command))
