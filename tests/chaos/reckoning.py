"""The devices' own ledger, read line by line, against the database: what is lost, what is there twice."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.device_gateway.rig import Json, World

ALARM = "alarm"


@dataclass
class Told:
    """A journal from its first line to its last: what was made, and what was promised or refused of it."""

    readings: dict[str, tuple[str, Json]] = field(default_factory=dict)
    alarms: dict[str, tuple[str, Json]] = field(default_factory=dict)
    receipted: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def unsettled(self) -> set[str]:
        """What nobody has answered for."""
        return (set(self.readings) | set(self.alarms)) - self.receipted - set(self.refused)


def read(folder: Path) -> Told:
    """The journal of a fleet that forgot nothing; read here by itself, so that no code of the fleet counts."""
    told = Told()
    for line in (folder / "journal.jsonl").read_bytes().splitlines():
        match json.loads(line):
            case ["m", str(device), str(channel), str(message_id), dict(body)]:
                kind = told.alarms if channel == ALARM else told.readings
                kind[message_id] = (device, body)
            case ["r", str(message_id)]:
                told.receipted.add(message_id)
            case ["x", str(message_id), str(code)]:
                told.refused[message_id] = code
    return told


def reckon(told: Told, world: World) -> dict[str, Any]:
    """The counts. `lost` is what was promised and is not there whole, or was refused and is not kept."""
    whole = dict(
        world.all(
            "select k.message_id, coalesce(o.n, 0) from message_key k left join (select device_message_id, count(*) n"
            " from observation where device_message_id is not null group by device_message_id) o"
            " using (device_message_id)"
        )
    )
    promised = told.receipted & set(told.readings)
    missing = {one for one in promised if whole.get(one, 0) < _values(told.readings[one][1])}
    held = {one for (one,) in world.all("select message_id from quarantine where message_id is not null")}
    hashes = {bytes(one) for (one,) in world.all("select payload_sha256 from quarantine")}
    unheld = {
        one for one in set(told.refused) & set(told.readings)
        if one not in held and _hash(told.readings[one][1]) not in hashes
    }  # fmt: skip
    alarms = {(device, str(body["alarm"])) for device, body in told.alarms.values()}
    raised = set(
        world.all("select e.device, e.alarm_id from alarm_event e join alert a on a.id = e.alert_id")
    )
    return {
        "made": len(told.readings),
        "receipted": len(promised),
        "stored": len(set(whole) & set(told.readings)),
        "lost": len(missing) + len(unheld),
        "duplicates": twice(world),
        "alarms_raised": len(alarms),
        "alarms_lost": len(alarms - raised),
        "quarantined": world.one("select count(*) from quarantine"),
        "refused": len(set(told.refused) & set(told.readings)),
        "unsettled": len(told.unsettled),
        "alarms_answered": len((told.receipted | set(told.refused)) & set(told.alarms)),
        "alerts": world.one("select count(*) from alert"),
        "poison_stored": sum("poison" in told.readings[one][1] for one in promised),
    }


def twice(world: World) -> int:
    """Values that stand twice for one message of a device, and presses that opened more than one alert."""
    values = world.one(
        "select coalesce(sum(n - 1), 0) from (select count(*) n from observation o"
        " join device_message m on m.id = o.device_message_id"
        " where m.message_id is not null group by m.device, m.message_id, o.code having count(*) > 1) t"
    )
    keys = world.one(
        "select coalesce(sum(n - 1), 0) from (select count(*) n from observation"
        " where device_message_id is not null group by device_message_id, code having count(*) > 1) t"
    )
    alerts = world.one(
        "select coalesce(sum(n - 1), 0) from (select count(distinct alert_id) n from alarm_event"
        " where alert_id is not null group by device, alarm_id having count(distinct alert_id) > 1) t"
    )
    return int(max(values, keys) + alerts)


def _values(body: Json) -> int:
    """How many values a reading has; at least one for what the ledger cannot read."""
    return len(body.get("m", ())) or 1


def _hash(body: Json) -> bytes:
    return sha256(bytes.fromhex(body["hex"])).digest() if "hex" in body else b""
