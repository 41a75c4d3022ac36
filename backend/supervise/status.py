"""Looks at a running home from outside and says what is true of it, part by part."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from backend.canary.runs import STANDING
from backend.supervise import health
from backend.supervise.broker_accounts import OBSERVER
from backend.supervise.broker_view import BrokerView, look
from backend.supervise.home import Home
from backend.supervise.place import place_of
from backend.supervise.process import is_alive

COUNTS = {
    "stored": "select count(*) from message_key",
    "quarantined": "select count(*) from quarantine where resolved_at is null",
    "waiting": "select count(*) from evaluation_wait",
    "open_alerts": "select count(*) from alert where closed_at is null and not is_canary",
}


@dataclass
class Status:
    """What is true of a home now.

    ``canary_age_s`` is that of the last test reading at the staff stream's end; None = never. ``canaries`` are by
    kind: {"age_s", "latency_ms", "late"}, each measured at that same end.
    """

    home: str
    running: bool
    public_url: str = ""
    processes: dict[str, dict[str, Any]] = field(default_factory=dict)
    app: bool = False
    database: bool = False
    broker: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int | None] = field(default_factory=lambda: dict.fromkeys(COUNTS))
    heartbeat_age_s: dict[str, float] = field(default_factory=dict)
    canary_age_s: float | None = None
    canaries: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def well(self) -> bool:
        """True when every part lives, answers and every canary arrived in time (or is not due yet)."""
        canary_late = any(one["late"] for one in self.canaries.values())
        alive = all(facts["alive"] for facts in self.processes.values())
        return (
            self.running
            and alive
            and self.app
            and self.database
            and self.broker["answers"]
            and not canary_late
        )

    def shown(self) -> dict[str, Any]:
        """Return the one object `--json` prints."""
        return {**asdict(self), "well": self.well}


def status(path: Path) -> Status:
    """Look at every part of a home; nothing raises, what does not answer is said so."""
    home = Home(path)
    run = home.read()
    if run is None or not home.is_running():
        return Status(str(home.path), running=False)
    place = place_of(home.path, run)
    found = Status(str(home.path), running=True, public_url=run.public_url)
    found.processes = {
        name: {"pid": pid, "alive": is_alive(pid), "restarts": run.restarts.get(name, 0)}
        for name, pid in sorted(run.pids.items())
    }
    found.app = health.app_answers(run.ports["app"]) if "app" in run.ports else False
    view = look(place.broker(OBSERVER)) if "mqtt" in run.ports else BrokerView()
    told = _ask_database(found, place.database("al_migrate"))
    # The broker forgets a counter that has not changed for a minute; the gateway has listened all the time.
    known = BrokerView(view.echo_ms, {**told, **view.counters})
    found.broker = {
        "answers": known.echo_ms is not None,
        "echo_ms": known.echo_ms,
        "queued": known.queued,
        **known.counters,
    }
    return found


def _ask_database(found: Status, url: str) -> dict[str, int]:
    """Fill in what the database knows; answers the broker's counters as the gateway last heard them."""
    try:
        with psycopg.connect(health.plain(url), connect_timeout=5, autocommit=True) as connection:
            found.database = True
            for name, query in COUNTS.items():
                found.counts[name] = _one(connection, query)
            ages = connection.execute(
                "select name, extract(epoch from clock_timestamp() - at)::float8 from heartbeat"
            ).fetchall()
            found.canaries = {
                str(kind): {
                    "age_s": None if age is None else round(age, 1), "latency_ms": latency_ms,
                    "late": unseen or not_begun,
                }
                for kind, _, _, _, latency_ms, age, unseen, not_begun in connection.execute(STANDING)
            }  # fmt: skip
            heard = connection.execute(
                "select detail->'broker' from heartbeat where name = 'gateway'"
            ).fetchone()
    except psycopg.Error:
        return {}
    found.heartbeat_age_s = {str(name): round(float(age), 1) for name, age in ages}
    found.canary_age_s = found.heartbeat_age_s.get("canary")
    return {} if heard is None or heard[0] is None else {str(name): int(n) for name, n in heard[0].items()}


def _one(connection: psycopg.Connection[tuple[Any, ...]], query: str) -> int | None:
    row = connection.execute(query).fetchone()
    return None if row is None else int(row[0])


def in_words(found: Status) -> str:
    """Return the status as a table for a person."""
    if not found.running:
        return f"Nothing runs in {found.home}."
    lines = [f"Alongside in {found.home}, at {found.public_url}", ""]
    for name, facts in found.processes.items():
        state = "runs" if facts["alive"] else "IS DEAD"
        again = f", started again {facts['restarts']} x" if facts["restarts"] else ""
        lines.append(f"  {name:<12} {state} (pid {facts['pid']}{again})")
    broker = found.broker
    echo = f"answers in {broker['echo_ms']} ms" if broker["answers"] else "DOES NOT ANSWER"
    lines += [
        "",
        f"  app          {'answers' if found.app else 'DOES NOT ANSWER'}",
        f"  database     {'answers' if found.database else 'DOES NOT ANSWER'}",
        f"  broker       {echo}; queued {_told(broker, 'queued')}, dropped {_told(broker, 'dropped')}",
        *(f"  canary       {kind:<7} {_canary(facts)}" for kind, facts in found.canaries.items()),
        "",
        *(f"  {name.replace('_', ' '):<12} {_told(found.counts, name)}" for name in COUNTS),
    ]
    return "\n".join(lines)


def _told(numbers: Mapping[str, Any], name: str) -> str:
    return "not known" if numbers.get(name) is None else str(numbers[name])


def _canary(facts: Mapping[str, Any]) -> str:
    late = " - LATE" if facts["late"] else ""
    if facts["age_s"] is None:
        return f"has not been seen at a desk yet{late}"
    age, took = math.floor(facts["age_s"]), facts["latency_ms"]
    return f"last seen at a desk {age} s ago, {took} ms after it was due{late}"
