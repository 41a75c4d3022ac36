"""A pretend finger oximeter; on the course `falling` its wearer gets worse, so that a visitor can watch."""

from firmware_stubs.command import run_one
from firmware_stubs.device import Device
from firmware_stubs.physiology import Vitals
from firmware_stubs.wire import Body, measurement


class Stub(Device):
    """Oxygen saturation (%) and pulse (a minute), every ten seconds while it is worn."""

    caps = ("spo2", "pulse", "status")
    usual_model = "alongside-ox1"
    usual_every_s = 10.0

    def measure(self, vitals: Vitals) -> list[Body]:
        """SpO2 and pulse."""
        return [measurement("spo2", vitals.spo2), measurement("pulse", vitals.pulse)]


if __name__ == "__main__":
    raise SystemExit(run_one("pulse_oximeter"))
