"""The routes of phones and of their outbox: what comes sealed, what is known, and shutting one out."""

from typing import Any
from uuid import UUID

from flask import request
from marshmallow import Schema, fields, validate

from backend.access import phones
from backend.access.api import SealKeySchema, cookie
from backend.access.record import Action, Purpose, open_record
from backend.core.db import transaction
from backend.core.errors import Invalid, NotAllowed
from backend.core.http import COOKIES, Answer, asked_audience, current_actor, current_session
from backend.core.routes import Instant, Routes
from backend.core.sealing import told_key
from backend.phones import held, outbox

blp = Routes("phones", "Phones, and what they bring after a sign-in ended.")
LARGEST_ENVELOPE = 256 * 1024
MOST_ASKED = 500
# What the origin kept for pages goes; our own cookie is taken away beside it.
CLEAR = '"cache", "storage"'


class SealedSchema(Schema):
    """One change, sealed: ephemeral ECDH on P-256, HKDF-SHA256, AES-256-GCM; base64url without padding."""

    v = fields.Integer(required=True, validate=validate.Equal(1))
    kid = fields.String(
        required=True, validate=validate.Length(1, 64), metadata={"description": "Which key."}
    )
    epk = fields.String(required=True, metadata={"description": "The ephemeral key: a point of 65 bytes."})
    iv = fields.String(required=True, metadata={"description": "12 bytes."})
    ct = fields.String(required=True, metadata={"description": "What is sealed, with its tag."})


class SealedAnswerSchema(Schema):
    """That it was opened and refused, and is kept for its author."""

    held = fields.Boolean(required=True)


class StoredIdsSchema(Schema):
    """Changes this phone was told were stored."""

    ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=MOST_ASKED))


class UnknownIdsSchema(Schema):
    """Those of them that are not here: to be sent again."""

    # A schema has an attribute called `unknown` of its own.
    missing = fields.List(fields.UUID(), required=True, data_key="unknown")


class HeldChangeSchema(Schema):
    """A change that came sealed and was refused."""

    id = fields.UUID(required=True)
    patient = fields.UUID(required=True)
    method = fields.String(required=True)
    path = fields.String(required=True, metadata={"description": "Without /api/v1."})
    body = fields.String(required=True, allow_none=True, metadata={"description": "As the phone wrote it."})
    if_match = fields.String(required=True, allow_none=True)
    made_at = fields.String(required=True, allow_none=True, metadata={"description": "By the phone's clock."})
    made_offline = fields.Boolean(required=True)
    received_at = Instant(required=True)
    problem = fields.Dict(required=True, metadata={"description": "code, detail, and current or errors."})


class HeldListSchema(Schema):
    """What waits for this author, oldest first."""

    items = fields.List(fields.Nested(HeldChangeSchema), required=True)


class SettleHeldSchema(Schema):
    """What became of it."""

    how = fields.String(required=True, validate=validate.OneOf(["sent-again", "let-go"]))


class PhoneRowSchema(Schema):
    """A phone somebody signs in on."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, metadata={"description": "own or shared."})
    label = fields.String(required=True)
    since = Instant(required=True)
    last_seen_at = Instant(required=True)
    this = fields.Boolean(required=True, metadata={"description": "The one that asks."})


class ShutOutPhoneSchema(Schema):
    """A phone that was shut out in the last 14 days."""

    id = fields.UUID(required=True)
    label = fields.String(required=True)
    shut_out_at = Instant(required=True)
    wiped_at = Instant(required=True, allow_none=True, metadata={"description": "When it said it is empty."})
    brought = fields.Integer(required=True, metadata={"description": "Changes it brought since."})


class PhonesSchema(Schema):
    """Somebody's phones, this one first and then the one seen last."""

    phones = fields.List(fields.Nested(PhoneRowSchema), required=True)
    shut_out = fields.List(fields.Nested(ShutOutPhoneSchema), required=True)


