"""What other slices may ask of the directory: an organisation's name and code."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from backend.core.db import db
from backend.directory.models import Organization


@dataclass(frozen=True, slots=True)
class OrganizationRef:
    """An organisation as screens name it."""

    name: str
    ods_code: str | None


def organizations(ids: Collection[int]) -> Mapping[int, OrganizationRef]:
    """Organisations by inside key; those that do not exist are absent."""
    rows = db.session.execute(
        select(Organization.id, Organization.name, Organization.ods_code).where(
            Organization.id.in_(list(ids))
        )
    )
    return {row.id: OrganizationRef(row.name, row.ods_code) for row in rows}
