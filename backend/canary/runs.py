"""Keeps each canary's runs: when one is due, when it was seen at a desk, and which of them is late."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast, get_args
from uuid import UUID, uuid4

from sqlalchemy import text

from backend.alerts import service as alerts
from backend.core.db import db

Kind = Literal["normal", "red", "silent", "fall"]
KINDS: tuple[Kind, ...] = get_args(Kind)
KEPT = "90 days"

# Late is what has not been seen by its time and not since, and what has not even begun: then the canary is dead.
STANDING = """
    select c.kind, c.every_s, c.within_s, seen.at as seen_at, seen.latency_ms,
        extract(epoch from db_now() - seen.at)::float8 as age_s,
        exists (select from canary_run u where u.kind = c.kind and u.seen_at is null
            and u.id > coalesce(seen.id, 0) and u.due_at <= db_now()) as unseen,
        coalesce(newest.began_at, c.since) + (c.every_s + c.within_s) * interval '1 second' <= db_now()
            as not_begun
    from canary c
    left join lateral (select r.id, r.seen_at as at, r.latency_ms from canary_run r
        where r.kind = c.kind and r.seen_at is not null order by r.id desc limit 1) seen on true
    left join lateral (select r.began_at from canary_run r where r.kind = c.kind order by r.id desc limit 1) newest
        on true
    order by array_position(array['normal', 'red', 'silent', 'fall'], c.kind)"""
# One that was not seen in time is tried again at once, so that its end is noticed as soon as it comes.
_DUE = text(
    """select c.kind, c.device, p.id as patient_id from canary c join patient p on p.public_id = c.patient
    left join lateral (select * from canary_run r where r.kind = c.kind order by r.id desc limit 1) r on true
    where r.id is null or r.began_at > db_now() + interval '1 minute'
        or case when r.seen_at is null then r.due_at else r.began_at + c.every_s * interval '1 second' end
            <= db_now()"""
)
_BEGIN = text(
    """insert into canary_run (kind, cause, began_at, due_at)
    select kind, :cause, now, now + within_s * interval '1 second' from canary, (select db_now() as now) n
    where kind = :kind"""
)
_SAW = text(
    """update canary_run r set seen_at = db_now(), latency_ms = least(2147483647, greatest(0,
        (extract(epoch from db_now() - r.began_at) - c.silent_s) * 1000))::int
    from canary c join patient p on p.public_id = c.patient
    where r.kind = :kind and c.kind = r.kind and c.patient = :patient and r.seen_at is null
        and case when :kind = 'silent' then r.id = (select max(id) from canary_run where kind = 'silent')
            else r.cause = :cause end
    returning p.id as patient_id"""
)
_FORGET = text("delete from canary_run where began_at < db_now() - cast(:kept as interval)")


@dataclass(frozen=True, slots=True)
class Standing:
    """How one canary stands: when it was last seen at a desk, after how many milliseconds, and whether it is late."""

    kind: Kind
    within_s: int
    seen_at: datetime | None
    age_s: float | None
    latency_ms: int | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has begun: what its device has to send, under which name."""

    kind: Kind
    device: str
    cause: str


def standing() -> list[Standing]:
    """Every canary that is set up, by the database's clock."""
    return [
        Standing(row.kind, row.within_s, row.seen_at, row.age_s, row.latency_ms, row.unseen or row.not_begun)
        for row in db.session.execute(text(STANDING))
    ]


def begin_due() -> list[Run]:
    """Begin every run that is due, in the caller's transaction; what the last one left open is closed before."""
    begun: list[Run] = []
    for row in db.session.execute(_DUE).all():
        _tidy(row.patient_id)
        run = Run(cast(Kind, row.kind), row.device, uuid4().hex)
        db.session.execute(_BEGIN, {"kind": run.kind, "cause": run.cause})
        begun.append(run)
    return begun


def saw(kind: Kind, patient: UUID, cause: str | None) -> bool:
    """Note that what a run set off was heard at a desk; False when it belongs to none that is waited for."""
    rows = db.session.execute(_SAW, {"kind": kind, "patient": patient, "cause": cause}).all()
    for row in rows:
        _tidy(row.patient_id)
    return bool(rows)


def forget() -> None:
    """Drop what is older than anybody asks for."""
    db.session.execute(_FORGET, {"kept": KEPT})


def told(found: list[Standing]) -> dict[str, Any]:
    """For a heartbeat: who is late, and each one's last latency."""
    return {
        "late": [one.kind for one in found if one.is_late],
        "latency_ms": {one.kind: one.latency_ms for one in found},
        "seen_at": {one.kind: one.seen_at for one in found},
    }


def _tidy(patient_id: int) -> None:
    """Nobody works on a canary's alerts, and an open one would hide the next."""
    alerts.close_all(patient_id, "no-change", "Canary: seen by its watcher", None)
