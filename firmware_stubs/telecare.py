"""What the sensors of a home alarm unit do alike: say what they see, and raise the alarm of their kind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from firmware_stubs.device import Device
from firmware_stubs.pendant import Stub as Pendant

NIGHT_FROM, NIGHT_UNTIL = 22, 7


class Sensor(Pendant):
    """Measures by its own times, and on the course `alarm` raises its alarm once instead.

    A subclass says the kind of the alarm in `alarm_kind` and what it sees in `measure`.
    """

    alarm_kind: ClassVar[str] = "technical"
    usual_every_s = 300.0

    def __init_subclass__(cls) -> None:
        """Each kind of sensor has one alarm."""
        cls.courses = {"alarm": cls.alarm_kind}

    def begin(self) -> None:
        """The alarm of the course, or a look every so often."""
        if self.spec.course in self.courses:
            super().begin()
        else:
            Device.begin(self)

    def begin_once(self) -> None:
        """What a test button of this sensor does: its alarm on the course, else one look."""
        if self.spec.course in self.courses:
            super().begin_once()
        else:
            Device.begin_once(self)


def is_night(at_s: float) -> bool:
    """Whether people lie in bed at `at_s` (seconds since 1970)."""
    hour = datetime.fromtimestamp(at_s, UTC).astimezone().hour
    return hour >= NIGHT_FROM or hour < NIGHT_UNTIL
