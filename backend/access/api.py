"""Signing in and out, and what the page needs to know of who is signed in."""

from typing import Any

from flask import current_app, request
from marshmallow import Schema, fields, validate

from backend.access import pairing, service, sessions
from backend.access.sign_in import local
from backend.audit import service as audit
from backend.core.db import transaction
from backend.core.errors import NotAllowed
from backend.core.http import COOKIES, Answer, SignedIn, asked_audience, current_session
from backend.core.routes import Instant, Routes

blp = Routes("access", "Signing in and out.")


class SignInSchema(Schema):
    """A user name and a password."""

    username = fields.String(
        required=True, validate=validate.Length(1, 64), metadata={"description": "Case does not matter."}
    )
    password = fields.String(
        required=True,
        validate=validate.Length(1, 256),
        load_only=True,
        metadata={"description": "Never stored or logged."},
    )


class PatientChoiceSchema(Schema):
    """A record this account may open."""

    id = fields.UUID(required=True, metadata={"description": "The patient's public id."})
    display_name = fields.String(required=True, metadata={"description": "Whose record it is."})
    relation = fields.String(required=True, metadata={"description": "self or carer."})


class TeamNameSchema(Schema):
    """The team a member of staff is in."""

    name = fields.String(required=True, metadata={"description": "The team's name."})


class SessionSchema(Schema):
    """Who is signed in, for which pages, and the token every change has to carry."""

    audience = fields.String(required=True, metadata={"description": "person or team."})
    kind = fields.String(required=True, metadata={"description": "patient, related-person or practitioner."})
    display_name = fields.String(required=True, metadata={"description": "The name to show."})
    csrf = fields.String(required=True, metadata={"description": "Send as X-CSRF-Token with every change."})
    expires_at = Instant(required=True, metadata={"description": "When this session ends in any case."})
    patients = fields.List(
        fields.Nested(PatientChoiceSchema), required=True, metadata={"description": "Records to choose from."}
    )
    team = fields.Nested(
        TeamNameSchema, required=True, allow_none=True, metadata={"description": "For staff: their team."}
    )
    role = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "For staff: what they are; an installer sees kit and no readings."},
    )
    demo = fields.Boolean(required=True, metadata={"description": "True when everybody here is pretend."})


class PairingSchema(Schema):
    """The code somebody was given, and the password they choose."""

    code = fields.String(
        required=True, load_only=True, validate=validate.Length(1, 32),
        metadata={"description": "Case, spaces and hyphens do not matter."},
    )  # fmt: skip
    password = fields.String(
        required=True, load_only=True, validate=validate.Length(pairing.SHORTEST_PASSWORD, 256),
        metadata={"description": "At least ten signs, any."},
    )  # fmt: skip
    username = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(3, 64),
        metadata={"description": "For a new account, if one is wished; else one is made up."},
    )  # fmt: skip


class PairedSchema(SessionSchema):
    """The session, and the name to sign in with next time."""

    username = fields.String(required=True)


def _session_view(signed_in: SignedIn) -> dict[str, object]:
    actor = signed_in.actor
    team = service.team_name(actor)
    return {
        "audience": signed_in.audience,
        "kind": actor.kind,
        "display_name": service.display_name(actor),
        "csrf": signed_in.csrf,
        "expires_at": signed_in.expires_at,
        "patients": service.patients_of(actor),
        "team": {"name": team} if team else None,
        "role": service.role_of(actor),
        "demo": current_app.config["DEMO"],
    }


def _cookie(audience: str, token: str, max_age: int) -> str:
    # __Host-: Secure, this host only, whole site. Lax and not Strict: a return from NHS login is cross-site.
    return f"{audience}={token}; Max-Age={max_age}; Path=/; Secure; HttpOnly; SameSite=Lax"


@blp.post("/session", audience="nobody", body=SignInSchema, answers=SessionSchema, own_transaction=True)
def sign_in(body: dict[str, Any]) -> Answer:
    """Sign in.

    The words and the time are the same whether the name or the password is wrong. After too many tries
    the answer is 429 with Retry-After in seconds.
    """
    audience = asked_audience()
    opened = local.sign_in(
        body["username"],
        body["password"],
        audience,
        address=request.remote_addr or "",
        device_label=(request.headers.get("User-Agent") or "")[:120] or None,
        former_token=request.cookies.get(COOKIES[audience]),
    )
    lifetime = sessions.LIFETIMES[audience].absolute
    cookie = _cookie(COOKIES[audience], opened.token, int(lifetime.total_seconds()))
    with transaction():
        return Answer(_session_view(opened.signed_in), headers={"Set-Cookie": cookie})


@blp.post("/pairing", audience="nobody", body=PairingSchema, answers=PairedSchema, own_transaction=True)
def pair(body: dict[str, Any]) -> Answer:
    """Choose a password with a one-time code, and sign in.

    404 in the same words for a code that is unknown, used or over; 429 with Retry-After after five wrong ones
    in ten minutes. A user name that is taken uses no code up.
    """
    audience = asked_audience()
    paired = pairing.pair(
        body["code"],
        body["password"],
        body["username"],
        audience,
        address=request.remote_addr or "",
        device_label=(request.headers.get("User-Agent") or "")[:120] or None,
        former_token=request.cookies.get(COOKIES[audience]),
    )
    lifetime = sessions.LIFETIMES[audience].absolute
    cookie = _cookie(COOKIES[audience], paired.opened.token, int(lifetime.total_seconds()))
    with transaction():
        view = _session_view(paired.opened.signed_in) | {"username": paired.username}
        return Answer(view, headers={"Set-Cookie": cookie})


@blp.get("/session", audience="any", answers=SessionSchema)
def read_session() -> dict[str, object]:
    """Who is signed in."""
    return _session_view(_required())


@blp.delete("/session", audience="any")
def sign_out() -> Answer:
    """Sign out on this device."""
    signed_in = _required()
    sessions.revoke(signed_in.session_id)
    audit.record(signed_in.actor, "sign-out", "account")
    return Answer(None, 204, headers={"Set-Cookie": _cookie(COOKIES[signed_in.audience], "", 0)})


def _required() -> SignedIn:
    session = current_session()
    if session is None:
        raise NotAllowed("signed-out", "Sign in to see this page.", status=401)
    return session
