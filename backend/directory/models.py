"""Organisations, their services and places: what people are registered with and referred to."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Keyed, Model


class Organization(Keyed, Model):
    """A GP practice (by ODS code), a community team's organisation, or an alarm receiving centre."""

    __tablename__ = "organization"

    kind: Mapped[str]
    name: Mapped[str]
    ods_code: Mapped[str | None]
    phone: Mapped[str | None]


class HealthcareService(Keyed, Model):
    """A service an organisation offers, with its hours in words."""

    __tablename__ = "healthcare_service"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str]
    phone: Mapped[str | None]
    hours: Mapped[str | None]


class Location(Keyed, Model):
    """A place somebody lives or a device stands."""

    __tablename__ = "location"

    line: Mapped[str]
    postcode: Mapped[str | None]
