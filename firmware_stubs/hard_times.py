"""Power, numbers and network of one device, lost for a while and found again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware_stubs.trouble import Mishap
from firmware_stubs.wire import Uptime

if TYPE_CHECKING:
    from firmware_stubs.device import Device


class HardTimes:
    """Loses what a mishap takes away. An outage is counted in readings: the device goes on measuring in it."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._silent_for = 0

    def begin(self, mishap: Mishap) -> None:
        """Live through what befalls the reading that is taken now."""
        device = self._device
        device.seq += mishap.gap
        if mishap.outage:
            self._silent_for = mishap.outage
            device.link.drop()
        elif self._silent_for == 1:
            self.end()
        elif self._silent_for:
            self._silent_for -= 1
        if mishap.reboot:
            device.uptime, device.seq = Uptime.begin(), 0
            device.link.drop()
            self._silent_for = max(1, self._silent_for)

    def end(self) -> None:
        """The network is back."""
        if self._silent_for:
            self._silent_for = 0
            self._device.link.resume()
