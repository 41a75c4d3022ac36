"""Tells devices the time, beside everything else: no backlog and no database stands before the answer."""

import json
import logging
import queue
import threading
import time

from backend.core import clock
from backend.observations.reading import DeviceMessage
from device_gateway.arrival import Arrived
from device_gateway.decoders import al_time
from device_gateway.refusal import Undecodable
from device_gateway.session import Session

log = logging.getLogger("device_gateway.clock_answers")

# One answer a device a second: a device that asks in a loop costs nobody else anything.
EVERY_S = 1.0
MOST_DEVICES = 100_000
MOST_WAITING = 10_000
# The homes' zone until a home says its own; a device shows it, nothing is dated by it.
ZONE = "Europe/London"
WAIT_S = 0.5


class ClockAnswers(threading.Thread):
    """Answers `up/time` on `down/time` at QoS 1 with the time of answering."""

    def __init__(self, session: Session) -> None:
        super().__init__(name="clock-answers", daemon=True)
        self._session = session
        self._asked: queue.Queue[Arrived] = queue.Queue(maxsize=MOST_WAITING)
        self._answered_at: dict[str, float] = {}
        self._stop_asked = threading.Event()
        self.answered = 0
        session.aside = self.take

    def ask_to_stop(self) -> None:
        """End after the question in hand."""
        self._stop_asked.set()

    def take(self, arrived: Arrived) -> bool:
        """Take a question for the time off the network thread; False for every other message."""
        if not arrived.topic.endswith("/up/time"):
            return False
        try:
            self._asked.put_nowait(arrived)
        except queue.Full:
            # It asks again; what may not happen is that alarms wait behind it.
            self._session.acknowledge([arrived])
        return True

    def run(self) -> None:
        """Answer until told to stop."""
        while not self._stop_asked.is_set():
            try:
                arrived = self._asked.get(timeout=WAIT_S)
            except queue.Empty:
                continue
            answer = self._answer(arrived)
            if answer is not None:
                self._session.publish(f"al/v1/{arrived.address()[0]}/down/time", answer, 1)
                self.answered += 1
            self._session.acknowledge([arrived])

    def _answer(self, arrived: Arrived) -> bytes | None:
        device, _ = arrived.address()
        if arrived.retained or not self._is_due(device):
            return None
        message = DeviceMessage(device, "", arrived.topic, arrived.payload, arrived.received_at)
        try:
            nonce = al_time.decode(message)[0].nonce
        except Undecodable:
            # The other session's copy of it is refused in words and kept.
            return None
        at = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return json.dumps({"v": 1, "utc": at, "tz": ZONE, "nonce": nonce}).encode()

    def _is_due(self, device: str) -> bool:
        now = time.monotonic()
        if now - self._answered_at.get(device, float("-inf")) < EVERY_S:
            return False
        if len(self._answered_at) >= MOST_DEVICES:
            self._answered_at.clear()
        self._answered_at[device] = now
        return True
