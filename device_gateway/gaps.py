"""Counts each device's messages as they come: what leaves a gap is written down, and again when it is filled."""

import logging
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from backend.core.db import db
from backend.devices import service as devices
from device_gateway.arrival import Arrived
from device_gateway.envelope import read_head
from device_gateway.opening import Opened
from device_gateway.sparing import DATABASE_ERRORS, is_refusal

log = logging.getLogger("device_gateway.gaps")

# More rows than this are forgotten and read anew; more holes than this in one row are told of as one.
LONGEST_MEMORY, MOST_HOLES = 100_000, 50

Key = tuple[str, str]


class Seen(NamedTuple):
    """One message by its place in the row of its boot."""

    device: str
    boot: str
    seq: int
    is_fresh: bool = False


@dataclass(slots=True)
class Row:
    """One boot of a device: the next seq expected, -1 when nothing is, and the ranges that have not come.

    What lies under `floor` came in a life of this process before, or never: nothing is said of it.
    """

    next_seq: int
    holes: list[tuple[int, int]] = field(default_factory=list)
    floor: int = 0
    # Whether a message was counted since the row was read: what a killed gateway stored last may not stand in it.
    is_sure: bool = False

    def note(self, seq: int, *, is_fresh: bool) -> bool:
        """Count one message in; True when the holes are others now."""
        was_sure, self.is_sure = self.is_sure, True
        if self.next_seq < 0:
            self.next_seq = self.floor = seq
        if seq == self.next_seq:
            self.next_seq = seq + 1
            return False
        if seq > self.next_seq:
            self._open(seq)
            return True
        if self._fill(seq):
            return True
        if is_fresh and was_sure and seq >= self.floor:
            # A new message in a place that was taken: it counts from one again under the same boot.
            had, self.holes = bool(self.holes), []
            self.next_seq, self.floor = seq + 1, seq
            return had
        return False

    def _open(self, seq: int) -> None:
        self.holes.append((self.next_seq, seq - 1))
        self.next_seq = seq + 1
        if len(self.holes) > MOST_HOLES:
            self.holes = [(self.holes[0][0], self.holes[-1][1])]

    def _fill(self, seq: int) -> bool:
        for n, (first, last) in enumerate(self.holes):
            if first <= seq <= last:
                left = ((first, seq - 1), (seq + 1, last))
                self.holes[n : n + 1] = [one for one in left if one[0] <= one[1]]
                return True
        return False


@dataclass(slots=True)
class Gaps:
    """The rows of every device heard. Used by one thread, in the transaction that stores the messages."""

    rows: dict[Key, Row] = field(default_factory=dict)
    # Alarms, as the thread that opens messages meets them: they count in the same row.
    alarms: deque[Seen] = field(default_factory=deque)
    _unstored: bool = False

    def note(self, kept: Sequence[Opened], at: datetime) -> None:
        """Count a batch in, stored and refused alike, with alarms; writes only where a gap changes.

        To be called before the batch's signs of life are written: they move the place that is counted from.
        """
        if self._unstored:
            # The batch before was counted in and rolled back.
            self.rows.clear()
        self._unstored = True
        rows = self.rows
        slow = [self.alarms.popleft() for _ in range(len(self.alarms))]
        for one in kept:
            head = one.head
            if head.seq < 0 or not head.boot:
                continue
            row = rows.get((one.device, head.boot))
            # The ordinary message costs this and no more.
            if row is not None and head.seq == row.next_seq and row.is_sure:
                row.next_seq += 1
            else:
                slow.append(Seen(one.device, head.boot, head.seq, one.is_fresh))
        slow = [one for one in slow if "\0" not in one.boot and devices.DEVICE_ID.fullmatch(one.device)]
        if slow:
            self._settle(slow, at)

    def stored(self) -> None:
        """What was counted in is committed."""
        self._unstored = False

    def pass_alarm(self, arrived: Arrived, device: str) -> None:
        """Remember an alarm's place in the row; its own session stores it."""
        head = read_head(arrived.payload)
        if head is not None and head.seq >= 0 and head.boot:
            self.alarms.append(Seen(device, head.boot, head.seq))

    def _settle(self, slow: list[Seen], at: datetime) -> None:
        try:
            with db.session.begin_nested():
                self._count(slow, at)
        except DATABASE_ERRORS as error:
            if not is_refusal(error):
                raise
            # A count of gaps is worth no reading.
            log.error("gaps of %d messages cannot be counted", len(slow))
            self.rows.clear()

    def _count(self, slow: list[Seen], at: datetime) -> None:
        changed = self._learn({(one.device, one.boot): None for one in slow})
        doubted = {(one.device, one.boot) for one in slow if self._is_doubted(one)}
        if doubted:
            # What the gateway's last life stored in its last seconds is not in the row that it left.
            lately = devices.came_lately({device for device, _ in doubted})
            slow += [Seen(*one) for one in lately if one[:2] in doubted]
        # In order of seq, so that what came out of order within a batch is no gap.
        slow.sort(key=lambda one: (one.seq, not one.is_fresh))
        for one in slow:
            row = self.rows[one.device, one.boot]
            if row.note(one.seq, is_fresh=one.is_fresh):
                changed[one.device, one.boot] = row.holes
        devices.note_gaps(changed, at)

    def _is_doubted(self, one: Seen) -> bool:
        row = self.rows[one.device, one.boot]
        return not row.is_sure and 0 <= row.next_seq < one.seq

    def _learn(self, keys: Iterable[Key]) -> dict[Key, list[tuple[int, int]]]:
        """Read the rows not known yet; answers those that are to be written because the record lacks them."""
        unknown = [key for key in keys if key not in self.rows]
        if not unknown:
            return {}
        if len(self.rows) > LONGEST_MEMORY:
            self.rows = {key: self.rows[key] for key in keys if key in self.rows}
        found = devices.known_rows(unknown)
        for key, known in zip(unknown, found, strict=True):
            next_seq = -1 if known.next_seq is None else known.next_seq
            self.rows[key] = Row(next_seq, known.holes, max(next_seq, 0))
        return {key: [] for key, known in zip(unknown, found, strict=True) if known.is_new}
