"""The thread that tells devices what waits for them in the database: published, confirmed by the broker, marked."""

import json
import logging
import threading
import time
from collections.abc import Sequence

import psycopg
from flask import Flask
from paho.mqtt.client import MQTTMessageInfo

from backend.alerts import service as alerts
from backend.core.db import plain_dsn, transaction
from backend.devices import service as devices
from backend.devices.service import Waiting
from device_gateway import faults
from device_gateway.session import Session
from device_gateway.sparing import DATABASE_ERRORS

log = logging.getLogger("device_gateway.downlink")

MOST = 100
# NOTIFY wakes us at once; the look without it is for what was written while the line to the database was down.
LOOK_S = 5.0
LISTEN_SLICE_S = 0.5
RETRY_S = 1.0
# How long one batch waits for the broker, and when a message it never confirmed is published anew.
CONFIRM_S = 5.0
LOST_S = 60.0


class Downlink(threading.Thread):
    """Sends rows of `downlink` at QoS 1, oldest first, and marks each once the broker has confirmed it.

    A row is marked after the PUBACK and never before: whatever dies between, it goes out again. A device that is
    away gets it from its durable session; what a broker lost is asked for again when the device is born.
    """

    def __init__(self, app: Flask, database_url: str, session: Session) -> None:
        super().__init__(name="downlink", daemon=True)
        self._app, self._dsn, self._session = app, plain_dsn(database_url), session
        self._stop_asked = threading.Event()
        # What paho holds and will send again by itself on its next connection: not to be given to it twice.
        self._on_the_way: dict[tuple[int, int], tuple[MQTTMessageInfo, float]] = {}
        self.sent = 0

    def ask_to_stop(self) -> None:
        """End soon; what waits is sent by the next life."""
        self._stop_asked.set()

    def run(self) -> None:
        """Send, and listen for more, until told to stop; the database may come and go."""
        while not self._stop_asked.is_set():
            try:
                with psycopg.connect(
                    self._dsn, autocommit=True, connect_timeout=5, application_name="alongside-downlink"
                ) as line:
                    line.execute(f"listen {devices.WAKES}")
                    self._serve(line)
            except (*DATABASE_ERRORS, OSError) as error:
                log.warning("downlink: the database is away (%s)", type(error).__name__)
                self._stop_asked.wait(RETRY_S)

    def _serve(self, line: "psycopg.Connection[tuple[object, ...]]") -> None:
        look_at = 0.0
        while not self._stop_asked.is_set():
            if time.monotonic() >= look_at:
                self._send_waiting()
                look_at = time.monotonic() + LOOK_S
            for _ in line.notifies(timeout=LISTEN_SLICE_S, stop_after=1):
                look_at = 0.0

    def _send_waiting(self) -> None:
        while not self._stop_asked.is_set():
            with self._app.app_context(), transaction():
                waiting = devices.waiting_downlink(MOST)
            if not waiting:
                return
            faults.reach("downlink-before-publish")
            sent = self._publish(waiting)
            faults.reach("downlink-before-mark")
            if sent:
                with self._app.app_context(), transaction():
                    alerts.note_told(devices.mark_sent(sent))
                self.sent += len(sent)
            if len(sent) < len(waiting):
                # The broker is away or slow; asking it again at once would only make it slower.
                return

    def _publish(self, waiting: Sequence[Waiting]) -> list[Waiting]:
        """Publish all in order; answers those the broker confirmed in time."""
        now = time.monotonic()
        for one in waiting:
            known = self._on_the_way.get((one.id, one.asked))
            if known is not None and now - known[1] < LOST_S:
                continue
            if not self._session.client.is_connected():
                break
            body = json.dumps(dict(one.payload), separators=(",", ":")).encode()
            info = self._session.client.publish(one.topic, body, 1, one.retain)
            self._on_the_way[one.id, one.asked] = (info, now)
        until = now + CONFIRM_S
        confirmed = [one for one in waiting if self._is_confirmed(one, until)]
        for one in confirmed:
            del self._on_the_way[one.id, one.asked]
        return confirmed

    def _is_confirmed(self, one: Waiting, until: float) -> bool:
        known = self._on_the_way.get((one.id, one.asked))
        if known is None:
            return False
        while not _has_arrived(known[0]) and time.monotonic() < until and not self._stop_asked.is_set():
            time.sleep(0.005)
        return _has_arrived(known[0])


def _has_arrived(info: MQTTMessageInfo) -> bool:
    """Whether the broker has it. paho raises for what it could not send at once, though it keeps it and will."""
    try:
        return info.is_published()
    except (ValueError, RuntimeError):
        return False
