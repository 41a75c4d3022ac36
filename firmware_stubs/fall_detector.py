"""A pretend fall detector worn at the waist: silent until its wearer falls."""

from firmware_stubs.command import run_one
from firmware_stubs.telecare import Sensor


class Stub(Sensor):
    """Course `alarm`: a fall, raised by itself."""

    caps = ("alarm", "fall", "status")
    usual_model = "alongside-fall1"
    usual_every_s = 300.0
    alarm_kind = "fall"


if __name__ == "__main__":
    raise SystemExit(run_one("fall_detector"))
