"""A pretend movement detector in a hall, whose silence is the news."""

from firmware_stubs.command import run_one
from firmware_stubs.physiology import Vitals
from firmware_stubs.telecare import Sensor, is_night
from firmware_stubs.wire import Body, measurement


class Stub(Sensor):
    """Course `alarm`: nobody has moved for too long."""

    caps = ("alarm", "movement", "status")
    usual_model = "alongside-motion1"
    usual_every_s = 300.0
    alarm_kind = "inactivity"

    def measure(self, vitals: Vitals) -> list[Body]:
        """Movement by day, none by night."""
        return [measurement("movement", int(not is_night(vitals.at_s)))]


if __name__ == "__main__":
    raise SystemExit(run_one("motion_sensor"))
