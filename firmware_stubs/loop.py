"""One event loop for a thousand connections: sockets on epoll, timers on a heap, no thread a device."""

from __future__ import annotations

import heapq
import itertools
import selectors
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

LONGEST_WAIT_S = 0.25


class Watched(Protocol):
    """Whatever owns a socket of the loop."""

    def readable(self) -> None:
        """Bytes have arrived."""

    def writable(self) -> None:
        """The socket takes bytes again, or something was queued for it in this turn."""


class Turnstile:
    """Lets so many connections be made at once: two thousand that come back together must not crowd the door."""

    def __init__(self, loop: Loop, places: int = 64) -> None:
        self._loop, self._places = loop, places
        self._inside: set[Watched] = set()
        self._queue: deque[tuple[Watched, Callable[[], None]]] = deque()

    def enter(self, owner: Watched, go: Callable[[], None]) -> None:
        """Call `go` in a turn of the loop, once there is a place; `leave` gives it back."""
        self._queue.append((owner, go))
        self._admit()

    def leave(self, owner: Watched) -> None:
        """Give the place back, if there was one."""
        if owner in self._inside:
            self._inside.discard(owner)
            self._admit()

    def _admit(self) -> None:
        while self._queue and len(self._inside) < self._places:
            owner, go = self._queue.popleft()
            self._inside.add(owner)
            self._loop.call_later(0.0, go)


class Loop:
    """Runs timers and sockets turn by turn; times are `time.monotonic()` seconds."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._touched: dict[int, Watched] = {}
        self.turnstile = Turnstile(self)

    def call_later(self, delay_s: float, action: Callable[[], None]) -> None:
        """Call `action` once, `delay_s` from now; what is late is called in the next turn."""
        heapq.heappush(self._timers, (time.monotonic() + delay_s, next(self._order), action))

    def watch(self, descriptor: int, owner: Watched) -> None:
        """Tell `owner` when `descriptor` has something to read."""
        self._selector.register(descriptor, selectors.EVENT_READ, owner)

    def wait_to_write(self, descriptor: int, waiting: bool) -> None:
        """Also (or no longer) tell the owner when `descriptor` takes bytes."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if waiting else 0)
        key = self._selector.get_key(descriptor)
        if key.events != events:
            self._selector.modify(descriptor, events, key.data)

    def forget(self, descriptor: int) -> None:
        """Stop watching `descriptor`, before it is closed."""
        self._selector.unregister(descriptor)

    def touch(self, owner: Watched) -> None:
        """`owner` queued bytes in this turn: call its `writable` once when the turn ends."""
        self._touched[id(owner)] = owner

    def flush(self) -> None:
        """Write what every touched owner has queued."""
        while self._touched:
            touched, self._touched = self._touched, {}
            for owner in touched.values():
                owner.writable()

    def turn(self, longest_s: float = LONGEST_WAIT_S) -> None:
        """Wait at most `longest_s` for a socket or a timer, then serve what is due."""
        wait = longest_s
        if self._timers:
            wait = min(wait, max(0.0, self._timers[0][0] - time.monotonic()))
        for key, events in self._selector.select(wait):
            owner: Watched = key.data
            if events & selectors.EVENT_WRITE:
                owner.writable()
            if events & selectors.EVENT_READ:
                owner.readable()
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            heapq.heappop(self._timers)[2]()

    def close(self) -> None:
        """Let the selector go; sockets belong to their owners."""
        self._selector.close()
