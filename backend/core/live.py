"""What just changed, told to whoever listens: one LISTEN connection a process, one bounded queue a stream."""

import json
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, Full, Queue
from typing import Any

import psycopg
from flask import Flask, current_app

from backend.core.clock import now
from backend.core.notices import CHANNEL

log = logging.getLogger("alongside.live")

# A stream this far behind is closed: its page comes back and reads everything anew, which is less work.
MOST_WAITING = 256
# How long LISTEN waits before it looks whether it was told to stop, in seconds.
LISTEN_SLICE_S = 5.0

Event = Mapping[str, Any]


@dataclass(eq=False)
class Subscriber:
    """One stream: what waits for it, whether it fell behind, and whether somebody at a desk hears it."""

    is_desk: bool
    queue: "Queue[Event]" = field(default_factory=lambda: Queue(MOST_WAITING))
    overflowed: bool = False

    def next(self, timeout: float) -> Event | None:
        """The next event, or None after `timeout` seconds of silence."""
        try:
            return self.queue.get(timeout=timeout)
        except Empty:
            return None


class Hub:
    """Hears NOTIFY on the one channel and hands it to every subscriber; reconnects by itself."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._lock = threading.Lock()
        self._subscribers: set[Subscriber] = set()
        self._thread: threading.Thread | None = None
        self._connection: psycopg.Connection[Any] | None = None
        self._stopping = threading.Event()
        self._listening = threading.Event()

    @property
    def listening(self) -> bool:
        """True while the line to the database stands."""
        return self._listening.is_set()

    def subscribe(self, *, is_desk: bool) -> Subscriber:
        """Begin to hear; the listening thread starts with the first subscriber."""
        subscriber = Subscriber(is_desk)
        with self._lock:
            self._subscribers.add(subscriber)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="live-listen", daemon=True)
                self._thread.start()
        # Until LISTEN stands, an event may pass unheard; the stream says hello after that, not before.
        self._listening.wait(LISTEN_SLICE_S)
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Stop hearing."""
        with self._lock:
            self._subscribers.discard(subscriber)

    def desks(self) -> int:
        """How many desks listen now, in this process; the canary's watcher is none."""
        with self._lock:
            return sum(1 for subscriber in self._subscribers if subscriber.is_desk)

    def streams(self) -> int:
        """How many streams are open in this process."""
        with self._lock:
            return len(self._subscribers)

    def stop(self) -> None:
        """End the listening thread; for tests and a clean end of the process."""
        self._stopping.set()
        thread = self._thread
        if thread is not None:
            connection = self._connection
            if connection is not None:
                connection.close()
            thread.join(LISTEN_SLICE_S + 1)

    def _listen(self) -> None:
        wait = 0.1
        again = False
        while not self._stopping.is_set():
            try:
                with psycopg.connect(
                    self._dsn, autocommit=True, connect_timeout=5, application_name="alongside-live"
                ) as connection:
                    self._connection = connection
                    connection.execute(f"listen {CHANNEL}")
                    self._listening.set()
                    wait = 0.1
                    if again:
                        # What was told meanwhile is gone: whoever listens has to read everything anew.
                        self._hand_out({"t": "hello", "as_of": _zulu(now())})
                    again = True
                    self._hear(connection)
            except (psycopg.Error, OSError) as error:
                again = True
                log.warning("live line lost", extra={"phase": "listen", "error": type(error).__name__})
            finally:
                self._listening.clear()
                self._connection = None
            self._stopping.wait(wait)
            wait = min(wait * 2, 5.0)

    def _hear(self, connection: "psycopg.Connection[Any]") -> None:
        while not self._stopping.is_set():
            for notice in connection.notifies(timeout=LISTEN_SLICE_S):
                try:
                    event = json.loads(notice.payload)
                except ValueError:
                    log.error("notice is not JSON", extra={"phase": "listen"})
                    continue
                # A large batch is told in lists.
                for one in event if isinstance(event, list) else [event]:
                    if isinstance(one, dict):
                        self._hand_out(one)
            # Silence may be a dead line: one question a slice finds out.
            connection.execute("select 1")

    def _hand_out(self, event: Event) -> None:
        with self._lock:
            for subscriber in self._subscribers:
                try:
                    subscriber.queue.put_nowait(event)
                except Full:
                    subscriber.overflowed = True


_HUB = "alongside-live-hub"


def register_hub(app: Flask, made: Hub) -> None:
    """Give this process its one hub."""
    app.extensions[_HUB] = made


def hub() -> Hub:
    """The hub of this process."""
    found: Hub = current_app.extensions[_HUB]
    return found


def _zulu(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def event_text(name: str, data: Event) -> str:
    """One server-sent event; the type stands in the event's name and not in its data."""
    body = {key: value for key, value in data.items() if key != "t"}
    return f"event: {name}\ndata: {json.dumps(body, separators=(',', ':'), default=str)}\n\n"


def hello() -> Event:
    """The first event of every stream, and the first after a gap: read everything anew."""
    return {"t": "hello", "as_of": _zulu(now())}


class Pings:
    """Says when a quiet stream owes a ping, by a clock that cannot be set back."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._due = time.monotonic() + every_s

    def left(self) -> float:
        """Seconds until the next ping is owed."""
        return max(0.0, self._due - time.monotonic())

    def due(self) -> bool:
        """True once each period."""
        if time.monotonic() < self._due:
            return False
        self._due = time.monotonic() + self._every_s
        return True
