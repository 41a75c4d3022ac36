"""Push over HTTP: the key a browser subscribes with, and its subscription for whoever is signed in."""

from typing import Any

from marshmallow import Schema, fields, validate

from backend.core.http import current_actor
from backend.core.routes import Instant
from backend.messages import organizations_api, reach_api, subscriptions
from backend.messages.routes import blp

__all__ = ["blp", "organizations_api", "reach_api"]


class PushKeySchema(Schema):
    """Our public key."""

    key = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "applicationServerKey in URL-safe base64; null when there is no push."},
    )


class PushKeysSchema(Schema):
    """The browser's keys, as PushSubscription.toJSON gives them."""

    p256dh = fields.String(required=True, validate=validate.Length(max=200))
    auth = fields.String(required=True, validate=validate.Length(max=100))


class SubscriptionSchema(Schema):
    """A browser's push subscription."""

    endpoint = fields.String(required=True, validate=validate.Length(min=8, max=2000))
    keys = fields.Nested(PushKeysSchema, required=True)


class EndpointSchema(Schema):
    """Which browser."""

    endpoint = fields.String(required=True, validate=validate.Length(min=8, max=2000))


class ConfirmedSchema(Schema):
    """That it is kept."""

    confirmed_at = Instant(required=True)


@blp.get("/push/key", audience="nobody", answers=PushKeySchema)
def read_key() -> dict[str, Any]:
    """The key to subscribe with; no secret."""
    return {"key": subscriptions.public_key()}


@blp.post("/push/subscription", audience="any", body=SubscriptionSchema, answers=ConfirmedSchema)
def subscribe(body: dict[str, Any]) -> dict[str, Any]:
    """Ring this browser from now on; sent again on each opening of the app, which confirms it."""
    keys = body["keys"]
    kept = subscriptions.keep(current_actor(), body["endpoint"], keys["p256dh"], keys["auth"])
    return {"confirmed_at": kept}


@blp.post("/push/subscription", audience="any", body=EndpointSchema, status=204, method="DELETE")
def unsubscribe(body: dict[str, Any]) -> None:
    """Ring this browser no more."""
    subscriptions.drop(current_actor(), body["endpoint"])
