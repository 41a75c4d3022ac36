"""A pretend pad under a mattress: who is in bed, and who has not come back to it."""

from firmware_stubs.command import run_one
from firmware_stubs.physiology import Vitals
from firmware_stubs.telecare import Sensor, is_night
from firmware_stubs.wire import Body, measurement


class Stub(Sensor):
    """Course `alarm`: left the bed and did not return."""

    caps = ("alarm", "occupancy.bed", "status")
    usual_model = "alongside-bed1"
    usual_every_s = 600.0
    alarm_kind = "bed"

    def measure(self, vitals: Vitals) -> list[Body]:
        """In bed by night, and up by day."""
        return [measurement("occupancy.bed", int(is_night(vitals.at_s)))]


if __name__ == "__main__":
    raise SystemExit(run_one("bed_sensor"))
