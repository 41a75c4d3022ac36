"""The threads that store: COMMIT, then PUBACK, then the receipt, and no other order."""

import json
import logging
import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from flask import Flask

from backend.core import clock
from device_gateway import faults
from device_gateway.alarms import AlarmVerdict, handle_alarm
from device_gateway.arrival import Arrived
from device_gateway.ingest import Ingest
from device_gateway.lanes import Lanes
from device_gateway.opening import Opened
from device_gateway.receipts import Receipts
from device_gateway.session import Session
from device_gateway.sparing import DATABASE_ERRORS, is_busy

log = logging.getLogger("device_gateway.writers")

BATCH, LARGE = 4_000, 500
LINGER_S = 0.003
IDLE_S = 0.25
# A flood of alarms slows readings down by so much, each time that they look, and no more.
GIVE_WAY_S, LOOK_S = 0.02, 0.001
# A thread that waits for the interpreter asks for it after so long: beside a backlog an alarm, which asks some twenty
# times, would else wait for most of what it lasts. Only while one is in hand, because each change has its price.
SWITCH_S, SWITCH_FOR_ALARMS_S = 0.0005, 0.00005
# So many alarms are stored at once: each spends most of its time waiting for answers. So many are taken from the queue,
# because PUBACKs keep the order of arrival: one alarm that cannot be stored holds back those of all that came after it.
HANDS, MOST_IN_HAND = 4, 2_000
# An alarm whose person somebody else is writing about is tried again after so long, by so many hands at most.
AGAIN_S, MOST_AGAIN = 0.25, 2
RETRY_S = (0.1, 0.2, 0.5, 1.0, 2.0)

Answer = TypeVar("Answer")


class StoppedError(Exception):
    """The process is asked to stop while the database is away; the broker keeps what was not acknowledged."""


