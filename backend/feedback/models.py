"""What people said of the words they were given, and the public answers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Model, PatientRow


class Feedback(PatientRow, Model):
    """Whether something helped, and a suggestion; `asked` and `answer` are what others on the pathway read."""

    __tablename__ = "feedback"

    about: Mapped[str]
    ref: Mapped[str | None]
    helpful: Mapped[bool | None]
    words: Mapped[str] = mapped_column(default="")
    pathways: Mapped[list[str]] = mapped_column(ARRAY(Text))
    by_account: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    made_at: Mapped[datetime | None]
    asked: Mapped[str | None]
    answer: Mapped[str | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    answered_at: Mapped[datetime | None]
