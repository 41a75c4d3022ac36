"""Reads the change inside an envelope: one request to a route of ours, as the phone would have sent it itself."""

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.core.sealing import CannotOpen

# Of the plan's and the readings' own addresses only: no query, no dots, nothing that means something else twice.
_PATH = re.compile(
    r"/patients/(?P<patient>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})(/[a-z0-9_-]+)+", re.ASCII
)
_METHODS = ("POST", "PUT")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Command:
    """One change a phone recorded: its id, the ticket it comes under, and the request."""

    id: UUID
    ticket: str
    patient: UUID
    method: str
    path: str
    body: str | None
    if_match: str | None
    made_at: str | None
    made_offline: bool

    def headers(self) -> dict[str, str]:
        """The headers its own request would have had."""
        told = {
            "Idempotency-Key": str(self.id),
            "If-Match": self.if_match,
            "X-Alongside-Made-At": self.made_at,
            "X-Alongside-Offline": "1" if self.made_offline else None,
        }
        return {name: value for name, value in told.items() if value is not None}


def read(plain: bytes) -> Command:
    """The command of these bytes (UTF-8 JSON); raises CannotOpen for what is none."""
    try:
        said = json.loads(plain)
        if not isinstance(said, dict):
            raise CannotOpen
        path = _PATH.fullmatch(_text(said, "path") or "")
        method = _text(said, "method")
        if path is None or method not in _METHODS or not isinstance(said.get("body"), str | None):
            raise CannotOpen
        return Command(
            id=UUID(_text(said, "id")), ticket=_text(said, "ticket") or "",
            patient=UUID(path["patient"]), method=method, path=path[0], body=said.get("body"),
            if_match=_text(said, "ifMatch"), made_at=_text(said, "madeAt"),
            made_offline=said.get("madeOffline") is True,
        )  # fmt: skip
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise CannotOpen from None


def _text(said: dict[str, Any], name: str) -> str | None:
    """A short text that a header or an address can hold; raises CannotOpen for what cannot be one."""
    value = said.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _LONGEST or not (value.isascii() and value.isprintable()):
        raise CannotOpen
    return value
