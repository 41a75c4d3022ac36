"""The buffer and ledger of one process: every reading is on disk until its receipt, whatever is killed."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from firmware_stubs.wire import Body

FILE: Final = "journal.jsonl"
LOCK: Final = "journal.lock"
RECEIPTS_WITHIN_S: Final = 0.2
MADE, STORED, REFUSED, SETTLED, FORGOTTEN, SECRETS = "m", "r", "x", "s", "f", "k"


class JournalInUseError(RuntimeError):
    """Another process holds this folder: two writers would give one device two lives at once."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One message that must not be lost: whose it is, its channel (obs or alarm), its id and its body."""

    device: str
    channel: str
    id: str
    body: Body


@dataclass(slots=True)
class Ledger:
    """What was made, what has a receipt and what was refused; the file read from its first line gives it.

    `settled` maps an id to its device and the refusal code (empty = receipted, so stored). The three
    `forgotten_*` counts stand for settled ids that compaction no longer lists.
    """

    waiting: dict[str, dict[str, Kept]] = field(default_factory=dict)
    settled: dict[str, tuple[str, str]] = field(default_factory=dict)
    owner: dict[str, str] = field(default_factory=dict)
    refused_count: int = 0
    forgotten_stored: int = 0
    forgotten_refused: int = 0
    # What each device signs in with, newest first.
    secrets: dict[str, list[str]] = field(default_factory=dict)

    @property
    def waiting_count(self) -> int:
        """How many messages still have no receipt."""
        return len(self.owner)

    @property
    def rejected_count(self) -> int:
        """How many messages the gateway refused, with a reason."""
        return self.refused_count + self.forgotten_refused

    @property
    def receipted_count(self) -> int:
        """How many messages the gateway says it has stored."""
        return len(self.settled) - self.refused_count + self.forgotten_stored

    @property
    def made_count(self) -> int:
        """How many messages were ever made."""
        return self.waiting_count + self.receipted_count + self.rejected_count

    def receipted_ids(self) -> set[str]:
        """Ids a gateway has promised are stored: each one absent from its database is lost."""
        return {one for one, (_, code) in self.settled.items() if not code}

    def made_ids(self) -> set[str]:
        """Every id made and still listed."""
        return set(self.settled) | set(self.owner)

    def keep(self, kept: Kept) -> None:
        """List a new message as waiting for its receipt."""
        self.waiting.setdefault(kept.device, {})[kept.id] = kept
        self.owner[kept.id] = kept.device

    def settle(self, message_id: str, code: str) -> Kept | None:
        """Take a message off the waiting list; None when it was not on it (a second receipt)."""
        device = self.owner.pop(message_id, None)
        if device is None:
            return None
        self.settled[message_id] = (device, code)
        self.refused_count += bool(code)
        return self.waiting[device].pop(message_id)

    def apply(self, record: list[object]) -> None:
        """Replay one line of the file."""
        match record:
            case ["m", str(device), str(channel), str(one), dict(body)]:
                self.keep(Kept(device, channel, one, body))
            case ["r", str(one)]:
                self.settle(one, "")
            case ["x", str(one), str(code)]:
                self.settle(one, code)
            case ["s", str(device), str(one), str(code)]:
                self.settled[one] = (device, code)
                self.refused_count += bool(code)
            case ["f", int(stored), int(refused)]:
                self.forgotten_stored, self.forgotten_refused = stored, refused
            case ["k", str(device), list(secrets)]:
                self.secrets[device] = [str(one) for one in secrets]

    def forget(self, limit: int) -> None:
        """Keep the newest `limit` settled ids; the older become counts."""
        for message_id in list(self.settled)[: max(0, len(self.settled) - limit)]:
            _, code = self.settled.pop(message_id)
            self.refused_count -= bool(code)
            self.forgotten_refused += bool(code)
            self.forgotten_stored += not code

    def lines(self) -> Iterator[list[object]]:
        """The shortest file that replays to this ledger."""
        yield [FORGOTTEN, self.forgotten_stored, self.forgotten_refused]
        for device, secrets in self.secrets.items():
            yield [SECRETS, device, secrets]
        for one, (device, code) in self.settled.items():
            yield [SETTLED, device, one, code]
        for messages in self.waiting.values():
            for kept in messages.values():
                yield [MADE, kept.device, kept.channel, kept.id, kept.body]


def read_ledger(folder: Path) -> Ledger:
    """The ledger of `folder` as it is on disk now, without taking its lock; for counting losses."""
    return _replay(folder / FILE)[0]


