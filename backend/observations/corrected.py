"""What has been corrected of readings, as it stands: who and why, which messages, and what is void now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select, text

from backend.core.db import db, fetch
from backend.core.errors import NotFound
from backend.observations.codes import BY_NUMBER
from backend.observations.models import Correction, Observation, ObservationCorrection
from backend.observations.series import stands

Kind = Literal["attribution", "void"]
NO_CORRECTION = ("no-correction", "There is no such correction, or it is not open to you.")


@dataclass(frozen=True, slots=True)
class Measured:
    """The readings of one message in one record: what a correction is about."""

    device_message_id: int
    patient_id: int
    device_id: int | None
    codes: tuple[int, ...]
    effective_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """A correction as it stands. `made_by` and `undone_by` are inside keys of practitioners."""

    id: int
    public_id: UUID
    kind: Kind
    device_id: int | None
    patient_id: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    reason: str
    made_by: int
    made_at: datetime
    undone_by: int | None
    undone_at: datetime | None
    undone_reason: str | None


def measured_by(
    device_row_id: int, patient_ids: Collection[int], starts_at: datetime, ends_at: datetime
) -> list[Measured]:
    """Standing messages of a device measured in [starts_at, ends_at) in these records, oldest first."""
    rows = db.session.execute(
        select(
            Observation.device_message_id,
            Observation.patient_id,
            Observation.device_id,
            func.array_agg(Observation.code),
            func.min(Observation.effective_at),
            func.min(Observation.received_at),
        )
        .where(
            Observation.patient_id.in_(list(patient_ids)),
            # Named, because the index goes by person, code and time.
            Observation.code.in_(list(BY_NUMBER)),
            Observation.effective_at >= starts_at,
            Observation.effective_at < ends_at,
            Observation.device_id == device_row_id,
            Observation.device_message_id.is_not(None),
            stands(),
        )
        .group_by(Observation.device_message_id, Observation.patient_id, Observation.device_id)
        .order_by(func.min(Observation.effective_at))
    )
    return [
        Measured(message, person, device, tuple(sorted(codes)), at, received)
        for message, person, device, codes, at, received in rows
        if message is not None
    ]


def given_by_hand(device_row_id: int) -> set[int]:
    """Everybody to whom a reading of this device was ever given by hand, by inside key."""
    return set(
        db.session.scalars(
            select(ObservationCorrection.patient_id)
            .where(
                ObservationCorrection.device_id == device_row_id, ObservationCorrection.kind == "attributed"
            )
            .distinct()
        )
    )


def find_correction(public_id: UUID) -> Made:
    """One correction; raises NotFound."""
    found = db.session.scalars(select(Correction).where(Correction.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound(*NO_CORRECTION)
    return made(found)


def corrections_by_key(ids: Collection[int]) -> dict[int, Made]:
    """Corrections by inside key."""
    return {
        row.id: made(row)
        for row in db.session.scalars(select(Correction).where(Correction.id.in_(list(ids))))
    }


def corrections_on(device_row_id: int) -> list[Made]:
    """What was corrected of one device, the last first."""
    rows = db.session.scalars(
        select(Correction).where(Correction.device_id == device_row_id).order_by(Correction.id.desc())
    )
    return [made(row) for row in rows]


def messages_of(correction_id: int) -> list[Measured]:
    """The messages a correction is about, oldest first, each once."""
    rows = db.session.scalars(
        select(ObservationCorrection)
        .where(ObservationCorrection.correction_id == correction_id)
        .order_by(ObservationCorrection.effective_at, ObservationCorrection.id)
    )
    found = {
        row.device_message_id: Measured(
            row.device_message_id, row.patient_id, row.device_id, tuple(row.codes), row.effective_at,
            row.received_at,
        )
        for row in rows
    }  # fmt: skip
    return list(found.values())


def corrections_of(patient_id: int, since: datetime) -> list[tuple[Made, int]]:
    """Corrections that touched a person's record and were made or undone from `since` on, with how many messages."""
    rows = db.session.execute(
        select(Correction, func.count(ObservationCorrection.device_message_id.distinct()))
        .join(ObservationCorrection, ObservationCorrection.correction_id == Correction.id)
        .where(
            ObservationCorrection.patient_id == patient_id,
            (Correction.made_at >= since) | (Correction.undone_at >= since),
        )
        .group_by(Correction.id)
        .order_by(Correction.id.desc())
    )
    return [(made(row[0]), row[1]) for row in rows]


def voided(patient_ids: Collection[int]) -> frozenset[tuple[int, datetime, datetime]]:
    """What is void now in these records, as (inside key, measured at, received at)."""
    # One array: the statement is the same for a list of hundreds, and is prepared once.
    rows = fetch(_VOID, ids=list(patient_ids))
    return frozenset((row[0], row[1], row[2]) for row in rows)


_VOID = text("""select patient_id, effective_at, received_at from observation_correction
    where patient_id = any(:ids) and kind = 'void' and ended_at is null""")


def is_void(device_message_ids: Collection[int]) -> frozenset[int]:
    """Those of these messages whose readings have been taken out of the record."""
    rows = db.session.scalars(
        select(ObservationCorrection.device_message_id).where(
            ObservationCorrection.device_message_id.in_(list(device_message_ids)),
            ObservationCorrection.kind == "void",
            ObservationCorrection.ended_at.is_(None),
        )
    )
    return frozenset(rows)


def made(row: Correction) -> Made:
    """The plain form of a row."""
    kind: Kind = "void" if row.kind == "void" else "attribution"
    return Made(
        row.id, row.public_id, kind, row.device_id, row.patient_id, row.starts_at, row.ends_at, row.reason,
        row.made_by, row.made_at, row.undone_by, row.undone_at, row.undone_reason,
    )  # fmt: skip
