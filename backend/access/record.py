"""The audited doors to a patient's data: a Record for one patient, a Panel for a team's caseload."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from backend.access import door, facts
from backend.access.facts import OpenPatient, PractitionerRef, TeamRef
from backend.access.policy import (
    ADMINISTRATOR,
    CANARY_WATCHER,
    INSTALLER,
    PRACTICE,
    Action,
    Decision,
    Purpose,
    Task,
    may,
    may_do,
)
from backend.audit import service as audit
from backend.core.db import PatientRow, db
from backend.core.errors import Conflict, Invalid, NotAllowed, NotFound
from backend.core.http import Actor
from backend.core.models import Change

__all__ = [
    "Action",
    "OpenPatient",
    "Panel",
    "PractitionerRef",
    "Purpose",
    "Record",
    "RecordRefused",
    "Task",
    "TeamRef",
    "allow",
    "open_kit_panel",
    "open_panel",
    "open_record",
]

T = TypeVar("T", bound=PatientRow)

# One answer for what is not there and for what may not be opened: neither can be told from the other.
NO_RECORD = ("no-record", "There is no such record, or it is not open to you.")


class RecordRefused(NotAllowed):
    """A door that stayed shut, in the very words and status of a record that does not exist."""

    status = NotFound.status
    kind = NotFound.kind

    def __init__(self) -> None:
        super().__init__(*NO_RECORD)


class Record:
    """A patient's data opened by somebody for a reason. Made only by `open_record`."""

    def __init__(
        self, actor: Actor, purpose: Purpose, patient: OpenPatient, allowed: Callable[[Action], Decision]
    ) -> None:
        self.actor = actor
        self.purpose = purpose
        self.patient = patient
        self._allowed = allowed

    @property
    def is_for_the_person(self) -> bool:
        """True when the person themselves asks; some of what they do and see is theirs alone."""
        return self.actor.patient_id == self.patient.id

    def may(self, action: Action) -> bool:
        """True when this actor may also do `action`; for leaving out what may not be shown."""
        return self._allowed(action).allowed

    def get(self, row: type[T], public_id: UUID) -> T:
        """One row of this patient by its public id; raises NotFound, also when it is another patient's."""
        found = db.session.scalars(
            select(row).where(row.patient_id == self.patient.id, _public_id(row) == public_id)
        ).one_or_none()
        if found is None:
            raise NotFound(*NO_RECORD)
        return found

    def list(self, row: type[T], *where: ColumnElement[bool]) -> Sequence[T]:
        """Rows of this patient, those that meet every condition, oldest first."""
        mine = select(row).where(row.patient_id == self.patient.id, *where).order_by(row.id)
        return db.session.scalars(mine).all()

    def save(
        self,
        row: T,
        *,
        if_version: int | None,
        change_id: UUID,
        describe: Callable[[T], Mapping[str, object]] | None = None,
    ) -> T:
        """Create (`if_version` None) or change `row` once; returns it as it now is.

        A `change_id` already seen is a replay: the row as it now stands, and nothing is written.
        Raises Conflict with what stands now (by `describe`, else id and version) when somebody was first,
        Invalid when the change id was used for something else.
        """
        table = str(type(row).__tablename__)  # type: ignore[attr-defined]  # every mapped row has a table
        with db.session.no_autoflush:
            # Two copies of one change at the same moment take turns; the second finds the first.
            db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(change_id), 0))))
            seen = db.session.get(Change, change_id)
            if seen is not None:
                return self._replayed(row, table, seen)
            if if_version is None:
                self._create(row)
            else:
                self._edit(row, if_version, describe)
        db.session.flush()
        db.session.add(
            Change(
                change_id=change_id,
                patient_id=self.patient.id,
                entity=table,
                entity_id=row.id,
                version=row.version,
            )
        )
        audit.record(
            self.actor,
            "create" if if_version is None else "update",
            table,
            str(row.public_id),
            patient_id=self.patient.id,
            purpose=self.purpose.value,
            detail={"version": row.version},
        )
        return row

    def _create(self, row: T) -> None:
        row.patient_id = self.patient.id
        row.version = 1
        db.session.add(row)

    def _edit(self, row: T, if_version: int, describe: Callable[[T], Mapping[str, object]] | None) -> None:
        stands = db.session.execute(
            select(type(row).version)
            .where(type(row).id == row.id, type(row).patient_id == self.patient.id)
            .with_for_update()
        ).scalar_one_or_none()
        if stands is None:
            raise NotFound(*NO_RECORD)
        if stands != if_version:
            # What the caller wrote into the row is dropped; the conflict shows what really stands.
            db.session.refresh(row)
            shown = describe(row) if describe else {"id": str(row.public_id), "version": row.version}
            raise Conflict("changed-meanwhile", "Somebody changed this since you last saw it.", current=shown)
        row.version = if_version + 1

    def _replayed(self, row: T, table: str, seen: Change) -> T:
        if seen.patient_id != self.patient.id or seen.entity != table:
            raise Invalid("change-id", "This change id was used for another change.")
        if row in db.session.new:
            db.session.expunge(row)
        now = db.session.get(type(row), seen.entity_id, populate_existing=True)
        if now is None:
            raise NotFound(*NO_RECORD)
        return now


