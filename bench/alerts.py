"""How long an alarm that nobody acknowledges waits until the next is told; the ways to the list are in latency.py."""

import json
import time
from datetime import UTC, datetime
from uuid import uuid4

from bench.raw_mqtt import connect, publish
from bench.report import Measure
from bench.team_desk import Desk
from bench.yard import LOADER, Yard

FALLS = 20
_STEPS = "select count(distinct alert_id) from escalation_step where at is not null"
# From the opening to the first step above the team, in milliseconds.
_WORST = """select extract(epoch from max(first.at - a.opened_at)) * 1000 from alert a
    join (select alert_id, min(at) as at from escalation_step where rung > 0 group by 1) first
        on first.alert_id = a.id"""


def measure() -> list[Measure]:
    """Falls of different people that nobody takes, in real time."""
    with Yard(FALLS) as yard, Desk(yard):
        yard.start_gateway()
        sock = connect(yard.broker.plain_port, LOADER, yard.password, "bench-falls")
        for seq, name in enumerate(yard.names):
            at = datetime.now(UTC).isoformat()
            body = {
                "v": 1, "id": uuid4().hex, "boot": "b1", "seq": seq, "clock": {"src": "ntp"},
                "alarm": f"a-{uuid4().hex}", "phase": "raise", "kind": "fall", "raised": at,
            }  # fmt: skip
            publish(sock, [(f"al/v1/{name}/up/alarm", json.dumps(body).encode())])
            time.sleep(0.3)
        sock.close()
        end = time.monotonic() + 120
        while yard.count(_STEPS) < FALLS and time.monotonic() < end:
            time.sleep(0.5)
        time.sleep(3)
        stepped = yard.count(_STEPS)
        if stepped < FALLS:
            raise RuntimeError(f"{stepped} of {FALLS} falls climbed")
        step_s = yard.count(_WORST) / 1000
    note = f"{FALLS} falls of as many people, in real time"
    return [Measure("fall that nobody acknowledges → next step (worst)", step_s, "s", "<= 70", note=note)]
