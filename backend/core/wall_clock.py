"""Waits by the monotonic clock, and notices when somebody sets the wall's, by which timetables go."""

import threading
import time
from collections.abc import Callable

# Clocks are slewed by less than this in a second; more is a clock that was set.
SET_BY_S = 5.0


def pause(seconds: float) -> None:
    """Wait by the monotonic clock. Not `time.sleep`, which fails on this Python while the clock is set under test."""
    threading.Event().wait(seconds)


class WallClock:
    """Compares the wall's clock with the monotonic one, so that it is noticed when somebody sets it."""

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._apart = wall() - time.monotonic()

    def was_set(self) -> bool:
        """True once for each time it was set by more than SET_BY_S."""
        apart = self._wall() - time.monotonic()
        if abs(apart - self._apart) <= SET_BY_S:
            return False
        self._apart = apart
        return True
