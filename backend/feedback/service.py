"""Keeps what people say at the point of use, brings it to who owns their pathways, and gives the answers to all."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from backend.access import service as access
from backend.access.phones import account_id_of
from backend.access.record import Record, Task, allow, open_panel
from backend.audit import service as audit
from backend.core.db import db
from backend.core.errors import Conflict, NotFound
from backend.core.http import Actor, made_at
from backend.feedback.models import Feedback
from backend.pathways import service as pathways

Row = dict[str, Any]
SHOWN = 200
_ROLES = {"team-lead": "A team lead", "clinician": "A clinician"}


def keep(record: Record, said: Mapping[str, Any], change_id: UUID) -> Row:
    """Keep what was said, for the owners of every pathway the person is on; said again it is kept once."""
    on = sorted({one["id"] for one in pathways.titles(record.patient.id)})
    row = Feedback(
        public_id=change_id, pathways=on, by_account=account_id_of(record.actor), made_at=made_at(),
        about=said["about"], ref=said["ref"], helpful=said["helpful"], words=said["words"].strip(),
    )  # fmt: skip
    row = record.save(row, if_version=None, change_id=change_id)
    db.session.refresh(row)
    titles = _titles(record)
    return {
        "id": row.public_id,
        "at": row.at,
        "reaches": [titles[one] for one in row.pathways if one in titles],
    }


def answered(record: Record) -> list[Row]:
    """Answers for the pathways this person is on, and what this account itself said, the newest first."""
    mine = account_id_of(record.actor)
    titles = _titles(record)
    own = (Feedback.by_account == mine) & (Feedback.patient_id == record.patient.id)
    asked = select(Feedback).where(
        Feedback.words != "", (Feedback.answer.is_not(None) & Feedback.pathways.overlap(list(titles))) | own
    )
    rows = db.session.scalars(asked.order_by(Feedback.id.desc()).limit(SHOWN)).all()
    roles = access.roles_of(row.answered_by for row in rows if row.answered_by is not None)
    return [
        {
            "id": row.public_id, "pathways": [titles[one] for one in row.pathways if one in titles],
            "asked": row.asked or row.words, "answer": row.answer,
            "by": None if row.answered_by is None else _ROLES.get(roles[row.answered_by], "The team"),
            "answered_at": row.answered_at, "mine": row.by_account == mine,
        }
        for row in rows
    ]  # fmt: skip


def _titles(record: Record) -> dict[str, str]:
    """What this person's pathways are called, by id."""
    return {one["id"]: one["title"] for one in pathways.titles(record.patient.id)}


def owned(actor: Actor) -> dict[str, str]:
    """The pathways somebody answers for, with their titles: those their teams' people are on. Raises NotAllowed."""
    panel = open_panel(actor)
    allow(actor, Task.ANSWER_SUGGESTION)
    enrolled = pathways.enrolments_for(list(panel.patients))
    return {one.pack.pathway: one.pack.title for ones in enrolled.values() for one in ones}


def for_owners(actor: Actor) -> Row:
    """What was said of the pathways this actor answers for, unanswered first; and how often they helped."""
    mine = owned(actor)
    asked = select(Feedback).where(Feedback.words != "", Feedback.pathways.overlap(sorted(mine)))
    order = (Feedback.answer.is_not(None), Feedback.id.desc())
    rows = db.session.scalars(asked.order_by(*order).limit(SHOWN)).all()
    return {"as_of": access.database_time(), "rows": _views(rows, mine), "helpful": _counts(mine)}


def _counts(mine: Mapping[str, str]) -> list[Row]:
    pathway = func.unnest(Feedback.pathways).label("pathway")
    each = select(pathway, Feedback.about, Feedback.helpful).where(Feedback.helpful.is_not(None)).subquery()
    counted = (
        select(
            each.c.pathway, each.c.about,
            func.count().filter(each.c.helpful).label("yes"),
            func.count().filter(~each.c.helpful).label("no"),
        )
        .where(each.c.pathway.in_(sorted(mine)))
        .group_by(each.c.pathway, each.c.about)
        .order_by(each.c.pathway, each.c.about)
    )  # fmt: skip
    return [dict(row, title=mine[row["pathway"]]) for row in db.session.execute(counted).mappings()]


def _views(rows: Iterable[Feedback], mine: Mapping[str, str]) -> list[Row]:
    kept = list(rows)
    names = access.practitioner_names([row.answered_by for row in kept if row.answered_by is not None])
    return [
        {
            "id": row.public_id, "version": row.version, "about": row.about, "ref": row.ref,
            "helpful": row.helpful, "words": row.words, "pathways": row.pathways, "at": row.at,
            "titles": [mine[one] for one in row.pathways if one in mine],
            "asked": row.asked, "answer": row.answer, "answered_at": row.answered_at,
            "answered_by": None if row.answered_by is None else names[row.answered_by][1],
        }
        for row in kept
    ]  # fmt: skip


def answer(actor: Actor, suggestion_id: UUID, asked: str, words: str, if_version: int) -> Row:
    """Answer in public, or better an answer, at the version seen. Raises NotFound for another pathway's, Conflict."""
    mine = owned(actor)
    row = db.session.scalars(
        select(Feedback).where(Feedback.public_id == suggestion_id, Feedback.words != "").with_for_update()
    ).one_or_none()
    if row is None or not mine.keys() & set(row.pathways):
        raise NotFound("no-suggestion", "There is no such suggestion.")
    if row.version != if_version:
        raise Conflict("changed-meanwhile", "A colleague has answered meanwhile.", current=_shown(row, mine))
    at = access.database_time()
    row.asked, row.answer, row.version = asked, words, row.version + 1
    row.answered_by, row.answered_at = actor.practitioner_id, at
    db.session.flush()
    audit.record(actor, "answer-suggestion", "feedback", str(row.public_id), detail={"version": row.version})
    return _views([row], mine)[0]


def _shown(row: Feedback, mine: Mapping[str, str]) -> Row:
    view = _views([row], mine)[0]
    return {name: view[name] for name in ("version", "asked", "answer", "answered_by")}
