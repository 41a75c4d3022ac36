"""Sends a text message through a provider's HTTPS interface: one POST of JSON, no name and no value in it.

The body is {"id": our own id, "from": the sender's name, "to": the number, "text": the words}, signed with a bearer
token; an `Idempotency-Key` header repeats the id, so that a provider can drop the second of two. A 2xx with
{"id": ...} gives the provider's reference. docs/runbooks/escalation.md has an example.
"""

import json
import re

from flask import current_app

from backend.core.clock import now
from backend.core.config import Messaging
from backend.messages.outgoing import Outgoing, Receipt, Undeliverable
from backend.messages.posting import post
from backend.messages.templates import words

NAME = "sms"
_NOT_DIALLED = re.compile(r"[\s().-]")


def is_configured() -> bool:
    """Whether a provider's address is set."""
    settings: Messaging = current_app.config["MESSAGING"]
    return settings.sms_url is not None


def send(outgoing: Outgoing) -> Receipt:
    """Hand it to the provider, for the first number we have of whom it is for."""
    settings: Messaging = current_app.config["MESSAGING"]
    if settings.sms_url is None:
        raise Undeliverable("not configured")
    number = next((_dialled(one) for one in outgoing.targets if isinstance(one, str)), None)
    if number is None:
        raise Undeliverable("no number")
    text = {
        "id": str(outgoing.id),
        "from": settings.sms_sender,
        "to": number,
        "text": words(outgoing.template, outgoing.facts, outgoing.to.kind),
    }
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(outgoing.id)}
    if settings.sms_token is not None:
        headers["Authorization"] = f"Bearer {settings.sms_token}"
    answer = post(settings.sms_url, json.dumps(text).encode(), headers, now())
    return Receipt(_reference(answer.body))


def _dialled(number: str) -> str:
    """As a provider wants it: +44 for a number written with the 0 of this country."""
    bare = _NOT_DIALLED.sub("", number)
    return f"+44{bare[1:]}" if bare.startswith("0") and not bare.startswith("00") else bare


def _reference(body: bytes) -> str | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    ref = said.get("id") if isinstance(said, dict) else None
    return str(ref)[:200] if ref is not None else None
