"""A pretend carbon monoxide alarm beside a boiler."""

from firmware_stubs.command import run_one
from firmware_stubs.telecare import Sensor


class Stub(Sensor):
    """Course `alarm`: carbon monoxide."""

    caps = ("alarm", "co", "status")
    usual_model = "alongside-co1"
    usual_every_s = 300.0
    alarm_kind = "co"


if __name__ == "__main__":
    raise SystemExit(run_one("co_alarm"))
