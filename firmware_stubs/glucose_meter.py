"""A pretend glucose meter: its hub wraps the bytes of the sensor unread, in CBOR, for the far side to decode."""

from __future__ import annotations

from base64 import b64encode

from firmware_stubs import gatt, wire
from firmware_stubs.command import run_one
from firmware_stubs.device import Device
from firmware_stubs.physiology import Vitals
from firmware_stubs.wire import Body

GLUCOSE = "raw/gatt-2a18"


class Stub(Device):
    """Blood glucose (mol/L in the sensor's own bytes) on `up/raw/gatt-2a18`."""

    caps = ("glucose", "status")
    usual_model = "alongside-glucose1"
    usual_every_s = 600.0

    def measure(self, vitals: Vitals) -> list[Body]:
        """The value, for the hub to wrap; it never goes out as a number."""
        return [wire.measurement("glucose", vitals.glucose)]

    def keep_reading(self, m: list[Body]) -> None:
        """The sensor's bytes, with the sensor's own clock beside so that a wrong one does no harm."""
        value, here = m[0]["val"], self.clock_time().astimezone()
        assert isinstance(value, (int, float))
        raw = gatt.glucose(value, self.readings, here)
        sensor_clock = here.replace(tzinfo=None).isoformat(timespec="seconds")
        body = {**self.head(), **self.when(), "device_now": sensor_clock, "raw": b64encode(raw).decode()}
        self.keep(GLUCOSE, body)

    def bytes_of(self, channel: str, body: Body) -> bytes:
        """CBOR, and JSON for what the hub says of itself."""
        if channel != GLUCOSE:
            return super().bytes_of(channel, body)
        return wire.encode_cbor(body, self.uptime, self.clock_time())


if __name__ == "__main__":
    raise SystemExit(run_one("glucose_meter"))
