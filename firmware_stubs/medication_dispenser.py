"""A pretend box that opens at the hour of a dose and knows whether the dose was taken."""

from firmware_stubs.command import run_one
from firmware_stubs.physiology import Vitals
from firmware_stubs.telecare import Sensor
from firmware_stubs.wire import Body, measurement


class Stub(Sensor):
    """Course `alarm`: a dose was not taken."""

    caps = ("alarm", "medication", "status")
    usual_model = "alongside-pills1"
    usual_every_s = 1800.0
    alarm_kind = "medication"

    def measure(self, vitals: Vitals) -> list[Body]:
        """One dose, taken."""
        del vitals
        return [measurement("medication", 1)]


if __name__ == "__main__":
    raise SystemExit(run_one("medication_dispenser"))
