"""Follows an answer to item 9 until the person has said that they are safe, or a human has been sent for.

The care rules of this project: urgent at once, on drafts and incomplete forms too; "not safe" or no answer to "are you
safe now?" is an emergency. What waits is a row with a deadline by the database's clock, so a restart loses nobody.
"""

import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.access.record import Record
from backend.alerts import service as alerts
from backend.check_ins.models import QuestionnaireResponse
from backend.core.db import db
from backend.observations.codes import Code
from backend.observations.reading import Source

log = logging.getLogger("alongside.check_ins")

# Alongside default, not national guidance: how long "are you safe now?" may stay unanswered.
ANSWER_WITHIN = timedelta(minutes=10)
BATCH = 100

_COLUMNS = "id, value, alert, raised_at, answer_by, answered, settled_at, outcome"
_OF = text(f"select {_COLUMNS} from check_in_safety where response_id = :response")  # noqa: S608 - our own text
_LOCKED = text(f"{_OF.text} for update")
_BEGIN = text(
    """insert into check_in_safety (response_id, patient_id, value, alert, answer_by)
    values (:response, :patient, :value, :alert, db_now() + :within)
    returning id, value, alert, raised_at, answer_by, answered, settled_at, outcome"""
)
_MORE = text("update check_in_safety set value = :value where id = :id")
_ANSWERED = text(
    """update check_in_safety set answered = :answered, answered_at = db_now(),
        settled_at = coalesce(settled_at, db_now()),
        outcome = case when outcome = 'raised' then outcome else :outcome end where id = :id"""
)
_DUE = text(
    """select s.id, s.patient_id, s.value, s.alert, s.raised_at from check_in_safety s
    where s.settled_at is null and s.answer_by <= (select db_now()) order by s.answer_by limit :limit"""
)
_TAKE = text("select id from check_in_safety where id = :id and settled_at is null for update skip locked")
_SETTLE = text("update check_in_safety set settled_at = db_now(), outcome = :outcome where id = :id")
_NEXT = text("update check_in_safety set answer_by = db_now() + :later where id = :id")


def look(record: Record, row: QuestionnaireResponse, value: int | None, *, asks: bool) -> None:
    """Raise what these answers ask for, once; take the answer to "are you safe now?". The cards are locked.

    `value` is the answer to item 9 when it is above "not at all". What was once answered stays told, whatever the
    form says by now; and on a form that `asks`, "not safe" is told whatever became of the answer that led to it.
    """
    db.session.flush()
    stands: Any = db.session.execute(_LOCKED, {"response": row.id}).one_or_none()
    if value is not None and (stands is None or value > stands.value):
        said = alerts.Said(Code.PHQ9_ITEM9, Decimal(value), Source.PERSON)
        episode = alerts.raise_answers(record.patient, [said])[Code.PHQ9_ITEM9]
        if stands is None:
            stands = _begun(row, value, episode.alert)
        else:
            db.session.execute(_MORE, {"id": stands.id, "value": value})
    if stands is None and asks and row.safe_now == "no":
        begun = _begun(row, 0, alerts.say_unsafe(record.patient.id))
        db.session.execute(_ANSWERED, {"id": begun.id, "answered": "no", "outcome": "raised"})
        return
    if stands is None or row.safe_now is None or row.safe_now == stands.answered:
        return
    outcome = "said-safe"
    if row.safe_now == "no":
        worst = max(value or 0, stands.value)
        outcome = alerts.raise_unsafe(
            record.patient.id, stands.alert, worst, stands.raised_at, alerts.NOT_SAFE
        )
    else:
        alerts.note_safe(stands.alert)
    db.session.execute(_ANSWERED, {"id": stands.id, "answered": row.safe_now, "outcome": outcome})


def _begun(row: QuestionnaireResponse, value: int, alert: UUID) -> Any:
    begun = {
        "response": row.id, "patient": row.patient_id, "value": value, "alert": alert, "within": ANSWER_WITHIN,
    }  # fmt: skip
    return db.session.execute(_BEGIN, begun).one()


def due() -> list[Any]:
    """Those who were asked "are you safe now?" and have had their time."""
    return list(db.session.execute(_DUE, {"limit": BATCH}))


def settle(one: Any) -> bool:
    """Make one of them an emergency, or find that a human has handled it; False when another process has it.

    In a transaction of its own: one that fails keeps nobody else waiting. The cards first, then the row.
    """
    alerts.lock_cards([one.patient_id])
    if db.session.execute(_TAKE, {"id": one.id}).one_or_none() is None:
        return False
    outcome = alerts.raise_unsafe(one.patient_id, one.alert, one.value, one.raised_at, alerts.NO_ANSWER)
    db.session.execute(_SETTLE, {"id": one.id, "outcome": outcome})
    return True


def postpone(one: Any) -> None:
    """Try one again soon; what failed is in the log, and it stays unsettled."""
    db.session.execute(_NEXT, {"id": one.id, "later": timedelta(seconds=15)})


def of_response(response_id: int) -> dict[str, Any] | None:
    """What the phone is told of it: that the team knows, and by when an answer is needed."""
    stands = db.session.execute(_OF, {"response": response_id}).one_or_none()
    if stands is None:
        return None
    raised = stands.outcome == "raised"
    waits = stands.answered is None and not raised
    return {
        "alert": stands.alert,
        "level": "emergency" if raised else "urgent",
        "answer_by": stands.answer_by if waits else None,
    }
