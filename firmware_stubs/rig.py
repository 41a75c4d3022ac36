"""What the devices of one process share, and the one order that keeps a reading: disk first, wire after."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from firmware_stubs.broker import Broker
from firmware_stubs.journal import Journal
from firmware_stubs.loop import Loop
from firmware_stubs.wire import Uptime


class Pumped(Protocol):
    """A device with messages that may go out once they are on disk."""

    def pump(self) -> None:
        """Send what is ready."""


@dataclass(slots=True)
class Rig:
    """What the devices of one process share.

    `show` is a device's screen: (device id, words). With `making` off nothing new is measured or pressed, and
    what waits still goes out. `up` counts the devices that are connected and subscribed.
    """

    loop: Loop
    journal: Journal
    broker: Broker
    uptime: Uptime = field(default_factory=Uptime.begin)
    tls: ssl.SSLContext | None = None
    speed: float = 1.0
    resend_s: float = 5.0
    show: Callable[[str, str], None] = lambda _device_id, _words: None
    fresh: list[Pumped] = field(default_factory=list)
    resends: int = 0
    making: bool = True
    up: int = 0

    def settle(self) -> None:
        """Put what was made in this turn on disk, and only then let it go out."""
        self.journal.sync()
        fresh, self.fresh = self.fresh, []
        for device in fresh:
            device.pump()
        self.loop.flush()
