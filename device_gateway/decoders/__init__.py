"""One file a payload, found by itself: bytes in, readings, alarms or statuses out, or Undecodable."""

from collections.abc import Sequence
from typing import Protocol

from backend.observations.reading import Alarm, DeviceMessage, DeviceStatus, Presence, Reading

Item = Reading | Alarm | DeviceStatus | Presence


class Decoder(Protocol):
    """What each file of this folder gives. CHANNEL is the topic's last level it reads."""

    CHANNEL: str
    SAMPLES: Sequence[tuple[bytes, Sequence[Item]]]

    def decode(self, message: DeviceMessage) -> list[Item]:
        """Pure; raises Undecodable and nothing else, whatever the bytes."""
