"""Chooses how many people are judged in one round, so that a slow machine ends each round before its watchdog does."""

import time
from collections.abc import Callable

# Seconds of a round: faster asks for more, slower for fewer. The watchdog's patience is six times the slower.
QUICK_S, SLOW_S = 1.0, 5.0
LEAST = 1


class Pace:
    """Begins with the least, because a worker that was just ended as stuck must get through this time."""

    def __init__(self, first: int, most: int) -> None:
        self.limit, self._most = first, most

    def timed(self, round_: Callable[[int], int]) -> int:
        """Run one round with the limit, and learn from how long it took, also when it fails."""
        began = time.monotonic()
        try:
            return round_(self.limit)
        finally:
            self.took(time.monotonic() - began)

    def took(self, seconds: float) -> None:
        """Learn from a round: a quarter after a slow one, twice as many after a quick one."""
        if seconds > SLOW_S:
            self.limit = max(LEAST, self.limit // 4)
        elif seconds < QUICK_S:
            self.limit = min(self._most, self.limit * 2)
