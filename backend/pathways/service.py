"""What other slices may ask of pathways: who is on which, what is expected of them and what to do when."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from backend.access.needs import palliative_line
from backend.core.clock import sql_now
from backend.core.db import db, fetch
from backend.core.errors import Conflict, Invalid
from backend.core.once import asked_once
from backend.pathways.advice import LIGHT_OF_LEVEL, of_line, of_plan
from backend.pathways.folder import read_folder
from backend.pathways.limits import (
    PackLimits,
    PackParameters,
    ParameterName,
    activation_problems,
    combine,
    combine_parameters,
)
from backend.pathways.models import Enrolment, PathwayVersion, RuleChoice
from backend.pathways.pack import BadPackError, Light, MissedRung, Pack, PackLimit, bare_pack
from backend.pathways.pack_reader import read_pack
from backend.pathways.pauses import PauseSpan, pauses_for
from backend.pathways.schedule import DueReading, NextReading, next_reading
from backend.pathways.together import check_ins_of, due_readings, known_facts, missed_ladder

log = logging.getLogger("alongside.pathways")

__all__ = [
    "BadPackError",
    "DueReading",
    "EnrolledOn",
    "Light",
    "MissedRung",
    "NextReading",
    "Pack",
    "PackLimit",
    "PackLimits",
    "PackParameters",
    "PauseSpan",
    "activate",
    "advice",
    "check_ins_of",
    "choose_parameter",
    "due_readings",
    "enrolments_for",
    "known_facts",
    "load_packs",
    "missed_ladder",
    "newest_versions",
    "next_expected",
    "pack_limits",
    "pack_parameters",
    "pauses_for",
    "problems_of",
    "titles",
]

PACKS = Path(__file__).with_name("packs")

_ENROLLED = text("""select e.patient_id, e.public_id, e.status, v.public_id as version_id,
        (select jsonb_agg(jsonb_build_array(c.rule, c.name, c.value)) from rule_choice c
            where c.patient_id = e.patient_id) as chosen
    from enrolment e join pathway_version v on v.id = e.pathway_version_id
    where e.patient_id = any(:ids) and e.status <> 'ended' and e.valid @> db_now() order by e.id""")

# A version is never edited once stored, so what was read of it stays right; the key is its public id.
_read: dict[UUID, Pack] = {}


@dataclass(frozen=True, slots=True)
class EnrolledOn:
    """A patient on a version of a pathway. Only status "live" counts as monitored."""

    enrolment: UUID
    status: str
    pack: Pack
    # What a clinician chose for this person where packs set a rule differently.
    chosen: Mapping[ParameterName, str] = field(default_factory=dict)

    @property
    def is_live(self) -> bool:
        """True when this enrolment is being watched."""
        return self.status == "live"

    def parameters(self, rule: str) -> dict[str, str]:
        """What this pathway sets for a rule of this person; a clinician's choice wins over the pack."""
        said = dict(self.pack.rules.get(rule, {}))
        said.update({name: value for (of, name), value in self.chosen.items() if of == rule})
        return said

    @property
    def names_version(self) -> str:
        """The version as every alert names it: "copd 2026.1"."""
        place = f" {self.pack.locality}" if self.pack.locality else ""
        return f"{self.pack.pathway} {self.pack.version}{place}"


def load_packs(folder: Path = PACKS, *, own: bool = False) -> list[str]:
    """Store every pack of a folder as a PathwayVersion; answers those that are new, as "copd 2026.1".

    `own` is a locality's folder: each of its packs has to say which locality's it is.

    Raises BadPackError in words, and Invalid when a stored version was changed without a new number.
    Running it twice does no harm.
    """
    new: list[str] = []
    for pack, body in read_folder(folder):
        if own and not pack.locality:
            raise BadPackError(pack.pathway, ["a locality's copy says whose it is: 'locality' is empty"])
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
    return {id_: list(ones) for id_, ones in _enrolled_on(tuple(patient_ids)).items()}


@asked_once
def _enrolled_on(patient_ids: tuple[int, ...]) -> dict[int, list[EnrolledOn]]:
    found: dict[int, list[EnrolledOn]] = {}
    for row in fetch(_ENROLLED, ids=list(patient_ids)).all():
        pack = _pack(row.version_id)
        chosen = {(rule, name): value for rule, name, value in row.chosen or ()}
        found.setdefault(row.patient_id, []).append(EnrolledOn(row.public_id, row.status, pack, chosen))
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


