"""Keeps which browsers agreed to be rung, each with whose it is now; a browser changes hands with its sign-in."""

from datetime import datetime

from flask import current_app
from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert

from backend.core.clock import sql_now
from backend.core.config import Messaging
from backend.core.db import db
from backend.core.errors import Invalid
from backend.core.http import Actor
from backend.messages.channels.web_push import is_push_service
from backend.messages.models import PushSubscription
from backend.messages.sealed import check_keys


def public_key() -> str | None:
    """What a browser needs to subscribe; None when this service has no push."""
    settings: Messaging = current_app.config["MESSAGING"]
    return settings.push_public_key


def keep(actor: Actor, endpoint: str, p256dh: str, auth: str) -> datetime:
    """Ring this browser for this actor from now on; answers when it was confirmed.

    Called on every opening of the app, because phones drop a subscription without a word. Raises Invalid for an
    address that is no push service's and for keys that are none.
    """
    settings: Messaging = current_app.config["MESSAGING"]
    if not is_push_service(endpoint, settings.push_services):
        raise Invalid("push-service", "This browser's push service is not one we know.")
    try:
        check_keys(p256dh, auth)
    except ValueError:
        raise Invalid("push-keys", "These are no keys of a push subscription.") from None
    whose = {
        "patient_id": actor.patient_id,
        "related_person_id": actor.related_person_id,
        "practitioner_id": actor.practitioner_id,
    }
    made = insert(PushSubscription).values(endpoint=endpoint, p256dh=p256dh, auth=auth, **whose)
    now = func.db_now()
    changed = made.on_conflict_do_update(
        index_elements=["endpoint"], set_={"p256dh": p256dh, "auth": auth, "confirmed_at": now, **whose}
    )
    return db.session.execute(changed.returning(sql_now())).scalar_one()


def drop(actor: Actor, endpoint: str) -> None:
    """Ring it no more; one that is not this actor's stays as it is, and neither is told apart."""
    mine = [
        PushSubscription.endpoint == endpoint,
        PushSubscription.patient_id.is_not_distinct_from(actor.patient_id),
        PushSubscription.related_person_id.is_not_distinct_from(actor.related_person_id),
        PushSubscription.practitioner_id.is_not_distinct_from(actor.practitioner_id),
    ]
    db.session.execute(delete(PushSubscription).where(*mine))
