"""A message as the broker handed it over, and what became of it, between the session and the store."""

import re
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from msgspec import Struct

# A fleet speaks on the same topics again and again.
MOST_KNOWN, LONGEST_KNOWN = 20_000, 100
TOPIC = re.compile(r"al/v1/([^/]+)/up/(.+)", re.DOTALL)


class Arrived(Struct, frozen=True, gc=False):
    """One PUBLISH. `epoch` is the connection it came on: its `mid` means nothing on any other."""

    topic: str
    payload: bytes
    received_at: datetime
    retained: bool = False
    epoch: int = 0
    mid: int = 0

    def address(self) -> tuple[str, str]:
        """The device id and the channel in the topic; (topic, "") when it has another shape."""
        return _known(self.topic) if len(self.topic) < LONGEST_KNOWN else _address(self.topic)

    def fingerprint(self) -> str:
        """How a message is named in a refusal when its id cannot be read."""
        return sha256(self.payload).hexdigest()


def _address(topic: str) -> tuple[str, str]:
    match = TOPIC.fullmatch(topic)
    return (topic, "") if match is None else (match[1], match[2])


_known = lru_cache(maxsize=MOST_KNOWN)(_address)


class Verdict(Struct, frozen=True, gc=False):
    """What the receipt says: `named` is the message id or the fingerprint; `refused` a reason code or None."""

    device: str
    named: str
    refused: str | None = None
    boot: str | None = None
    seq: int | None = None
    # A heartbeat asks for no receipt: it only takes its place in the row of seq.
    silent: bool = False
    # Stored just now, and not known from before: only then does a seq below `upto` mean that a device counts anew.
    is_fresh: bool = False
