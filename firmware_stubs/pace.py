"""Make a given number of readings at a given rate over many devices, whatever earlier lives already made."""

from __future__ import annotations

import time
from collections.abc import Sequence

from firmware_stubs.device import Device
from firmware_stubs.journal import Ledger

MOST_A_TURN = 250
MOST_WAITING = 5_000


class Pace:
    """Readings in turn from each device, `rate` a second (0: as fast as receipts come), `count` in all.

    Readings the journal already lists from an earlier life count towards `count`.
    """

    def __init__(self, devices: Sequence[Device], ledger: Ledger, count: int, rate: float) -> None:
        self._devices, self._ledger, self._count, self._rate = devices, ledger, count, rate
        self._began: float | None = None
        self._before = ledger.made_count
        self._next = 0

    @property
    def finished(self) -> bool:
        """All are made."""
        return self._ledger.made_count >= self._count

    @property
    def wait_s(self) -> float:
        """How long the loop may sleep before the next ones are due: short, so that a rate stays smooth."""
        return 0.005

    def make_due(self) -> None:
        """Make what is due by now."""
        now = time.monotonic()
        if self._began is None:
            self._began = now
        made = self._ledger.made_count
        due = self._count - made
        if self._rate:
            due = min(due, self._before + int((now - self._began) * self._rate) + 1 - made)
        else:
            due = min(due, MOST_WAITING - self._ledger.waiting_count)
        for _ in range(min(due, MOST_A_TURN)):
            self._devices[self._next % len(self._devices)].take_reading()
            self._next += 1