def pack_parameters(enrolled: Sequence[EnrolledOn]) -> PackParameters:
    """What the rules of a person's live pathways run with, and where the packs disagree."""
    live = [one for one in enrolled if one.is_live]
    return combine_parameters([one.pack for one in live], live[0].chosen if live else {})


def choose_parameter(
    patient_id: int, rule: str, name: str, value: str, *, chosen_by: str, reason: str
) -> None:
    """Keep what a clinician chose of the values that the person's pathways offer; Invalid for any other."""
    on = enrolments_for([patient_id]).get(patient_id, [])
    if value not in {one.pack.rules.get(rule, {}).get(name) for one in on}:
        words = f"{value} is no value that these pathways offer for {name} of {rule}."
        raise Invalid("choice", words, errors={"choices": [words]})
    row = {"value": value, "chosen_by": chosen_by, "reason": reason, "chosen_at": sql_now()}
    db.session.execute(
        insert(RuleChoice)
        .values(patient_id=patient_id, rule=rule, name=name, **row)
        .on_conflict_do_update(
            index_elements=["patient_id", "rule", "name"], set_=row | {"version": RuleChoice.version + 1}
        )
    )


def newest_versions(locality: str | None = None) -> dict[str, int]:
    """The version of each pathway that somebody joins now: pathway -> inside key of its newest version.

    A locality's own copy wins over what is shipped; by default any locality's, as one service is one locality.
    """
    asked = select(PathwayVersion.pathway, PathwayVersion.id)
    if locality is not None:
        asked = asked.where(PathwayVersion.locality.in_(("", locality)))
    rows = db.session.execute(asked.order_by(PathwayVersion.locality != "", PathwayVersion.id))
    return {row.pathway: row.id for row in rows}


def titles(patient_id: int) -> list[dict[str, str]]:
    """The pathways a person is on, as the screens list them: id, title, version."""
    return [
        {"id": one.pack.pathway, "title": one.pack.title, "version": one.pack.version}
        for one in enrolments_for([patient_id]).get(patient_id, [])
    ]


def advice(patient_id: int, level: str, rule: str | None = None) -> dict[str, Any] | None:
    """What the person's plan says to do at "urgent" or "emergency"; None at milder levels or on no pathway.

    With `rule`, from the pathways that run it, if any do. Answers {"level", "words": [str], "signs", "call", "line"};
    with a signed end-of-life plan the words of its 24-hour line, {"name", "phone"}, and no word of 999.
    """
    light = LIGHT_OF_LEVEL.get(level)
    line = palliative_line(patient_id) if light is not None else None
    if line is not None:
        return of_line(level, line)
    enrolled = enrolments_for([patient_id]).get(patient_id, [])
    if light is None or not enrolled:
        return None
    asked = [one for one in enrolled if rule is None or rule in one.pack.rules] or enrolled
    # A stored pack that cannot be read any more has no words of its own.
    said = asked[0].pack.advice.get(light)
    return None if said is None else of_plan(level, said)


def next_expected(patient_id: int, now: datetime, last_taken: Mapping[str, datetime]) -> NextReading | None:
    """The one next reading a live pathway expects; `last_taken` is code ("systolic") -> newest time."""
    live = [one for one in enrolments_for([patient_id]).get(patient_id, []) if one.is_live]
    return next_reading((e for one in live for e in one.pack.expected), last_taken, now)


def problems_of(
    patient_id: int, age: int | None, personal: frozenset[str], facts: frozenset[str]
) -> list[str]:
    """Why this person's pathways cannot go live together yet, a sentence each; empty when they can.

    `personal` are codes with a clinician's own limit, `facts` names of facts that are known (`known_facts`).
    """
    enrolled = enrolments_for([patient_id]).get(patient_id, [])
    chosen = enrolled[0].chosen if enrolled else {}
    return activation_problems([one.pack for one in enrolled], age, personal, facts, chosen)


def activate(patient_id: int, age: int | None, personal: frozenset[str], facts: frozenset[str]) -> list[UUID]:
    """Set a person's waiting enrolments live, or raise Conflict with every reason why not.

    `personal` are codes with a clinician's own limit, `facts` names of facts that are known. Answers the
    public ids of what went live. The caller has opened the record.
    """
    problems = problems_of(patient_id, age, personal, facts)
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
            Enrolment.valid.contains(sql_now()),
        )
    ).all()
    for row in rows:
        row.status = "live"
        row.version += 1
    db.session.flush()
    return [row.public_id for row in rows]
