"""Invitations that a person sent, and the picture they chose of themselves."""

from datetime import datetime

from sqlalchemy import ARRAY, FetchedValue, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Model, PatientRow


class Invitation(PatientRow, Model):
    """That somebody may come to help, for some things and for a time; only the code's hash is kept."""

    __tablename__ = "invitation"

    for_name: Mapped[str]
    relation: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    until: Mapped[datetime | None]
    tell_seen: Mapped[bool] = mapped_column(default=False)
    code_hash: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))


class PatientPhoto(Model):
    """A picture that says whose record is open: 256 pixels, and a small one for the banner."""

    __tablename__ = "patient_photo"

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    jpeg: Mapped[bytes]
    small: Mapped[bytes]
    changed_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
