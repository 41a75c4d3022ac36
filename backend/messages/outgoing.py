"""The plain types between the outbox and a channel, and the two ways a channel may fail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

# Why something never arrives where nobody wrote down how.
NO_WAY = "no way to reach them is set up"


@dataclass(frozen=True, slots=True)
class Address:
    """To whom: a kind (care-team, patient, related-person, practitioner, duty, device, organization) and an id."""

    kind: str
    ref: str


@dataclass(frozen=True, slots=True)
class PushTarget:
    """A browser that agreed to be rung: where its push service takes a message, and the keys to seal it with."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to tell. `id` stays the same over repeats, so that a provider can drop the second.

    `targets` are where the channel finds them: telephone numbers, e-mail addresses or browsers.
    """

    id: UUID
    to: Address
    template: str
    facts: Mapping[str, str]
    targets: tuple[str | PushTarget, ...] = ()

    @property
    def is_red(self) -> bool:
        """About something urgent or worse: no quiet hours, and before all others."""
        return self.facts.get("level") in ("urgent", "emergency")


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a channel took it, with the provider's own reference if it gave one; `gone` are targets to forget."""

    provider_ref: str | None = None
    gone: tuple[str, ...] = ()


class RetryLater(Exception):  # noqa: N818 - the channel's word for what happened, not a program's fault
    """The channel cannot take it now; try again, not before `after` if it said so."""

    def __init__(self, phase: str, after: timedelta | None = None) -> None:
        super().__init__(phase)
        self.after = after


class Undeliverable(Exception):  # noqa: N818 - the channel's word for what happened, not a program's fault
    """It can never arrive this way; a human has to know. `gone` are targets to forget."""

    def __init__(self, why: str, gone: tuple[str, ...] = ()) -> None:
        super().__init__(why)
        self.gone = gone


class Channel(Protocol):
    """What a file in channels/ offers."""

    NAME: str

    def is_configured(self) -> bool:
        """Whether this service was told how to use it; asked inside an app context."""

    def send(self, outgoing: Outgoing) -> Receipt:
        """Hand it over; raises RetryLater or Undeliverable."""
