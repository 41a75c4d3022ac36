"""The canary: a reading every five minutes through the whole live path, whose absence shows a break."""

from firmware_stubs.command import run_one
from firmware_stubs.device import Device
from firmware_stubs.physiology import Vitals
from firmware_stubs.wire import Body, measurement


class Stub(Device):
    """A test person's oximeter: first at once, then every five minutes. The far end watches for its age."""

    caps = ("spo2", "pulse", "status")
    usual_model = "alongside-canary"
    usual_every_s = 300.0

    def measure(self, vitals: Vitals) -> list[Body]:
        """SpO2 and pulse of somebody who is well."""
        return [measurement("spo2", vitals.spo2), measurement("pulse", vitals.pulse)]


if __name__ == "__main__":
    raise SystemExit(run_one("canary"))
