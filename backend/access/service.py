"""What other slices may ask of people and teams: names to show, the team of a patient, who is signed in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, text

from backend.access import facts
from backend.access.hours import Watch, in_words, watch
from backend.access.models import Caseload, Patient, Practitioner, RelatedPerson
from backend.access.policy import ADMINISTRATOR, CANARY_WATCHER, INSTALLER, PRACTICE
from backend.core.clock import sql_now
from backend.core.db import db, fetch
from backend.core.errors import NotFound
from backend.core.http import Actor
from backend.core.once import asked_once


@dataclass(frozen=True, slots=True)
class PatientChoice:
    """A record an account may open."""

    id: UUID
    display_name: str
    relation: str
    scopes: list[str]


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """A patient's team as the patient sees it, at a moment of the database's clock."""

    id: int
    name: str
    phone: str
    hours: str
    watch: Watch


def display_name(actor: Actor) -> str:
    """The name shown at the top of the page; raises NotFound for an actor who is no person."""
    if actor.patient_id is not None:
        return facts.own(actor.patient_id).display_name
    if actor.related_person_id is not None:
        return db.session.get_one(RelatedPerson, actor.related_person_id).display_name
    if actor.practitioner_id is not None:
        return db.session.get_one(Practitioner, actor.practitioner_id).display_name
    raise NotFound("no-person", "This actor is no person.")


def patients_of(actor: Actor) -> list[PatientChoice]:
    """The records a person's own account may open now; none for staff, who have a panel."""
    return [
        PatientChoice(one.patient.public_id, one.patient.display_name, one.relation, sorted(one.scopes))
        for one in facts.records_of(actor)
    ]


@dataclass(frozen=True, slots=True)
class LiveSight:
    """Whose events a live stream may tell: of readings, alerts and messages; and whether it is a team's desk."""

    readings: frozenset[UUID]
    alerts: frozenset[UUID]
    is_desk: bool
    messages: frozenset[UUID] = frozenset()

    @property
    def all(self) -> frozenset[UUID]:
        """Everybody of whom anything may be told."""
        return self.readings | self.alerts | self.messages


def live_sight(actor: Actor) -> LiveSight:
    """Whose events may be told to this actor now; the canary's watcher is no desk."""
    practices = facts.practices_of(actor)
    if practices:
        mine = frozenset(one.public_id for one in facts.registered_at(practices).values())
        return LiveSight(frozenset(), frozenset(), False, mine)
    panel = facts.of_panel(actor)
    if panel is not None and panel[0].role in (INSTALLER, ADMINISTRATOR, PRACTICE):
        return LiveSight(frozenset(), frozenset(), False)
    if panel is not None:
        ids = frozenset(patient.public_id for patient in panel[2].values())
        return LiveSight(ids, ids, panel[0].role != CANARY_WATCHER, ids)
    opened = facts.records_of(actor)
    return LiveSight(
        frozenset(one.patient.public_id for one in opened if "readings" in one.scopes),
        frozenset(one.patient.public_id for one in opened if "alerts" in one.scopes),
        False,
        frozenset(one.patient.public_id for one in opened if "messages" in one.scopes),
    )


def role_of(actor: Actor) -> str | None:
    """What a member of staff is, for a page to know what it may show; None for everybody else."""
    if actor.practitioner_id is None:
        return None
    return db.session.get_one(Practitioner, actor.practitioner_id).role


def caseload_ids(actor: Actor) -> frozenset[int]:
    """Inside keys of the people this practitioner's teams look after now: to choose a door by, no door itself."""
    panel = facts.of_panel(actor)
    return frozenset(panel[2]) if panel else frozenset()


def addresses(patient_ids: Collection[int]) -> Mapping[int, int | None]:
    """The inside key of the place each of them lives at."""
    rows = db.session.execute(
        select(Patient.id, Patient.location_id).where(Patient.id.in_(list(patient_ids)))
    )
    return {row.id: row.location_id for row in rows}


def public_ids(patient_ids: Collection[int]) -> Mapping[int, UUID]:
    """Public ids by inside keys: what a door is asked with."""
    rows = db.session.execute(select(Patient.id, Patient.public_id).where(Patient.id.in_(list(patient_ids))))
    return {row.id: row.public_id for row in rows}


def team_name(actor: Actor) -> str | None:
    """The name of the team a practitioner is in now; None for everybody else."""
    panel = facts.of_panel(actor)
    return panel[1].name if panel else None


@asked_once
def team_of(patient_id: int) -> TeamFacts | None:
    """The team that has the patient on its caseload now; None when no team has."""
    team = fetch(_TEAM, patient_id=patient_id).one_or_none()
    if team is None:
        return None
    return TeamFacts(
        team.id,
        team.name,
        team.phone,
        in_words(team.opens, team.closes),
        watch(team.opens, team.closes, team.time_zone, team.now),
    )


_TEAM = text("""select t.id, t.name, t.phone, t.opens, t.closes, t.time_zone, db_now() as now
    from care_team t join caseload c on c.care_team_id = t.id
    where c.patient_id = :patient_id and c.valid @> db_now() order by t.id limit 1""")


def left_at(patient_id: int) -> datetime | None:
    """When somebody who is on no team's list now was last on one; None when they never were."""
    ends = select(func.max(func.upper(Caseload.valid))).where(Caseload.patient_id == patient_id)
    found: datetime | None = db.session.execute(
        ends.where(func.upper(Caseload.valid) <= sql_now())
    ).scalar_one()
    return found


def patients_with_a_team() -> Select[int]:
    """Inside keys of everybody on some team's caseload now, as a query to put into another."""
    return select(Caseload.patient_id).where(Caseload.valid.contains(sql_now()))


def practitioner_names(ids: Sequence[int]) -> Mapping[int, tuple[UUID, str]]:
    """Public id and name of each practitioner by internal id."""
    rows = db.session.execute(
        select(Practitioner.id, Practitioner.public_id, Practitioner.display_name).where(
            Practitioner.id.in_(list(ids))
        )
    )
    return {row.id: (row.public_id, row.display_name) for row in rows}


def roles_of(ids: Iterable[int]) -> Mapping[int, str]:
    """What each of these members of staff is, by internal id."""
    rows = db.session.execute(
        select(Practitioner.id, Practitioner.role).where(Practitioner.id.in_(list(ids)))
    )
    return {row.id: row.role for row in rows}


@asked_once
def database_time() -> datetime:
    """Now, by the clock every deadline is judged by."""
    now: datetime = fetch(_NOW).scalar_one()
    return now


_NOW = text("select db_now()")
