"""One POST to a provider: short patience, no redirects, and its answer turned into the words of a channel."""

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from backend.messages.outgoing import RetryLater, Undeliverable

# Alongside default: a provider slower than this is tried again rather than waited for.
PATIENCE_S = 5.0
MOST_ANSWER = 65536
LONGEST_ASKED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a provider answered: the status, one header a caller may want, and the body (64 KiB at most)."""

    status: int
    location: str | None
    body: bytes


def post(url: str, body: bytes, headers: Mapping[str, str], now: datetime) -> Answered:
    """Send it. Raises RetryLater when nobody answers or says busy, Undeliverable for a 4xx; words hold no address."""
    parts = urlsplit(url)
    address = (parts.hostname or "", parts.port)
    try:
        connection = (
            http.client.HTTPSConnection(*address, timeout=PATIENCE_S, context=ssl.create_default_context())
            if parts.scheme == "https"
            else http.client.HTTPConnection(*address, timeout=PATIENCE_S)
        )
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            said = Answered(answer.status, answer.getheader("Location"), answer.read(MOST_ANSWER))
            after = answer.getheader("Retry-After")
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as away:
        raise RetryLater(f"no answer: {type(away).__name__}") from None
    return _judged(said, after, now)


def _judged(said: Answered, after: str | None, now: datetime) -> Answered:
    if 200 <= said.status < 300:
        return said
    words = f"provider answered {said.status}"
    if said.status in (408, 425, 429) or said.status >= 500:
        raise RetryLater(words, _asked(after, now))
    raise Undeliverable(words)


def _asked(after: str | None, now: datetime) -> timedelta | None:
    """Retry-After in seconds or as a date (RFC 9110 10.2.3), an hour at most; None for what is neither."""
    if after is None:
        return None
    if after.strip().isdigit():
        return min(timedelta(seconds=int(after.strip()[:9])), LONGEST_ASKED)
    try:
        at = parsedate_to_datetime(after)
    except ValueError:
        return None
    wait = at.replace(tzinfo=at.tzinfo or UTC) - now
    return min(max(wait, timedelta(0)), LONGEST_ASKED)