class Writer(threading.Thread):
    """One session's thread: takes what arrived and stores it, until told to stop."""

    def __init__(self, app: Flask, session: Session, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._app, self._session = app, session
        self._stop_asked = threading.Event()
        self.stored = 0
        self.refused = 0
        self.database_away = False

    def ask_to_stop(self) -> None:
        """End after the batch in hand."""
        self._stop_asked.set()

    def run(self) -> None:
        """Take, store, acknowledge, tell; ends without a word when stopped while the database is away."""
        try:
            while not self._stop_asked.is_set():
                self._turn()
        except StoppedError:
            log.info("%s: stopped while the database was away", self.name)

    def _turn(self) -> None:
        raise NotImplementedError

    def _meanwhile(self) -> None:
        """Something to do between two tries."""

    def _insist(self, work: Callable[[], Answer]) -> Answer:
        """Do one unit of work in one app context; while the database is away, again and again.

        Nothing is acknowledged meanwhile, so the broker stops sending at its Receive Maximum.
        """
        tries = 0
        while True:
            try:
                with self._app.app_context():
                    answer = work()
            except DATABASE_ERRORS as error:
                self.database_away = True
                if tries % 20 == 0:
                    log.warning("%s: the database is away (%s)", self.name, type(error).__name__)
                self._meanwhile()
                if self._stop_asked.wait(RETRY_S[min(tries, len(RETRY_S) - 1)]):
                    raise StoppedError from None
                tries += 1
            else:
                self.database_away = False
                return answer


class ReadingWriter(Writer):
    """Stores readings, statuses and presences in batches."""

    def __init__(self, app: Flask, session: Session, alarms: "AlarmWriter | None" = None) -> None:
        super().__init__(app, session, "readings")
        self._alarms = alarms
        self.ingest = Ingest(give_way=self._give_way)
        self._receipts = Receipts(session.publish_all)
        # The next batch is decoded while the database works on this one; one in hand, one ahead, no more.
        self._ahead: queue.Queue[tuple[list[Arrived], list[Opened]]] = queue.Queue(maxsize=1)
        self._opener = threading.Thread(target=self._open_ahead, name="readings-opener", daemon=True)

    def run(self) -> None:
        """Store, with the opener beside."""
        self._opener.start()
        super().run()

    def _open_ahead(self) -> None:
        while not self._stop_asked.is_set():
            if batch := self._session.take(BATCH, LINGER_S, IDLE_S):
                self._ahead.put((batch, self.ingest.open_all(batch)))

    def _give_way(self) -> None:
        """Let an alarm in hand go first: what is done for readings takes the interpreter for as long as it lasts."""
        until = time.monotonic() + GIVE_WAY_S
        while self._alarms is not None and self._alarms.is_at_work and time.monotonic() < until:
            time.sleep(LOOK_S)

    def _turn(self) -> None:
        try:
            batch, opened = self._ahead.get(timeout=self._receipts.next_due_s(IDLE_S))
        except queue.Empty:
            batch = []
        if batch:
            self._give_way()
            tries = iter([opened])
            verdicts = self._insist(lambda: self.ingest.handle(batch, next(tries, None)))
            faults.reach("after-commit")
            self._session.acknowledge(batch)
            if faults.armed("after-puback"):
                self._session.written(5.0)
            faults.reach("after-puback")
            refused = sum(verdict.refused is not None for verdict in verdicts)
            self.refused += refused
            self.stored += len(verdicts) - refused
            self._receipts.add(verdicts)
        self._receipts.take_time(busy=len(batch) >= LARGE)
        self._receipts.send_due()

    def _meanwhile(self) -> None:
        self._receipts.send_due()


class AlarmWriter(Writer):
    """Stores each alarm in a transaction of its own, a few at a time, so that none waits for another's trouble.

    Alarms of one device keep their order. One that cannot be stored for now is put back, and the others' go first.
    """

    def __init__(self, app: Flask, session: Session, dead_folder: Path) -> None:
        super().__init__(app, session, "alarms")
        self.dead_folder = dead_folder
        self.retained_ignored = 0
        self._lanes = Lanes(MOST_AGAIN)
        # In the order of arrival, because MQTT wants PUBACKs in that order; and which of them are stored.
        self._in_hand: deque[Arrived] = deque()
        self._stored_ahead: set[int] = set()
        self._lock = threading.Lock()

    @property
    def is_at_work(self) -> bool:
        """Whether an alarm is in hand or waits; not while the database is away, when nobody gains by waiting."""
        return (bool(self._in_hand) or self._session.depth > 0) and not self.database_away

    def run(self) -> None:
        """Share out what arrives, until told to stop; what is then not stored stays with the broker."""
        hands = [threading.Thread(target=self._hand, name=f"alarms-{n}", daemon=True) for n in range(HANDS)]
        for hand in hands:
            hand.start()
        super().run()
        for hand in hands:
            hand.join()

    def _turn(self) -> None:
        if len(self._in_hand) >= MOST_IN_HAND:
            self._stop_asked.wait(LOOK_S)
            return
        for arrived in self._session.take(1, 0.0, IDLE_S):
            with self._lock:
                self._in_hand.append(arrived)
                sys.setswitchinterval(SWITCH_FOR_ALARMS_S)
            self._lanes.add(arrived)

    def _hand(self) -> None:
        try:
            while not self._stop_asked.is_set():
                if (arrived := self._lanes.take(IDLE_S)) is not None:
                    self._store(arrived)
        except StoppedError:
            log.info("%s: stopped while the database was away", threading.current_thread().name)

    def _store(self, arrived: Arrived) -> None:
        said = self._insist(partial(self._try, arrived))
        if said is None:
            self._lanes.later(arrived, AGAIN_S)
            return
        (verdict,) = said
        faults.reach("alarm-after-commit")
        with self._lock:
            self._acknowledge(arrived)
            if verdict is None:
                self.retained_ignored += arrived.retained
            else:
                self.stored += 1
        if verdict is not None:
            self._tell(verdict)
        # Only now the next of this device, so that what it is told keeps the order as well.
        self._lanes.done(arrived)

    def _try(self, arrived: Arrived) -> tuple[AlarmVerdict | None] | None:
        """Store it; None when somebody holds what it needs, so that other homes' go first."""
        try:
            return (handle_alarm(arrived, self.dead_folder),)
        except DATABASE_ERRORS as error:
            if is_busy(error):
                return None
            raise

    def _acknowledge(self, arrived: Arrived) -> None:
        """It is stored: acknowledge what is stored up to the first that is not."""
        self._stored_ahead.add(id(arrived))
        done: list[Arrived] = []
        while self._in_hand and id(self._in_hand[0]) in self._stored_ahead:
            done.append(self._in_hand.popleft())
            self._stored_ahead.remove(id(done[-1]))
        if not self._in_hand:
            sys.setswitchinterval(SWITCH_S)
        self._session.acknowledge(done)

    def _tell(self, verdict: AlarmVerdict) -> None:
        at = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if verdict.alarm_id is not None:
            said: dict[str, object] = {"v": 1, "alarm": verdict.alarm_id, "state": "received", "at": at}
            self._session.publish(f"al/v1/{verdict.device}/down/alarm", json.dumps(said).encode(), 1)
        else:
            # Somebody is told of it; without an alarm id the device can only be told to mend its message.
            rejected = [{"id": verdict.named, "code": "alarm-unreadable"}]
            body = json.dumps({"v": 1, "at": at, "rejected": rejected}).encode()
            self._session.publish(f"al/v1/{verdict.device}/down/ack", body, 1)
