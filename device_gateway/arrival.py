"""A message as the broker handed it over, and what became of it, between the session and the store."""

import re
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

TOPIC = re.compile(r"al/v1/([^/]+)/up/(.+)", re.DOTALL)


class Arrived(NamedTuple):
    """One PUBLISH. `epoch` is the connection it came on: its `mid` means nothing on any other."""

    topic: str
    payload: bytes
    received_at: datetime
    retained: bool = False
    epoch: int = 0
    mid: int = 0

    def address(self) -> tuple[str, str]:
        """The device id and the channel in the topic; (topic, "") when it has another shape."""
        match = TOPIC.fullmatch(self.topic)
        return (self.topic, "") if match is None else (match[1], match[2])

    def fingerprint(self) -> str:
        """How a message is named in a refusal when its id cannot be read."""
        return sha256(self.payload).hexdigest()


class Verdict(NamedTuple):
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
