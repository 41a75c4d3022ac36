"""A pretend smoke alarm on a ceiling, which is heard of only when there is smoke."""

from firmware_stubs.command import run_one
from firmware_stubs.telecare import Sensor


class Stub(Sensor):
    """Course `alarm`: smoke."""

    caps = ("alarm", "smoke", "status")
    usual_model = "alongside-smoke1"
    usual_every_s = 300.0
    alarm_kind = "smoke"


if __name__ == "__main__":
    raise SystemExit(run_one("smoke_alarm"))
