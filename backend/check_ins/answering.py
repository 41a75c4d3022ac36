"""Takes the answers of a check-in, finished or not, and tells the team at once of what cannot wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.access import service as access
from backend.access.record import NO_RECORD, Record
from backend.alerts import service as alerts
from backend.check_ins import safety
from backend.check_ins.definitions import Questionnaire, questionnaires
from backend.check_ins.due import COMPLETE, DRAFT
from backend.check_ins.models import QuestionnaireResponse
from backend.check_ins.scoring import Result, produced, safety_value, score, telling, usable
from backend.core.db import db
from backend.core.errors import Invalid, NotAllowed, NotFound
from backend.observations.codes import Code
from backend.observations.reading import Source


@dataclass(frozen=True, slots=True)
class Given:
    """A check-in as it was sent: by the phone's own clock at `made_at`, which is a claim."""

    id: UUID
    questionnaire: str
    version: str
    answers: Mapping[str, Any]
    state: str
    safe_now: str | None
    asked_by: str | None
    made_at: datetime | None
    made_offline: bool
    change_id: UUID


def find(name: str) -> Questionnaire:
    """A questionnaire by id; raises Invalid for one this service does not hold."""
    found = questionnaires().get(name)
    if found is None:
        words = "There is no such check-in."
        raise Invalid("no-such-check-in", words, errors={"questionnaire": [words]})
    return found


def answer(record: Record, one: Questionnaire, given: Given) -> QuestionnaireResponse:
    """Keep answers and tell the team what cannot wait; in the caller's transaction, the person's cards locked.

    The same id again adds to what is there: what was known stays known, and a finished check-in stays finished. A
    repeat can therefore never meet a conflict, and what needs a human is never refused for it.
    """
    _check_who(record, one)
    row = _row(record, one, given.id)
    found, _ = usable(one, given.answers)
    row.answers = _merged(row, found, given)
    row.safe_now = given.safe_now or row.safe_now
    # What a phone of last month shows may be scored by other bands: its answers are kept, and not its total.
    result = score(one, row.answers)
    was, told = row.state, row.level
    row.state = COMPLETE if COMPLETE in (was, given.state) else DRAFT
    if not _is_older(row, given):
        row.made_at, row.made_offline = given.made_at or row.made_at, given.made_offline
    if row.state == COMPLETE or result.level == "red":
        row.total, row.band, row.level, row.words = result.total, result.band, result.level, result.words
    if row.state == COMPLETE and was != COMPLETE:
        row.completed_at = access.database_time()
        row.asked_by = given.asked_by or row.asked_by
    row = record.save(row, if_version=row.version if was else None, change_id=given.change_id)
    is_news = row.state == COMPLETE != was
    _tell(record, one, row, _values(one, row, result, is_news=is_news, told=told), result)
    asks = one.safety is not None
    safety.look(record, row, safety_value(one, row.answers), asks=asks)
    return row


def _check_who(record: Record, one: Questionnaire) -> None:
    is_carer = record.actor.related_person_id is not None
    if one.who == "person" and is_carer:
        raise NotAllowed("person-alone", "Only the person answers this themselves.")
    if one.who == "carer" and not is_carer:
        raise NotAllowed("carers-alone", "This is about carers: only a carer answers it.")


def _row(record: Record, one: Questionnaire, public_id: UUID) -> QuestionnaireResponse:
    """The response of this id, for this writer alone; a new one when there is none."""
    by = record.actor.related_person_id
    asked = select(QuestionnaireResponse).where(QuestionnaireResponse.public_id == public_id)
    row = db.session.scalars(asked.with_for_update()).one_or_none()
    if row is None:
        return QuestionnaireResponse(
            public_id=public_id,
            questionnaire=one.id,
            questionnaire_version=one.version,
            state="",
            answers={},
            related_person_id=by,
            is_private=one.is_private,
        )
    if row.patient_id != record.patient.id or row.related_person_id != by:
        raise NotFound(*NO_RECORD)
    if row.questionnaire != one.id:
        raise Invalid("other-check-in", "This id was used for another check-in.")
    return row


def _merged(row: QuestionnaireResponse, found: Mapping[str, Any], given: Given) -> dict[str, Any]:
    """What is known by now. An older draft that comes late only fills gaps, and a finished form is finished."""
    if row.state == COMPLETE or _is_older(row, given):
        return {**found, **row.answers}
    return {**row.answers, **found}


def _is_older(row: QuestionnaireResponse, given: Given) -> bool:
    """Whether what comes was made before what is there, by the one clock that made both."""
    return given.made_at is not None and row.made_at is not None and given.made_at < row.made_at


def _values(
    one: Questionnaire, row: QuestionnaireResponse, result: Result, *, is_news: bool, told: str | None
) -> dict[Code, Decimal]:
    """What is to be put into the record now: all of a form just finished, and of a draft only that it is red.

    Item 9 goes its own way, on any form; and a red that was told on a draft is not told again.
    """
    values = {Code(code): value for code, value in produced(one, row.answers, result).items()}
    return {
        code: value
        for code, value in values.items()
        if code is not Code.PHQ9_ITEM9
        and (told != "red" if _is_level(code) else True)
        and (is_news or (_is_level(code) and result.level == "red"))
    }


def _tell(
    record: Record,
    one: Questionnaire,
    row: QuestionnaireResponse,
    values: Mapping[Code, Decimal],
    result: Result,
) -> None:
    source = Source.FORM if row.related_person_id is not None else Source.PERSON
    because = "; ".join([one.title, *telling(one, row.answers, result.level)])
    said = [
        alerts.Said(code, value, source, because if _is_level(code) else "") for code, value in values.items()
    ]
    alerts.raise_answers(record.patient, said)


def _is_level(code: Code) -> bool:
    return code.value.endswith("check-in-level")
