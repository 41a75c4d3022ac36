"""The one set of routes of the desk, which its files add to."""

from collections.abc import Callable
from typing import Any, ParamSpec
from uuid import UUID

from marshmallow import Schema

from backend.core.http import current_actor, idempotency_key
from backend.core.routes import Routes

P = ParamSpec("P")
View = Callable[P, dict[str, Any]]

blp = Routes("alerts", "What needs somebody: the list, the card, and what a desk does with it.")


def act(path: str, body: type[Schema], answers: type[Schema]) -> Callable[[View[P]], View[P]]:
    """Route something done with a card: at the version seen, once, by whoever is signed in for a team."""
    return blp.post(
        f"/alerts/<uuid:alert_id>/{path}", audience="team", body=body, answers=answers, repeatable=True,
        versioned=True,
    )  # fmt: skip


def asked(alert_id: UUID, if_version: int) -> dict[str, Any]:
    """Who asks for what, at which version, under which id: what every change of a card is given."""
    return {
        "actor": current_actor(),
        "alert_id": alert_id,
        "if_version": if_version,
        "change_id": idempotency_key(),
    }
