"""What was answered, by when somebody has to say that they are safe, and who typed a reading."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, FetchedValue, ForeignKey, Integer, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Model, PatientRow


class QuestionnaireResponse(PatientRow, Model):
    """A check-in as it stands, finished or not. Without a related person the person answered themselves."""

    __tablename__ = "questionnaire_response"

    questionnaire: Mapped[str]
    questionnaire_version: Mapped[str]
    state: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    total: Mapped[int | None]
    band: Mapped[str | None]
    level: Mapped[str | None]
    words: Mapped[str | None]
    related_person_id: Mapped[int | None] = mapped_column(ForeignKey("related_person.id"))
    is_private: Mapped[bool] = mapped_column(default=False)
    asked_by: Mapped[str | None]
    safe_now: Mapped[str | None]
    made_at: Mapped[datetime | None]
    made_offline: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    completed_at: Mapped[datetime | None]


class CheckInSafety(Model):
    """That an answer asked "are you safe now?": settled once answered, handled, or made an emergency."""

    __tablename__ = "check_in_safety"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_response.id"))
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    value: Mapped[int]
    alert: Mapped[UUID]
    raised_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    answer_by: Mapped[datetime]
    answered: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class ReadingTyped(Model):
    """Who read values off a display and typed them, and what they said with it; the values stand in the record."""

    __tablename__ = "reading_typed"

    device_message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    change_id: Mapped[UUID] = mapped_column(unique=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    kind: Mapped[str]
    codes: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    effective_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    related_person_id: Mapped[int | None] = mapped_column(ForeignKey("related_person.id"))
    made_at: Mapped[datetime | None]
    made_offline: Mapped[bool] = mapped_column(default=False)
    oxygen: Mapped[str | None]
    repeated: Mapped[bool] = mapped_column(default=False)
    symptoms: Mapped[bool | None]
