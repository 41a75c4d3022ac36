"""What other slices may ask of pathways: who is on which, what is expected of them and what to do when."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict, Invalid
from backend.pathways.folder import read_folder
from backend.pathways.limits import PackLimits, activation_problems, combine
from backend.pathways.models import Enrolment, PathwayVersion
from backend.pathways.pack import BadPackError, Light, Pack, PackLimit, bare_pack, read_pack
from backend.pathways.schedule import NextReading, next_reading

log = logging.getLogger("alongside.pathways")

__all__ = [
    "BadPackError",
    "EnrolledOn",
    "Light",
    "NextReading",
    "Pack",
    "PackLimit",
    "PackLimits",
    "activate",
    "advice",
    "enrolments_for",
    "load_packs",
    "next_expected",
    "pack_limits",
    "titles",
]

PACKS = Path(__file__).with_name("packs")
LIGHT_OF_LEVEL = {"emergency": "red", "urgent": "amber"}

# A version is never edited once stored, so what was read of it stays right; the key is its public id.
_read: dict[UUID, Pack] = {}


@dataclass(frozen=True, slots=True)
class EnrolledOn:
    """A patient on a version of a pathway. Only status "live" counts as monitored."""

    enrolment: UUID
    status: str
    pack: Pack

    @property
    def is_live(self) -> bool:
        """True when this enrolment is being watched."""
        return self.status == "live"

    @property
    def names_version(self) -> str:
        """The version as every alert names it: "copd 2026.1"."""
        place = f" {self.pack.locality}" if self.pack.locality else ""
        return f"{self.pack.pathway} {self.pack.version}{place}"


def load_packs(folder: Path = PACKS) -> list[str]:
    """Store every pack of a folder as a PathwayVersion; answers those that are new, as "copd 2026.1".

    Raises BadPackError in words, and Invalid when a stored version was changed without a new number.
    Running it twice does no harm.
    """
    new: list[str] = []
    for pack, body in read_folder(folder):
        row = {
            "pathway": pack.pathway,
            "version": pack.version,
            "locality": pack.locality,
            "title": pack.title,
            "body": body,
            "reason": pack.reason,
            "author": pack.author,
        }
        made = db.session.execute(
            insert(PathwayVersion).values(**row).on_conflict_do_nothing().returning(PathwayVersion.id)
        ).scalar_one_or_none()
        if made is not None:
            new.append(f"{pack.pathway} {pack.version}")
            continue
        stored = db.session.execute(
            select(PathwayVersion.body).where(
                PathwayVersion.pathway == pack.pathway,
                PathwayVersion.version == pack.version,
                PathwayVersion.locality == pack.locality,
            )
        ).scalar_one()
        if stored != body:
            words = f"{pack.pathway} {pack.version} was changed: give it a new version and say why."
            raise Invalid("pack-changed", words)
    return new


def enrolments_for(patient_ids: Collection[int]) -> dict[int, list[EnrolledOn]]:
    """Who is on what now, by inside key, paused and waiting ones too; people on nothing are absent."""
    rows = db.session.execute(
        select(
            Enrolment.patient_id,
            Enrolment.public_id,
            Enrolment.status,
            PathwayVersion.public_id.label("version_id"),
        )
        .join(PathwayVersion, PathwayVersion.id == Enrolment.pathway_version_id)
        .where(
            Enrolment.patient_id.in_(list(patient_ids)),
            Enrolment.status != "ended",
            Enrolment.valid.contains(sql_now()),
        )
        .order_by(Enrolment.id)
    )
    found: dict[int, list[EnrolledOn]] = {}
    for row in rows.all():
        pack = _pack(row.version_id)
        found.setdefault(row.patient_id, []).append(EnrolledOn(row.public_id, row.status, pack))
    return found


def _pack(version_id: UUID) -> Pack:
    pack = _read.get(version_id)
    if pack is None:
        row = db.session.scalars(select(PathwayVersion).where(PathwayVersion.public_id == version_id)).one()
        try:
            pack = read_pack(row.body, "a stored pack")
        except BadPackError:
            # Somebody on a pack we can no longer read is still monitored: the absolute limits go on.
            log.error("stored pack cannot be read", extra={"pathway_version": str(version_id)})
            pack = bare_pack(row.pathway, row.version, row.title)
        _read[version_id] = pack
    return pack


def pack_limits(enrolled: Iterable[EnrolledOn], age: int | None) -> PackLimits:
    """The packs' part of a person's limits; `alerts.service.limits_for` gives those that count."""
    return combine([one.pack for one in enrolled], age)


def titles(patient_id: int) -> list[dict[str, str]]:
    """The pathways a person is on, as the screens list them: id, title, version."""
    return [
        {"id": one.pack.pathway, "title": one.pack.title, "version": one.pack.version}
        for one in enrolments_for([patient_id]).get(patient_id, [])
    ]


def advice(patient_id: int, level: str, rule: str | None = None) -> dict[str, Any] | None:
    """What the person's plan says to do at "urgent" or "emergency"; None at milder levels or on no pathway.

    With `rule`, from the pathways that run it, if any do. Answers {"level", "words": [str], "signs", "call"}.
    """
    light = LIGHT_OF_LEVEL.get(level)
    enrolled = enrolments_for([patient_id]).get(patient_id, [])
    if light is None or not enrolled:
        return None
    asked = [one for one in enrolled if rule is None or rule in one.pack.rules] or enrolled
    said = asdict(asked[0].pack.advice[light])
    return {
        "level": level,
        "words": [*said["do"], said["call"]],
        "signs": said["signs"],
        "call": said["call"],
    }


def next_expected(patient_id: int, now: datetime, last_taken: Mapping[str, datetime]) -> NextReading | None:
    """The one next reading a live pathway expects; `last_taken` is code ("systolic") -> newest time."""
    live = [one for one in enrolments_for([patient_id]).get(patient_id, []) if one.is_live]
    return next_reading((e for one in live for e in one.pack.expected), last_taken, now)


def activate(patient_id: int, age: int | None, personal: frozenset[str], facts: frozenset[str]) -> list[UUID]:
    """Set a person's waiting enrolments live, or raise Conflict with every reason why not.

    `personal` are codes with a clinician's own limit, `facts` names of facts that are known. Answers the
    public ids of what went live. The caller has opened the record.
    """
    enrolled = enrolments_for([patient_id]).get(patient_id, [])
    problems = activation_problems([one.pack for one in enrolled], age, personal, facts)
    if problems:
        raise Conflict(
            "cannot-go-live",
            "This person cannot be monitored yet: " + "; ".join(problems) + ".",
            status=409,
        )
    rows = db.session.scalars(
        select(Enrolment).where(
            Enrolment.patient_id == patient_id,
            Enrolment.status.in_(("referred", "awaiting-kit")),
            Enrolment.valid.contains(func.clock_timestamp()),
        )
    ).all()
    for row in rows:
        row.status = "live"
        row.version += 1
    db.session.flush()
    return [row.public_id for row in rows]
