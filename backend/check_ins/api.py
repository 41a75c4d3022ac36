"""Check-ins, and readings somebody types, over HTTP."""

from typing import Any
from uuid import UUID

from backend.access.record import Action, Purpose, Record, open_record
from backend.alerts import service as alerts
from backend.check_ins import answering, listing, reminding, typed
from backend.check_ins.definitions import questionnaires
from backend.check_ins.reading_schemas import NewReadingSchema, ReadingTakenSchema
from backend.check_ins.schemas import (
    CheckInSchema,
    CheckInsSchema,
    NewCheckInSchema,
    QuestionnairesSchema,
)
from backend.core.http import Answer, current_actor, idempotency_key, made_at, made_offline
from backend.core.routes import Routes

reminding.register()
blp = Routes("check-ins", "Check-ins, and readings somebody types.")
CLOCK = frozenset({"as_of"})


@blp.get(
    "/questionnaires", audience="any", answers=QuestionnairesSchema, etag_ignores=frozenset(), fixed=True
)
def read_questionnaires() -> dict[str, Any]:
    """Every check-in there is: questions, scoring, licence, and what each answer asks for."""
    return {"questionnaires": [one.body for one in questionnaires().values()]}


@blp.get("/patients/<uuid:patient_id>/check-ins", audience="any", answers=CheckInsSchema, etag_ignores=CLOCK)
def read_check_ins(patient_id: UUID) -> dict[str, Any]:
    """What is due, what was given, what is half done; private ones only for whoever answered, and the team."""
    return listing.check_ins(_open(patient_id, Action.READ_CHECK_INS))


@blp.get(
    "/patients/<uuid:patient_id>/check-ins/<uuid:response_id>", audience="any", answers=CheckInSchema,
    etag_ignores=frozenset(),
)  # fmt: skip
def read_check_in(patient_id: UUID, response_id: UUID) -> dict[str, Any]:
    """One check-in with its answers."""
    return listing.one_response(_open(patient_id, Action.READ_CHECK_INS), response_id)


@blp.post(
    "/patients/<uuid:patient_id>/check-ins/<uuid:response_id>",
    audience="person",
    body=NewCheckInSchema,
    answers=CheckInSchema,
    repeatable=True,
    late=True,
)
def answer_check_in(patient_id: UUID, response_id: UUID, body: dict[str, Any]) -> Answer:
    """Answer a check-in, finished or not; the same id again adds to it.

    A red answer, and any answer to PHQ-9 item 9 but "not at all", is on the team's list at once, on drafts too.
    """
    one = answering.find(body["questionnaire"])
    # Cards before the audit, as everybody takes them.
    alerts.lock_cards_of([patient_id])
    # How a carer is, they may say whatever they may see: it opens nothing and only tells, as a worry does.
    action = Action.RAISE_CONCERN if one.who == "carer" else Action.ANSWER_CHECK_IN
    record = open_record(current_actor(), patient_id, Purpose.PATRQT, action)
    said = {
        name: body[name] for name in ("questionnaire", "version", "answers", "state", "safe_now", "asked_by")
    }
    row = answering.answer(
        record,
        one,
        answering.Given(
            id=response_id,
            made_at=made_at(),
            made_offline=made_offline(),
            change_id=idempotency_key(),
            **said,
        ),
    )
    return Answer(listing.response(row), version=row.version)


def _judged(patient_id: UUID) -> Answer | None:
    found = typed.judged(current_actor(), patient_id, idempotency_key())
    return None if found is None else Answer(found, 201)


@blp.post(
    "/patients/<uuid:patient_id>/readings",
    audience="person",
    body=NewReadingSchema,
    answers=ReadingTakenSchema,
    status=201,
    repeatable=True,
    late=True,
    afterwards=_judged,
)
def take_reading(patient_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    """Put a reading somebody took themselves into the record, and judge it at once.

    What is unlikely is kept and judged all the same; what cannot be a measurement at all is refused, in words.
    """
    record = open_record(current_actor(), patient_id, Purpose.PATRQT, Action.ADD_READING)
    said = typed.Typed(made_at=made_at(), made_offline=made_offline(), change_id=idempotency_key(), **body)
    return typed.take(record, said)


def _open(patient_id: UUID, action: Action) -> Record:
    actor = current_actor()
    purpose = Purpose.CAREMGT if actor.practitioner_id is not None else Purpose.PATRQT
    return open_record(actor, patient_id, purpose, action)
