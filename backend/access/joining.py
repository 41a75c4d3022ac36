"""Makes the record of somebody who joins, takes up one from before, and ends a team's care of them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError

from backend.access import facts
from backend.access.facts import TeamRef
from backend.access.models import Caseload, Consent, NumberCheck, Patient, RelatedPerson
from backend.access.record import Record
from backend.audit import service as audit
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict, NotAllowed
from backend.core.http import Actor

Known = Literal["no", "yours", "here"]
# An Alongside default: nobody joins thirty people in an hour, and nobody reads a list of patients out of us.
MOST_ASKED, ASKED_IN = 30, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class KnownAs:
    """Whether a number is known here; whose it is only for who looks after them already."""

    known: Known
    patient_id: UUID | None = None


def teams_of(actor: Actor) -> list[TeamRef]:
    """The teams this member of staff is in now; none for anybody else."""
    return facts.teams_of(actor)


def own_teams(actor: Actor) -> list[TeamRef]:
    """The teams this member of staff is in now; raises NotAllowed "no-team" without one."""
    teams = teams_of(actor)
    if not teams:
        raise NotAllowed("no-team", "This page is for members of a team.")
    return teams


def known_as(actor: Actor, nhs_number: str) -> KnownAs:
    """Say whether somebody with this number is known, and no more than the asker may know.

    Audited with whom it hit, so that it stands on their list of who looked. Raises NotAllowed (429, Retry-After)
    for whoever asks more often than people join.
    """
    _count_question(actor)
    row = _by_number(nhs_number)
    answer = KnownAs("no") if row is None else _relation(actor, row)
    audit.record(
        actor, "check-nhs-number", "patient", patient_id=None if row is None else row.id,
        detail={"known": answer.known},
    )  # fmt: skip
    return answer


def _count_question(actor: Actor) -> None:
    assert actor.practitioner_id is not None
    # One after the other for one asker, or many at once would all be the thirtieth.
    key = f"number-check {actor.practitioner_id}"
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    mine = NumberCheck.practitioner_id == actor.practitioner_id
    db.session.execute(delete(NumberCheck).where(mine, NumberCheck.at <= sql_now() - ASKED_IN))
    asked, first, now = db.session.execute(
        select(func.count(), func.min(NumberCheck.at), sql_now()).where(mine)
    ).one()
    if asked >= MOST_ASKED:
        audit.record_refusal(actor, "check-nhs-number", "patient", detail={"rule": "too-many-numbers"})
        seconds = max(1, math.ceil((first + ASKED_IN - now).total_seconds()))
        raise NotAllowed(
            "too-many-numbers", "You have asked for many numbers. Wait a little, or ask your team lead.",
            status=429, headers={"Retry-After": str(seconds)},
        )  # fmt: skip
    db.session.add(NumberCheck(practitioner_id=actor.practitioner_id))
    db.session.flush()


def _relation(actor: Actor, row: Patient) -> KnownAs:
    """Whose it is, only for who looks after them; whether another team does is nobody else's to know."""
    panel = facts.of_panel(actor)
    return KnownAs("yours", row.public_id) if panel is not None and row.id in panel[2] else KnownAs("here")


def _is_looked_after(row: Patient) -> bool:
    standing = select(Caseload.id).where(
        Caseload.patient_id == row.id,
        func.upper_inf(Caseload.valid) | (func.upper(Caseload.valid) > sql_now()),
    )
    return row.is_canary or db.session.execute(standing).first() is not None


def take_on(
    actor: Actor, team_id: int, said: Mapping[str, Any], location_id: int | None, practice_id: int | None
) -> UUID:
    """Put somebody on a team's caseload from now on, with a new record or the one from before; its public id.

    Raises Conflict "already-known" when some team looks after them, "details-differ" when the record from
    before names another birth date or family name: nothing in it is overwritten.
    """
    now = _now()
    row = _by_number(said["nhs_number"])
    if row is None:
        row = _new(said, location_id, practice_id)
    else:
        _check_same(actor, row, said)
        row.location_id, row.gp_practice_id = (
            location_id or row.location_id,
            practice_id or row.gp_practice_id,
        )
        row.phone = said["phone"] or row.phone
        row.second_phone, row.identity_checked = said["second_phone"], said["checked_by"]
        row.version += 1
    db.session.add(Caseload(care_team_id=team_id, patient_id=row.id, valid=Range(now, None)))
    db.session.flush()
    return row.public_id


