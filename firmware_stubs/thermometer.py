"""A pretend ear thermometer: one value, when somebody feels hot."""

from firmware_stubs.command import run_one
from firmware_stubs.device import Device
from firmware_stubs.physiology import Vitals
from firmware_stubs.wire import Body, measurement


class Stub(Device):
    """Body temperature (Cel), to a tenth."""

    caps = ("temperature", "status")
    usual_model = "alongside-thermometer1"
    usual_every_s = 300.0

    def measure(self, vitals: Vitals) -> list[Body]:
        """One temperature."""
        return [measurement("temperature", vitals.temperature)]


if __name__ == "__main__":
    raise SystemExit(run_one("thermometer"))
