"""A pretend bathroom scale; on the course `weight_gain` it shows fluid that a failing heart leaves behind."""

from firmware_stubs.command import run_one
from firmware_stubs.device import Device
from firmware_stubs.physiology import Vitals
from firmware_stubs.wire import Body, measurement


class Stub(Device):
    """Body weight (kg), to a tenth."""

    caps = ("weight", "status")
    usual_model = "alongside-scale1"
    usual_every_s = 120.0

    def measure(self, vitals: Vitals) -> list[Body]:
        """One weight."""
        return [measurement("weight", vitals.weight)]


if __name__ == "__main__":
    raise SystemExit(run_one("scale"))
