"""One round of every sweep of the clock over 100,000 people of whom 1% are due, by the worker's own jobs and rights."""

import os
import shutil
import tempfile
import time
from pathlib import Path

import psycopg
from sqlalchemy import text

from backend.alerts.clock_jobs import sweep_protection, sweep_readings, sweep_signs
from backend.alerts.jobs import sweep as sweep_silence
from backend.core.config import Config
from backend.core.db import database_app, db, plain_dsn, transaction
from backend.migrations import upgrade
from backend.pathways.service import load_packs
from backend.supervise.postgres import Postgres
from bench.report import Measure

PEOPLE, DUE_SHARE = 100_000, 0.01
ROUNDS = 3

# Everybody on two pathways, alone at home, with a pendant and an oximeter that are heard and days of due readings.
_PEOPLE = """
with o as (insert into organization (kind, name) values ('community-team', 'Bench') returning id),
 t as (insert into care_team (organization_id, name, phone) select id, 'Bench', '0' from o returning id),
 p as (insert into patient (nhs_number, given_name, family_name, birth_date, lives_alone)
       select (9990000000 + n)::text, 'Bench', 'Person', '1950-01-01', true from generate_series(1, %(people)s) n
       returning id),
 c as (insert into caseload (care_team_id, patient_id, valid) select t.id, p.id, '[2020-01-01,)' from t, p)
insert into enrolment (patient_id, pathway_version_id, status, valid)
 select p.id, v.id, 'live', '[2020-01-01,)' from p, pathway_version v where v.pathway in ('copd', 'frailty_falls')
"""
_KIT = """
with d as (insert into device (device_id, kind, expected_every_s)
    select k.kind || '-' || lpad(p.id::text, 6, '0'), k.kind, k.every
    from patient p, (values ('pendant', null), ('pulse-oximeter', 86400)) as k (kind, every) returning id, device_id),
 s as (insert into device_state (device_id, last_seen_at, battery_pct, battery_at)
    select id, now(), 80, now() from d)
insert into device_association (device_id, patient_id, valid)
 select id, right(device_id, 6)::int, '[2020-01-01,)' from d
"""
_PAST = """
insert into reading_due (patient_id, kind, code, due_at, early_at, grace_until, state, settled_at)
select p.id, 'spo2', 5, at, at - interval '3 hours', at + interval '4 hours', 'taken', at + interval '4 hours'
from patient p, generate_series(1, 5) day, lateral (select now() - day * interval '1 day' - interval '2 hours' as at) a
"""
_LATEST = """
insert into latest (patient_id, code, quality, source, effective_at, received_at, value)
select p.id, c.code, 0, 0, now() - interval '30 minutes', now(), 95 from patient p, (values (5), (4)) c (code)
"""
_AHEAD = """
update clock_watch set check_at = now() + interval '12 hours', looked_to = now();
insert into reading_due (patient_id, kind, code, due_at, early_at, grace_until)
select p.id, 'spo2', 5, at, at - interval '3 hours', at + interval '4 hours'
from patient p, lateral (select now() + interval '9 hours' as at) a
"""
# A round's hundredth: a reading whose grace has ended, half of them taken, and a look that is due for each rule.
_DUE = """
with hundredth as (select id, id %% 2 = 0 as taken from patient where id %% 100 = %(round)s),
 due as (insert into reading_due (patient_id, kind, code, due_at, early_at, grace_until)
    select id, 'spo2', 5, now() - interval '4 hours 1 minute', now() - interval '7 hours', now() - interval '1 minute'
    from hundredth),
 obs as (insert into observation (patient_id, code, effective_at, received_at, value, device_message_id)
    select id, 5, now() - interval '5 hours', now() - interval '5 hours', 95, 0 from hundredth where taken),
 flat as (update device_state set battery_pct = 2 where device_id in (select d.id from device d
    join device_association a on a.device_id = d.id join hundredth h on h.id = a.patient_id where d.kind = 'pendant'))
update clock_watch set check_at = now() where patient_id in (select id from hundredth)
"""


def measure() -> list[Measure]:
    """The worst of a few rounds, each with another hundredth of the people due."""
    home = Path(tempfile.mkdtemp(prefix="alongside-bench-"))
    home.chmod(0o711)
    postgres = Postgres(home)
    postgres.start()
    try:
        upgrade(postgres.url("al_migrate"))
        return _measure(home, postgres)
    finally:
        postgres.stop()
        shutil.rmtree(home, ignore_errors=True)


def _measure(home: Path, postgres: Postgres) -> list[Measure]:
    told = {"PATH": os.environ["PATH"], "ALONGSIDE_HOME": str(home)}
    owner = Config.from_environ({**told, "DATABASE_URL": postgres.url("al_migrate")})
    with database_app(owner).app_context(), transaction():
        load_packs()
    worker = database_app(Config.from_environ({**told, "DATABASE_URL": postgres.url("al_worker")}))
    seconds: list[float] = []
    parts: list[dict[str, float]] = []
    with psycopg.connect(plain_dsn(postgres.url("al_migrate")), autocommit=True) as filling:
        filling.execute(_PEOPLE, {"people": PEOPLE})
        for statement in (_KIT, _PAST, _LATEST, *_AHEAD.split(";\n"), "vacuum analyze"):
            filling.execute(statement)
        for number in range(ROUNDS):
            filling.execute(_DUE, {"round": number})
            with worker.app_context():
                spent = _round()
            parts.append(spent)
            seconds.append(round(sum(spent.values()), 3))
    with worker.app_context(), transaction():
        counted = db.session.execute(
            text("select (select count(*) from reading_due where state = 'missed'),"
                 " (select count(*) from communication where template = 'reading-waits'),"
                 " (select count(*) from alert where rule = 'unprotected')")
        ).one()  # fmt: skip
        db.engine.dispose()
    note = (
        f"{PEOPLE} people, {int(PEOPLE * DUE_SHARE)} due a round; {counted[0]} found missed, {counted[1]} asked,"
        f" {counted[2]} found without cover; by part: {parts[-1]}"
    )
    return [Measure("clock sweep, 100,000 people, 1% due (worst)", max(seconds), "s", "<= 5", seconds, note)]


def _round() -> dict[str, float]:
    """Every sweep until nothing is left, as the worker drains it; seconds of each."""
    spent = {}
    for sweep in (sweep_readings, sweep_signs, sweep_protection, sweep_silence):
        began = time.monotonic()
        while sweep() > 0:
            pass
        spent[sweep.__name__] = round(time.monotonic() - began, 3)
    return spent
