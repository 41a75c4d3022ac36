"""What a backlog does: an alarm beside it, a week of a thousand homes at once, and memory with the database away."""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psutil
import psycopg

from backend.core.db import plain_dsn
from bench.ingest import release, start_publisher
from bench.raw_mqtt import ReceiptCounter, connect, publish
from bench.report import Measure
from bench.yard import LOADER, Yard, message

HOMES = 1_000
BACKLOG = 200_000
SAMPLES = 1_000
PRESSES_A_SECOND = 40  # a storm: the pendants of 40 homes in each second
WEEK_EACH = 300  # readings a home in seven days
MILLION = 1_000_000
AWAY_S = 30.0


def measure() -> list[Measure]:
    """Three measures, each in a yard of its own."""
    measured: list[Measure] = []
    for part in (_alarms_beside, _week, _database_away):
        began = time.monotonic()
        measured += part()
        print(f"  {part.__name__} took {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return measured


def _alarms_beside() -> list[Measure]:
    """Queue a backlog at the broker, let the gateway drain it, press pendants meanwhile; again until enough."""
    pressed: dict[str, float] = {}
    heard: dict[str, float] = {}
    drains: list[float] = []
    with Yard(2 * HOMES) as yard:
        yard.start_gateway()
        listener = threading.Thread(
            target=_listen, args=(plain_dsn(yard.postgres.url("al_migrate")), heard), daemon=True
        )
        listener.start()
        while len(pressed) < SAMPLES:
            yard.stop_gateway()
            _fill(yard, yard.names[:HOMES], BACKLOG)
            drains.append(_press_while_draining(yard, pressed, (len(drains) + 1) * BACKLOG))
        until = time.monotonic() + 20
        while len(heard) < len(pressed) and time.monotonic() < until:
            time.sleep(0.05)
    took = sorted(heard[one] - at for one, at in pressed.items() if one in heard)
    p50, p99 = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
    return [
        Measure(
            "alarm published → NOTIFY while a backlog drains, p99", round(p99, 1), "ms", "<= 250",
            note=f"{len(took)} presses, {PRESSES_A_SECOND} a second, while {BACKLOG} readings drained"
            f" {len(drains)} times in {[round(one) for one in drains]} s;"
            f" p50 {p50:.0f} ms, max {took[-1] * 1000:.0f} ms",
        ),
        Measure("alarm beside a backlog: pressed and never told", len(pressed) - len(took), "alarms", "<= 0"),
    ]  # fmt: skip


def _press_while_draining(yard: Yard, pressed: dict[str, float], stored: int) -> float:
    """Start the gateway and press, each time another pendant, until the backlog is stored; answers the seconds."""
    numbers = "select last_value from device_message_id"
    before = yard.count(numbers)
    # Not until it echoes: on the readings' session that is when the backlog is gone.
    yard.start_gateway_blind()
    while yard.count(numbers) == before:
        time.sleep(0.02)
    sock = connect(yard.broker.plain_port, LOADER, yard.password, "bench-presses")
    began, first = time.monotonic(), len(pressed)
    while yard.count("select count(*) from message_key") < stored - 2_000:
        # Not oftener: counting is work too.
        for _ in range(2 * PRESSES_A_SECOND):
            n = len(pressed)
            time.sleep(max(0.0, began + (n - first) / PRESSES_A_SECOND - time.monotonic()))
            alarm_id, body = _press(n)
            pressed[alarm_id] = time.monotonic()
            publish(sock, [(f"al/v1/{yard.names[HOMES + n % HOMES]}/up/alarm", body)])
    sock.close()
    return time.monotonic() - began


def _week() -> list[Measure]:
    """Every home sends its week at once; the last receipt ends it."""
    count = HOMES * WEEK_EACH
    with Yard(HOMES) as yard:
        yard.start_gateway()
        counter = ReceiptCounter(connect(yard.broker.plain_port, LOADER, yard.password, "bench-receipts"))
        counter.start()
        publisher = start_publisher(yard, _write_week(yard))
        began = release(publisher)
        while counter.counted < count and time.monotonic() - began < 300:
            time.sleep(0.02)
        took = time.monotonic() - began
        publisher.communicate(timeout=60)
        refused = yard.count("select count(*) from quarantine")
        stored = yard.count("select count(*) from observation")
        keys = yard.count("select count(*) from message_key")
    return [
        Measure(
            "7-day backlog of 1,000 homes: drained", round(took, 1), "s", "<= 60",
            note=f"{count} readings of seven days, stored {stored}, receipted {counter.counted}",
        ),
        Measure("7-day backlog: refused", refused, "messages", "<= 0"),
        Measure("7-day backlog: duplicates or lost", abs(stored - count) + abs(keys - count), "rows", "<= 0"),
    ]  # fmt: skip


def _database_away() -> list[Measure]:
    """A million messages wait at the broker and the database is dead: the gateway may take so much and no more."""
    with Yard(HOMES) as yard:
        yard.start_gateway()
        yard.stop_gateway()
        _fill(yard, yard.names, MILLION)
        assert yard.postgres.pid is not None
        os.kill(yard.postgres.pid, signal.SIGKILL)
        gateway = yard.start_gateway_blind()
        highest = _highest_rss(gateway.pid, AWAY_S)
        alive = gateway.poll() is None
        yard.postgres.start()
        yard.reconnect()
        highest = max(highest, _highest_rss(gateway.pid, AWAY_S))
        stored = yard.count("select count(*) from message_key")
    return [
        Measure(
            "gateway memory, 1,000,000 waiting and the database away", round(highest / 1e6), "MB", "<= 200",
            note=f"highest RSS in {AWAY_S:.0f} s away and {AWAY_S:.0f} s after; lived: {alive};"
            f" {stored} stored {AWAY_S:.0f} s after the database was back",
        )
    ]  # fmt: skip


def _highest_rss(pid: int, seconds: float) -> int:
    process, highest = psutil.Process(pid), 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        highest = max(highest, process.memory_info().rss)
        time.sleep(0.05)
    return highest


def _fill(yard: Yard, names: list[str], count: int) -> None:
    """Publish `count` readings of these devices while nobody takes them."""
    path = yard.home / "backlog"
    taken = datetime.now(UTC).isoformat(timespec="milliseconds")
    with path.open("wb") as file:
        for n in range(count):
            name = names[n % len(names)]
            file.write(
                f"al/v1/{name}/up/obs\t".encode() + message(taken, 90 + n % 8, n // len(names)) + b"\n"
            )
    publisher = start_publisher(yard, path)
    release(publisher)
    publisher.communicate(timeout=600)
    print(f"  {count} readings wait at the broker", file=sys.stderr, flush=True)


def _write_week(yard: Yard) -> Path:
    """Seven days of readings of every home, each home's own in order, the homes mixed."""
    path = yard.home / "week"
    now = datetime.now(UTC)
    step = timedelta(days=7) / WEEK_EACH
    with path.open("wb") as file:
        for line in _week_lines(yard, now, step):
            file.write(line)
    return path


def _week_lines(yard: Yard, now: datetime, step: timedelta) -> Iterator[bytes]:
    for n in range(WEEK_EACH):
        taken = (now - (WEEK_EACH - n) * step).isoformat(timespec="milliseconds")
        for name in yard.names:
            yield f"al/v1/{name}/up/obs\t".encode() + message(taken, 90 + n % 8, n) + b"\n"


def _press(n: int) -> tuple[str, bytes]:
    alarm_id = f"a-{uuid4().hex}"
    body = {
        "v": 1, "id": uuid4().hex, "boot": "b1", "seq": n, "clock": {"src": "ntp"}, "alarm": alarm_id,
        "phase": "raise", "kind": "sos", "raised": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    return alarm_id, json.dumps(body).encode()


def _listen(dsn: str, heard: dict[str, float]) -> None:
    """Note when each alarm's id is told on the channel every screen listens to."""
    try:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("listen alongside")
            for one in connection.notifies():
                if '"alert"' in one.payload:
                    heard.setdefault(str(json.loads(one.payload).get("x")), time.monotonic())
    except psycopg.OperationalError:
        return  # the yard is closed
