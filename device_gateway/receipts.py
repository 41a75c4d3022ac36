"""Receipts: a device's first at once, then one in half a second or a whole: one costs what a message costs."""

import heapq
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from backend.core import clock
from device_gateway.arrival import Verdict

EVERY_S = 0.5
# While large batches come, a receipt of twice as many ids costs half: nothing else is gained by being sooner.
BUSY_EVERY_S = 1.0
IDS_EACH = 500
# A device so far ahead of the row has lost messages; its `upto` then stands still and `ids` goes on.
LONGEST_WAIT = 1_000
MOST_DEVICES = 100_000

Send = Callable[[Sequence[tuple[str, bytes]]], None]


@dataclass(slots=True)
class Pending:
    """What one device is to be told."""

    ids: list[str] = field(default_factory=list)
    rejected: list[tuple[str, str]] = field(default_factory=list)
    boot: str | None = None


@dataclass(slots=True)
class Row:
    """The seqs of one boot that are stored: `upto` of them without a gap from 0, -1 for none."""

    boot: str
    upto: int = -1
    beyond: set[int] = field(default_factory=set)

    def note(self, seq: int, *, is_fresh: bool = False) -> None:
        """Count one stored message in.

        A fresh one in a place that was taken: the device counts from one again under the same boot, and what
        was counted before says nothing of what comes now.
        """
        if is_fresh and (seq <= self.upto or seq in self.beyond):
            self.upto = -1
            self.beyond.clear()
        if seq != self.upto + 1:
            if seq > self.upto and len(self.beyond) < LONGEST_WAIT:
                self.beyond.add(seq)
            return
        self.upto = seq
        while self.upto + 1 in self.beyond:
            self.upto += 1
            self.beyond.discard(self.upto)


class Receipts:
    """Gathers verdicts and sends them. Used by one thread, after the commit and the PUBACKs."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._pending: dict[str, Pending] = {}
        self._due: list[tuple[float, str]] = []
        self._sent_at: dict[str, float] = {}
        self._rows: dict[str, Row] = {}
        self._sooner_s = BUSY_EVERY_S - EVERY_S

    def take_time(self, *, busy: bool) -> None:
        """Whether a device is told every second, because much comes, or every half; its first is told at once."""
        self._sooner_s = 0.0 if busy else BUSY_EVERY_S - EVERY_S

    def add(self, verdicts: Sequence[Verdict]) -> None:
        """Note what was stored or refused; goes out with the next `send_due`."""
        now = time.monotonic()
        for verdict in verdicts:
            self._count(verdict)
            # A topic of another shape names no device that could be told.
            if verdict.silent or "/" in verdict.device:
                continue
            pending = self._pending.get(verdict.device)
            if pending is None:
                pending = self._pending[verdict.device] = Pending()
                due = self._sent_at.get(verdict.device, 0.0) + BUSY_EVERY_S
                heapq.heappush(self._due, (max(now, due), verdict.device))
            if verdict.refused is None:
                pending.ids.append(verdict.named)
            else:
                pending.rejected.append((verdict.named, verdict.refused))
            pending.boot = verdict.boot or pending.boot

    def next_due_s(self, longest: float) -> float:
        """Seconds until the next receipt is to go out, at most `longest`."""
        if not self._due:
            return longest
        return min(longest, max(0.0, self._due[0][0] - self._sooner_s - time.monotonic()))

    def send_due(self) -> None:
        """Send every receipt whose time has come."""
        now = time.monotonic()
        until = now + self._sooner_s
        if len(self._sent_at) > MOST_DEVICES:
            self._sent_at.clear()
            self._rows.clear()
        if not self._due or self._due[0][0] > until:
            return
        at = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        told: list[tuple[str, bytes]] = []
        while self._due and self._due[0][0] <= until:
            _, device = heapq.heappop(self._due)
            self._sent_at[device] = now
            told += self._words(device, self._pending.pop(device), at)
        self._send(told)

    def _words(self, device: str, pending: Pending, at: str) -> Iterator[tuple[str, bytes]]:
        row = self._rows.get(device)
        for start in range(0, max(len(pending.ids), len(pending.rejected)), IDS_EACH):
            said: dict[str, object] = {"v": 1, "at": at}
            if row is not None and row.boot == pending.boot and row.upto >= 0:
                said |= {"boot": row.boot, "upto": row.upto}
            if ids := pending.ids[start : start + IDS_EACH]:
                said["ids"] = ids
            if rejected := pending.rejected[start : start + IDS_EACH]:
                said["rejected"] = [{"id": named, "code": code} for named, code in rejected]
            yield f"al/v1/{device}/down/ack", msgspec.json.encode(said)

    def _count(self, verdict: Verdict) -> None:
        if verdict.boot is None or verdict.seq is None or verdict.refused is not None:
            return
        row = self._rows.get(verdict.device)
        if row is None or row.boot != verdict.boot:
            row = self._rows[verdict.device] = Row(verdict.boot)
        row.note(verdict.seq, is_fresh=verdict.is_fresh)
