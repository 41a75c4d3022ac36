"""A device on a small battery sleeps between readings: it says for how long, and wakes when it has something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from firmware_stubs.device import Device

# Long enough awake for receipts, settings and the state of an alarm to come.
AWAKE_S: Final = 3.0


class Sleep:
    """One device's nap. `sleep_s` 0 never sleeps; its times are in seconds and in the device's own life."""

    def __init__(self, device: Device, sleep_s: float) -> None:
        self._device, self._sleep_s = device, sleep_s
        self._nap = 0
        self.is_asleep = False

    def came_up(self) -> None:
        """Awake: look soon whether everything is done."""
        self._nap += 1
        self._look_later(self._nap)

    def wake(self) -> None:
        """Connect again, because there is something to say or the time has come."""
        if self.is_asleep:
            self.is_asleep = False
            self._nap += 1
            self._device.link.resume()

    def _look_later(self, nap: int) -> None:
        if self._sleep_s:
            self._device.rig.loop.call_later(AWAKE_S, lambda: self._look(nap))

    def _look(self, nap: int) -> None:
        device = self._device
        if nap != self._nap or not device.link.up:
            return
        if device.waiting or device.is_needed_awake():
            self._look_later(nap)
            return
        self.is_asleep = True
        device.house.say_presence({"state": "sleeping", "next_wake_s": round(self._sleep_s)})
        device.link.close()
        device.rig.show(device.id, "Asleep.")
        device.rig.loop.call_later(self._sleep_s, lambda: self._time_is_up(nap))

    def _time_is_up(self, nap: int) -> None:
        if nap == self._nap:
            self.wake()
