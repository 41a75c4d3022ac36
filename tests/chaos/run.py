"""One chaos run from an empty database to its counts: load, blows, quiet, reckoning."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg

from backend.devices.credentials import Credentials
from backend.observations.codes import Code
from tests.chaos.answered import UNSETTLED, answered, undelivered
from tests.chaos.arena import Arena
from tests.chaos.nurse import Nurse
from tests.chaos.reckoning import read, reckon
from tests.chaos.storm import CHECKOUT, Blow, Storm, blows
from tests.device_gateway.rig import World, until

WELL, UNWELL, PENDANTS, ROGUES = 40, 8, 6, 3
RATE = 250.0
# Longest wait for what is left to do once nothing strikes any more; a slow machine needs some of it.
DRAIN_S = 600.0
FAULTS = ["outage", "gap", "reboot", "twice", "motion", "unit", "implausible", "adrift"]
# Whose time has come; a second look that waits for a repeat is later.
WAITING = "select count(*) from evaluation_wait where not_before <= db_now()"
Words = Callable[[str], None]


def run(
    seconds: float,
    seed: int,
    *,
    rate: float = RATE,
    course: Sequence[Blow] | None = None,
    gateway_folder: Path = CHECKOUT,
    say: Words = lambda _: None,
    keep: bool = False,
) -> dict[str, Any]:
    """The whole of it; answers the counts.

    `course` is what falls instead of the seed's own blows; `gateway_folder` may hold a changed gateway.
    """
    arena = Arena()
    storm = Storm(arena, gateway_folder)
    load: subprocess.Popen[bytes] | None = None
    try:
        plan = prepare(arena, seed)
        with storm.kept():
            until(lambda: _has_pathway(arena.world), 120, "the worker has loaded the pathways")
            enrol(arena.world)
            say(f"making for {seconds:g} s")
            load = _start_load(arena, plan, rate, seed)
            began = time.monotonic()
            storm.blow(blows(seed, seconds) if course is None else course, seconds, Nurse(arena))
            load.send_signal(signal.SIGUSR1)
            say(f"{storm.kills} kills; nothing is made any more, the rest drains")
            drained = _ended(load, storm)
            judged = _wait_for(lambda: not _one(arena, WAITING), DRAIN_S)
            answered_all, late = _all_told(arena)
            drain_s = time.monotonic() - began - seconds
        return _counts(arena, storm, seed, seconds) | {
            "undelivered_late": len(late), "late": late,
            "drained": drained, "judged": judged, "answered": answered_all, "drain_seconds": round(drain_s, 1),
        }  # fmt: skip
    finally:
        if load is not None and load.poll() is None:
            load.kill()
            load.wait(60)
        arena.close()
        storm.over()
        if keep:
            say(f"logs and ledger are kept in {arena.home}")
        else:
            shutil.rmtree(arena.home, ignore_errors=True)


def faults(counts: dict[str, Any]) -> dict[str, Any]:
    """What was lost, doubled or left lying, by its name; empty when all is well."""
    none = (
        "lost", "duplicates", "alarms_lost", "unsettled", "unalerted",
        "alerts_lost", "alerts_doubled", "undelivered_late",
    )  # fmt: skip
    done = ("drained", "judged", "answered")
    found = {name: counts[name] for name in none if counts[name]} | {
        name: False for name in done if not counts[name]
    }
    return found | ({"late": counts["late"]} if found and counts["late"] else {})


def prepare(arena: Arena, seed: int) -> Path:
    """People, their devices and the accounts of these at the broker; answers the plan of the load."""
    world = arena.world
    stubs = ("pulse_oximeter", "blood_pressure_monitor", "scale")
    kinds = ("pulse-oximeter", "blood-pressure-monitor", "scale")
    devices: list[dict[str, Any]] = []
    for number in range(WELL + UNWELL):
        which = 0 if number >= WELL else number % 3
        name, _ = world.worn(kinds[which])
        baseline = {"spo2": 80} if number >= WELL else {}
        devices.append(
            {
                "stub": stubs[which],
                "device_id": name,
                "every_s": 86_400,
                "faults": FAULTS,
                "baseline": baseline,
            }
        )
    for number in range(PENDANTS):
        # One that nobody wears, and one that nobody has registered: their alarms must reach a desk too.
        name = world.device("pendant") if number == 0 else world.worn("pendant")[0]
        course = "fall" if number % 2 else "press"
        devices.append({"stub": "pendant", "device_id": name, "course": course, "every_s": 2.5 + number})
    rogues = [{"device_id": world.worn()[0], "every_s": 0.5, "seed": seed + n} for n in range(ROGUES)]
    names = [one["device_id"] for one in (*devices, *rogues)]
    with Credentials(arena.broker.control_url()) as credentials:
        secrets = credentials.issue_many(names)
    for number, one in enumerate((*devices, *rogues)):
        one |= {"secret": secrets[one["device_id"]], "hb_s": 20}
        one.setdefault("seed", seed * 1000 + number)
    plan = {
        "broker": {"host": "127.0.0.1", "port": arena.broker.plain_port},
        "state_dir": str(arena.home / "fleet"), "resend_s": 2.0, "forgets": False,
        "devices": devices, "rogues": rogues,
    }  # fmt: skip
    path = arena.home / "plan.json"
    path.write_text(json.dumps(plan))
    return path


def enrol(world: World) -> None:
    """Those with little oxygen are on the pathway that looks at it, so that rules must raise an alert."""
    unwell = [
        one for (one,) in world.all(
            "select p.id from patient p join device_association a on a.patient_id = p.id"
            " join device d on d.id = a.device_id where d.kind = 'pulse-oximeter' order by p.id"
        )
    ]  # fmt: skip
    team = world.one(
        "with o as (insert into organization (kind, name) values ('community-team', 'Chaos') returning id)"
        " insert into care_team (organization_id, name, phone) select id, 'Chaos desk', '01632 960000' from o"
        " returning id"
    )
    world.db.execute("insert into practitioner (display_name, role) values ('Chaos Nurse', 'nurse')")
    for patient in unwell:
        world.db.execute(
            "insert into enrolment (patient_id, pathway_version_id, status, valid)"
            " select %s, max(id), 'live', '[2020-01-01,)' from pathway_version where pathway = 'copd'",
            (patient,),
        )
        world.db.execute(
            "insert into caseload (care_team_id, patient_id, valid) values (%s, %s, '[2020-01-01,)')",
            (team, patient),
        )
        world.db.execute(
            "insert into alert_limit (patient_id, code, low, high, set_by) values (%s, %s, 92, 100, 'Chaos')",
            (patient, Code.SPO2.number),
        )


def _counts(arena: Arena, storm: Storm, seed: int, seconds: float) -> dict[str, Any]:
    arena.reconnect()
    told = read(arena.home / "fleet")
    counts = reckon(told, arena.world) | answered(told, arena.world, arena.home / "nurse.jsonl")
    unalerted = arena.world.one(
        "select count(*) from (select distinct o.patient_id from observation o join alert_limit l"
        " on l.patient_id = o.patient_id and l.code = o.code where o.value < 88) low"
        " where not exists (select from alert a where a.patient_id = low.patient_id and a.kind = 'clinical')"
    )
    killed = {name: keeper.kills for name, keeper in storm.keepers.items()}
    return counts | {
        "kills": storm.kills, "clock_steps": storm.clock.steps, "clock": storm.clock.way,
        "seconds": seconds, "seed": seed, "unalerted": unalerted,
        "killed": killed | {"session": storm.struck["session"]},
        "died_by_themselves": {name: keeper.by_itself for name, keeper in storm.keepers.items()},
    }  # fmt: skip


def _start_load(arena: Arena, plan: Path, rate: float, seed: int) -> subprocess.Popen[bytes]:
    words = ("--plan", str(plan), "--rate", str(rate), "--seed", str(seed), "--drain", str(DRAIN_S))
    with (arena.home / "load.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.load", *words], cwd=CHECKOUT, stdout=log, stderr=log
        )


def _ended(load: subprocess.Popen[bytes], storm: Storm) -> bool:
    """Wait for the load to have drained or given up; whether it has drained."""
    while load.poll() is None:
        storm.look()
        time.sleep(0.2)
    return load.returncode == 0


def _has_pathway(world: World) -> bool:
    return bool(world.one("select count(*) from pathway_version where pathway = 'copd'"))


def _all_told(arena: Arena) -> tuple[bool, list[dict[str, Any]]]:
    """Wait until every alert was told and no step is due any more: whether it was so, and the alerts left."""
    late: list[dict[str, Any]] = []

    def told() -> bool:
        late[:] = undelivered(arena.world)
        return not late and not _one(arena, UNSETTLED)

    return _wait_for(told, 300), late


def _one(arena: Arena, sql: str) -> Any:
    try:
        return arena.world.one(sql)
    except psycopg.Error:
        arena.reconnect()
        return 1


def _wait_for(true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.2)
    return False