def _public_id(row: type[T]) -> Any:
    return row.public_id


def open_record(
    actor: Actor, patient_id: UUID, purpose: Purpose, action: Action = Action.READ_READINGS
) -> Record:
    """Open the record of the patient with this public id, or raise NotAllowed in words that tell nothing.

    Audited whether it opens or refuses; a refusal in its own transaction.
    """
    found = door.of_patient(patient_id)
    if found is None:
        audit.record_refusal(
            actor,
            action.value,
            "patient",
            str(patient_id),
            purpose=purpose.value,
            detail={"rule": "no-such-record"},
        )
        raise RecordRefused
    patient, patient_facts = found
    who = facts.of_actor(actor)

    def allowed(wanted: Action) -> Decision:
        return may(who, purpose, wanted, patient_facts)

    decision = allowed(action)
    if not decision.allowed:
        audit.record_refusal(
            actor,
            action.value,
            "patient",
            str(patient_id),
            patient_id=patient.id,
            purpose=purpose.value,
            detail={"rule": decision.rule},
        )
        raise RecordRefused
    audit.record(
        actor,
        action.value,
        "patient",
        str(patient_id),
        patient_id=patient.id,
        purpose=purpose.value,
        detail={"rule": decision.rule},
    )
    return Record(actor, purpose, patient, allowed)


def allow(actor: Actor, task: Task) -> None:
    """Let somebody do what opens no record, or raise NotAllowed "role"; a refusal is audited."""
    decision = may_do(facts.of_actor(actor), task)
    if not decision.allowed:
        audit.record_refusal(actor, task.value, "care-team", detail={"rule": decision.rule})
        raise NotAllowed("role", "Your role may not do this.")


@dataclass(frozen=True)
class Panel:
    """The patients this practitioner's teams look after now, by internal id; read-only, for lists."""

    actor: Actor
    practitioner: PractitionerRef
    team: TeamRef
    patients: Mapping[int, OpenPatient]

    @property
    def watches_canary(self) -> bool:
        """True for the canary's own watcher, whose panel holds the canary and nobody else."""
        return self.practitioner.role == CANARY_WATCHER

    @property
    def public_ids(self) -> frozenset[UUID]:
        """The same patients as the live stream names them."""
        return frozenset(patient.public_id for patient in self.patients.values())


def open_panel(actor: Actor) -> Panel:
    """Open the list of this practitioner's teams; raises NotAllowed for who is in no team now. Audited.

    An installer is refused: their list is `open_kit_panel`, which leads to no reading and no alert.
    """
    return _panel(actor, "read-panel")


def open_kit_panel(actor: Actor) -> Panel:
    """The same people for a list of who has which kit: for installers too. Audited as such."""
    return _panel(actor, "read-kit")


def _panel(actor: Actor, action: str) -> Panel:
    opened = facts.of_panel(actor)
    if opened is None:
        audit.record_refusal(actor, action, "care-team", purpose=Purpose.CAREMGT.value)
        raise NotAllowed("no-team", "This page is for members of a team.")
    practitioner, team, patients = opened
    if practitioner.role == ADMINISTRATOR:
        detail = {"rule": "administrator"}
        audit.record_refusal(actor, action, "care-team", purpose=Purpose.CAREMGT.value, detail=detail)
        raise NotAllowed("not-for-administrators", "This page is about people. Yours is the list of staff.")
    if practitioner.role == PRACTICE:
        detail = {"rule": "practice"}
        audit.record_refusal(actor, action, "care-team", purpose=Purpose.CAREMGT.value, detail=detail)
        raise NotAllowed("not-for-practices", "This page is a team's. Yours is your practice's messages.")
    if practitioner.role == INSTALLER and action != "read-kit":
        detail = {"rule": "installer"}
        audit.record_refusal(actor, action, "care-team", purpose=Purpose.CAREMGT.value, detail=detail)
        raise NotAllowed("not-for-installers", "This page shows readings. Yours is the list of kit.")
    audit.record(
        actor,
        action,
        "care-team",
        str(team.public_id),
        purpose=Purpose.CAREMGT.value,
        detail={"patients": len(patients)},
    )
    return Panel(actor, practitioner, team, patients)
