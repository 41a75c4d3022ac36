"""Rings a browser by web push (RFC 8030): sealed, signed, and with nothing inside but that there is something."""

import json
import logging
import time
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from flask import current_app

from backend.core.clock import now
from backend.core.config import Messaging
from backend.messages.outgoing import Outgoing, PushTarget, Receipt, RetryLater, Undeliverable
from backend.messages.posting import post
from backend.messages.sealed import private_key, seal, signature

log = logging.getLogger("alongside.messages")

NAME = "web-push"
# The browsers' own push services. An address a browser gives is a place our server calls, so it may be no other.
SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)
# How long a push service keeps it for a phone that is off; later the server has gone other ways long since.
KEPT_S = 3600
# For everybody one message is for, together.
PATIENCE_S = 10.0
GONE = ("provider answered 404", "provider answered 410")


def is_configured() -> bool:
    """Whether our key pair is there."""
    settings: Messaging = current_app.config["MESSAGING"]
    return settings.push_key is not None


def is_push_service(endpoint: str, also: tuple[str, ...] = ()) -> bool:
    """Whether an address is at a push service we know, or at one of `also` (origins an operator named)."""
    # What a request line cannot hold is no address, and must not be found out when somebody is to be rung.
    if not (endpoint.isascii() and endpoint.isprintable()) or " " in endpoint:
        return False
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    if f"{parts.scheme}://{parts.netloc}" in also:
        return True
    host = (parts.hostname or "").lower()
    known = any(host == one or (one.startswith(".") and host.endswith(one)) for one in SERVICES)
    return parts.scheme == "https" and port in (None, 443) and not parts.username and known


def send(outgoing: Outgoing) -> Receipt:
    """Ring every browser of whom it is for: told when one service took it, gone when none of them will ever.

    Nobody is told whether a human saw it, which is why the ladder goes on until somebody does something.
    """
    settings: Messaging = current_app.config["MESSAGING"]
    if settings.push_key is None:
        raise Undeliverable("not configured")
    key = private_key(settings.push_key)
    gone: list[str] = []
    refs: list[str] = []
    later: RetryLater | None = None
    began = time.monotonic()
    for target in outgoing.targets:
        if not isinstance(target, PushTarget) or time.monotonic() - began > PATIENCE_S:
            continue
        try:
            refs.append(_ring(outgoing, target, key, settings))
        except RetryLater as busy:
            later = busy
        except Undeliverable as never:
            gone += [target.endpoint] if str(never) in GONE else []
        except Exception as fault:
            # One browser's address must not keep the others of a team from being rung.
            log.exception("a browser could not be rung", extra={"phase": "web-push"})
            later = RetryLater(f"fault: {type(fault).__name__}")
    if refs:
        return Receipt(refs[0][:200] or None, tuple(gone))
    if later is not None:
        raise later
    raise Undeliverable("no browser takes it", tuple(gone))


def _ring(outgoing: Outgoing, target: PushTarget, key: EllipticCurvePrivateKey, settings: Messaging) -> str:
    if not is_push_service(target.endpoint, settings.push_services):
        raise Undeliverable("not a push service")
    try:
        body = seal(json.dumps({"id": str(outgoing.id)}).encode(), target.p256dh, target.auth)
    except ValueError:
        raise Undeliverable("no keys of a browser") from None
    subject = settings.push_subject or str(current_app.config["PUBLIC_URL"])
    headers = {
        "Authorization": signature(target.endpoint, subject, key, now()),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_S),
        "Urgency": "high" if outgoing.is_red else "normal",
    }
    return post(target.endpoint, body, headers, now()).location or ""