def _replay(path: Path) -> tuple[Ledger, int]:
    """The ledger and the length of the whole lines: a kill can leave the last line torn."""
    ledger, good = Ledger(), 0
    if not path.exists():
        return ledger, 0
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            try:
                record = msgspec.json.decode(line, type=list[object])
            except msgspec.MsgspecError:
                break
            good += len(line)
            ledger.apply(record)
    return ledger, good


class Journal:
    """The append-only file of one process, for all its devices; `sync` puts what was kept on disk.

    A message may be published only after the `sync` that follows its `keep`. Raises JournalInUseError when
    another process has the folder.
    """

    def __init__(self, folder: Path, *, remember: int = 200_000, compact_bytes: int = 8_000_000) -> None:
        self._folder, self._remember, self._compact_bytes = folder, remember, compact_bytes
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = self._take(folder / LOCK)
        self.ledger, good = _replay(folder / FILE)
        self._file = os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.ftruncate(self._file, good)
        os.lseek(self._file, good, os.SEEK_SET)
        self._size, self._live = good, 0
        self._lines: list[bytes] = []
        self._unsynced = self._unsynced_receipts = False
        self._synced_at = time.monotonic()
        self._sync_folder()

    @staticmethod
    def _take(path: Path) -> int:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise JournalInUseError(f"{path.parent} belongs to another running process") from error
        return descriptor

    def waiting(self, device: str) -> dict[str, Kept]:
        """The messages of one device that have no receipt, oldest first."""
        return self.ledger.waiting.setdefault(device, {})

    def secrets(self, device: str) -> list[str]:
        """The secrets a device was told over the air and those it had, newest first; empty when it was told none."""
        return self.ledger.secrets.get(device, [])

    def keep_secrets(self, device: str, secrets: list[str]) -> None:
        """Write down what a device signs in with; a crash after the next `sync` does not lock it out."""
        self.ledger.secrets[device] = secrets
        self._put([SECRETS, device, secrets])
        self._unsynced = True

    def keep(self, kept: Kept) -> None:
        """Write down a new message; it is safe once `sync` has returned."""
        self.ledger.keep(kept)
        self._put([MADE, kept.device, kept.channel, kept.id, kept.body])
        self._unsynced = True

    def stored(self, message_id: str) -> Kept | None:
        """Note a receipt; None when the message was not waiting."""
        kept = self.ledger.settle(message_id, "")
        if kept is not None:
            self._put([STORED, message_id])
            self._unsynced_receipts = True
        return kept

    def refused(self, message_id: str, code: str) -> Kept | None:
        """Note a refusal with its code; None when the message was not waiting."""
        kept = self.ledger.settle(message_id, code or "unknown")
        if kept is not None:
            self._put([REFUSED, message_id, code or "unknown"])
            self._unsynced_receipts = True
        return kept

    def sync(self) -> None:
        """Write what is buffered; with a new message in it, wait until the disk has it.

        A receipt alone waits for the next message, or a fifth of a second: losing one costs a resend, which
        the gateway answers again, but whoever counts losses wants it on disk too.
        """
        self._write(b"".join(self._lines))
        self._lines.clear()
        now = time.monotonic()
        if self._unsynced or (self._unsynced_receipts and now - self._synced_at > RECEIPTS_WITHIN_S):
            os.fdatasync(self._file)
            self._unsynced = self._unsynced_receipts = False
            self._synced_at = now
        if self._size > self._compact_bytes + 2 * self._live:
            self.compact()

    def compact(self) -> None:
        """Write the shortest equal file beside this one, put it on disk and take its place."""
        self._write(b"".join(self._lines))
        self._lines.clear()
        self.ledger.forget(self._remember)
        new = self._folder / f"{FILE}.new"
        descriptor = os.open(new, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        old, self._file, self._size = self._file, descriptor, 0
        self._write(b"".join(_lines(self.ledger.lines())))
        os.fsync(self._file)
        os.replace(new, self._folder / FILE)
        self._sync_folder()
        os.close(old)
        self._live, self._unsynced, self._unsynced_receipts = self._size, False, False

    def close(self) -> None:
        """Put everything on disk and let the folder go."""
        self._unsynced = True
        self.sync()
        os.close(self._file)
        os.close(self._lock)

    def _put(self, record: list[object]) -> None:
        self._lines.extend(_lines([record]))

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            written = os.write(self._file, left)
            self._size += written
            left = left[written:]

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _lines(records: Iterable[list[object]]) -> Iterator[bytes]:
    for record in records:
        yield msgspec.json.encode(record) + b"\n"
