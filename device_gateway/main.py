"""The gateway process: two durable sessions, a thread for each, a watch over both, and a clean end."""

import faulthandler
import gc
import json
import logging
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import Path

from flask import Flask

from backend.core.config import Config
from backend.core.db import database_app, driver_connection, transaction
from device_gateway import dead_letters, faults
from device_gateway.clock_answers import ClockAnswers
from device_gateway.downlink import Downlink
from device_gateway.replay import Replays
from device_gateway.session import Session
from device_gateway.sparing import DATABASE_ERRORS
from device_gateway.writers import HANDS, SWITCH_S, AlarmWriter, ReadingWriter, Writer

log = logging.getLogger("device_gateway.main")

HEARTBEAT_S = 5.0
# No echo for so long: whatever the connection looks like, nothing reaches us. The supervisor starts us anew.
DEAF_S = 45.0
# A connection for each hand of the alarms, and for readings, the downlink, replays and the heartbeat.
POOL = HANDS + 4
BROKEN = 70  # EX_SOFTWARE of sysexits.h
DEAF = 69  # EX_UNAVAILABLE

# Everything a device may say, so that what is on no channel of the contract is refused in words and not left
# to be sent for ever. Alarms come here too and are passed over: they have a session of their own.
READINGS = ("al/v1/+/up/#",)
# Questions for the time come beside the alarms: there they wait behind no backlog.
ALARMS = ("al/v1/+/up/alarm", "al/v1/+/up/time")


class Gateway:
    """Both sessions and their writers."""

    def __init__(self, config: Config) -> None:
        self._app = database_app(config, pool_size=POOL, name="alongside-gateway")
        plain = config.mqtt_plain
        self._readings = Session(config.mqtt(), "al-gateway-obs", READINGS, plain=plain, counts=True)
        self._alarms = Session(config.mqtt_alarm(), "al-gateway-alarm", ALARMS, plain=True)
        self._alarm_writer = AlarmWriter(self._app, self._alarms, config.home / "dead-alarms")
        self._reading_writer = ReadingWriter(self._app, self._readings, self._alarm_writer)
        # Downlink shares the alarms' connection, so that no later state overtakes `received` on the wire.
        self._downlink = Downlink(self._app, config.database_url, self._alarms)
        self._clock_answers = ClockAnswers(self._alarms)
        self._replays = Replays(self._app)
        self._beside = (self._downlink, self._clock_answers, self._replays)
        self._stop_asked = threading.Event()

    def ask_to_stop(self, *_signal: object) -> None:
        """SIGTERM and SIGINT: end cleanly."""
        self._stop_asked.set()

    def run(self) -> int:
        """Serve until asked to stop; answers the exit status."""
        writers: tuple[Writer, ...] = (self._alarm_writer, self._reading_writer)
        threads: tuple[Writer | Downlink | ClockAnswers | Replays, ...] = (*writers, *self._beside)
        for thread in threads:
            thread.start()
        for session in (self._alarms, self._readings):
            session.start()
        status = self._watch(writers)
        for thread in threads:
            thread.ask_to_stop()
        for thread in threads:
            thread.join(10)
        if status == 0:
            for session in (self._alarms, self._readings):
                session.stop()
        return status

    def _watch(self, writers: tuple[Writer, ...]) -> int:
        while True:
            for session in (self._alarms, self._readings):
                session.send_echo()
            self._beat(self._app)
            if self._stop_asked.wait(HEARTBEAT_S):
                return 0
            if not all(writer.is_alive() for writer in writers):
                return BROKEN
            for session, writer in (
                (self._alarms, self._alarm_writer),
                (self._readings, self._reading_writer),
            ):
                if writer.database_away:
                    # A full queue stops reading, echo and all: then the database is what is missing.
                    session.echoed_at = time.monotonic()
                elif time.monotonic() - session.echoed_at > DEAF_S:
                    log.error("%s: no echo from the broker for %d s", session.client_id, DEAF_S)
                    return DEAF

    def _beat(self, app: Flask) -> None:
        detail = {
            "queued": self._readings.depth + self._alarms.depth,
            "broker": self._readings.broker,
            # Seconds since the broker last gave us something back: growing means that it serves nobody.
            "echo_age_s": round(time.monotonic() - min(self._readings.echoed_at, self._alarms.echoed_at), 1),
            "alarms_unstored": dead_letters.count(self._alarm_writer.dead_folder),
            "echo_ms": self._readings.echo_ms,
            "alarm_echo_ms": self._alarms.echo_ms,
            "stored": self._reading_writer.stored,
            "refused": self._reading_writer.refused,
            "alarms": self._alarm_writer.stored,
            "told": self._downlink.sent,
            "replayed": self._replays.done,
            "time_answers": self._clock_answers.answered,
            "retained_ignored": self._reading_writer.ingest.retained_ignored
            + self._alarm_writer.retained_ignored,
        }
        try:
            with app.app_context(), transaction():
                driver_connection().execute(
                    """insert into heartbeat (name, at, detail) values ('gateway', clock_timestamp(), %s)
                    on conflict (name) do update set at = excluded.at, detail = excluded.detail
                        || jsonb_build_object('broker',
                            coalesce(heartbeat.detail->'broker', '{}') || (excluded.detail->'broker'))""",
                    (json.dumps(detail),),
                )
        except DATABASE_ERRORS:
            # The writers say so already, and a heartbeat that is missing is what it is for.
            return


def die(trouble: threading.ExceptHookArgs) -> None:
    """A thread that fails ends the process: half a gateway would look alive and lose its work."""
    # Where and what kind, never the error's own words: those of a driver hold values.
    places = traceback.extract_tb(trouble.exc_traceback)
    where = " < ".join(
        f"{Path(place.filename).name}:{place.lineno} {place.name}" for place in reversed(places)
    )
    name = trouble.thread and trouble.thread.name
    log.critical("thread %s failed: %s at %s", name, trouble.exc_type.__name__, where)
    logging.shutdown()
    os._exit(BROKEN)


def main() -> int:
    """Run the gateway as told by the environment."""
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    logging.getLogger("device_gateway").setLevel(logging.INFO)
    threading.excepthook = die
    # Where each thread stands, for whoever finds a gateway that lives and does not move; places, never values.
    faulthandler.register(signal.SIGUSR1)
    # A thread that waits to acknowledge an alarm gets its turn in half a millisecond, not in five, while others
    # read a backlog.
    sys.setswitchinterval(SWITCH_S)
    config = Config.from_environ()
    faults.arm(config.crash_at)
    gateway = Gateway(config)
    # A batch makes thousands of short-lived objects without cycles: looking through everything that was
    # imported for each few hundred of them costs a tenth of the throughput.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, gateway.ask_to_stop)
    return gateway.run()


if __name__ == "__main__":
    sys.exit(main())
