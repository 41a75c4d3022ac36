"""What the demo's person has answered in the last weeks, so that a visitor sees both a past and something to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backend.access.models import Patient
from backend.check_ins.definitions import Value, questionnaires
from backend.check_ins.models import QuestionnaireResponse
from backend.check_ins.scoring import score
from backend.core.db import db
from backend.demo.people import FALLING, nhs_number
from backend.pathways import service as pathways
from backend.pathways.models import Enrolment, PathwayVersion

PATHWAY: Final = "keeping_well"
PACKS: Final = Path(__file__).with_name("packs")
_WELL: Final[dict[str, Value]] = {
    "breath": "same", "phlegm": "same", "reliever": "no", "drowsy": "no", "rescue": "no",
}  # fmt: skip
_A_BAD_WEEK: Final[dict[str, Value]] = {
    **_WELL, "breath": "worse", "phlegm": "more", "reliever": "more", "more": "Bad nights since Sunday.",
}  # fmt: skip


def _mood(*answers: int) -> dict[str, Value]:
    return {str(number): value for number, value in enumerate(answers, 1)}


# Days ago, which, and what was answered. The newest of those asked daily is of two days ago, so that at any hour of any
# day one is asked; the others are not due again yet.
GIVEN: Final[tuple[tuple[int, str, dict[str, Value]], ...]] = (
    *((days, "copd", _A_BAD_WEEK if 18 <= days <= 21 else _WELL) for days in range(27, 1, -1) if days % 7 != 3),
    (38, "mrc-dyspnoea", {"1": 3}),
    (10, "mrc-dyspnoea", {"1": 4}),
    (33, "phq9", _mood(2, 2, 2, 2, 1, 1, 1, 0, 0)),
    (19, "phq9", _mood(1, 2, 2, 1, 1, 1, 0, 0, 0)),
    (5, "phq9", _mood(1, 1, 1, 1, 1, 0, 0, 0, 0)),
)  # fmt: skip


def ensure(now: datetime) -> None:
    """Put the person on what asks them, and write what they answered; both once."""
    patient = db.session.scalars(select(Patient).where(Patient.nhs_number == nhs_number(FALLING))).first()
    if patient is None:
        return
    _enrol(patient, now)
    answered = select(QuestionnaireResponse.id).where(QuestionnaireResponse.patient_id == patient.id)
    if db.session.scalars(answered.limit(1)).first() is not None:
        return
    for days, name, answers in GIVEN:
        at = (now - timedelta(days=days)).replace(hour=8, minute=10 + days % 30, second=0, microsecond=0)
        db.session.add(_response(patient.id, name, answers, at))
        db.session.flush()


def _enrol(patient: Patient, now: datetime) -> None:
    pathways.load_packs(PACKS)
    version = db.session.scalars(select(PathwayVersion.id).where(PathwayVersion.pathway == PATHWAY)).first()
    on = select(Enrolment.id).where(
        Enrolment.patient_id == patient.id, Enrolment.pathway_version_id == version
    )
    if version is None or db.session.scalars(on).first() is not None:
        return
    since = Range(now - timedelta(days=60), None)
    db.session.add(Enrolment(patient_id=patient.id, pathway_version_id=version, status="live", valid=since))
    db.session.flush()


def _response(patient_id: int, name: str, answers: dict[str, Value], at: datetime) -> QuestionnaireResponse:
    one = questionnaires()[name]
    result = score(one, answers)
    return QuestionnaireResponse(
        patient_id=patient_id,
        questionnaire=name,
        questionnaire_version=one.version,
        state="complete",
        answers=answers,
        total=result.total,
        band=result.band,
        level=result.level,
        words=result.words,
        is_private=one.is_private,
        made_at=at,
        received_at=at,
        completed_at=at,
    )
