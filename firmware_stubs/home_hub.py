"""A pretend hub of a home, which reads its sensors itself and says all of it in CBOR to save bytes."""

from __future__ import annotations

from firmware_stubs import wire
from firmware_stubs.command import run_one
from firmware_stubs.device import Device
from firmware_stubs.physiology import Vitals
from firmware_stubs.wire import Body, measurement

SENSORS = ("cuff", "oximeter", "thermometer")


class Stub(Device):
    """In turn a blood pressure, an oximeter and a thermometer of one person, each named in `sensor`."""

    caps = ("bp", "spo2", "temperature", "status")
    usual_model = "alongside-hub1"
    usual_every_s = 120.0

    def measure(self, vitals: Vitals) -> list[Body]:
        """What the sensor whose turn it is measured."""
        match self._sensor():
            case "cuff":
                values = {"bp.systolic": vitals.systolic, "bp.diastolic": vitals.diastolic}
                return [measurement(k, value) for k, value in values.items()]
            case "oximeter":
                return [measurement("spo2", vitals.spo2), measurement("pulse", vitals.pulse)]
        return [measurement("temperature", vitals.temperature)]

    def keep_reading(self, m: list[Body]) -> None:
        """As any reading, and by which sensor."""
        self.keep(wire.OBS, {**self.head(), **self.when(), "sensor": self._sensor(), "m": m})

    def bytes_of(self, channel: str, body: Body) -> bytes:
        """CBOR on every channel."""
        del channel
        return wire.encode_cbor(body, self.uptime, self.clock_time())

    def _sensor(self) -> str:
        return SENSORS[self.readings % len(SENSORS)]


if __name__ == "__main__":
    raise SystemExit(run_one("home_hub"))
