"""How soon one red alert is seen at a desk while ten thousand amber ones come: on the worklist, and at the stream."""

import json
import time
from datetime import UTC, datetime
from uuid import uuid4

from backend.observations.codes import Code
from bench.raw_mqtt import connect, publish
from bench.report import Measure
from bench.team_desk import Desk
from bench.yard import LOADER, Yard, message

AMBER = 10_000
# Everybody has a fever at once, as after an outage: one amber alert each from the rules, and all wait for them.
_FLOOD = """
with hot as (
    insert into observation (patient_id, code, effective_at, received_at, value, device_message_id)
    select id, %(code)s, now() - interval '1 minute', now(), 39.5, 0 from patient order by id limit %(many)s
    returning patient_id, code, effective_at, received_at, value),
 newest as (
    insert into latest (patient_id, code, quality, source, effective_at, received_at, device_message_id, value)
    select patient_id, code, 0, 0, effective_at, received_at, 0, value from hot)
insert into evaluation_wait (patient_id, priority, codes, effective_from)
select id, 5, array[%(code)s]::smallint[], now() - interval '1 minute' from patient order by id limit %(many)s
"""


def measure() -> list[Measure]:
    """A yard of `AMBER` people and one more, whose dangerous reading comes after all the others."""
    return storm(AMBER)


def storm(amber: int) -> list[Measure]:
    """The same with so many; seconds from the red reading's publishing."""
    with Yard(amber + 1) as yard, Desk(yard) as desk:
        yard.start_gateway()
        _flood(yard, amber)
        sock = connect(yard.broker.plain_port, LOADER, yard.password, f"bench-storm-{uuid4().hex[:6]}")
        body = message(datetime.now(UTC).isoformat(), 80, 1)
        red = json.loads(body)["id"]
        sent = time.time()
        publish(sock, [(f"al/v1/{yard.names[amber]}/up/obs", body)])
        listed = _on_the_list(desk, sent)
        heard = _heard(desk, red) - sent
        sock.close()
        raised = yard.count("select count(*) from alert where level in ('soon', 'urgent', 'routine')")
        end = time.monotonic() + 300
        while raised < amber and time.monotonic() < end:
            time.sleep(1)
            raised = yard.count("select count(*) from alert where level in ('soon', 'urgent', 'routine')")
        after = _on_the_list(desk, time.time())
        note = f"{raised} amber alerts in the end, then the first row after {after * 1000:.0f} ms"
        return [
            Measure(f"storm of {amber} amber: red first on the worklist", listed, "s", "<= 5", note=note),
            Measure(f"storm of {amber} amber: red at the stream's client", heard, "s", "<= 5"),
        ]


def _flood(yard: Yard, amber: int) -> None:
    yard.db.execute(_FLOOD, {"many": amber, "code": Code.TEMPERATURE.number})
    yard.db.execute("""notify alongside, '{"t":"waiting"}'""")


def _heard(desk: Desk, red: str) -> float:
    """When the client heard of it: by its own notice, or by reading the list after its stream fell behind."""
    end = time.monotonic() + 150
    while time.monotonic() < end:
        if known := [desk.heard[one] for one in (("alert", red), ("list", "red")) if one in desk.heard]:
            return min(known)
        time.sleep(0.05)
    return float("inf")


def _on_the_list(desk: Desk, since: float) -> float:
    """Seconds from `since` until a GET of the list has an emergency as its first row."""
    while time.time() - since < 150:
        rows = desk.worklist()
        if rows and rows[0]["level"] == "emergency":
            return time.time() - since
        time.sleep(0.05)
    return float("inf")
