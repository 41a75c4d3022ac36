"""Stored and receipted readings a second beside plain paho that drops everything, pair by pair."""

import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from backend.core.config import MqttAddress
from bench.raw_mqtt import ReceiptCounter, connect
from bench.report import Measure
from bench.yard import LOADER, Yard, message

DEVICES = 1_000
READINGS = 60_000
PAIRS = 3


def measure() -> list[Measure]:
    """A B A B A B: plain paho, then the gateway, on the same messages' kind; the lowest ratio is the figure."""
    pairs: list[tuple[float, float]] = []
    cpu = {"gateway": 0.0, "postgres": 0.0, "broker": 0.0}
    paho_cpu = 0.0
    with Yard(DEVICES) as yard:
        counter = ReceiptCounter(connect(yard.broker.plain_port, LOADER, yard.password, "bench-receipts"))
        counter.start()
        # Once unmeasured: the first batches meet cold pages and an unplanned query.
        gateway_run(yard, counter, READINGS // 4, cpu)
        cpu = dict.fromkeys(cpu, 0.0)
        for _ in range(PAIRS):
            plain, used = _paho_run(yard, READINGS)
            paho_cpu += used
            pairs.append((plain, gateway_run(yard, counter, READINGS, cpu)))
            print(f"  paho {pairs[-1][0]:.0f}/s, gateway {pairs[-1][1]:.0f}/s", file=sys.stderr, flush=True)
        size = yard.count("select sum(pg_total_relation_size(inhrelid)) from pg_inherits"
                          " where inhparent = 'observation'::regclass")  # fmt: skip
        rows = yard.count("select count(*) from observation")
    million = 1e6 / (PAIRS * READINGS)
    shown = [[round(plain), round(ours)] for plain, ours in pairs]
    parts = ", ".join(f"{name} {seconds * million:.0f}" for name, seconds in cpu.items())
    return [
        Measure(
            "ingest: stored and receipted / plain paho",
            min(ours / plain for plain, ours in pairs),
            "ratio, lowest of 3",
            ">= 0.6",
            shown,
            f"readings/s [paho, gateway]; {DEVICES} devices, one row a message, MQTT 5, QoS 1, {READINGS} a run",
        ),
        Measure("ingest: stored and receipted", min(ours for _, ours in pairs), "readings/s, lowest"),
        Measure(
            "ingest: CPU a million readings", sum(cpu.values()) * million, "CPU s", "<= 90", note=f"{parts};"
            f" plain paho alone {paho_cpu * million:.0f}",
        ),
        Measure("ingest: observation with its index", size / rows, "bytes/reading", "<= 150"),
    ]  # fmt: skip


def write_messages(yard: Yard, count: int) -> Path:
    """A file of messages from all devices in a shuffled order, taken now, each device in a new life.

    Counting from 0 again under an old `boot` is a fault of a device, and the gateway looks into every such message.
    """
    path = yard.home / "messages"
    order = [yard.names[n % len(yard.names)] for n in range(count)]
    random.Random(7).shuffle(order)
    seqs = dict.fromkeys(yard.names, 0)
    taken = datetime.now(UTC).isoformat(timespec="milliseconds")
    boot = uuid4().hex[:8]
    with path.open("wb") as file:
        for name in order:
            body = message(taken, 90 + seqs[name] % 9, seqs[name], boot)
            file.write(f"al/v1/{name}/up/obs\t".encode() + body + b"\n")
            seqs[name] += 1
    return path


def start_publisher(yard: Yard, path: Path) -> subprocess.Popen[str]:
    """A publisher that is connected and waits for a line to begin."""
    words = [str(yard.broker.plain_port), LOADER, yard.password, str(path)]
    publisher = subprocess.Popen(
        [sys.executable, "-m", "bench.raw_mqtt", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert publisher.stdout is not None
    assert publisher.stdout.readline() == "ready\n"
    return publisher


def release(publisher: subprocess.Popen[str]) -> float:
    """Let it begin; returns when that was."""
    assert publisher.stdin is not None
    began = time.monotonic()
    publisher.stdin.write("\n")
    publisher.stdin.flush()
    return began


def _paho_run(yard: Yard, count: int) -> tuple[float, float]:
    """Messages a second that plain paho receives, and the CPU seconds it used."""
    # The gateway's session would go on queueing for it while it is away.
    forget_session(yard)
    publisher = start_publisher(yard, write_messages(yard, count))
    url = yard.broker.service_url("al-gateway-obs")
    paho = subprocess.Popen(
        [sys.executable, "-m", "bench.plain_paho", url, str(count)], stdout=subprocess.PIPE, text=True
    )
    assert paho.stdout is not None
    assert paho.stdout.readline() == "ready\n"
    began = release(publisher)
    assert paho.stdout.readline() == "first\n"
    used = float(paho.stdout.readline().split()[1])
    took = time.monotonic() - began
    publisher.communicate(timeout=30)
    paho.kill()
    paho.wait()
    return count / took, used


def gateway_run(yard: Yard, counter: ReceiptCounter, count: int, cpu: dict[str, float]) -> float:
    """Readings a second until the last is committed and receipted; adds the CPU seconds used to `cpu`."""
    yard.start_gateway()
    publisher = start_publisher(yard, write_messages(yard, count))
    stored = yard.count("select count(*) from message_key") + count
    receipted = counter.counted + count
    before = yard.cpu_seconds()
    began = release(publisher)
    while counter.counted < receipted:
        if time.monotonic() - began > 300:
            missing = stored - yard.count("select count(*) from message_key")
            raise RuntimeError(f"{receipted - counter.counted} receipts are missing, {missing} readings")
        time.sleep(0.01)
    took = time.monotonic() - began
    assert yard.count("select count(*) from message_key") == stored
    for name, seconds in yard.cpu_seconds().items():
        cpu[name] += seconds - before[name]
    publisher.communicate(timeout=30)
    yard.stop_gateway()
    return count / took


def forget_session(yard: Yard) -> None:
    for client_id in ("al-gateway-obs", "al-gateway-alarm"):
        address = MqttAddress.parse(yard.broker.service_url(client_id))
        connect(address.port, address.username, address.password, client_id).close()