def _shown(rows: list[phones.Row]) -> dict[str, object]:
    out = [row | {"brought": held.brought_by(row["key"])} for row in rows if row["shut_out_at"] is not None]
    return {"phones": [row for row in rows if row["shut_out_at"] is None], "shut_out": out}


@blp.get("/outbox/key", audience="nobody", answers=SealKeySchema)
def read_key() -> Answer:
    """The key that phones seal to."""
    key = told_key()
    return Answer({"kid": key.kid, "public_key": key.public_key})


@blp.post(
    "/outbox/sealed",
    audience="nobody",
    body=SealedSchema,
    answers=SealedAnswerSchema,
    status=202,
    own_transaction=True,
)
def take_sealed(body: dict[str, Any]) -> Answer:
    """Take one sealed change: 204 stored, 202 opened and refused (its author is shown it), 422 cannot be opened."""
    if len(request.get_data(cache=True)) > LARGEST_ENVELOPE:
        raise Invalid("too-large", "This is larger than anything a phone records.", status=413)
    envelope = {name: body[name] for name in ("kid", "epk", "iv", "ct")}
    what = outbox.take(envelope, request.remote_addr or "")
    return Answer(None, 204) if what == "stored" else Answer({"held": True}, 202)


@blp.post("/outbox/known", audience="person", body=StoredIdsSchema, answers=UnknownIdsSchema)
def ask_known(body: dict[str, Any]) -> dict[str, object]:
    """Which of these changes are not here."""
    return {"missing": held.unknown(current_actor(), body["ids"])}


@blp.get("/outbox/held", audience="person", answers=HeldListSchema)
def read_held() -> dict[str, object]:
    """What came sealed from this author's phones and was refused."""
    return {"items": held.waiting(current_actor())}


@blp.post("/outbox/held/<uuid:change_id>/settle", audience="person", body=SettleHeldSchema, status=204)
def settle_held(body: dict[str, Any], change_id: UUID) -> None:
    """Say what became of one."""
    held.settle(current_actor(), change_id, body["how"])


@blp.get("/phones", audience="person", answers=PhonesSchema)
def read_phones() -> dict[str, object]:
    """My phones."""
    session = current_session()
    return _shown(phones.of_actor(current_actor(), session.session_id if session else None))


@blp.post("/phones/<uuid:phone_id>/revoke", audience="person", status=204)
def revoke_phone(phone_id: UUID) -> None:
    """Shut a phone of mine out: its next request is told so, and it wipes itself."""
    phones.shut_out(current_actor(), phone_id)


@blp.post("/phones/wiped", audience="nobody", status=204, own_transaction=True)
def note_wiped() -> Answer:
    """A phone that was shut out has sent what it had; the browser throws away what is left."""
    audience = asked_audience()
    with transaction():
        was_shut_out = phones.was_wiped(request.cookies.get(COOKIES[audience], ""))
    if not was_shut_out:
        raise NotAllowed("not-shut-out", "This phone was not shut out, so nothing is thrown away.")
    return Answer(None, 204, headers={"Clear-Site-Data": CLEAR, "Set-Cookie": cookie(audience, "", 0)})


@blp.get("/patients/<uuid:patient_id>/phones", audience="team", answers=PhonesSchema)
def read_patients_phones(patient_id: UUID) -> dict[str, object]:
    """The phones a person signs in on, for whoever joins people and mends what they lost."""
    return _shown(
        phones.of_record(open_record(current_actor(), patient_id, Purpose.CAREMGT, Action.CHANGE_CARE))
    )


@blp.post("/patients/<uuid:patient_id>/phones/<uuid:phone_id>/revoke", audience="team", status=204)
def revoke_patients_phone(patient_id: UUID, phone_id: UUID) -> None:
    """Shut out a phone that a person lost."""
    record = open_record(current_actor(), patient_id, Purpose.CAREMGT, Action.CHANGE_CARE)
    phones.shut_out_for(record, phone_id)
