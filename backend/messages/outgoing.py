"""The plain types between the outbox and a channel, and the two ways a channel may fail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Address:
    """To whom: a kind (care-team, patient, related-person, duty, device) and an id; never a name."""

    kind: str
    ref: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to tell. `id` stays the same over repeats, so that a provider can drop the second."""

    id: UUID
    to: Address
    template: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a channel took it, with the provider's own reference if it gave one."""

    provider_ref: str | None = None


class RetryLater(Exception):  # noqa: N818 - the channel's word for what happened, not a program's fault
    """The channel cannot take it now; try again, not before `after` if it said so."""

    def __init__(self, phase: str, after: timedelta | None = None) -> None:
        super().__init__(phase)
        self.after = after


class Undeliverable(Exception):  # noqa: N818 - the channel's word for what happened, not a program's fault
    """It can never arrive this way; a human has to know."""


class Channel(Protocol):
    """What a file in channels/ offers."""

    NAME: str

    def send(self, outgoing: Outgoing) -> Receipt:
        """Hand it over; raises RetryLater or Undeliverable."""
