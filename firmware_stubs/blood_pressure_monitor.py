"""A pretend upper-arm blood pressure monitor: three values that belong to one inflation of one cuff."""

from firmware_stubs.command import run_one
from firmware_stubs.device import Device
from firmware_stubs.physiology import Vitals
from firmware_stubs.wire import Body, measurement


class Stub(Device):
    """Systolic and diastolic pressure (mm[Hg]) and pulse (a minute)."""

    caps = ("bp", "status")
    usual_model = "alongside-bp1"
    usual_every_s = 60.0

    def measure(self, vitals: Vitals) -> list[Body]:
        """Both pressures and the pulse counted with them."""
        return [
            measurement("bp.systolic", vitals.systolic),
            measurement("bp.diastolic", vitals.diastolic),
            measurement("pulse", vitals.pulse),
        ]


if __name__ == "__main__":
    raise SystemExit(run_one("blood_pressure_monitor"))
