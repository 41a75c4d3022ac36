"""HTTP manners: who is asking, weak ETags and If-Match, and writes that can be repeated or come late."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, current_app, g, request

from backend.core.errors import Conflict, Invalid, NotAllowed

ActorKind = Literal["patient", "related-person", "practitioner", "system", "anonymous"]
Audience = Literal["person", "team"]
Wanted = Literal["person", "team", "any", "nobody"]


@dataclass(frozen=True)
class Actor:
    """Who is asking. `id` is the public id of the patient, related person or practitioner."""

    kind: ActorKind
    id: UUID | None = None
    account_id: int | None = None
    patient_id: int | None = None
    related_person_id: int | None = None
    practitioner_id: int | None = None


SYSTEM = Actor("system")
ANONYMOUS = Actor("anonymous")


@dataclass(frozen=True)
class SignedIn:
    """A live session: who, for which pages, and the token that proves a write comes from our own pages."""

    actor: Actor
    audience: Audience
    session_id: int
    csrf: str
    expires_at: datetime


@dataclass(frozen=True)
class Answer:
    """What a view answers when the body alone does not say it: a status, a version for the ETag, headers."""

    body: Mapping[str, object] | None
    status: int = 200
    version: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


Resolver = Callable[[Audience, str], SignedIn | None]
Refused = Callable[[Actor, str], None]
_RESOLVER = "alongside-session-resolver"
_REFUSED = "alongside-refusal-recorder"
# A request inside the service, for what came sealed, carries its sign-in in its environ under this key. No client
# can set it: what a client sends is under HTTP_ and a few names of the WSGI standard.
GIVEN_SESSION = "alongside.signed-in"
COOKIES: Mapping[Audience, str] = {"person": "__Host-alongside-person", "team": "__Host-alongside-team"}


def register_sessions(app: Flask, resolver: Resolver, refused: Refused) -> None:
    """Tell who resolves a cookie to a session and who records a refusal, so that core points at no slice."""
    app.extensions[_RESOLVER] = resolver
    app.extensions[_REFUSED] = refused


def asked_audience() -> Audience:
    """Which of the two pages asks; EventSource cannot set headers, so the query may say it too."""
    said = request.headers.get("X-Alongside-Audience") or request.args.get("audience") or "person"
    if said == "person":
        return "person"
    if said == "team":
        return "team"
    raise Invalid("audience", "X-Alongside-Audience must be person or team.")


def current_session() -> SignedIn | None:
    """The live session of this request for the asked audience; None when nobody is signed in."""
    given = request.environ.get(GIVEN_SESSION)
    if isinstance(given, SignedIn):
        g.signed_in = given
    if "signed_in" not in g:
        audience = asked_audience()
        token = request.cookies.get(COOKIES[audience])
        resolver: Resolver = current_app.extensions[_RESOLVER]
        g.signed_in = resolver(audience, token) if token else None
    found: SignedIn | None = g.signed_in
    return found


def current_actor() -> Actor:
    """Who is asking; ANONYMOUS when nobody is signed in."""
    session = current_session()
    return session.actor if session else ANONYMOUS


def require_audience(wanted: Wanted) -> SignedIn | None:
    """Refuse whoever is not signed in (401) or has come by the other entrance (403)."""
    if wanted == "nobody":
        return None
    session = current_session()
    if session is None:
        raise NotAllowed("signed-out", "Sign in to see this page.", status=401)
    if wanted not in ("any", session.audience):
        current_app.extensions[_REFUSED](session.actor, str(request.url_rule))
        raise NotAllowed("wrong-audience", "This page is not for this sign-in.")
    return session


def check_origin() -> None:
    """Refuse a write that another site's page sent; raises NotAllowed "cross-site"."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        same = fetch_site in ("same-origin", "none")
    else:
        origin = request.headers.get("Origin", "")
        same = origin in (request.host_url.rstrip("/"), _origin(current_app.config["PUBLIC_URL"]))
    if not same:
        raise NotAllowed("cross-site", "This change did not come from our own page, so it was not made.")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def weak_etag(written: bytes, ignore: frozenset[str] = frozenset()) -> str:
    """A weak ETag of an answer as it is written; `ignore` names members that change with the clock and not the facts.

    Members are looked for in the text: inside of a string each quote has a backslash before it, so what somebody
    wrote is never taken for a member.
    """
    facts = _member(ignore).sub(b"", written) if ignore else written
    return hashlib.sha256(facts).hexdigest()[:32]


@cache
def _member(names: frozenset[str]) -> "re.Pattern[bytes]":
    words = "|".join(sorted(re.escape(name) for name in names))
    return re.compile(rf'"(?:{words})":\s*(?:"(?:[^"\\]|\\.)*"|[-+.\w]+)'.encode())


def if_match_version() -> int:
    """The version the writer last saw, from `If-Match: W/"3"`.

    Compared weakly (pwa findings: flask-smorest's own check is strong and `W/"3"` always fails it).
    Raises Conflict with status 428 when it is missing, Invalid when it is no version.
    """
    if "If-Match" not in request.headers:
        raise Conflict("if-match-missing", 'Send If-Match: W/"<version>" with this change.', status=428)
    for tag in [*request.if_match.as_set(include_weak=True)]:
        if tag.isdigit() and request.if_match.contains_weak(tag):
            return int(tag)
    raise Invalid("if-match", 'If-Match must hold one version, as W/"3".')


def idempotency_key() -> UUID:
    """The id the writer chose for this write; raises Invalid when it is missing or no UUID."""
    try:
        return UUID(request.headers.get("Idempotency-Key", ""))
    except ValueError:
        raise Invalid("idempotency-key", "Send a UUID in Idempotency-Key with this change.") from None


def made_at() -> datetime | None:
    """When the writer's own clock says a change was made (`X-Alongside-Made-At`), aware UTC.

    A claim: shown and stored beside our own time, and never used for order. None when it is missing or cannot be
    read: a wrong clock loses nobody's change.
    """
    try:
        said = datetime.fromisoformat(request.headers.get("X-Alongside-Made-At", "").strip())
        return said.astimezone(UTC) if said.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def made_offline() -> bool:
    """Whether a change was made without a network (`X-Alongside-Offline: 1`); a claim, as the time is."""
    return request.headers.get("X-Alongside-Offline", "").strip() == "1"


def came_sealed() -> bool:
    """Whether this change was brought by a phone after its session had ended (the upload right)."""
    return GIVEN_SESSION in request.environ


def request_hash() -> bytes:
    """What makes two requests the same: method, path, version seen and body."""
    parts = (request.method, request.path, request.headers.get("If-Match", ""))
    return hashlib.sha256("\n".join(parts).encode() + b"\n" + request.get_data(cache=True)).digest()


def check_csrf(session: SignedIn) -> None:
    """Refuse a write without the session's own token; raises NotAllowed "csrf"."""
    said = request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(said.encode(), session.csrf.encode()):
        raise NotAllowed("csrf", "This page is out of date. Load it again, then repeat the change.")
