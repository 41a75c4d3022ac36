"""The scheduler process: one leader by advisory lock runs every slice's jobs, all share what may be shared."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from types import FrameType
from typing import Any

import psycopg
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError

from backend import plugs
from backend.core.answers import log_to_stderr
from backend.core.clock import now
from backend.core.config import Config
from backend.core.db import database_app, db, plain_dsn, transaction
from backend.core.errors import Problem
from backend.core.heartbeat import beat
from backend.core.job import Job
from backend.core.notices import CHANNEL
from backend.core.runner import Runner
from backend.core.wall_clock import WallClock, pause
from backend.messages import service as messages
from backend.pathways import service as pathways

log = logging.getLogger("alongside.worker")

LEADER_LOCK = 7041010
ASK_EVERY_S = 0.5
CHECK_EVERY_S = 1.0
HEARTBEAT_S = 5.0
# A check of leadership that hangs longer than this means that somebody else may lead already.
DEAF_S = 10.0
LOST_LEADERSHIP, STUCK, BROKEN = 3, 4, 5


def connect(dsn: str, name: str) -> "psycopg.Connection[tuple[Any, ...]]":
    """A direct connection of our own, quick to notice that the other end is gone."""
    return psycopg.connect(
        dsn,
        autocommit=True,
        application_name=name,
        connect_timeout=5,
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=3,
        tcp_user_timeout=8000,
    )


def die(status: int, why: str) -> None:
    """End at once: what was begun rolls back and stays waiting, and the supervisor starts us anew."""
    log.critical(why, extra={"phase": "end", "status": status})
    logging.shutdown()
    os._exit(status)


class Leadership:
    """The advisory lock on a connection of its own: who holds it leads, and a dead holder lets go at once."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self.checked_at = time.monotonic()

    def seek(self, stop: threading.Event) -> bool:
        """Wait until we lead; False when asked to stop before."""
        said = False
        while not stop.is_set():
            try:
                if self._connection is None:
                    self._connection = connect(self._dsn, "alongside-leader")
                row = self._connection.execute("select pg_try_advisory_lock(%s)", (LEADER_LOCK,)).fetchone()
                if row is not None and row[0]:
                    self.checked_at = time.monotonic()
                    return True
                if not said:
                    log.info("standing by", extra={"phase": "lead"})
                    said = True
            except psycopg.Error as error:
                log.warning("database away", extra={"phase": "lead", "error": type(error).__name__})
                self._connection = None
            stop.wait(ASK_EVERY_S)
        return False

    def check(self) -> None:
        """Ask the database whether we still hold the lock; raises psycopg.Error when it cannot say yes."""
        assert self._connection is not None
        held = self._connection.execute(
            "select 1 from pg_locks where locktype = 'advisory' and objid = %s and granted"
            " and pid = pg_backend_pid()",
            (LEADER_LOCK,),
        ).fetchone()
        if held is None:
            raise psycopg.OperationalError("the lock is gone")
        self.checked_at = time.monotonic()


