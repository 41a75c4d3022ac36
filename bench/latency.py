"""How long from publish to the worklist, measured at the client of the staff stream."""

import json
import threading
import time
from datetime import UTC, datetime
from uuid import uuid4

from bench.raw_mqtt import connect, publish
from bench.report import Measure
from bench.team_desk import Desk
from bench.yard import LOADER, Yard, message

DEVICES = 2_000
RATE = 100  # readings a second, in all
SAMPLES = 1_000
PRESSES = 10  # pendants pressed a second, beside those readings


def measure() -> list[Measure]:
    """Readings at 100 a second, one in four a danger in somebody new; then presses beside the same load."""
    with Yard(DEVICES) as yard, Desk(yard) as desk:
        yard.start_gateway()
        _readings(yard, desk, yard.names[DEVICES // 2 :], 3.0)
        sent, dangers = _readings(yard, desk, yard.names[: DEVICES // 2], SAMPLES * 4 / RATE)
        stop = threading.Event()
        load = threading.Thread(target=_load, args=(yard, yard.names[DEVICES // 2 :], stop))
        load.start()
        pressed = _presses(yard, SAMPLES)
        missing = desk.wait_for({("alert", one) for one in [*dangers, *pressed]}, 20)
        missing += desk.wait_for({("observation", one) for one in sent}, 5)
        stop.set()
        load.join()
        return [
            _quantile("reading published → heard on the staff stream, p99", desk, "observation", sent, 1.0),
            _quantile("reading published → its alert on the worklist, p99", desk, "alert", dangers, 1.0),
            _quantile("pendant pressed → worklist, p99", desk, "alert", pressed, 0.25),
            Measure("latency: published and never heard", missing, "messages", "<= 0"),
        ]


def _quantile(name: str, desk: Desk, kind: str, sent: dict[str, float], budget: float) -> Measure:
    took = sorted(desk.heard[kind, one] - at for one, at in sent.items() if (kind, one) in desk.heard)
    p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
    note = f"{len(took)} samples of {len(sent)}; p50 {p50 * 1000:.0f} ms, max {took[-1] * 1000:.0f} ms"
    return Measure(name, round(p99 * 1000, 1), "ms", f"<= {budget * 1000:g}", note=note)


def _readings(
    yard: Yard, _desk: Desk, names: list[str], seconds: float
) -> tuple[dict[str, float], dict[str, float]]:
    """Publish at RATE; every fourth is 80% in a person whose target is 88 to 92: an emergency at once."""
    sock = connect(yard.broker.plain_port, LOADER, yard.password, f"bench-readings-{uuid4().hex[:6]}")
    sent: dict[str, float] = {}
    dangers: dict[str, float] = {}
    began = time.monotonic()
    fresh = iter(names)
    for n in range(int(seconds * RATE)):
        time.sleep(max(0.0, began + n / RATE - time.monotonic()))
        danger = n % 4 == 0
        name = next(fresh, names[-1]) if danger else names[-1 - n % (len(names) // 4)]
        body = message(datetime.now(UTC).isoformat(), 80 if danger else 90, n)
        message_id = json.loads(body)["id"]
        sent[message_id] = time.time()
        if danger:
            dangers[message_id] = sent[message_id]
        publish(sock, [(f"al/v1/{name}/up/obs", body)])
    sock.close()
    return sent, dangers


def _load(yard: Yard, names: list[str], stop: threading.Event) -> None:
    """The same load of harmless readings, beside what is measured."""
    sock = connect(yard.broker.plain_port, LOADER, yard.password, "bench-load")
    began, n = time.monotonic(), 0
    while not stop.is_set():
        time.sleep(max(0.0, began + n / RATE - time.monotonic()))
        body = message(datetime.now(UTC).isoformat(), 90, n)
        publish(sock, [(f"al/v1/{names[n % len(names)]}/up/obs", body)])
        n += 1
    sock.close()


def _presses(yard: Yard, count: int) -> dict[str, float]:
    """Press one pendant after another, each a different person's."""
    sock = connect(yard.broker.plain_port, LOADER, yard.password, "bench-presses")
    pressed: dict[str, float] = {}
    began = time.monotonic()
    for n in range(count):
        time.sleep(max(0.0, began + n / PRESSES - time.monotonic()))
        alarm_id = f"a-{uuid4().hex}"
        body = {
            "v": 1, "id": uuid4().hex, "boot": "b1", "seq": n, "clock": {"src": "ntp"}, "alarm": alarm_id,
            "phase": "raise", "kind": "sos", "raised": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        pressed[alarm_id] = time.time()
        publish(sock, [(f"al/v1/{yard.names[n]}/up/alarm", json.dumps(body).encode())])
    sock.close()
    return pressed
