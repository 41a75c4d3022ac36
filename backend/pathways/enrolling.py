"""Puts people on pathways and takes them off; what makes somebody live stands in the service."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Invalid
from backend.pathways.models import Enrolment, PathwayVersion
from backend.pathways.service import newest_versions

_WAITING = ("referred", "awaiting-kit")


def catalogue() -> list[dict[str, Any]]:
    """The pathways somebody can join now, as the page of joining lists them."""
    ids = list(newest_versions().values())
    rows = db.session.scalars(
        select(PathwayVersion).where(PathwayVersion.id.in_(ids)).order_by(PathwayVersion.title)
    )
    return [
        {
            "pathway": row.pathway, "title": row.title, "version": row.version,
            "for_whom": str(row.body.get("for_whom", "")), "kit": list(row.body.get("kit", ())),
            "facts_needed": list(row.body.get("facts_needed", ())),
        }
        for row in rows
    ]  # fmt: skip


def check_names(pathways: Sequence[str]) -> None:
    """Raise Invalid for a pathway that does not exist."""
    unknown = sorted(set(pathways) - set(newest_versions()))
    if unknown:
        raise Invalid(
            "pathway", "There is no such pathway.", errors={"pathways": [f"{one}?" for one in unknown]}
        )


def enrol(patient_id: int, pathways: Sequence[str], status: str = "awaiting-kit") -> None:
    """Let somebody wait for exactly these pathways; those they are watched on already stay as they are."""
    check_names(pathways)
    standing = {
        pathway: row
        for row, pathway in db.session.execute(
            select(Enrolment, PathwayVersion.pathway)
            .join(PathwayVersion, PathwayVersion.id == Enrolment.pathway_version_id)
            .where(Enrolment.patient_id == patient_id, Enrolment.status != "ended")
        )
    }
    versions = newest_versions()
    db.session.add_all(
        Enrolment(
            patient_id=patient_id, version=1, pathway_version_id=versions[pathway], status=status,
            valid=func.tstzrange(sql_now(), None),
        )
        for pathway in dict.fromkeys(pathways)
        if pathway not in standing
    )  # fmt: skip
    db.session.flush()
    gone = [row.id for name, row in standing.items() if name not in pathways and row.status in _WAITING]
    _end(Enrolment.id.in_(gone))


def end_enrolments(patient_id: int) -> dict[str, str]:
    """Watch somebody on nothing any more, from now on; answers public id -> the status it had."""
    mine = (Enrolment.patient_id == patient_id) & (Enrolment.status != "ended")
    rows = db.session.execute(select(Enrolment.public_id, Enrolment.status).where(mine))
    before = {str(row.public_id): row.status for row in rows}
    _end(mine)
    return before


def restore_enrolments(patient_id: int, before: Mapping[str, str]) -> None:
    """Undo `end_enrolments`. Who was paused is live again, or paused if a pause still says so."""
    for public_id, status in before.items():
        db.session.execute(
            update(Enrolment)
            .where(Enrolment.patient_id == patient_id, Enrolment.public_id == UUID(public_id))
            .values(
                status="live" if status == "paused" else status, version=Enrolment.version + 1,
                valid=func.tstzrange(func.lower(Enrolment.valid), None),
            )
            .execution_options(synchronize_session=False)
        )  # fmt: skip
    db.session.expire_all()


def statuses_of(patient_ids: Sequence[int]) -> dict[int, list[str]]:
    """Every status each of these people has now, the ended ones too; who was on nothing is absent."""
    rows = db.session.execute(
        select(Enrolment.patient_id, Enrolment.status).where(Enrolment.patient_id.in_(list(patient_ids)))
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.patient_id, []).append(row.status)
    return found


def _end(where: Any) -> None:
    db.session.flush()
    db.session.execute(
        update(Enrolment)
        .where(where)
        .values(
            status="ended", version=Enrolment.version + 1,
            valid=func.tstzrange(func.lower(Enrolment.valid), sql_now()),
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.expire_all()
