"""A nurse who takes some alerts and leaves others, and writes down outside of the system what she did."""

import json
import os
import time
from pathlib import Path

import psycopg

from tests.chaos.arena import Arena

ROUND_S, AGAIN_S = 2.0, 0.3
# Every third stays untaken: for those somebody else has to be told in time.
LEFT = 3
_CLOSE = """with mine as (update alert set contacted_at = db_now(), rung_due_at = null, closed_at = db_now(),
        outcome = 'contact', version = version + 1
    where closed_at is null and owner_id is not null returning id, patient_id, rule),
 said as (insert into alert_event (alert_id, patient_id, kind, words)
    select id, patient_id, kind, '' from mine, unnest(array['contact', 'closed']) kind)
select id, patient_id, rule from mine"""
_CLAIM = """with mine as (update alert set claimed_at = db_now(), owner_id = (select min(id) from practitioner),
        rung_due_at = contact_by, version = version + 1
    where closed_at is null and owner_id is null and patient_id is not null and id %% %s <> 0 returning id, patient_id)
insert into alert_event (alert_id, patient_id, kind, words) select id, patient_id, 'claimed', '' from mine"""


class Nurse:
    """Called again and again; every few seconds she closes what she took, having spoken to them, and takes more."""

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._next = 0.0
        self.ledger = arena.home / "nurse.jsonl"

    def __call__(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + ROUND_S
        world = self._arena.world
        try:
            closed = world.all(_CLOSE)
            world.db.execute(_CLAIM, (LEFT,))
        except psycopg.Error:
            # Struck together with the database: as soon as it is back she goes on.
            self._next = time.monotonic() + AGAIN_S
            self._arena.reconnect()
            return
        self._keep([[alert, patient, rule, time.time()] for alert, patient, rule in closed])

    def _keep(self, closed: list[list[object]]) -> None:
        with self.ledger.open("a") as out:
            out.writelines(json.dumps(one) + "\n" for one in closed)
            out.flush()
            os.fsync(out.fileno())


def read(path: Path) -> list[tuple[int, int | None, str, float]]:
    """What she closed: (alert, person, rule, seconds since 1970)."""
    if not path.exists():
        return []
    return [tuple(json.loads(line)) for line in path.read_text().splitlines()]
