"""HTTP manners: who is asking, weak ETags and If-Match, and writes that can be repeated."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
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


def weak_etag(body: object, ignore: frozenset[str] = frozenset()) -> str:
    """A weak ETag of what is shown; `ignore` names members that change with the clock and not the facts."""
    text = json.dumps(_without(body, ignore), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _without(body: object, ignore: frozenset[str]) -> object:
    if isinstance(body, Mapping):
        return {key: _without(value, ignore) for key, value in body.items() if key not in ignore}
    if isinstance(body, list | tuple):
        return [_without(item, ignore) for item in body]
    return body


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


def request_hash() -> bytes:
    """What makes two requests the same: method, path, version seen and body."""
    parts = (request.method, request.path, request.headers.get("If-Match", ""))
    return hashlib.sha256("\n".join(parts).encode() + b"\n" + request.get_data(cache=True)).digest()


def check_csrf(session: SignedIn) -> None:
    """Refuse a write without the session's own token; raises NotAllowed "csrf"."""
    said = request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(said.encode(), session.csrf.encode()):
        raise NotAllowed("csrf", "This page is out of date. Load it again, then repeat the change.")