def key_of(public_id: UUID) -> int:
    """The inside key of a patient who was just taken on."""
    return db.session.execute(select(Patient.id).where(Patient.public_id == public_id)).scalar_one()


def _check_same(actor: Actor, row: Patient, said: Mapping[str, Any]) -> None:
    # First the details: only who knows number, name and birth date learns that somebody looks after them.
    same_name = row.family_name.casefold() == said["family_name"].casefold()
    is_same = row.birth_date == said["birth_date"] and same_name
    if not is_same or _is_looked_after(row):
        audit.record_refusal(
            actor, "take-on", "patient", str(row.public_id), patient_id=row.id,
            detail={"rule": "already-known" if is_same else "details-differ"},
        )  # fmt: skip
    if not is_same:
        raise Conflict(
            "details-differ",
            "The record kept under this NHS number has another family name or date of birth."
            " Check all three; nothing was changed.",
        )
    if _is_looked_after(row):
        raise Conflict("already-known", "Somebody with this NHS number is looked after here already.")


def _new(said: Mapping[str, Any], location_id: int | None, practice_id: int | None) -> Patient:
    row = Patient(
        nhs_number=said["nhs_number"], given_name=said["given_name"], family_name=said["family_name"],
        birth_date=said["birth_date"], gender=said["gender"], phone=said["phone"],
        second_phone=said["second_phone"], identity_checked=said["checked_by"], location_id=location_id,
        gp_practice_id=practice_id, facts={}, is_canary=False,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError as refused:
        if getattr(refused.orig, "sqlstate", None) != "23505":  # two added the same person at once
            raise
        raise Conflict(
            "already-known", "Somebody with this NHS number is looked after here already."
        ) from refused
    return row


def consent_to_monitoring(record: Record, how: str) -> None:
    """Note that the person agreed to being monitored, or that it was decided in their best interests."""
    db.session.add(
        Consent(
            patient_id=record.patient.id, version=1, kind="monitoring", scopes=[],
            basis="best-interests" if how == "best-interests" else "invitation", evidence=how,
            decision="Being monitored from home", recorded_by=record.actor.practitioner_id,
            valid=Range(_now(), None),
        )
    )  # fmt: skip
    db.session.flush()


def end_monitoring_consent(patient_id: int) -> list[int]:
    """Nothing more is stored of them: withdraw what stands; answers the inside keys, for an undo."""
    rows = db.session.execute(
        update(Consent)
        .where(Consent.patient_id == patient_id, Consent.kind == "monitoring", Consent.revoked_at.is_(None))
        .values(revoked_at=sql_now(), version=Consent.version + 1)
        .returning(Consent.id)
    )
    return [row.id for row in rows]


def restore_consent(patient_id: int, consent_ids: Sequence[int]) -> None:
    """Undo `end_monitoring_consent`."""
    mine = (Consent.patient_id == patient_id) & Consent.id.in_(list(consent_ids))
    db.session.execute(update(Consent).where(mine).values(revoked_at=None, version=Consent.version + 1))


def standing_proxies(patient_id: int) -> list[UUID]:
    """Public ids of everybody whom the person lets act for them, as a communication names them."""
    rows = db.session.scalars(
        select(RelatedPerson.public_id)
        .join(Consent, Consent.related_person_id == RelatedPerson.id)
        .where(
            Consent.patient_id == patient_id,
            Consent.kind == "proxy",
            Consent.valid.contains(sql_now()),
            Consent.revoked_at.is_(None),
        )
    )
    return list(rows)


def end_care(patient_id: int) -> None:
    """Take somebody off every caseload, now."""
    ends = func.tstzrange(func.lower(Caseload.valid), sql_now())
    db.session.execute(
        update(Caseload)
        .where(Caseload.patient_id == patient_id, Caseload.valid.contains(sql_now()))
        .values(valid=ends)
        .execution_options(synchronize_session=False)
    )


def _by_number(nhs_number: str) -> Patient | None:
    return db.session.scalars(select(Patient).where(Patient.nhs_number == nhs_number)).one_or_none()


def _now() -> datetime:
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    return now
