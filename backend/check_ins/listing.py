"""Reads what was answered and what is asked, leaving out what is somebody else's alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.access import service as access
from backend.access.record import NO_RECORD, Action, Record
from backend.check_ins import asking, safety
from backend.check_ins.definitions import questionnaires
from backend.check_ins.due import COMPLETE, DRAFT, NOTHING, Asked, asked_of
from backend.check_ins.models import QuestionnaireResponse
from backend.core.db import db
from backend.core.errors import NotFound

BACK = timedelta(days=366)
# So many at most, because a phone keeps them all.
MOST_GIVEN = 120
# A form that was left is offered again for so long (Alongside default); what it set off does not depend on it.
DRAFTS_FOR = timedelta(days=14)
NOBODY_ROSTERED = "Not asked, because nobody is down to answer at every hour of the day."

_CARERS = text("select id, display_name from related_person where id = any(:ids)")


def check_ins(record: Record) -> dict[str, Any]:
    """What is due for whoever asks, what was given, what is half done; the team sees all of it."""
    now = access.database_time()
    lately = record.list(QuestionnaireResponse, QuestionnaireResponse.received_at > now - BACK)
    rows = [row for row in lately if _is_seen(record, row)]
    names = _names(rows)
    given = [row for row in rows if row.state == COMPLETE]
    drafts = [row for row in rows if row.state == DRAFT and row.received_at > now - DRAFTS_FOR]
    asked = _asked(record)
    return {
        "as_of": now,
        "due": [_due(one) for one in asking.due(asked.planned, asked.answered, now)],
        "next_at": asking.next_at(asked.planned, asked.answered, now),
        "given": [_given(row, names) for row in sorted(given, key=_finished, reverse=True)[:MOST_GIVEN]],
        "drafts": [response(row, names) for row in reversed(drafts)],
        "left_out": [
            {"id": name, "title": questionnaires()[name].title, "why": NOBODY_ROSTERED}
            for name in asked.left_out
        ],
    }


def one_response(record: Record, public_id: UUID) -> dict[str, Any]:
    """A whole check-in; raises NotFound for one that is somebody else's alone."""
    row = record.get(QuestionnaireResponse, public_id)
    if not _is_seen(record, row):
        raise NotFound(*NO_RECORD)
    return response(row, _names([row]))


def home_check_in(record: Record) -> dict[str, Any] | None:
    """What the first page asks: the check-ins due now, the soonest sitting first; None when there is none."""
    asked = _asked(record)
    due = asking.due(asked.planned, asked.answered, access.database_time())
    return _due(due[0]) if due else None


def response(row: QuestionnaireResponse, names: Mapping[int, str] | None = None) -> dict[str, Any]:
    """A check-in as the phone keeps it."""
    return {
        "id": row.public_id,
        "version": row.version,
        "questionnaire": row.questionnaire,
        "title": _title(row),
        "state": row.state,
        "answers": row.answers,
        "result": _result(row),
        "safety": safety.of_response(row.id),
        "by": _by(row, _names([row]) if names is None else names),
        "made_at": row.made_at,
        "at": row.received_at,
    }


def _given(row: QuestionnaireResponse, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "questionnaire": row.questionnaire,
        "title": _title(row),
        "at": _finished(row),
        "made_at": row.made_at,
        "by": _by(row, names),
        "private": row.is_private,
        "result": _result(row),
    }


def _asked(record: Record) -> Asked:
    """What is asked of whoever opened this record; of the team's page, what is asked of the person."""
    found = asked_of([record.patient.id], record.actor.related_person_id).get(record.patient.id, NOTHING)
    if record.may(Action.ANSWER_CHECK_IN):
        return found
    # Whoever may not answer for the person is still asked how they are themselves.
    own = [
        replace(one, ids=tuple(name for name in one.ids if questionnaires()[name].who == "carer"))
        for one in found.planned
    ]
    return replace(found, planned=tuple(one for one in own if one.ids))


def _is_seen(record: Record, row: QuestionnaireResponse) -> bool:
    if row.questionnaire not in questionnaires():
        return False
    if record.actor.practitioner_id is not None or not row.is_private:
        return True
    return row.related_person_id == record.actor.related_person_id


def _due(one: asking.DueSitting) -> dict[str, Any]:
    return {
        "id": one.id,
        "ids": list(one.ids),
        "titles": [questionnaires()[name].title for name in one.ids],
        "questions": asking.questions(one.ids),
        "due_at": one.due_at,
    }


def _result(row: QuestionnaireResponse) -> dict[str, Any] | None:
    if row.level is None:
        return None
    return {"total": row.total, "band": row.band, "words": row.words, "level": row.level}


def _finished(row: QuestionnaireResponse) -> datetime:
    return row.completed_at or row.received_at


def _title(row: QuestionnaireResponse) -> str:
    return questionnaires()[row.questionnaire].title


def _names(rows: Sequence[QuestionnaireResponse]) -> dict[int, str]:
    ids = sorted({row.related_person_id for row in rows if row.related_person_id is not None})
    if not ids:
        return {}
    return {row.id: row.display_name for row in db.session.execute(_CARERS, {"ids": ids})}


def _by(row: QuestionnaireResponse, names: Mapping[int, str]) -> str:
    return "self" if row.related_person_id is None else names.get(row.related_person_id, "")
