"""Gives out alarms so that each device's keep their order and none waits behind another device's that has to wait."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from device_gateway.arrival import Arrived


@dataclass(slots=True)
class _Lane:
    """One device's alarms, the oldest first; `again_at` when the first was refused for now."""

    waiting: deque[Arrived] = field(default_factory=deque)
    again_at: float | None = None


class Lanes:
    """A lane a device. Whoever has an alarm in work has its lane, until it is stored or put back.

    Lanes whose first alarm was never tried go before those that have to be tried again, and of these so few are out at
    once that a hand is always left for the others.
    """

    def __init__(self, most_again: int, now: Callable[[], float] = time.monotonic) -> None:
        self._most_again, self._now = most_again, now
        self._changed = threading.Condition()
        self._lanes: dict[str, _Lane] = {}
        self._fresh: deque[str] = deque()
        # Those to try again, in the order in which they may be.
        self._again: deque[str] = deque()
        self._out_again = 0

    def add(self, arrived: Arrived) -> None:
        """One more, behind those of its device."""
        with self._changed:
            lane = self._lanes.get(arrived.topic)
            if lane is None:
                lane = self._lanes[arrived.topic] = _Lane()
                self._fresh.append(arrived.topic)
                self._changed.notify()
            lane.waiting.append(arrived)

    def take(self, wait_s: float) -> Arrived | None:
        """The next to store, waiting `wait_s` (seconds) for one; None when there is none."""
        until = self._now() + wait_s
        with self._changed:
            while True:
                lane = self._next()
                if lane is not None:
                    return lane.waiting[0]
                left = until - self._now()
                if left <= 0:
                    return None
                self._changed.wait(min(left, self._due_in()))

    def done(self, arrived: Arrived) -> None:
        """It is stored: the next of its device may be taken."""
        with self._changed:
            lane = self._put_back(arrived)
            lane.waiting.popleft()
            if lane.waiting:
                self._fresh.append(arrived.topic)
            else:
                del self._lanes[arrived.topic]
            self._changed.notify()

    def later(self, arrived: Arrived, after_s: float) -> None:
        """It could not be stored for now: it keeps its place before the others of its device."""
        with self._changed:
            self._put_back(arrived).again_at = self._now() + after_s
            self._again.append(arrived.topic)
            self._changed.notify()

    def _next(self) -> _Lane | None:
        if self._fresh:
            return self._lanes[self._fresh.popleft()]
        if self._again and self._out_again < self._most_again and self._due_in() <= 0:
            self._out_again += 1
            return self._lanes[self._again.popleft()]
        return None

    def _due_in(self) -> float:
        if not self._again or self._out_again >= self._most_again:
            return float("inf")
        return (self._lanes[self._again[0]].again_at or 0.0) - self._now()

    def _put_back(self, arrived: Arrived) -> _Lane:
        lane = self._lanes[arrived.topic]
        if lane.again_at is not None:
            self._out_again -= 1
            lane.again_at = None
        return lane
