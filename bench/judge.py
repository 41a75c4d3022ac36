"""How long many people wait for the rules when all of them measure at once, and how long the red ones do."""

import os
import subprocess
import sys
import time
from contextlib import ExitStack

from backend.core.config import Config
from backend.core.db import database_app, transaction
from backend.pathways.service import load_packs
from bench.report import Measure
from bench.team_desk import TEAM
from bench.yard import Yard

PEOPLE = 10_000
RED_EVERY = 100
DAYS_BEFORE = 30
WORKERS = 2

# A month of a value a day in range, so that the rules of what is usual for somebody have something to look at.
BEFORE = """
insert into observation (patient_id, code, effective_at, received_at, value, device_message_id)
select p.id, c.code, t, t, c.value + (p.id + extract(day from t)::int) %% 3, 0
from patient p, generate_series(now() - %s * interval '1 day', now() - interval '1 day', interval '1 day') t,
    (values (5, 89), (4, 70)) as c (code, value)
"""
# One in a hundred far under their range; the others within. Marked as the gateway marks a fresh value.
NOW = """
with measured as (
    insert into observation (patient_id, code, effective_at, received_at, value, device_message_id)
    select p.id, c.code, now() - interval '1 minute', now(),
        case when c.code = 5 and p.id %% %s = 0 then 80 else c.value end, 0
    from patient p, (values (5, 90), (4, 72)) as c (code, value)
    returning patient_id, code, effective_at, received_at, value),
 newest as (
    insert into latest (patient_id, code, quality, source, effective_at, received_at, device_message_id, value)
    select patient_id, code, 0, 0, effective_at, received_at, 0, value from measured)
insert into evaluation_wait (patient_id, priority, codes, effective_from)
select id, 5, '{4,5}', now() - interval '1 minute' from patient order by id
"""


class Burst:
    """Everybody on a yard is monitored, and then measures at one moment."""

    def __init__(self, yard: Yard) -> None:
        self.yard = yard

    def prepare(self) -> None:
        """A team, a pathway, a target for each and a month behind them."""
        owner = {
            "PATH": os.environ["PATH"],
            "ALONGSIDE_HOME": str(self.yard.home),
            "DATABASE_URL": self.yard.postgres.url("al_migrate"),
        }
        with database_app(Config.from_environ(owner)).app_context(), transaction():
            load_packs()
        self.yard.db.execute(TEAM, ("bench-nurse", "none"))
        self.yard.db.execute(BEFORE, (DAYS_BEFORE,))
        self.yard.db.execute("analyze")

    def come(self) -> None:
        """All of it in one transaction, as after an outage, and the workers are told."""
        self.yard.db.execute(NOW, (RED_EVERY,))
        self.yard.db.execute("""notify alongside, '{"t":"waiting"}'""")


def measure() -> list[Measure]:
    """Real workers on a real database; the clock is the database's."""
    with Yard(PEOPLE) as yard, ExitStack() as ends:
        burst = Burst(yard)
        burst.prepare()
        environment = {
            "PATH": os.environ["PATH"],
            "ALONGSIDE_HOME": str(yard.home),
            "DATABASE_URL": yard.postgres.url("al_worker"),
        }
        log = ends.enter_context((yard.home / "worker.log").open("ab"))
        for _ in range(WORKERS):
            worker = subprocess.Popen(
                [sys.executable, "-m", "backend.worker"], env=environment, stdout=log, stderr=log
            )
            ends.callback(worker.wait)
            ends.callback(worker.kill)
        while yard.count("select count(*) from heartbeat where name = 'worker'") == 0:
            time.sleep(0.2)
        time.sleep(3)
        began = time.monotonic()
        burst.come()
        came = time.monotonic()
        while yard.count("select count(*) from evaluation_wait") and time.monotonic() - came < 600:
            time.sleep(0.2)
        all_s = time.monotonic() - came
        red = "select extract(epoch from max(opened_at) - max(known_at)) * 1000 from alert where level = 'emergency'"
        red_s = yard.count(red) / 1000 - (came - began)
        reds = yard.count("select count(*) from alert where level = 'emergency' and rule = 'spo2_low'")
        if reds != PEOPLE // RED_EVERY:
            raise RuntimeError(f"{reds} red alerts of {PEOPLE // RED_EVERY}")
    return [
        Measure(f"evaluate_new: {PEOPLE} people waiting at once, until none waits", all_s, "s", "<= 60"),
        Measure(
            "evaluate_new: the last red alert of that burst", red_s, "s", "<= 10", note=f"{reds} of them"
        ),
    ]
