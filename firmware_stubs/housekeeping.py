"""What a device says of itself: birth and will, heartbeat, battery, and the config it was told to have."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from firmware_stubs import wire
from firmware_stubs.wire import Body

if TYPE_CHECKING:
    from firmware_stubs.device import Device

HEARTBEATS_S: Final = range(10, 90_001)
# A new battery lasts so many days and is changed at a fifth; below LOW it is told, ten days ahead and more.
BATTERY_DAYS, LOW_PCT, CHANGED_AT_PCT = 60.0, 35.0, 20.0
DAY_S: Final = 86_400.0


class Housekeeping:
    """One device's word of itself. Its times of a heartbeat are in seconds."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.hb_s, self.config_rev = device.spec.hb_s, 0
        self.every_s: float | None = None
        self._beats = 0
        self._began = time.monotonic()

    def came_up(self) -> None:
        """Birth before anything else, then a heartbeat, which goes on."""
        device = self._device
        self.say_presence(
            {
                "state": "ready",
                "model": device.spec.model or device.usual_model,
                "fw": device.spec.fw,
                "caps": list(device.caps),
                "hb_s": self.hb_s,
                "seq_next": device.seq,
                "buffered": len(device.waiting),
                "bat_days": round(BATTERY_DAYS),
            }
        )
        self._again()

    def went_down(self) -> None:
        """No heartbeat without a connection."""
        self._beats += 1

    def will(self) -> tuple[str, bytes]:
        """Topic and payload of the last will, paired with the birth by `boot`."""
        body: Body = {"v": 1, "type": "presence", "boot": self._device.uptime.boot, "state": "lost"}
        return wire.up_topic(self._device.id, wire.PRESENCE), wire.compact(body)

    def say_presence(self, more: Body) -> None:
        """Publish a presence, retained."""
        device = self._device
        body = {"v": 1, "type": "presence", "boot": device.uptime.boot, **more}
        device.link.publish(wire.up_topic(device.id, wire.PRESENCE), wire.compact(body), retain=True)

    def configure(self, said: Body) -> None:
        """Apply a config of a revision we do not have, and say so in a heartbeat at once."""
        rev, hb_s = said.get("rev"), said.get("hb_s")
        if not isinstance(rev, int) or rev == self.config_rev:
            return
        self.config_rev = rev
        if isinstance(hb_s, int) and hb_s in HEARTBEATS_S:
            self.hb_s = hb_s
        wanted = said.get("set")
        settings = wanted if isinstance(wanted, dict) else {}
        every_s, secret = settings.get("every_s"), settings.get("secret")
        if isinstance(every_s, int) and every_s in HEARTBEATS_S:
            self.every_s = every_s
        if isinstance(secret, str) and secret:
            self._device.change_secret(secret)
        self._again()

    def battery_pct(self) -> float:
        """What is left, from a place of its own and down with the days of the course: new ones at a fifth."""
        device = self._device
        lived_days = (time.monotonic() - self._began) * device.rig.speed / DAY_S
        a_day = (100.0 - CHANGED_AT_PCT) / BATTERY_DAYS
        return 100.0 - (device.spec.seed * 7.0 + lived_days * a_day) % (100.0 - CHANGED_AT_PCT)

    def _again(self) -> None:
        self._beats += 1
        self._beat(self._beats)

    def _beat(self, beats: int) -> None:
        device = self._device
        if beats != self._beats or not device.link.up:
            return
        left = self.battery_pct()
        body = {
            **device.head(),
            "bat_pct": round(left),
            "bat_low": left < LOW_PCT,
            "mains": False,
            "rssi_dbm": -60 - device.spec.seed % 20,
            "buffered": len(device.waiting),
            "self_test": "pass",
        }
        if self.config_rev:
            body["config_rev"] = self.config_rev
        device.link.publish(wire.up_topic(device.id, wire.STATUS), device.bytes_of(wire.STATUS, body))
        device.rig.loop.call_later(self.hb_s, lambda: self._beat(beats))