class Listener(threading.Thread):
    """Wakes jobs as soon as the database tells of new work; the timetable catches what it misses."""

    def __init__(self, dsn: str, runners: Sequence[Runner]) -> None:
        super().__init__(name="listen", daemon=True)
        self._dsn = dsn
        self._runners = runners

    def run(self) -> None:
        """For ever, reconnecting."""
        while True:
            try:
                with connect(self._dsn, "alongside-worker-listen") as connection:
                    connection.execute(f"listen {CHANNEL}")
                    # What was told while nobody listened is lost, so everybody looks once.
                    for runner in self._runners:
                        runner.wake()
                    self._hear(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("listening line lost", extra={"phase": "listen", "error": type(error).__name__})
                pause(ASK_EVERY_S)

    def _hear(self, connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
        wakes = {runner.job.wakes_on: runner for runner in self._runners if runner.job.wakes_on}
        while True:
            for notice in connection.notifies(timeout=5):
                # Only two of the many payloads concern us, and neither carries anything to read.
                for kind, runner in wakes.items():
                    if f'"t":"{kind}"' in notice.payload:
                        runner.wake()
            connection.execute("select 1")


def all_jobs() -> list[Job]:
    """Every slice's JOBS; two with one name are refused with ValueError."""
    jobs = [job for module in plugs.slices("jobs") for job in module.JOBS]
    if len({job.name for job in jobs}) != len(jobs):
        raise ValueError("two jobs have one name")
    return jobs


class Worker:
    """Leads or stands by; while it leads, ticks, listens and watches itself."""

    def __init__(self, config: Config) -> None:
        self._dsn = plain_dsn(config.database_url)
        self._own_packs = config.packs
        jobs = all_jobs()
        self._app = database_app(config, pool_size=len(jobs) + 2, name="alongside-worker")
        self._app.config["MQTT_CONTROL_URL"] = config.mqtt_control_url
        heart = Job("heartbeat", self._beat, every_s=HEARTBEAT_S)
        self._runners = [Runner(job, self._app) for job in (*jobs, heart)]
        self._stop = threading.Event()
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def ask_to_stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """End after what is going on; a signal handler."""
        self._stop.set()

    def run(self) -> int:
        """Take part until told to stop, and lead when nobody else does; a lost lead or a stuck job ends the process."""
        leadership = Leadership(self._dsn)
        scheduler = self._scheduler
        scheduler.start()
        threading.Thread(target=self._guard_jobs, name="guard jobs", daemon=True).start()
        self._start([one for one in self._runners if one.job.anyone], scheduler)
        if leadership.seek(self._stop):
            log.info("leading", extra={"phase": "lead", "jobs": [r.job.name for r in self._runners]})
            threading.Thread(target=self._guard, args=(leadership,), name="guard", daemon=True).start()
            # Not in this thread: on a slow machine the packs take longer than the lock may go unchecked.
            threading.Thread(target=self._lead, args=(scheduler,), name="lead", daemon=True).start()
        while not self._stop.wait(CHECK_EVERY_S):
            try:
                leadership.check()
            except psycopg.Error:
                die(LOST_LEADERSHIP, "leadership lost")
        scheduler.shutdown(wait=False)
        return 0

    def _lead(self, scheduler: BackgroundScheduler) -> None:
        self._load_packs()
        self._start([one for one in self._runners if not one.job.anyone], scheduler)

    def _start(self, runners: Sequence[Runner], scheduler: BackgroundScheduler) -> None:
        """APScheduler only ticks: what is due, and how far it got, stands in the database."""
        for runner in runners:
            runner.last_round = time.monotonic()
            runner.start()
            scheduler.add_job(runner.wake, "interval", seconds=runner.job.every_s, id=runner.job.name)
            runner.wake()
        Listener(self._dsn, runners).start()

    def _guard(self, leadership: Leadership) -> None:
        """Ends the process when the check of leadership hangs; by the monotonic clock."""
        while True:
            pause(CHECK_EVERY_S)
            if time.monotonic() - leadership.checked_at > DEAF_S:
                die(LOST_LEADERSHIP, "leadership could not be checked")

    def _guard_jobs(self) -> None:
        """Ends the process when a job hangs, whether it leads or not; by the monotonic clock."""
        ticks = WallClock()
        while True:
            pause(CHECK_EVERY_S)
            if ticks.was_set():
                log.warning("the clock was set", extra={"phase": "clock"})
                self._tick_now()
            for runner in self._runners:
                if runner.is_alive() and runner.overdue:
                    die(STUCK, f"job {runner.job.name} is stuck")

    def _tick_now(self) -> None:
        """The timetable is by the wall's clock: set back an hour, it would not tick for an hour."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=now())

    def _load_packs(self) -> None:
        try:
            with self._app.app_context(), transaction():
                new = pathways.load_packs()
                if self._own_packs is not None:
                    new += pathways.load_packs(self._own_packs, own=True)
            if new:
                log.info("pathways loaded", extra={"packs": new})
        except (Problem, ValueError) as refused:
            # People stay on the versions they are on; a pack that cannot be loaded must not stop the rules.
            log.error("pathways not loaded", extra={"phase": "packs", "why": str(refused)})
        except (OperationalError, InterfaceError):
            die(BROKEN, "database away at start")

    def _beat(self) -> int:
        with transaction():
            waiting = db.session.execute(text("select count(*) from evaluation_wait")).scalar_one()
            told = {"messages": messages.counts(), "channels": messages.channels_here()}
            beat("worker", {"pid": os.getpid(), "waiting": waiting, **told})
        return 0


def thread_failed(trouble: threading.ExceptHookArgs) -> None:
    """Half a worker would look alive and lose its work."""
    die(BROKEN, f"thread {trouble.thread.name if trouble.thread else ''} failed: {trouble.exc_type.__name__}")


def main() -> int:
    """Run the worker as told by the environment."""
    log_to_stderr()
    threading.excepthook = thread_failed
    worker = Worker(Config.from_environ())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.ask_to_stop)
    return worker.run()


if __name__ == "__main__":
    sys.exit(main())
