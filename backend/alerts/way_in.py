"""Watches the way in by what the gateway's heartbeat says: a broker that drops or stands still tells nobody itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from backend.alerts.episodes import raise_episodes
from backend.alerts.levels import Severity
from backend.alerts.mended import mend
from backend.alerts.occurrence import Occurrence, Subject
from backend.core.db import db
from backend.core.heartbeat import beat

# Alongside defaults. The gateway beats and asks for an echo every 5 s; it ends itself after 45 s without one.
QUIET, DEAF_S = timedelta(seconds=60), 30.0
# Of max_queued_bytes in the broker's configuration, above which it drops: told at a half, well again at two fifths.
MOST_BYTES = 536_870_912
TOLD_AT, WELL_AT = MOST_BYTES * 5 // 10, MOST_BYTES * 4 // 10
STEADY = timedelta(minutes=30)
# A card that somebody closed while its cause stays is not opened anew at the next look.
CLOSED_FOR = timedelta(minutes=30)
SOURCE = "Alongside default, not national guidance"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What can go wrong on the way in, as the duty desk reads it. `device` stands for the part it is about."""

    rule: str
    device: str
    title: str
    words: str
    level: Severity = Severity.URGENT


GATEWAY_SILENT = Trouble(
    "gateway_silent", "gateway", "Nothing comes in from homes",
    "The gateway is not heard: no reading and no alarm of any device comes in through it. Call who runs the service",
)  # fmt: skip
BROKER_SILENT = Trouble(
    "broker_silent", "broker", "Nothing comes in from homes",
    "The broker does not answer: no reading and no alarm of any device comes in. Call who runs the service",
)  # fmt: skip
BROKER_QUEUE = Trouble(
    "broker_queue", "broker", "Readings pile up at the broker",
    "The broker holds more than half of what it may keep. At the limit it drops. Call who runs the service",
)  # fmt: skip
BROKER_DROPS = Trouble(
    "broker_drops", "broker", "The broker drops messages",
    "The broker has dropped messages. Devices send again what has no receipt; an alarm may come late."
    " Call who runs the service",
)  # fmt: skip
UNSTORED = Trouble(
    "alarm_in_file", "gateway", "Alarms could not be stored",
    "Alarms could not be stored and lie in files beside the gateway (dead-alarms). Each may have been a press:"
    " have them read at once",
    Severity.EMERGENCY,
)  # fmt: skip
TROUBLES = (GATEWAY_SILENT, BROKER_SILENT, BROKER_QUEUE, BROKER_DROPS, UNSTORED)

_HEARTBEATS = text(
    "select name, at, detail, db_now() as now from heartbeat where name in ('gateway', 'way-in')"
)
_STANDING = text(
    """select rule, id, closed_at is null as is_open from alert where rule = any(:rules) and patient_id is null
    and (closed_at is null or (owner_id is not null and closed_at > db_now() - :closed_for))"""
)


def watch_the_way_in() -> int:
    """Open and close the cards of the way in; in the caller's transaction. Answers how many changed.

    Nothing is said before a gateway has run here for the first time.
    """
    beats = {row.name: row for row in db.session.execute(_HEARTBEATS)}
    if "gateway" not in beats:
        return 0
    gateway = beats["gateway"]
    last = beats.get("way-in")
    before: Mapping[str, Any] = {} if last is None else last.detail
    drops = _drops(gateway.detail.get("broker") or {}, before, gateway.now)
    # A whole service that was off and starts again is no silence of the gateway: it has its time to come up.
    since = before.get("since") if last is not None and gateway.now - last.at <= QUIET else None
    watched = gateway.now if since is None else datetime.fromisoformat(since)
    beat("way-in", drops | {"since": watched.isoformat()})
    found = _found(max(gateway.at, watched), gateway.detail, drops, gateway.now)
    rows = db.session.execute(
        _STANDING, {"rules": [trouble.rule for trouble in TROUBLES], "closed_for": CLOSED_FOR}
    ).all()
    standing = {row.rule: row.id for row in rows if row.is_open}
    settled = {row.rule for row in rows if not row.is_open}
    changed = 0
    for trouble in TROUBLES:
        is_true = found[trouble.rule]
        if is_true and trouble.rule not in standing | dict.fromkeys(settled):
            raise_episodes([_occurrence(trouble, gateway.now)])
            changed += 1
        elif is_true is False and trouble.rule in standing:
            changed += mend([standing[trouble.rule]], "It is well again")
    return changed


def _drops(broker: Mapping[str, Any], before: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The counter of dropped messages as last seen, and when it last rose; a broker begins at 0 when it starts."""
    dropped, known = broker.get("dropped"), before.get("dropped")
    if dropped is None:
        return {name: before.get(name) for name in ("dropped", "rose_at")}
    # At the very first look nobody knows whether it rose today or last year.
    rose = known is not None and dropped > (known if dropped >= known else 0)
    return {"dropped": dropped, "rose_at": now.isoformat() if rose else before.get("rose_at")}


def _found(
    at: datetime, detail: Mapping[str, Any], drops: Mapping[str, Any], now: datetime
) -> dict[str, bool | None]:
    """Which troubles are true now; None for neither yes nor no, so that a card neither opens nor closes."""
    held = (detail.get("broker") or {}).get("held_bytes", 0)
    silent = now - at > QUIET
    rose_at = drops.get("rose_at")
    return {
        GATEWAY_SILENT.rule: silent,
        # Of a gateway that is silent nobody knows how the broker is.
        BROKER_SILENT.rule: None if silent else detail.get("echo_age_s", 0) > DEAF_S,
        BROKER_QUEUE.rule: None if silent or WELL_AT < held <= TOLD_AT else held > TOLD_AT,
        BROKER_DROPS.rule: rose_at is not None and now - datetime.fromisoformat(rose_at) < STEADY,
        UNSTORED.rule: None if silent else detail.get("alarms_unstored", 0) > 0,
    }


def _occurrence(trouble: Trouble, now: datetime) -> Occurrence:
    return Occurrence(
        subject=Subject(None, None, None, False, None, trouble.device),
        rule=trouble.rule,
        kind="technical",
        level=trouble.level,
        title=trouble.title,
        reason=trouble.words,
        true_at=now,
        known_at=now,
        evidence=[{"at": now.isoformat(), "device": trouble.device}],
        judged_by=SOURCE,
    )
