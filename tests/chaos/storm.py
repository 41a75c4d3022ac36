"""The blows of a chaos run, drawn from a seed, and the keepers that start again what was struck down."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psutil
import psycopg

from tests.chaos.arena import Arena
from tests.chaos.server_clock import ServerClock

CHECKOUT = Path(__file__).resolve().parents[2]
EVERYTHING = ("gateway", "broker", "postgres", "worker", "worker 2")
# What is struck, how often beside the others, and after how many seconds each part of it.
BLOWS: dict[str, tuple[int, tuple[tuple[str, float], ...]]] = {
    "gateway": (30, (("gateway", 0.0),)),
    "broker": (18, (("broker", 0.0),)),
    "postgres": (12, (("postgres", 0.0),)),
    "worker": (8, (("worker", 0.0),)),
    # Whichever of the two workers leads.
    "leader": (8, (("leader", 0.0),)),
    "session": (8, (("session", 0.0),)),
    # The mains fail: all at once, and what was only in memory is gone everywhere.
    "power cut": (8, tuple((name, 0.0) for name in EVERYTHING)),
    # The disk's machine goes first and the rest follow, while messages wait in memory for a database.
    "brown-out": (8, (("postgres", 0.0), ("gateway", 1.5), ("broker", 1.5))),
}
FIRST_BLOW_S, LONGEST_DOWN_S = 3.0, 4.0
BROWN_OUT_DOWN_S = 3.5
# The worker ends by itself whenever it cannot be sure that it leads, which is right; for ever is not.
DEATHS_ALLOWED = 40


@dataclass(frozen=True, slots=True)
class Blow:
    """At `at_s` seconds, kill -9 of `part` (a session is one of the database's own), which stays down `down_s`."""

    at_s: float
    part: str
    down_s: float
    kind: str


def blows(seed: int, seconds: float) -> list[Blow]:
    """The course of a run: each kind at least once where there is time, then by their weights."""
    chance = random.Random(seed)
    deck = sorted(BLOWS)
    chance.shuffle(deck)
    found: list[Blow] = []
    at_s = FIRST_BLOW_S
    while at_s < seconds - 1.0:
        kind = deck.pop() if deck else chance.choices(list(BLOWS), [odds for odds, _ in BLOWS.values()])[0]
        down_s = min(chance.expovariate(1.0), LONGEST_DOWN_S)
        for part, after_s in BLOWS[kind][1]:
            is_first_of_brown_out = kind == "brown-out" and part == "postgres"
            found.append(
                Blow(at_s + after_s, part, BROWN_OUT_DOWN_S if is_first_of_brown_out else down_s, kind)
            )
        at_s += 0.7 + min(chance.expovariate(1 / 1.6), 6.0)
    return sorted(found, key=lambda blow: blow.at_s)


def of_kind(kind: str, at_s: float, down_s: float) -> list[Blow]:
    """The blows of one event."""
    return [
        Blow(
            at_s + after_s,
            part,
            BROWN_OUT_DOWN_S if (kind, part) == ("brown-out", "postgres") else down_s,
            kind,
        )
        for part, after_s in BLOWS[kind][1]
    ]


class Part(Protocol):
    """Something that runs and can be killed."""

    @property
    def pid(self) -> int | None:
        """Its process while it runs."""

    def start(self) -> None:
        """Start it; raises when it does not come up."""


@dataclass
class Program:
    """One of our own programs, as the supervisor starts it; `folder` may hold a changed copy of its source."""

    argv: tuple[str, ...]
    environment: Callable[[], dict[str, str]]
    log: Path
    folder: Path = CHECKOUT
    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Its process while it runs."""
        return self.process.pid if self.process is not None and self.process.poll() is None else None

    def start(self) -> None:
        """Start it, without waiting for what it waits for."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.argv],
                env=self.environment(), cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip

    def stop(self) -> None:
        """SIGTERM, and after half a minute SIGKILL."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(60)


@dataclass
class Keeper:
    """Plays the supervisor for one part: starts it again once its time of being down is over.

    It is one thread for the whole run, because a server ends with the thread that started it.
    """

    name: str
    part: Part
    not_before: float = 0.0
    starts: int = 0
    kills: int = 0
    by_itself: int = 0
    _was_killed: bool = True
    _resting: threading.Event = field(default_factory=threading.Event)
    _rested: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        """Keep it from now on."""
        self._thread = threading.Thread(target=self._run, name=f"keeper of {self.name}", daemon=True)
        self._thread.start()

    def rest(self) -> None:
        """Start it no more, once a start that is going on is over; what runs goes on running."""
        self._resting.set()
        if self._thread is not None:
            self._rested.wait(150)

    def end(self) -> None:
        """Let it go; the part itself is stopped by the caller before."""
        self._resting.set()
        self._over.set()
        if self._thread is not None:
            self._thread.join(60)

    def kill(self, down_s: float) -> bool:
        """kill -9 whatever it is doing; False when it was down already."""
        pid = self.part.pid
        self.not_before = time.monotonic() + down_s
        if pid is None:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self._was_killed = True
        self.kills += 1
        return True

    def _run(self) -> None:
        while not self._resting.wait(0.05):
            if self.part.pid is not None or time.monotonic() < self.not_before:
                continue
            self.by_itself += not self._was_killed
            self._was_killed = False
            try:
                self.part.start()
                self.starts += 1
            except (RuntimeError, OSError, psycopg.Error):
                # Struck while it was starting: the next round tries again.
                self._was_killed = True
            if not self._was_killed:
                # A program that cannot live yet is not started a hundred times a second.
                self.not_before = time.monotonic() + 0.5
        self._rested.set()
        self._over.wait()


class Storm:
    """All the keepers and the blows that fall while the caller waits."""

    def __init__(self, arena: Arena, gateway_folder: Path = CHECKOUT) -> None:
        self._arena = arena
        self.gateway = Program(
            ("device_gateway.main",), self._gateway_environment, arena.home / "gateway.log", gateway_folder
        )
        self.clock = ServerClock(arena.home)
        worker = ("backend.worker",)
        self.worker = Program(worker, self._worker_environment, arena.home / "worker.log")
        self.worker_2 = Program(worker, self._worker_environment, arena.home / "worker-2.log")
        parts: dict[str, Part] = {
            "gateway": self.gateway, "broker": arena.broker, "postgres": arena.postgres, "worker": self.worker,
            "worker 2": self.worker_2,
        }  # fmt: skip
        self.keepers = {name: Keeper(name, part) for name, part in parts.items()}
        self.struck: Counter[str] = Counter()

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Everything runs and is kept running; at the end our own programs are stopped."""
        for keeper in self.keepers.values():
            keeper.begin()
        try:
            yield
        finally:
            for keeper in self.keepers.values():
                keeper.rest()
            self.gateway.stop()
            self.worker.stop()
            self.worker_2.stop()

    def over(self) -> None:
        """Let the keepers end; what they started must be stopped by now."""
        for keeper in self.keepers.values():
            keeper.end()

    def blow(self, course: Sequence[Blow], seconds: float, meanwhile: Callable[[], None]) -> None:
        """Let these blows fall over `seconds`, calling `meanwhile` several times a second."""
        began, left = time.monotonic(), list(course)
        chance = random.Random(len(left))
        while (now := time.monotonic() - began) < seconds:
            self.look()
            self.clock.follow(now / seconds, self._arena.world.owner_dsn)
            while left and left[0].at_s <= now:
                self._strike(left.pop(0), chance)
            meanwhile()
            time.sleep(0.1)
        while not self.clock.is_right:
            self.clock.follow(1.0, self._arena.world.owner_dsn)
            time.sleep(0.1)

    def look(self) -> None:
        """Raises RuntimeError with the end of its log when one of our programs does nothing but die."""
        for name, program in (
            ("gateway", self.gateway),
            ("worker", self.worker),
            ("worker 2", self.worker_2),
        ):
            if self.keepers[name].by_itself > DEATHS_ALLOWED:
                raise RuntimeError(f"the {name} dies by itself:\n{program.log.read_text()[-2_000:]}")

    @property
    def kills(self) -> int:
        """How many processes were killed."""
        return sum(keeper.kills for keeper in self.keepers.values()) + self.struck["session"]

    def _strike(self, blow: Blow, chance: random.Random) -> None:
        if blow.part == "session":
            self.struck[blow.kind] += self._kill_a_session(chance)
        elif self.keepers[self._leader() if blow.part == "leader" else blow.part].kill(blow.down_s):
            self.struck[blow.kind] += 1

    def _leader(self) -> str:
        """Which keeper's worker leads, as far as the database can say."""
        try:
            pid = self._arena.world.one("select (detail ->> 'pid')::int from heartbeat where name = 'worker'")
        except psycopg.Error:
            self._arena.reconnect()
            return "worker"
        return "worker 2" if pid is not None and pid == self.worker_2.pid else "worker"

    def _kill_a_session(self, chance: random.Random) -> bool:
        """kill -9 of one session of the database, after which the server throws out all the others."""
        pid = self._arena.postgres.pid
        with contextlib.suppress(psutil.Error):
            children = psutil.Process(pid).children() if pid is not None else []
            ours = sorted(one.pid for one in children if " al_" in " ".join(one.cmdline()))
            if ours:
                os.kill(chance.choice(ours), signal.SIGKILL)
                return True
        return False

    def _gateway_environment(self) -> dict[str, str]:
        broker = self._arena.broker
        return self._environment("al_gateway") | {
            "MQTT_URL": broker.service_url("al-gateway-obs"),
            "MQTT_ALARM_URL": broker.service_url("al-gateway-alarm"),
        }

    def _worker_environment(self) -> dict[str, str]:
        return self._environment("al_worker") | {
            "MQTT_CONTROL_URL": self._arena.broker.control_url(),
            **self.clock.environment(),
        }

    def _environment(self, role: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"], "HOME": str(Path.home()), "LANG": "C.UTF-8",
            "ALONGSIDE_HOME": str(self._arena.home), "ALONGSIDE_PUBLIC_URL": "http://localhost:8080",
            "DATABASE_URL": self._arena.postgres.url(role),
            # After the folder a program is started in, which may hold a changed copy of it.
            "PYTHONPATH": str(CHECKOUT),
        }  # fmt: skip
