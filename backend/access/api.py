"""Signing in and out, and what the page needs to know of who is signed in."""

from typing import Any

from flask import current_app, request
from marshmallow import Schema, fields, validate

from backend.access import pairing, phones, service, sessions
from backend.access.phones import NamedPhone
from backend.access.sessions import Opened
from backend.access.sign_in import local
from backend.audit import service as audit
from backend.core.db import transaction
from backend.core.errors import NotAllowed
from backend.core.http import COOKIES, Answer, Audience, SignedIn, asked_audience, current_session
from backend.core.routes import Instant, Routes
from backend.core.sealing import told_key

# An Alongside default: long enough to read a page, short enough for a phone left on a table.
LOCK_AFTER_S = 300
blp = Routes("access", "Signing in and out.")


class NamedPhoneSchema(Schema):
    """What a phone says of itself."""

    id = fields.UUID(
        required=True, metadata={"description": "The phone's own, kept for as long as its store."}
    )
    kind = fields.String(
        required=True, validate=validate.OneOf(["own", "shared"]),
        metadata={"description": "shared: others use it too, so the sign-in ends with the browser."},
    )  # fmt: skip
    label = fields.String(
        load_default="", validate=validate.Length(max=60), metadata={"description": "As its owner knows it."}
    )


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
    phone = fields.Nested(NamedPhoneSchema, load_default=None, allow_none=True)


class PatientChoiceSchema(Schema):
    """A record this account may open."""

    id = fields.UUID(required=True, metadata={"description": "The patient's public id."})
    display_name = fields.String(required=True, metadata={"description": "Whose record it is."})
    relation = fields.String(required=True, metadata={"description": "self or carer."})
    scopes = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "What of it is open: readings, alerts, add-readings, plan, messages."},
    )


class TeamNameSchema(Schema):
    """The team a member of staff is in."""

    name = fields.String(required=True, metadata={"description": "The team's name."})


class SealKeySchema(Schema):
    """What a phone seals to."""

    kid = fields.String(required=True, metadata={"description": "The key's name."})
    public_key = fields.String(
        required=True, metadata={"description": "P-256, an uncompressed point, base64url without padding."}
    )


class PhoneSchema(Schema):
    """The phone this session is on."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, metadata={"description": "own or shared."})


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
    account = fields.UUID(required=True, metadata={"description": "Who writes, in the phone's outbox."})
    phone = fields.Nested(
        PhoneSchema,
        required=True,
        allow_none=True,
        metadata={"description": "When one was named at sign-in."},
    )
    upload_ticket = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "At sign-in on a named phone only: lets it bring what it recorded, for 90 days."
        },
    )
    seal_key = fields.Nested(SealKeySchema, required=True, allow_none=True)
    lock_after_s = fields.Integer(
        required=True, metadata={"description": "An own phone locks after so many seconds away."}
    )


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
    phone = fields.Nested(NamedPhoneSchema, load_default=None, allow_none=True)


class PairedSchema(SessionSchema):
    """The session, and the name to sign in with next time."""

    username = fields.String(required=True)


def session_view(signed_in: SignedIn, ticket: str | None = None) -> dict[str, object]:
    """What a page is told of who is signed in; the ticket only at the sign-in it was made for."""
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
        "account": phones.account_id_of(actor),
        "phone": phones.of_session(signed_in.session_id),
        "upload_ticket": ticket,
        "seal_key": told_key() if current_app.config["OUTBOX_KEY"] else None,
        "lock_after_s": LOCK_AFTER_S,
    }


def cookie(audience: Audience, token: str, max_age: int | None) -> str:
    """The Set-Cookie of a session; without an age it ends with the browser, and 0 takes it away."""
    # __Host-: Secure, this host only, whole site. Lax and not Strict: a return from NHS login is cross-site.
    age = "" if max_age is None else f" Max-Age={max_age};"
    return f"{COOKIES[audience]}={token};{age} Path=/; Secure; HttpOnly; SameSite=Lax"


def opened_cookie(audience: Audience, opened: Opened) -> str:
    """The Set-Cookie of a session just opened."""
    lives = sessions.LIFETIMES[audience].absolute
    return cookie(audience, opened.token, None if opened.is_shared else int(lives.total_seconds()))


def named_phone(body: dict[str, Any]) -> NamedPhone | None:
    """The phone that somebody signs in on, when it said which it is."""
    said = body["phone"]
    return None if said is None else NamedPhone(said["id"], said["kind"], said["label"].strip())


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
        phone=named_phone(body),
    )
    with transaction():
        view = session_view(opened.signed_in, opened.ticket)
        return Answer(view, headers={"Set-Cookie": opened_cookie(audience, opened)})


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
        phone=named_phone(body),
    )
    with transaction():
        view = session_view(paired.opened.signed_in, paired.opened.ticket) | {"username": paired.username}
        return Answer(view, headers={"Set-Cookie": opened_cookie(audience, paired.opened)})


@blp.get("/session", audience="any", answers=SessionSchema)
def read_session() -> dict[str, object]:
    """Who is signed in."""
    return session_view(_required())


@blp.delete("/session", audience="any")
def sign_out() -> Answer:
    """Sign out on this device."""
    signed_in = _required()
    sessions.revoke(signed_in.session_id)
    audit.record(signed_in.actor, "sign-out", "account")
    return Answer(None, 204, headers={"Set-Cookie": cookie(signed_in.audience, "", 0)})


def _required() -> SignedIn:
    session = current_session()
    if session is None:
        raise NotAllowed("signed-out", "Sign in to see this page.", status=401)
    return session
