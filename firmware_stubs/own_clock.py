"""The clock of a device: set by the network, adrift, or none until the gateway has told it the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from firmware_stubs import wire
from firmware_stubs.trouble import NOTHING, Mishap
from firmware_stubs.wire import Body, Uptime

if TYPE_CHECKING:
    from firmware_stubs.device import Device

UNSET: Final = datetime(1970, 1, 1, tzinfo=UTC)
# An answer that took longer may be to an old question that lay at the broker: it is asked again.
ANSWER_WITHIN_MS: Final = 10_000
ASK_AGAIN_S: Final = 5.0


class OwnClock:
    """One device's clock. `without` is kit that keeps no time over a restart and has no network time."""

    def __init__(self, device: Device, *, without: bool) -> None:
        self._device, self._without = device, without
        self.mishap: Mishap = NOTHING
        self._nonce, self._asked_ms, self._asking = "", 0, 0
        # The time at uptime zero of the boot it was told in, and half the way to the gateway and back.
        self._began: datetime | None = None
        self._acc_ms = 0
        self._synced: datetime | None = None
        self._of: Uptime | None = None

    def now(self) -> datetime:
        """What it shows: it may be adrift, or not set since the power came back."""
        since = timedelta(milliseconds=self._device.uptime.milliseconds())
        if self.mishap.unset or (self._without and not self.is_set):
            return UNSET + since
        if self._without and self._began is not None:
            return self._began + since
        return wire.utc_now() + timedelta(seconds=self.mishap.adrift_s)

    @property
    def is_set(self) -> bool:
        """Whether the gateway has told it the time in this life."""
        return self._began is not None and self._of is self._device.uptime

    def said(self) -> Body:
        """What `clock` of an envelope says of it."""
        if self.mishap.unset or (self._without and not self.is_set):
            return {"src": "none"}
        if self._without and self._synced is not None:
            return {"src": "gateway", "acc_ms": self._acc_ms, "synced": wire.local_time(self._synced)}
        return {"src": "manual"} if self.mishap.adrift_s else {"src": "ntp", "acc_ms": 50}

    def ask(self) -> None:
        """Ask the gateway for the time while there is none, every few seconds."""
        self._asking += 1
        self._ask(self._asking)

    def told(self, said: Body) -> None:
        """Set it by an answer to our last question that came soon; anything else is ignored."""
        took_ms = self._device.uptime.milliseconds() - self._asked_ms
        utc = said.get("utc")
        if said.get("nonce") != self._nonce or took_ms > ANSWER_WITHIN_MS or not isinstance(utc, str):
            return
        try:
            at = datetime.fromisoformat(utc) + timedelta(milliseconds=took_ms / 2)
        except ValueError:
            return
        if at.tzinfo is None:
            return
        self._of, self._acc_ms, self._synced = self._device.uptime, max(1, took_ms // 2), at
        self._began = at - timedelta(milliseconds=self._device.uptime.milliseconds())
        self._device.rig.show(self._device.id, f"The time is {wire.local_time(at)}.")

    def _ask(self, asking: int) -> None:
        device = self._device
        if asking != self._asking or not self._without or self.is_set or not device.link.up:
            return
        self._nonce, self._asked_ms = wire.ulid(), device.uptime.milliseconds()
        question: Body = {"v": 1, "nonce": self._nonce, "up_ms": self._asked_ms}
        device.link.publish(wire.up_topic(device.id, wire.TIME), wire.compact(question))
        device.rig.loop.call_later(ASK_AGAIN_S, lambda: self._ask(asking))
