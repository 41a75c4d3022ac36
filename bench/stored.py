"""How long from publish to stored at 1,000 readings a second, measured where it matters: at the device's receipt."""

import re
import socket
import threading
import time
from datetime import UTC, datetime

from bench.raw_mqtt import connect, publish, subscribe
from bench.report import Measure
from bench.yard import LOADER, Yard, message

# Each device speaks once in two seconds, so the throttle of half a second between receipts never bites.
DEVICES = 2_000
RATE = 1_000
SECONDS = 12
WARM_UP = 2 * RATE
# So many go out together: a sleep is no finer than a millisecond.
TOGETHER = 5
MESSAGE_ID = re.compile(rb'"([0-9a-f]{32})"')


def measure() -> list[Measure]:
    """Publish at RATE and note when each id comes back in a receipt; the receipt leaves after the COMMIT."""
    with Yard(DEVICES) as yard:
        yard.start_gateway()
        receipted: dict[bytes, float] = {}
        listener = connect(yard.broker.plain_port, LOADER, yard.password, "bench-stored")
        subscribe(listener, "al/v1/+/down/ack")
        threading.Thread(target=_listen, args=(listener, receipted), daemon=True).start()
        sent = _publish(yard)
        until = time.monotonic() + 20
        while len(receipted) < len(sent) and time.monotonic() < until:
            time.sleep(0.05)
        counted = dict(list(sent.items())[WARM_UP:])
        took = sorted(receipted[one] - at for one, at in counted.items() if one in receipted)
        missing = len(sent) - len(receipted)
    p50, p99 = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
    return [
        Measure(
            "reading published → stored and receipted, p99", round(p99, 1), "ms", "<= 50",
            note=f"{len(took)} samples at {RATE}/s from {DEVICES} devices; p50 {p50:.1f} ms,"
            f" max {took[-1] * 1000:.0f} ms; taken at the receipt, after the COMMIT",
        ),
        Measure("stored: published and never receipted", missing, "messages", "<= 0"),
    ]  # fmt: skip


def _publish(yard: Yard) -> dict[bytes, float]:
    sock = connect(yard.broker.plain_port, LOADER, yard.password, "bench-stored-load")
    sent: dict[bytes, float] = {}
    began = time.monotonic()
    for n in range(0, RATE * SECONDS, TOGETHER):
        time.sleep(max(0.0, began + n / RATE - time.monotonic()))
        taken = datetime.now(UTC).isoformat()
        batch = []
        for k in range(n, n + TOGETHER):
            body = message(taken, 90 + k % 8, k // DEVICES)
            found = MESSAGE_ID.search(body)
            assert found is not None
            sent[found[1]] = time.monotonic()
            batch.append((f"al/v1/{yard.names[k % DEVICES]}/up/obs", body))
        publish(sock, batch)
    sock.close()
    return sent


def _listen(sock: socket.socket, receipted: dict[bytes, float]) -> None:
    held = b""
    sock.settimeout(None)
    while data := sock.recv(65_536):
        at = time.monotonic()
        held += data
        end = 0
        for found in MESSAGE_ID.finditer(held):
            receipted.setdefault(found[1], at)
            end = found.end()
        held = held[end:]
