"""A pretend contact on a front door: opened and closed, and open where it should not be."""

from firmware_stubs.command import run_one
from firmware_stubs.physiology import Vitals
from firmware_stubs.telecare import Sensor
from firmware_stubs.wire import Body, measurement


class Stub(Sensor):
    """Course `alarm`: the door is open at an hour when it should not be."""

    caps = ("alarm", "door", "status")
    usual_model = "alongside-door1"
    usual_every_s = 900.0
    alarm_kind = "door"

    def measure(self, vitals: Vitals) -> list[Body]:
        """Open and closed in turn."""
        del vitals
        return [measurement("door", self.readings % 2)]


if __name__ == "__main__":
    raise SystemExit(run_one("door_sensor"))
