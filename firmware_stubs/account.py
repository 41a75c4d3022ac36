"""Whom a device signs in as: the newest secret it was told, and the older ones to fall back on."""

from __future__ import annotations

from collections.abc import Iterable


class Account:
    """A device's id and its secrets, newest first.

    A new one is sent over the air before the broker takes it, and the broker may never do so: the old ones are
    kept, and tried when it is refused.
    """

    def __init__(self, device_id: str, secrets: Iterable[str]) -> None:
        self.device_id = device_id
        self.secrets = list(dict.fromkeys(secrets))
        self._first = self.secrets[-1]
        self._next = 0

    @property
    def secret(self) -> str:
        """What to sign in with now."""
        return self.secrets[self._next]

    def learn(self, secret: str) -> None:
        """Sign in with this from now on; what was in use, and what the device was set up with, stay beside it."""
        self.secrets = list(dict.fromkeys((secret, self.secret, self._first)))
        self._next = 0

    def refused(self) -> bool:
        """Take the next secret; False when every one was refused and they begin anew."""
        self._next = (self._next + 1) % len(self.secrets)
        return self._next != 0
